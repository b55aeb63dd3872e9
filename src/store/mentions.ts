import { entityId } from '../model/entity.ts'
import type { GraphNode, GraphReader, GraphRelationship, GraphWriter, WordSearch } from './database.ts'
import { nameEntities, type Derivation } from './derive.ts'
import { entityNode, isInGraph, readEntity, readLink, type EntityForms } from './records.ts'

/** Ids of the entities that are mentioned in chunks, sorted. */
export async function mentionedEntities(reader: GraphReader, chunkIds: readonly string[]): Promise<string[]> {
  const mentions = await reader.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', chunkIds)
  return [...new Set(mentions.map((mention) => mention.from.id))].toSorted()
}

/**
 * Makes chunks mention what their live replies name in them, no more and no less; entities that are new are made.
 * `earlier` are those of the chunks that may mention something already. Returns the entities that are mentioned now, and
 * those that lost a mention or a form, for {@link tidyEntities} once the links are derived.
 */
export async function setMentions(
  writer: GraphWriter,
  derivation: Derivation,
  replies: ReadonlyMap<string, Spoken>,
  earlier: readonly string[],
): Promise<{ readonly mentioned: ReadonlySet<string>; readonly lost: readonly string[] }> {
  const wanted = new Map([...replies].map(([chunkId, spoken]) => [chunkId, mergeForms(spoken)]))
  const mentioned = new Set([...wanted.values()].flatMap((forms) => [...forms.keys()]))
  const there = await writer.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', earlier)
  const locked = await writer.lock('Entity', [...new Set([...mentioned, ...there.map(({ from }) => from.id)])])
  await nameEntities(writer, derivation, [...wanted.values()], locked)
  await writer.putRelationships(
    [...wanted].flatMap(([chunkId, entities]) =>
      [...entities].map(([id, { forms }]) => ({
        type: 'FROM_CHUNK',
        id: null,
        from: { kind: 'Entity' as const, id },
        to: { kind: 'Chunk' as const, id: chunkId },
        properties: { names: forms },
      })),
    ),
  )
  await writer.removeRelationships(there.filter(({ from, to }) => wanted.get(to.id)?.has(from.id) !== true))
  const lost = there.filter(({ from, to, properties }) => {
    const forms = new Set(wanted.get(to.id)?.get(from.id)?.forms)
    return !(properties['names'] as readonly string[]).every((name) => forms.has(name))
  })
  return { mentioned, lost: lost.map(({ from }) => from.id) }
}

/** What the live replies about one chunk name, each by itself, and the chunk's document. */
export interface Spoken {
  readonly documentId: string
  readonly mentions: readonly (readonly EntityForms[])[]
}

/** What a chunk mentions, by entity: all forms under which its replies name each. */
export function mergeForms({ documentId, mentions }: Spoken): Map<string, EntityForms> {
  const merged = new Map<string, EntityForms>()
  for (const entity of mentions.flat()) {
    const id = entityId(entity.type, entity.ownName, documentId)
    const forms = [...(merged.get(id)?.forms ?? []), entity.ownName, ...entity.forms]
    merged.set(id, { ...entity, forms: [...new Set(forms)].toSorted() })
  }
  return merged
}

/** Entities that lost mentions go by the forms that are left, or go, unless a link of the graph still needs them. */
export async function tidyEntities(
  writer: GraphWriter,
  derivation: Derivation,
  entityIds: readonly string[],
): Promise<void> {
  if (entityIds.length === 0) return
  const { gone, named } = await planEntities(writer, derivation, entityIds)
  await writer.removeNodes('Entity', gone)
  await writer.putNodes(named)
}

/** What entities come to: those that nothing needs any more, and the others as their mentions name them. */
export async function planEntities(
  reader: GraphReader,
  derivation: Derivation,
  entityIds: readonly string[],
): Promise<{ readonly gone: string[]; readonly named: GraphNode[] }> {
  const mentions = await reader.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', entityIds)
  const left = Map.groupBy(mentions, (mention) => mention.from.id)
  const unmentioned = entityIds.filter((id) => !left.has(id))
  const links = [
    ...(await reader.find('Link', 'subjectId', unmentioned)),
    ...(await reader.find('Link', 'objectId', unmentioned)),
  ].filter((node) => node.properties['items'] != null)
  const linked = new Set(
    links
      .map(readLink)
      .filter(isInGraph)
      .flatMap((link) => [link.subjectId, link.objectId]),
  )
  const stored = (await reader.get('Entity', [...left.keys()])).map(readEntity)
  const documentOf = await documentsOfOne(reader, left)
  const named = stored.map(({ id, type, name }) => {
    const forms = (left.get(id) ?? []).flatMap((mention) => mention.properties['names'] as readonly string[])
    const own = forms.find((form) => entityId(type, form, documentOf.get(id) ?? '') === id) ?? name
    return entityNode({ id, type, ...derivation.nameEntity(own, forms) })
  })
  return { gone: unmentioned.filter((id) => !linked.has(id)), named }
}

/** For each entity a document that mentions it: where its id is made from one, all do that mention it. */
async function documentsOfOne(
  reader: GraphReader,
  mentions: ReadonlyMap<string, readonly GraphRelationship[]>,
): Promise<ReadonlyMap<string, string>> {
  const chunkOf = new Map([...mentions].map(([id, ofId]) => [id, ofId[0]?.to.id ?? '']))
  const chunks = await reader.get('Chunk', [...new Set(chunkOf.values())], ['documentId'])
  const documents = new Map(chunks.map((chunk) => [chunk.id, String(chunk.properties['documentId'])]))
  return new Map([...chunkOf].map(([id, chunkId]) => [id, documents.get(chunkId) ?? '']))
}

/** For each search the names of entities that share a word with it, sorted. */
export async function findNames(reader: GraphReader, searches: readonly WordSearch[]): Promise<string[][]> {
  const found = await reader.search('Entity', searches)
  return found.map((hits) => [...new Set(hits.flatMap(({ name }) => name ?? []))].toSorted())
}
