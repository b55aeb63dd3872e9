import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { normaliseName } from '../../src/model/entity.ts'

interface GoldLink {
  readonly subject: string
  readonly type: string
  readonly object: string
  readonly status?: string
}

interface Gold {
  readonly entities: readonly { readonly name: string; readonly aliases: readonly string[] }[]
  readonly links: readonly GoldLink[]
  readonly forbidden: readonly GoldLink[]
}

/** A link of the graph, with all names that its ends go by. */
export interface GraphLink {
  readonly type: string
  readonly subject: readonly string[]
  readonly object: readonly string[]
}

/** How a graph stands beside the gold. `other`: links that are neither in it nor forbidden, and may be true. */
export interface Score {
  readonly right: number
  readonly missed: number
  readonly forbidden: number
  readonly other: number
}

const NO_DIRECTION = 'IN_DISPUTE_WITH'

/** Compares the links of a graph with those that were so at some time: `asserted` and `superseded` ones. */
export function createScore(sample: string): (links: readonly GraphLink[]) => Score {
  const gold = JSON.parse(readFileSync(join(sample, 'gold.json'), 'utf8')) as Gold
  const names = new Map<string, string>()
  for (const { name, aliases } of gold.entities)
    for (const one of [...aliases, name]) names.set(normaliseName(one), name)
  const asGold = (forms: readonly string[]): string => {
    const known = forms.map((form) => names.get(normaliseName(form))).find((name) => name !== undefined)
    return known ?? normaliseName(forms[0] ?? '')
  }
  const keyOf = (subject: string, type: string, object: string): string => {
    const ends = type === NO_DIRECTION ? [subject, object].toSorted() : [subject, object]
    return JSON.stringify([type, ...ends])
  }
  const keysOf = (links: readonly GoldLink[]): Set<string> =>
    new Set(links.map(({ subject, type, object }) => keyOf(subject, type, object)))
  const wanted = keysOf(gold.links.filter(({ status = '' }) => ['asserted', 'superseded'].includes(status)))
  const forbidden = keysOf(gold.forbidden)

  return (links) => {
    const found = new Set(links.map(({ subject, type, object }) => keyOf(asGold(subject), type, asGold(object))))
    const right = [...wanted].filter((link) => found.has(link)).length
    const wrong = [...forbidden].filter((link) => found.has(link)).length
    return { right, missed: wanted.size - right, forbidden: wrong, other: found.size - right - wrong }
  }
}
