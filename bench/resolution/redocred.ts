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
import { type Clusterings, follow, unite } from './scores.ts'

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
export const HALVES = ['seen', 'held-out'] as const
export type Half = (typeof HALVES)[number]

export interface Judged {
  readonly measured: 'within' | 'across'
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
  /** All names of its documents. */
  clusterings: Clusterings
}

export function readRows(path: string): Row[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}

/** Every name of a document is a thing of its own; the annotators' clusters say which are one. */
export function measureWithin(rows: readonly Row[]): Record<Half, HalfResult> {
  const result = halves()
  const parts: Record<Half, Clusterings[]> = { seen: [], 'held-out': [] }
  for (const row of rows) {
    const half = result[halfOf(row.id)]
    const { things, entityOf, pairs } = readNames(row)
    const judged = resolveWithin({ things, texts: [row.text] }).judgements.map((judgement): Judged => {
      return {
        measured: 'within',
        document: row.id,
        text: row.text,
        judgement,
        right: pairs.has(pairOf(judgement.a, judgement.b)),
      }
    })
    half.judged.push(...judged)
    const mark = (id: string): string => `${row.id} ${id}`
    const part = cluster(entityOf.keys(), judged, (id) => entityOf.get(id) ?? id, mark)
    const { answered } = part
    for (const [a, b] of pairs.values()) count(half, a, answered.get(mark(a)) === answered.get(mark(b)))
    parts[halfOf(row.id)].push(part)
  }
  for (const half of HALVES) result[half].clusterings = unite(parts[half])
  return result
}

/**
 * Each further name of an entity is looked up, alone and without its text, among the main names of all documents. Names
 * that one id stands for already (the same but for case and accents) are no finding; what any document's annotators call
 * one is right. Clusters are of the names of all documents, a half's of those in its own; what annotators of several
 * documents call one is followed from one to the next.
 */
export async function measureAcross(rows: readonly Row[]): Promise<Record<Half, HalfResult>> {
  const main = new Map<string, Thing>()
  const same = new Map<string, readonly [string, string]>()
  const named = { seen: new Set<string>(), 'held-out': new Set<string>() }
  for (const { id: document, entities } of rows)
    for (const { name, type, aliases } of entities) {
      main.set(entityId(type, name), { id: entityId(type, name), type, names: [name] })
      const ids = [name, ...aliases].map((form) => entityId(type, form))
      for (const id of ids) {
        named[halfOf(document)].add(id)
        for (const other of ids) if (id !== other) same.set(pairOf(id, other), [id, other])
      }
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
            measured: 'across',
            document: row.id,
            text: row.text,
            judgement,
            right: same.has(pairOf(id, otherOf(judgement))),
          })
      }
  }
  const judged = [...result.seen.judged, ...result['held-out'].judged]
  const goldOf = follow(same.values())
  for (const half of HALVES) result[half].clusterings = cluster(named[half], judged, goldOf)
  return result
}

function halves(): Record<Half, HalfResult> {
  const nothing = (): HalfResult => {
    const clusterings = { gold: new Map(), joined: new Map(), answered: new Map() }
    return { judged: [], pairs: 0, things: 0, found: 0, foundThings: 0, clusterings }
  }
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

/** `mark` tells the same words in two documents apart. */
function cluster(
  ids: Iterable<string>,
  judged: readonly Judged[],
  goldOf: (id: string) => string,
  mark: (id: string) => string = (id) => id,
): Clusterings {
  const names = [...ids]
  const clusters = (clusterOf: (id: string) => string) => new Map(names.map((id) => [mark(id), mark(clusterOf(id))]))
  const by = (isFollowed: (one: Judged) => boolean) =>
    clusters(follow(judged.filter(isFollowed).map(({ judgement: { a, b } }) => [a, b])))
  const isJoin = ({ judgement }: Judged): boolean => judgement.verdict === 'join'
  return {
    gold: clusters(goldOf),
    joined: by(isJoin),
    answered: by((one) => isJoin(one) || (one.judgement.verdict === 'propose' && one.right)),
  }
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
