import { type Context, readContext } from './context.ts'
import { closeJoins, type Resolution } from './clusters.ts'
import { judgePairs } from './judge.ts'
import { type Circumstances, readThing, type ReadThing, type Thing } from './judgement.ts'
import { keysOfThing } from './keys.ts'
import type { NameSignatures } from '../../model/name-index.ts'

/** A document's entities and the texts in which they were met. */
export interface Scene {
  readonly things: readonly Thing[]
  readonly texts: readonly string[]
  /** Pairs of ids that a person has rejected, by `pairOf`. */
  readonly cannot?: ReadonlySet<string>
  readonly signatures?: NameSignatures | undefined
}

/** A key that more names share says nothing about them. */
const MOST_SHARING = 40

/** Which names of one document mean one thing. */
export function resolveWithin({ things, texts, cannot = new Set(), signatures }: Scene): Resolution {
  const read = things.map(readThing)
  const circumstances = { scope: 'document', context: readScene(read, texts), cannot, signatures } as const
  return closeJoins(read, judgePairs(pairsWithin(read, circumstances), circumstances), circumstances)
}

/** The roll of a meeting introduces its speakers before anybody says a word. */
function readScene(things: readonly ReadThing[], texts: readonly string[]): Context {
  const context = readContext(
    texts,
    things.flatMap(({ names }) => names.map(({ name }) => name)),
  )
  const speakers = things.filter(({ speaksIn = [] }) => speaksIn.length > 0)
  const firstAt = new Map(context.firstAt)
  for (const { names } of speakers) for (const { name } of names) firstAt.set(name, 0)
  return { ...context, firstAt }
}

function* pairsWithin(things: readonly ReadThing[], { context: { nearness }, signatures }: Circumstances) {
  const byKey = new Map<string, Set<ReadThing>>()
  const add = (key: string, thing: ReadThing): void => {
    const sharing = byKey.get(key)
    if (sharing === undefined) byKey.set(key, new Set([thing]))
    else sharing.add(thing)
  }
  const byName = new Map<string, ReadThing[]>()
  for (const thing of things) {
    for (const key of keysOfThing(thing, signatures)) add(key, thing)
    for (const { name } of thing.names) byName.set(name, [...(byName.get(name) ?? []), thing])
  }
  for (const pair of nearness.keys()) {
    const [left = [], right = []] = pair.split('\u0000').map((name) => byName.get(name) ?? [])
    for (const a of left) for (const b of right) yield [a, b] as const
  }
  for (const sharing of byKey.values()) {
    if (sharing.size < 2 || sharing.size > MOST_SHARING) continue
    const all = [...sharing]
    for (const [index, a] of all.entries()) for (const b of all.slice(index + 1)) yield [a, b] as const
  }
}
