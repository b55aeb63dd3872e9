import { linkIdBetween, SAME_AS } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import { NotFoundError, RefusedError, UsageError } from '../model/errors.ts'
import { drawnEnds, isInGraph, ownNames, type StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { decideLink, type DecideOptions, type Outcome } from './decide.ts'
import { findRecord } from './find-record.ts'
import { searchNamed, type Named } from './naming-texts.ts'
import { proposeSame, type Mentioning } from './same-proposals.ts'

/** What taking two things for one would do to links. */
export interface Falling {
  /** Links that would become one, each group of two or more. */
  readonly together: readonly (readonly StoredLink[])[]
  /** Links of the graph whose both ends would be one. */
  readonly loops: readonly StoredLink[]
}

/** @throws UsageError where both ids are one, RefusedError where the things are of two types */
export async function findPair(store: Store, one: string, other: string): Promise<readonly [Named, Named]> {
  const pair = [await findThing(store, one), await findThing(store, other)] as const
  const [a, b] = pair
  if (a.id === b.id) throw new UsageError('one-entity', `'${one}' and '${other}' are the id of one entity`)
  if (a.type === b.type) return pair
  throw new RefusedError('unlike-types', `${a.name} is of type ${a.type}, ${b.name} of type ${b.type}`, {
    hint: 'Only things of one type can be one thing.',
  })
}

/** @throws NotFoundError */
export async function findThing(store: Store, id: string): Promise<Named> {
  const key = await findRecord(store, id, ['Entity', 'Redirect'])
  const redirect = key.kind === 'Redirect' ? await store.redirect(key.id) : null
  const [standing] = await store.entities([redirect?.to ?? key.id])
  if (standing === undefined)
    throw new NotFoundError('unknown-id', `there is no entity ${key.id}`, {
      hint: "'whygraph search WORDS' and 'whygraph show ID' print ids of entities.",
    })
  const own = redirect ?? ownNames(standing)
  return { id: key.id, type: standing.type, name: own.name, aliases: own.aliases, standing }
}

/**
 * Decides that two things are one, or two. Where nobody has asked yet whether they are one, the names' own words in the
 * texts become the person's proposal; a name that stands in none is a missing quote.
 * @throws RefusedError where no text that is there speaks of either
 */
export async function decideSame(
  store: Store,
  pair: readonly [Named, Named],
  verdict: 'accept' | 'reject',
  options: DecideOptions,
  now: Date,
): Promise<Outcome> {
  const { id, proposals } = await askWhetherSame(store, pair, options)
  if (proposals.length > 0) await store.propose(proposals)
  return decideLink(store, id, verdict, options, now)
}

/** The link that is decided about, as it is where there is one, and what a person has to propose before. */
interface Asked {
  readonly id: string
  readonly link: StoredLink | null
  /** None where somebody has asked already. */
  readonly proposals: readonly Proposal[]
  /** Of names for which not all texts were looked through that may have them: in how many they are not. */
  readonly searched: ReadonlyMap<string, number>
}

/**
 * What saying of two things whether they are one begins with.
 * @throws RefusedError where no text that is there speaks of either
 */
export async function askWhetherSame(
  store: Store,
  [one, other]: readonly [Named, Named],
  options: DecideOptions,
): Promise<Asked> {
  const id = linkIdBetween(one.id, SAME_AS, other.id)
  const link = await store.link(id)
  if (link === null || link.status === 'gone') {
    const why = [options.reason, options.note].filter((text) => text !== undefined).join(': ')
    const found = [await searchNamed(store, one, 0), await searchNamed(store, other, 1)] as const
    const texts = joinTexts(found.flatMap((side) => side.texts))
    const proposals = proposeSame([one, other], texts, options.reviewer, why)
    if (proposals.length === 0)
      throw new RefusedError('no-quote', `no text that is there speaks of “${one.name}” or of “${other.name}”`, {
        hint: 'A link says where it comes from: read the documents again that they were found in.',
      })
    const searched = [one, other].flatMap(({ name }, side) => {
      const { isAll = true, texts: own = [] } = found[side] ?? {}
      return isAll ? [] : [[name, own.length] as const]
    })
    return { id, link, proposals, searched: new Map(searched) }
  }
  return { id, link, proposals: [], searched: new Map() }
}

/** Each text once. */
function joinTexts(texts: readonly Mentioning[]): Mentioning[] {
  return [...Map.groupBy(texts, ({ chunk }) => chunk.id).values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    const names = [0, 1].map((side) => same.flatMap((text) => text.names[side] ?? [])) as [string[], string[]]
    return [{ ...first, names }]
  })
}

/** Reads and writes nothing. */
export async function whatWouldFall(store: Store, [one, other]: readonly [Named, Named]): Promise<Falling> {
  const ids = [one.standing.id, other.standing.id]
  const found = new Map<string, StoredLink>()
  for (const id of ids) for (const link of await store.linksOf(id)) found.set(link.id, link)
  const links = [...found.values()].filter(({ status }) => status !== 'merged' && status !== 'gone')
  const standing = (id: string): string => (ids.includes(id) ? 'both' : id)
  const ends = (link: StoredLink): [string, string] => {
    const { subjectId, objectId } = drawnEnds(link)
    return [standing(subjectId), standing(objectId)]
  }
  const isLoop = (link: StoredLink): boolean => ends(link)[0] === ends(link)[1]
  const groups = Map.groupBy(
    links.filter((link) => !isLoop(link)),
    (link) => [link.type, ...(link.type === SAME_AS ? ends(link).toSorted() : ends(link))].join(' '),
  )
  return {
    together: [...groups.values()].filter(({ length }) => length > 1),
    loops: links.filter((link) => isInGraph(link) && isLoop(link)),
  }
}
