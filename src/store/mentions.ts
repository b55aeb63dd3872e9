import { entityId } from '../model/entity.ts'
import type { GraphReader, GraphRelationship, GraphWriter, WordSearch } from './database.ts'
import type { Derivation } from './derivation.ts'
import { nameEntities } from './entities.ts'
import { entityOf, holdIdentities, type Identities } from './identities.ts'
import { formsIn, mentionLine, type NamedForm } from './mention-line.ts'
import type { EntityForms } from './records.ts'

/** Ids of the entities that are mentioned in chunks and of those that they stand for there, sorted. */
export async function mentionedEntities(reader: GraphReader, chunkIds: readonly string[]): Promise<string[]> {
  const mentions = await reader.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', chunkIds)
  return [...new Set(mentions.flatMap((line) => [line.from.id, ...formsIn(line).map(({ id }) => id)]))].toSorted()
}

/**
 * Makes chunks mention what their live replies name in them, no more and no less; entities that are new are made.
 * `earlier` are those of the chunks that may mention something already; what others mention is known to be new. Returns
 * who stands for all that is mentioned now, and the entities that lost a mention or a form, for `tidyEntities` once the
 * links are derived.
 */
export async function setMentions(
  writer: GraphWriter,
  derivation: Derivation,
  replies: ReadonlyMap<string, Spoken>,
  earlier: readonly string[],
): Promise<{
  readonly identities: Identities
  readonly mentioned: ReadonlySet<string>
  readonly lost: readonly string[]
}> {
  const wanted = new Map([...replies].map(([chunkId, spoken]) => [chunkId, mergeForms(spoken)]))
  const there = await writer.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', earlier)
  const born = [...wanted.values()].flatMap((forms) => [...forms.keys()])
  const before = there.flatMap((line) => [line.from.id, ...formsIn(line).map(({ id }) => id)])
  const identities = await holdIdentities(writer, [...new Set([...born, ...before])])
  await nameEntities(writer, derivation, [...wanted.values()], identities)
  const drawn = new Map([...wanted].map(([chunkId, entities]) => [chunkId, drawForms(entities, identities)]))
  const lines = (among: typeof drawn): GraphRelationship[] =>
    [...among].flatMap(([chunkId, entities]) => [...entities].map(([id, forms]) => mentionLine(id, chunkId, forms)))
  const isEarlier = ([chunkId]: readonly [string, unknown]): boolean => earlier.includes(chunkId)
  await writer.putRelationships(lines(new Map([...drawn].filter(isEarlier))))
  await writer.createRelationships(lines(new Map([...drawn].filter((one) => !isEarlier(one)))))
  await writer.removeRelationships(there.filter(({ from, to }) => drawn.get(to.id)?.has(from.id) !== true))
  const lost = there.filter((line) => {
    const now = new Set(
      drawn
        .get(line.to.id)
        ?.get(line.from.id)
        ?.map(({ id, name }) => `${id} ${name}`),
    )
    return !formsIn(line).every(({ id, name }) => now.has(`${id} ${name}`))
  })
  const mentioned = new Set([...drawn.values()].flatMap((entities) => [...entities.keys()]))
  return { identities, mentioned, lost: [...new Set(lost.map(({ from }) => from.id))] }
}

/** What the live replies about one chunk name, each by itself, and the chunk's document. */
export interface Spoken {
  readonly documentId: string
  readonly mentions: readonly (readonly EntityForms[])[]
}

/** What a chunk mentions, by id at birth: all forms under which its replies name each. */
export function mergeForms({ documentId, mentions }: Spoken): Map<string, EntityForms> {
  const merged = new Map<string, EntityForms>()
  for (const entity of mentions.flat()) {
    const id = entityId(entity.type, entity.ownName, documentId)
    const forms = [...(merged.get(id)?.forms ?? []), entity.ownName, ...entity.forms]
    merged.set(id, { ...entity, forms: [...new Set(forms)].toSorted() })
  }
  return merged
}

/** The same by the entities that stand for the ids. */
export function drawForms(merged: ReadonlyMap<string, EntityForms>, identities: Identities): Map<string, NamedForm[]> {
  const drawn = new Map<string, NamedForm[]>()
  for (const [id, { forms }] of merged) {
    const entity = entityOf(identities, id)
    drawn.set(entity, [...(drawn.get(entity) ?? []), ...forms.map((name) => ({ id, name }))])
  }
  return drawn
}

/** For each search the names of entities that share a word with it, sorted. */
export async function findNames(reader: GraphReader, searches: readonly WordSearch[]): Promise<string[][]> {
  const found = await reader.search('Entity', searches)
  return found.map((hits) => [...new Set(hits.flatMap(({ name }) => name ?? []))].toSorted())
}
