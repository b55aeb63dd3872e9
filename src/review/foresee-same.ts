import { randomUUID } from 'node:crypto'
import type { Entity } from '../model/entity.ts'
import type { GraphReader } from '../store/database.ts'
import { recordDecision } from '../store/decisions.ts'
import { readIdentities } from '../store/identities.ts'
import { derivedLinks, findLinksAt } from '../store/links.ts'
import { proposeIn } from '../store/propose.ts'
import { ownNames, type StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { DecideOptions } from './decide.ts'
import { askWhetherSame, type Named } from './same-entities.ts'

/** An entity of the graph, with the things that are one in it, each by the names that are its own. */
export interface Gathered {
  readonly id: string
  readonly name: string
  readonly things: readonly Pick<Entity, 'id' | 'name'>[]
}

/** What deciding about two things would make of those that are one with either, and of their links. */
export interface Foreseen {
  readonly entities: readonly Gathered[]
  /** Links that have fallen into another one, and would be links of their own again. */
  readonly apart: readonly StoredLink[]
  /** Links whose both ends are one now, and would not be. */
  readonly back: readonly StoredLink[]
}

/** Ids of all that is one with either of the two. */
export async function thingsOf(store: Store, pair: readonly Named[]): Promise<string[]> {
  const standing = [...new Set(pair.map((one) => one.standing.id))]
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

/** Makes the decision, looks at what came of it, and gives it back. */
export async function foreseeSame(
  store: Store,
  pair: readonly [Named, Named],
  verdict: 'accept' | 'reject',
  options: DecideOptions,
  now: Date,
): Promise<Foreseen> {
  const ids = await thingsOf(store, pair)
  const { id: linkId, proposals } = await askWhetherSame(store, pair, options)
  const draft = { requestId: randomUUID(), linkId, verdict, reviewer: options.reviewer }
  return store.tryOut(async (writer, derivation) => {
    const before = derivedLinks(await findLinksAt(writer, ids))
    if (proposals.length > 0) await proposeIn(writer, derivation, proposals)
    await recordDecision(writer, derivation, draft, now.toISOString())
    const links = derivedLinks(await findLinksAt(writer, ids))
    const after = new Map(links.map((link) => [link.id, link]))
    const changed = [...new Map(before.map((link) => [link.id, link])).values()].flatMap((link) => {
      const next = after.get(link.id)
      return next === undefined || link.status !== 'merged' || next.status === 'merged' ? [] : [{ link, next }]
    })
    return {
      entities: await gather(writer, ids),
      apart: changed.filter(({ link }) => link.into !== null).map(({ next }) => next),
      back: changed.filter(({ link }) => link.into === null && link.id !== linkId).map(({ next }) => next),
    }
  })
}
