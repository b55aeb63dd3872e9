import type { Entity } from '../model/entity.ts'
import type { GraphReader } from '../store/database.ts'
import { readIdentities } from '../store/identities.ts'
import { derivedLinks, findLinksAt } from '../store/links.ts'
import { ownNames, type StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { changesOf, conflictsAt, type LinkChange } from './fix-foresee.ts'
import type { Revision } from './fix.ts'
import type { Named } from './naming-texts.ts'

/** An entity of the graph, with the things that are one in it, each by the names that are its own. */
export interface Gathered {
  readonly id: string
  readonly name: string
  readonly things: readonly Pick<Entity, 'id' | 'name'>[]
}

/** What deciding whether things are one would make of those that are one with any of them, and of their links. */
export interface Foreseen {
  readonly entities: readonly Gathered[]
  /** Links that have fallen into another one, and would be links of their own again. */
  readonly apart: readonly StoredLink[]
  /** Links whose both ends are one now, and would not be. */
  readonly back: readonly StoredLink[]
  /** What is said of those links and others that cannot hold beside them, and would come, go or stand otherwise. */
  readonly conflicts: readonly LinkChange[]
}

/** Ids of all that is one with any of them. */
export async function thingsOf(store: Store, things: readonly Named[]): Promise<string[]> {
  const standing = [...new Set(things.map((one) => one.standing.id))]
  const others = await Promise.all(standing.map((id) => store.redirectsTo(id)))
  return [...standing, ...others.flat().map(({ id }) => id)]
}

/** How some things stand. */
export async function gather(reader: GraphReader, ids: readonly string[]): Promise<Gathered[]> {
  const { entities, redirects } = await readIdentities(reader, ids)
  const things = ids.flatMap((id) => {
    const redirect = redirects.get(id)
    const standing = entities.get(redirect?.to ?? id)
    const name = redirect?.name ?? (standing === undefined ? undefined : ownNames(standing).name)
    return standing === undefined || name === undefined ? [] : [{ standing, thing: { id, name } }]
  })
  return [...Map.groupBy(things, ({ standing }) => standing.id)].map(([id, some]) => ({
    id,
    name: some[0]?.standing.name ?? '',
    things: some.map(({ thing }) => thing),
  }))
}

/** Makes the decisions, looks at what came of them, and gives all back. */
export async function foreseeSame(
  store: Store,
  things: readonly Named[],
  { proposals, drafts }: Revision,
  now: Date,
): Promise<Foreseen> {
  const ids = await thingsOf(store, things)
  const decided = new Set(drafts.map(({ linkId }) => linkId))
  return store.trial(async (on) => {
    const look = () => on.database.read((reader) => lookAt(reader, ids))
    const { links: before, conflicts } = await look()
    await on.decideTogether(proposals, drafts, now.toISOString())
    const { links, conflicts: left, entities } = await look()
    const after = new Map(links.map((link) => [link.id, link]))
    const changed = [...new Map(before.map((link) => [link.id, link])).values()].flatMap((link) => {
      const next = after.get(link.id)
      return next === undefined || link.status !== 'merged' || next.status === 'merged' ? [] : [{ link, next }]
    })
    return {
      entities,
      apart: changed.filter(({ link }) => link.into !== null).map(({ next }) => next),
      back: changed.filter(({ link }) => link.into === null && !decided.has(link.id)).map(({ next }) => next),
      conflicts: changesOf(conflicts, left),
    }
  })
}

async function lookAt(reader: GraphReader, ids: readonly string[]) {
  const links = derivedLinks(await findLinksAt(reader, ids))
  const standing = links.flatMap(({ id, into }) => [id, ...(into === null ? [] : [into])])
  return { links, conflicts: await conflictsAt(reader, standing), entities: await gather(reader, ids) }
}
