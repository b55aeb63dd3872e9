import type { GraphNode, GraphReader, GraphWriter } from './database.ts'
import { readEntity, readRedirect, type Redirect, type StoredEntity } from './records.ts'

/** Which entities stand for some ids at birth. */
export interface Identities {
  /** The ids that were looked up. */
  readonly asked: ReadonlySet<string>
  /** Those that stand for an id, by their own. */
  readonly entities: ReadonlyMap<string, StoredEntity>
  /** Ids for which another stands. */
  readonly redirects: ReadonlyMap<string, Redirect>
}

/** The entity that stands for an id: itself, where no other does. */
export function entityOf({ redirects }: Identities, id: string): string {
  return redirects.get(id)?.to ?? id
}

/** Whether the entity that stands for an id stands for others too. */
export function isJoined(identities: Identities, id: string): boolean {
  return identities.entities.get(entityOf(identities, id))?.joined != null
}

/**
 * Only those that are no entities are looked up among the redirects. `nodes` are the entities among the ids, where they
 * are known.
 */
export async function readIdentities(
  reader: GraphReader,
  ids: readonly string[],
  nodes?: readonly GraphNode[],
): Promise<Identities> {
  const wanted = [...new Set(ids)]
  const entities = byId((nodes ?? (await reader.get('Entity', wanted))).filter(isNamed).map(readEntity))
  const others = wanted.filter((id) => !entities.has(id))
  const redirects = byId(others.length === 0 ? [] : (await reader.get('Redirect', others)).map(readRedirect))
  const targets = targetsOf(redirects).filter((id) => !entities.has(id))
  const standing = targets.length === 0 ? [] : (await reader.get('Entity', targets)).filter(isNamed)
  for (const entity of standing.map(readEntity)) entities.set(entity.id, entity)
  return { asked: new Set(wanted), entities, redirects }
}

/**
 * The same, and holds the ids and what stands for them, so that nobody changes who stands for whom until the transaction
 * ends.
 */
export async function holdIdentities(writer: GraphWriter, ids: readonly string[]): Promise<Identities> {
  const held = new Map<string, GraphNode>()
  const hold = async (some: readonly string[]): Promise<void> => {
    for (const node of await writer.lock('Entity', some)) held.set(node.id, node)
  }
  await hold([...new Set(ids)])
  for (;;) {
    const identities = await readIdentities(writer, ids, [...held.values()])
    // Somebody may have changed it before it was held.
    const missing = targetsOf(identities.redirects).filter((id) => !held.has(id))
    if (missing.length === 0) return identities
    await hold(missing)
    if (missing.some((id) => !held.has(id))) return identities
  }
}

/** A node that is only held by a lock has no name. */
export function isNamed(node: GraphNode): boolean {
  return node.properties['name'] != null
}

function targetsOf(redirects: ReadonlyMap<string, Redirect>): string[] {
  return [...new Set([...redirects.values()].map(({ to }) => to))]
}

function byId<T extends { readonly id: string }>(things: readonly T[]): Map<string, T> {
  return new Map(things.map((thing) => [thing.id, thing]))
}
