import { randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { linkIdBetween, SAME_AS } from '../model/link.ts'
import type { Store } from '../store/store.ts'
import type { DecideOptions } from './decide.ts'
import { asSeen, type Revision } from './fix.ts'
import { foreseeSame, thingsOf, type Foreseen, type Gathered } from './foresee-same.ts'
import { askWhetherSame, findThing, textsOf, type Named } from './same-entities.ts'
import { quoteAny } from './same-proposals.ts'

type Pair = readonly [Named, Named]

/** That two things are one, or two. */
interface SaidOfPair {
  readonly pair: Pair
  readonly verdict: 'accept' | 'reject'
}

/** Places of one thing that are told. */
const MOST_PLACES = 3

/**
 * What saying of each of some pairs that they are one thing, or two, comes to: to be carried out together. Reads and writes
 * nothing.
 * @throws RefusedError where nobody has asked yet whether two are one, and their names stand in no text
 */
export async function planSame(store: Store, said: readonly SaidOfPair[], options: DecideOptions): Promise<Revision> {
  const { reviewer, reason, note } = options
  const by = {
    reviewer,
    ...(said.length > 1 ? { batch: ulid() } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
  }
  const asked = await Promise.all(
    said.map(async ({ pair, verdict }) => {
      const one = await askWhetherSame(store, pair, options)
      return { verdict, ...one, seen: await asSeen(store, one.id, one.link) }
    }),
  )
  const drafts = asked.map(({ id, verdict, seen }) => {
    return { ...by, requestId: randomUUID(), linkId: id, verdict, ...seen }
  })
  return { original: null, linkId: asked[0]?.id ?? '', proposals: asked.flatMap(({ proposals }) => proposals), drafts }
}

/** One of several things that are one in an entity, by its own name, and where texts have that. */
export interface Part {
  readonly thing: Named
  readonly places: readonly { readonly place: string; readonly text: string }[]
  /** How many more there are, at least. */
  readonly more: number
}

/** All that is one with an entity, itself first. */
export async function partsOf(store: Store, id: string): Promise<Part[]> {
  const ids = await thingsOf(store, [await findThing(store, id)])
  return Promise.all(
    ids.map(async (own) => {
      const thing = await findThing(store, own)
      const texts = await textsOf(store, thing, 0)
      const places = texts.slice(0, MOST_PLACES).flatMap((text) => {
        const quote = quoteAny(text, text.names[0])
        const unit = text.chunk.units.find(({ s }) => s === quote?.s)
        return quote === null || unit === undefined ? [] : [{ place: quote.placeText, text: unit.text }]
      })
      return { thing, places, more: texts.length - places.length }
    }),
  )
}

/**
 * What putting some of those things that are one in an entity apart from the others comes to: whatever says of two, one of
 * either side, that they are one is denied, and those of a side stay one, also where only one of the other held them together.
 */
export async function planSplit(
  store: Store,
  things: readonly Named[],
  apart: readonly string[],
  options: DecideOptions,
  now: Date,
): Promise<{ readonly revision: Revision; readonly foreseen: Foreseen }> {
  const sides = [things.filter(({ id }) => apart.includes(id)), things.filter(({ id }) => !apart.includes(id))] as const
  const parted = (await joinedPairs(store, sides)).map((pair): SaidOfPair => ({ pair, verdict: 'reject' }))
  const denied = await planSame(store, parted, options)
  const without = await foreseeSame(store, things, denied, now)
  const torn = sides.flatMap((side) => tornIn(side, without.entities))
  if (torn.length === 0) return { revision: denied, foreseen: without }
  const kept = torn.map((pair): SaidOfPair => ({ pair, verdict: 'accept' }))
  const revision = await planSame(store, [...parted, ...kept], options)
  return { revision, foreseen: await foreseeSame(store, things, revision, now) }
}

/** The pairs between two sides of which anybody said that they are one. */
async function joinedPairs(
  store: Store,
  [some, others]: readonly [readonly Named[], readonly Named[]],
): Promise<Pair[]> {
  const pairs = some.flatMap((one) => others.map((other): Pair => [one, other]))
  const links = await Promise.all(pairs.map(([a, b]) => store.link(linkIdBetween(a.id, SAME_AS, b.id))))
  return pairs.filter((_, at) => links[at] != null && links[at].status !== 'gone')
}

/** The first of a side with one of each other entity that its things would be in. */
function tornIn(side: readonly Named[], entities: readonly Gathered[]): Pair[] {
  const entityOf = ({ id }: Named) => entities.find(({ things }) => things.some((thing) => thing.id === id))?.id
  const [first, ...others] = [...Map.groupBy(side, entityOf).values()].flatMap(([one]) => one ?? [])
  return first === undefined ? [] : others.map((other) => [first, other])
}
