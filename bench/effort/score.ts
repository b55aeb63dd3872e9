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
  /** Whether it may be accepted together with others. */
  readonly inBulk: boolean
}

/** How a graph stands beside the gold. `other`: links that are neither in it nor forbidden, and may be true. */
export interface Score {
  readonly right: number
  readonly missed: number
  readonly forbidden: number
  readonly other: number
  /** The same of those only that may be accepted in bulk. */
  readonly bulkRight: number
  readonly bulkForbidden: number
}

const NO_DIRECTION = 'IN_DISPUTE_WITH'
/** As the prompts of checks word a link: `Ana Ruiz (Person) LEADS Kestrel (Project)`. */
const WORDED = /^(?:[^:]*that: )?(.+?) \([^)]*\) ([A-Z_]+) (.+) \([^)]*\)$/

/** Reads the gold of a sample. */
export function readGold(sample: string) {
  const gold = JSON.parse(readFileSync(join(sample, 'gold.json'), 'utf8')) as Gold
  const names = new Map<string, string>()
  for (const { name, aliases } of gold.entities)
    for (const one of [...aliases, name]) names.set(normaliseName(one), name)
  const asGold = (forms: readonly string[]): string => {
    const known = forms.map((form) => names.get(normaliseName(form))).find((name) => name !== undefined)
    return known ?? normaliseName(forms[0] ?? '')
  }
  const keyOf = (subject: readonly string[], type: string, object: readonly string[]): string => {
    const ends = [asGold(subject), asGold(object)]
    return JSON.stringify([type, ...(type === NO_DIRECTION ? ends.toSorted() : ends)])
  }
  const keysOf = (links: readonly GoldLink[]): Set<string> =>
    new Set(links.map(({ subject, type, object }) => keyOf([subject], type, [object])))
  const wanted = keysOf(gold.links.filter(({ status = '' }) => ['asserted', 'superseded'].includes(status)))
  const all = keysOf(gold.links)
  const forbidden = keysOf(gold.forbidden)
  const both = (one: ReadonlySet<string>, other: ReadonlySet<string>): number =>
    [...one].filter((key) => other.has(key)).length

  /** Compares the links of a graph with those that were so at some time: `asserted` and `superseded` ones. */
  function score(links: readonly GraphLink[]): Score {
    const found = (some: readonly GraphLink[]): Set<string> =>
      new Set(some.map(({ subject, type, object }) => keyOf(subject, type, object)))
    const [any, bulk] = [found(links), found(links.filter(({ inBulk }) => inBulk))]
    const [right, wrong] = [both(wanted, any), both(forbidden, any)]
    return {
      right,
      missed: wanted.size - right,
      forbidden: wrong,
      other: any.size - right - wrong,
      bulkRight: both(wanted, bulk),
      bulkForbidden: both(forbidden, bulk),
    }
  }

  /** What the gold says of a link in words: supported where it has it, whatever its status. */
  function judge(text: string): string {
    const [, subject = '', type = '', object = ''] = WORDED.exec(text) ?? []
    const key = keyOf([subject], type, [object])
    return all.has(key) ? 'supported' : forbidden.has(key) ? 'not supported' : 'unsure'
  }

  return { score, judge }
}
