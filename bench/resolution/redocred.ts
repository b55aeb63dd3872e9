import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { unscopedEntityId as entityId } from '../../src/model/entity.ts'
import {
  indexNames,
  type Judgement,
  pairOf,
  resolveAcross,
  resolveWithin,
  type Thing,
} from '../../src/resolve/identity/identity.ts'
import { bCubed } from './scores.ts'

interface Row {
  readonly id: string
  readonly text: string
  readonly entities: readonly {
    readonly id: string
    readonly name: string
    readonly type: string
    readonly aliases: readonly string[]
  }[]
}

/** Rules were written looking at one half of the documents only. */
export type Half = 'seen' | 'held-out'

export interface Judged {
  readonly document: string
  readonly text: string
  readonly judgement: Judgement
  /** By the annotators. */
  readonly right: boolean
}

/** What came of one half. */
export interface HalfResult {
  readonly judged: Judged[]
  /** Pairs of names of one entity, of any type and, as `things`, without times and numbers, which name nothing. */
  pairs: number
  things: number
  /** Pairs that joins and right proposals, followed from one to the next, bring together. */
  found: number
  foundThings: number
}

export interface Clustering {
  readonly precision: number
  readonly recall: number
}

export function readRows(path: string): Row[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}

/** Every name of a document is a thing of its own; the annotators' clusters say which are one. */
export function measureWithin(rows: readonly Row[]): Record<Half, HalfResult & { bCubed: Clustering }> {
  const result = halves()
  const clusters = { seen: new Map<string, string>(), 'held-out': new Map<string, string>() }
  const gold = { seen: new Map<string, string>(), 'held-out': new Map<string, string>() }
  for (const row of rows) {
    const half = halfOf(row.id)
    const { things, entityOf, pairs } = readNames(row)
    const resolution = resolveWithin({ things, texts: [row.text] })
    const judged = resolution.judgements.map((judgement) => {
      return { document: row.id, text: row.text, judgement, right: pairs.has(pairOf(judgement.a, judgement.b)) }
    })
    result[half].judged.push(...judged)
    const together = follow(
      judged.filter(
        ({ judgement, right }) => judgement.verdict === 'join' || (judgement.verdict === 'propose' && right),
      ),
    )
    for (const [a, b] of pairs.values()) count(result[half], a, together(a) === together(b))
    for (const [id, entity] of entityOf) {
      const cluster = resolution.clusters.find((ids) => ids.includes(id))
      clusters[half].set(`${row.id} ${id}`, `${row.id} ${cluster?.[0] ?? id}`)
      gold[half].set(`${row.id} ${id}`, `${row.id} ${entity}`)
    }
  }
  const scored = (half: Half) => ({ ...result[half], bCubed: bCubed(clusters[half], gold[half]) })
  return { seen: scored('seen'), 'held-out': scored('held-out') }
}

/**
 * Each further name of an entity is looked up, alone and without its text, among the main names of all documents. Names
 * that one id stands for already (the same but for case and accents) are no finding; what any document's annotators call
 * one is right.
 */
export async function measureAcross(rows: readonly Row[]): Promise<Record<Half, HalfResult>> {
  const main = new Map<string, Thing>()
  const same = new Set<string>()
  for (const { entities } of rows)
    for (const { name, type, aliases } of entities) {
      main.set(entityId(type, name), { id: entityId(type, name), type, names: [name] })
      const ids = aliases.map((alias) => entityId(type, alias))
      for (const id of ids) for (const other of ids) if (id !== other) same.add(pairOf(id, other))
    }
  const index = indexNames(main.values())
  const result = halves()
  for (const row of rows) {
    const half = result[halfOf(row.id)]
    const looked = new Set<string>()
    for (const { name, type, aliases } of row.entities)
      for (const alias of aliases) {
        const [id, own] = [entityId(type, alias), entityId(type, name)]
        if (id === own || looked.has(id)) continue
        looked.add(id)
        const judgements = await resolveAcross({ id, type, names: [alias] }, index)
        const otherOf = ({ a, b }: Judgement): string => (a === id ? b : a)
        count(
          half,
          type,
          judgements.some((judgement) => judgement.verdict !== null && otherOf(judgement) === own),
        )
        for (const judgement of judgements)
          half.judged.push({
            document: row.id,
            text: row.text,
            judgement,
            right: same.has(pairOf(id, otherOf(judgement))),
          })
      }
  }
  return result
}

function halves(): Record<Half, HalfResult> {
  const nothing = (): HalfResult => ({ judged: [], pairs: 0, things: 0, found: 0, foundThings: 0 })
  return { seen: nothing(), 'held-out': nothing() }
}

function halfOf(document: string): Half {
  return (createHash('sha256').update(document).digest()[0] ?? 0) % 2 === 0 ? 'seen' : 'held-out'
}

/** `id` begins with the type. */
function count(half: HalfResult, id: string, isFound: boolean): void {
  const isThing = !/^(?:TIME|NUM)\b/.test(id)
  half.pairs += 1
  half.found += Number(isFound)
  half.things += Number(isThing)
  half.foundThings += Number(isThing && isFound)
}

/** Follows pairs from one to the next; the same value for all that they bring together. */
function follow(judged: readonly Judged[]): (id: string) => string {
  const next = new Map<string, string>()
  const end = (id: string): string => {
    let at = id
    for (let to = next.get(at); to !== undefined; to = next.get(at)) at = to
    return at
  }
  for (const { judgement } of judged) {
    const [a, b] = [end(judgement.a), end(judgement.b)]
    if (a !== b) next.set(a, b)
  }
  return end
}

function readNames({ entities }: Row) {
  const entityOf = new Map<string, string>()
  const things: Thing[] = []
  const pairs = new Map<string, readonly [string, string]>()
  for (const { id: entity, type, aliases } of entities) {
    const ids = [...new Set(aliases)].map((name) => `${type} ${name}`)
    for (const [index, id] of ids.entries()) {
      for (const other of ids.slice(index + 1)) pairs.set(pairOf(id, other), [id, other])
      if (entityOf.has(id)) continue
      entityOf.set(id, entity)
      things.push({ id, type, names: [id.slice(type.length + 1)] })
    }
  }
  return { things, entityOf, pairs }
}
