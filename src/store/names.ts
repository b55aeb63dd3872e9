import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { MOST_IN_POSTING, type NamedThing, type NameIndex, type Posting } from '../model/name-index.ts'
import type { Bearers, Database, GraphNode, GraphReader, GraphWriter, NameKeys } from './database.ts'
import type { Derivation } from './derivation.ts'
import { inGroups } from './group.ts'
import { eachPage, type Walk } from './pages.ts'
import { readEntity } from './records.ts'

/** The index of the names of a store's entities. */
export interface StoredNames extends NameIndex {
  /** Keeps of entities the keys of the names that they go by now, and none of those that are gone. Again changes nothing. */
  update(entityIds: readonly string[]): Promise<void>
  /** The same of all entities, page by page, where something is different; those that are yet to be resolved are left to whoever does it. */
  updateAll(walk: Walk): Promise<void>
}

/** Look-ups that come at the same time share a journey to the server. */
const LOOK_UPS_AT_ONCE = 64
const ENTITIES_AT_ONCE = 100
const HEX_DIGITS = 12

export function namesOf(database: Database, derivation: Derivation): StoredNames {
  const lookUp = inGroups<readonly string[], ReadonlyMap<string, Posting>>(LOOK_UPS_AT_ONCE, (groups) =>
    database.read((reader) => readPostings(reader, groups)),
  )
  return {
    lookUp,
    async update(entityIds) {
      const ids = [...new Set(entityIds)]
      for (let at = 0; at < ids.length; at += ENTITIES_AT_ONCE)
        await database.write(async (writer) => {
          await updateNames(writer, derivation, ids.slice(at, at + ENTITIES_AT_ONCE))
        })
    },
    updateAll: (walk) =>
      eachPage(database, 'Entity', walk, async (nodes) => {
        const ids = nodes.map((node) => node.id)
        const others = await database.read((reader) => otherNameKeys(reader, derivation, ids))
        if (others.length > 0) await database.write((writer) => updateNames(writer, derivation, others))
      }),
  }
}

/** Properties of an entity that its keys come of. */
const NAMED = ['name', 'aliases', 'type', 'derivedName', 'derivedAliases']

/** What an update of names leads to. */
export interface NamesUpdated {
  /** Entities of which nothing was kept before: no look-up has found them yet. */
  readonly fresh: ReadonlySet<string>
  /**
   * Ids of others of which a look-up finds something else now: who shares a key with names that are not there any more, and
   * the bearers of keys that came to be too many to be looked at, or few enough again.
   */
  readonly touched: ReadonlySet<string>
}

/** {@link StoredNames.update} inside a transaction that goes on; `lookUp` is one that has not been used yet. */
export async function updateNames(
  writer: GraphWriter,
  derivation: Derivation,
  entityIds: readonly string[],
  lookUp = createLookUp(writer),
): Promise<NamesUpdated> {
  // Held, so that what is written are the keys of the names that they have in the end.
  const nodes = await writer.lock('Entity', entityIds, NAMED)
  const wanted = nodes.map((node) => wantedKeys(derivation, node))
  const before = await writer.nameKeys(entityIds)
  const fresh = new Set(entityIds.filter((id) => !before.has(id)))
  /** By key, how many bear it more than before, or fewer. */
  const more = new Map<number, number>()
  const lost = new Set<number>()
  for (const { id, keys } of wanted) {
    const [had, has] = [new Set(before.get(id)), new Set(keys)]
    for (const key of has) if (!had.has(key)) more.set(key, (more.get(key) ?? 0) + 1)
    for (const key of had) {
      if (has.has(key)) continue
      lost.add(key)
      more.set(key, (more.get(key) ?? 0) - 1)
    }
  }
  if (more.size === 0) return { fresh, touched: new Set() }
  await writer.setNameKeys(wanted)
  const now = await lookUp([...more.keys()])
  const crowded = [...more.keys()].filter((key) => (now.get(key)?.count ?? 0) > MOST_IN_POSTING)
  const others = [
    ...(await crowdedSince(writer, crowded, more)),
    ...[...lost].flatMap((key) => now.get(key)?.ids ?? []),
  ]
  return { fresh, touched: new Set(others.filter((id) => !entityIds.includes(id))) }
}

/** Who bears those of some keys that too many bear now, and did not before. */
async function crowdedSince(
  reader: GraphReader,
  crowded: readonly number[],
  more: ReadonlyMap<number, number>,
): Promise<string[]> {
  const won = crowded.filter((key) => (more.get(key) ?? 0) > 0)
  const most = MOST_IN_POSTING + Math.max(0, ...won.map((key) => more.get(key) ?? 0))
  const counts = await reader.countByNameKeys(won, most)
  const few = won.filter((key) => (counts.get(key) ?? 0) - (more.get(key) ?? 0) <= MOST_IN_POSTING)
  return [...(await reader.findByNameKeys(few, most)).values()].flatMap(({ ids }) => ids)
}

/**
 * The same where entities come to stand for each other, or do so no more: names move between them, and none is new or
 * gone. What is kept of entities that are about to go is taken out. Returns the ids of all of which a look-up finds
 * something else now: the bearers of keys that came to be too many to be looked at, or few enough again.
 */
export async function moveNames(
  writer: GraphWriter,
  derivation: Derivation,
  entityIds: readonly string[],
  gone: readonly string[],
): Promise<string[]> {
  const nodes = await writer.lock('Entity', entityIds, NAMED)
  const wanted = [...nodes.map((node) => wantedKeys(derivation, node)), ...gone.map((id) => ({ id, keys: [] }))]
  const before = await writer.nameKeys(wanted.map(({ id }) => id))
  /** By key, how many bear it more than before, or fewer. */
  const more = new Map<number, number>()
  const add = (key: number, by: number): void => void more.set(key, (more.get(key) ?? 0) + by)
  for (const { id, keys } of wanted) {
    for (const key of keys) add(key, 1)
    for (const key of before.get(id) ?? []) add(key, -1)
  }
  const keysWhere = (isMeant: (by: number) => boolean): number[] =>
    [...more].flatMap(([key, by]) => (isMeant(by) ? key : []))
  const [won, lost] = [keysWhere((by) => by > 0), keysWhere((by) => by < 0)]
  const were = await writer.countByNameKeys(won, MOST_IN_POSTING)
  const tooMany = won.filter((key) => {
    const count = were.get(key) ?? 0
    return count <= MOST_IN_POSTING && count + (more.get(key) ?? 0) > MOST_IN_POSTING
  })
  const crowds = await writer.findByNameKeys(tooMany, MOST_IN_POSTING)
  await writer.setNameKeys(wanted)
  const are = await writer.countByNameKeys(lost, MOST_IN_POSTING)
  const fewAgain = lost.filter((key) => {
    const count = are.get(key) ?? 0
    return count <= MOST_IN_POSTING && count - (more.get(key) ?? 0) > MOST_IN_POSTING
  })
  const freed = await writer.findByNameKeys(fewAgain, MOST_IN_POSTING)
  const found = [...crowds.values(), ...freed.values()].flatMap(({ ids }) => ids)
  const crowding = wanted.filter(({ keys }) => keys.some((key) => tooMany.includes(key))).map(({ id }) => id)
  return [...new Set([...found, ...crowding])]
}

/** Entities of which other keys are kept than those of their names, or none; without those that are yet to be resolved. */
export async function otherNameKeys(
  reader: GraphReader,
  derivation: Derivation,
  entityIds: readonly string[],
): Promise<string[]> {
  const kept = await reader.nameKeys(entityIds)
  const nodes = await reader.get('Entity', entityIds)
  const otherwise = nodes
    .map((node) => wantedKeys(derivation, node))
    .filter(({ id, keys }) => !isDeepStrictEqual(keys, kept.get(id) ?? []))
    .map(({ id }) => id)
  const marked = await mentionedInMarked(reader, otherwise)
  return otherwise.filter((id) => !marked.has(id))
}

/** Of some entities those that are mentioned where names are yet to be resolved. */
export async function mentionedInMarked(
  reader: GraphReader,
  entityIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (entityIds.length === 0) return new Set()
  const mentions = await reader.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', entityIds)
  const chunkIds = [...new Set(mentions.map(({ to }) => to.id))]
  const chunks = await reader.get('Chunk', chunkIds, ['unresolved', 'documentId'])
  const documentOf = new Map(chunks.map(({ id, properties }) => [id, String(properties['documentId'])]))
  const documents = await reader.get('Document', [...new Set(documentOf.values())], ['unresolved'])
  const marked = new Set(
    [...chunks, ...documents].filter(({ properties }) => properties['unresolved'] != null).map(({ id }) => id),
  )
  const isMarked = (chunkId: string): boolean => marked.has(chunkId) || marked.has(documentOf.get(chunkId) ?? '')
  return new Set(mentions.filter(({ to }) => isMarked(to.id)).map(({ from }) => from.id))
}

/** An entity's keys, as they are kept. */
export function wantedKeys(derivation: Derivation, node: GraphNode): NameKeys {
  const entity = readEntity(node)
  const { id, type } = entity
  // What people call it is no reason to take it for anything.
  const { name, aliases } = entity.derived ?? entity
  const keys = keysOfNames(derivation, { id, type, names: [name, ...aliases] })
  return { id, keys: keys.toSorted((a, b) => a - b) }
}

/** The keys of a thing's names as the database has them. */
export function keysOfNames(derivation: Derivation, thing: NamedThing): number[] {
  return [...new Set(derivation.nameKeys(thing).map(hashOf))]
}

export type LookUp = (keys: readonly number[]) => Promise<ReadonlyMap<number, Bearers>>

/** A function that finds who bears keys, in a transaction in which names stay as they are: each key is looked up once. */
export function createLookUp(reader: GraphReader): LookUp {
  const known = new Map<number, Bearers>()
  return async (keys) => {
    const unknown = [...new Set(keys)].filter((key) => !known.has(key))
    const found = await reader.findByNameKeys(unknown, MOST_IN_POSTING)
    for (const key of unknown) known.set(key, found.get(key) ?? { ids: [], count: 0 })
    return known
  }
}

/** {@link StoredNames.lookUp} inside a transaction, for several at once. */
async function readPostings(
  reader: GraphReader,
  groups: readonly (readonly string[])[],
): Promise<ReadonlyMap<string, Posting>[]> {
  const hashes = new Map(groups.flat().map((key) => [key, hashOf(key)]))
  const bearers = await reader.findByNameKeys([...new Set(hashes.values())], MOST_IN_POSTING)
  const ids = [...new Set([...bearers.values()].flatMap((one) => one.ids))]
  const things = new Map((await reader.get('Entity', ids, NAMED)).map((node) => [node.id, thingOf(node)]))
  return groups.map((keys) => {
    const postings = new Map<string, Posting>()
    for (const key of keys) {
      const found = bearers.get(hashes.get(key) as number)
      if (found !== undefined)
        postings.set(key, { things: found.ids.flatMap((id) => things.get(id) ?? []), count: found.count })
    }
    return postings
  })
}

function thingOf(node: GraphNode): NamedThing {
  const { id, type, name, aliases } = readEntity(node)
  return { id, type, names: [name, ...aliases] }
}

/**
 * A key as the database keeps it: 48 bits, which are a number in JavaScript and six bytes in SQLite, however long the name;
 * and no words of a document. Of 40 million keys, one in seven million would fall on another of them by
 * chance: a candidate more for the rules to look at.
 */
function hashOf(key: string): number {
  return Number.parseInt(hash('sha256', key).slice(0, HEX_DIGITS), 16)
}
