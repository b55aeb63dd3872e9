import { randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { RefusedError } from '../model/errors.ts'
import { endsOf, linkIdBetween, SAME_AS } from '../model/link.ts'
import { OBSTACLES } from '../model/obstacle.ts'
import type { Proposal } from '../model/proposal.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { DecideOptions } from './decide.ts'
import { asSeen, type Revision } from './fix.ts'
import { foreseeSame, thingsOf, type Foreseen } from './foresee-same.ts'
import { textsOf, type Named } from './naming-texts.ts'
import { askWhetherSame, findThing } from './same-entities.ts'
import { missingNames, quoteAny } from './same-proposals.ts'

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
 * @throws RefusedError where nobody has asked yet whether two are one, and no text that is there speaks of either
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
  const proposals = asked.flatMap((one) => one.proposals)
  const isLacking = asked.some((one) => one.proposals.length === 0 && one.link?.obstacles.includes('missing-quote'))
  const searched = new Map(asked.flatMap((one) => [...one.searched]))
  const whereNot = (name: string): string => {
    const most = searched.get(name)
    return most === undefined ? `no text has “${name}”` : `none of the ${most} texts looked through has “${name}”`
  }
  const notes = [
    ...missingNames(proposals).map((name) => `${whereNot(name)}: as evidence it is missing`),
    ...(isLacking ? [OBSTACLES['missing-quote']] : []),
  ]
  return { original: null, linkId: asked[0]?.id ?? '', proposals, drafts, notes }
}

/** One of several things that are one in an entity, by its own name, and where texts have that. */
export interface Part {
  readonly thing: Named
  readonly places: readonly { readonly place: string; readonly text: string }[]
  /** How many more there are, at least. */
  readonly more: number
}

/** All that is one with an entity, itself first. */
export async function oneWith(store: Store, id: string): Promise<Named[]> {
  const ids = await thingsOf(store, [await findThing(store, id)])
  return Promise.all(ids.map((own) => findThing(store, own)))
}

/** The same, with the places. */
export async function partsOf(store: Store, id: string): Promise<Part[]> {
  return Promise.all(
    (await oneWith(store, id)).map(async (thing) => {
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

/** Pairs of things about which one split decides: each has all that are one with them gathered anew, while nobody else writes. */
const MOST_SAID = 30

/**
 * What putting some of those things that are one in an entity apart from the others comes to: whatever says of two, one of
 * either side, that they are one is denied, and those of a side stay one, also where only one of the other held them together.
 * @throws RefusedError where that is about too many pairs, or where two would stay one whose names are not both quoted
 */
export async function planSplit(
  store: Store,
  things: readonly Named[],
  apart: readonly string[],
  options: DecideOptions,
  now: Date,
): Promise<{ readonly revision: Revision; readonly foreseen: Foreseen }> {
  const links = await pairLinks(store, things)
  const isApart = ({ id }: Pick<Named, 'id'>): boolean => apart.includes(id)
  const thingOf = new Map(things.map((thing) => [thing.id, thing]))
  const pairs = links.flatMap(({ subjectId, objectId }): Pair[] => {
    const [one, other] = [thingOf.get(subjectId), thingOf.get(objectId)]
    return one === undefined || other === undefined ? [] : [[one, other]]
  })
  const parted = pairs.filter(([one, other]) => isApart(one) !== isApart(other))
  const sides = [things.filter(isApart), things.filter((thing) => !isApart(thing))]
  const torn = sides.flatMap((side) => tornIn(store, side, links))
  const said = [
    ...parted.map((pair): SaidOfPair => ({ pair, verdict: 'reject' })),
    ...torn.map((pair): SaidOfPair => ({ pair, verdict: 'accept' })),
  ]
  if (said.length > MOST_SAID)
    throw new RefusedError(
      'too-many-pairs',
      `that says something of ${said.length} pairs, more than ${MOST_SAID} at once`,
      {
        hint: 'Put fewer apart at once, one after the other, or those of the other side.',
      },
    )
  const revision = await planSame(store, said, options)
  const unquoted = torn.find((pair) => lacksQuote(pair, revision.proposals, links))
  if (unquoted !== undefined) throw refuseUnquoted(unquoted)
  return { revision, foreseen: await foreseeSame(store, things, revision, now) }
}

/** Whether what says that two are one does not quote both names. */
function lacksQuote([one, other]: Pair, proposals: readonly Proposal[], links: readonly StoredLink[]): boolean {
  const id = linkIdBetween(one.id, SAME_AS, other.id)
  const own = proposals.filter((proposal) => endsOf(proposal).id === id)
  return (
    missingNames(own).length > 0 || links.some((link) => link.id === id && link.obstacles.includes('missing-quote'))
  )
}

/** Nobody accepts together with others what has no quote. */
function refuseUnquoted([one, other]: Pair): RefusedError {
  const message = `“${one.name}” and “${other.name}” would stay one by a link of their own, and not both names stand in texts`
  return new RefusedError('missing-quote', message, {
    hint: `Such links are decided by themselves: 'whygraph review entity merge ${one.id} ${other.id}', and do it again; or put both apart.`,
  })
}

/** All links of which anybody said that two of some things are one. */
async function pairLinks(store: Store, things: readonly Named[]): Promise<StoredLink[]> {
  const ids = things.flatMap((one, at) => things.slice(at + 1).map((other) => linkIdBetween(one.id, SAME_AS, other.id)))
  return (await store.linksById(ids)).filter(({ status }) => status !== 'gone')
}

/** The first of a side with one of each other entity that its things would be in, if only links between them counted. */
function tornIn({ unite }: Store, side: readonly Named[], links: readonly StoredLink[]): Pair[] {
  const thingOf = new Map(side.map((thing) => [thing.id, thing]))
  const bonds = links.flatMap(({ id, subjectId: one, objectId: other, bond }) =>
    bond !== null && thingOf.has(one) && thingOf.has(other) ? [{ id, one, other, bond }] : [],
  )
  const groups = unite(bonds, (id) => {
    const thing = thingOf.get(id)
    return thing && { type: thing.type, names: [thing.name] }
  })
  const entityOf = ({ id }: Named): string => groups.find((ids) => ids.includes(id))?.[0] ?? id
  const [first, ...others] = [...Map.groupBy(side, entityOf).values()].flatMap(([one]) => one ?? [])
  return first === undefined ? [] : others.map((other) => [first, other])
}
