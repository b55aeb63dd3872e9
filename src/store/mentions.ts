import { entityId } from '../model/entity.ts'
import type { GraphReader, GraphRelationship, GraphWriter, WordSearch } from './database.ts'
import type { Derivation } from './derivation.ts'
import { nameEntities } from './entities.ts'
import { entityOf, holdIdentities, type Identities } from './identities.ts'
import { formsIn, mentionLine, type NamedForm } from './mention-line.ts'
import type { Mark } from './marks.ts'
import type { EntityForms, StoredChunk } from './records.ts'

/** Ids of the entities that are mentioned in chunks and of those that they stand for there, sorted. */
export async function mentionedEntities(reader: GraphReader, chunkIds: readonly string[]): Promise<string[]> {
  const mentions = await reader.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', chunkIds)
  return [...new Set(mentions.flatMap((line) => [line.from.id, ...formsIn(line).map(({ id }) => id)]))].toSorted()
}

/**
 * Makes chunks mention what their live replies name in them, no more and no less; entities that are new are made.
 * `earlier` are those of the chunks that may mention something already; what others mention is known to be new. What lost a
 * mention or a form is for `tidyEntities` once the links are derived; the marks are for whoever puts the chunks.
 */
export async function setMentions(
  writer: GraphWriter,
  derivation: Derivation,
  replies: ReadonlyMap<string, Spoken>,
  earlier: readonly string[],
): Promise<Mentioned> {
  const wanted = new Map([...replies].map(([chunkId, spoken]) => [chunkId, mergeForms(spoken)]))
  const there = await writer.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', earlier)
  const born = [...wanted.values()].flatMap((forms) => [...forms.keys()])
  const before = there.flatMap((line) => [line.from.id, ...formsIn(line).map(({ id }) => id)])
  const identities = await holdIdentities(writer, [...new Set([...born, ...before])])
  const renamed = await nameEntities(writer, derivation, [...wanted.values()], identities)
  const drawn = new Map([...wanted].map(([chunkId, entities]) => [chunkId, drawForms(entities, identities)]))
  const lines = (among: typeof drawn): GraphRelationship[] =>
    [...among].flatMap(([chunkId, entities]) => [...entities].map(([id, forms]) => mentionLine(id, chunkId, forms)))
  const isEarlier = ([chunkId]: readonly [string, unknown]): boolean => earlier.includes(chunkId)
  await writer.putRelationships(lines(new Map([...drawn].filter(isEarlier))))
  await writer.createRelationships(lines(new Map([...drawn].filter((one) => !isEarlier(one)))))
  await writer.removeRelationships(there.filter(({ from, to }) => drawn.get(to.id)?.has(from.id) !== true))
  const lost = there.flatMap((line) => {
    const now = new Set(
      drawn
        .get(line.to.id)
        ?.get(line.from.id)
        ?.map(({ id, name }) => `${id} ${name}`),
    )
    const forms = formsIn(line).filter(({ id, name }) => !now.has(`${id} ${name}`))
    return forms.map(({ id }) => ({ id, entity: line.from.id, chunkId: line.to.id }))
  })
  const marks = [...wanted].map(([chunkId, entities]): [string, Mark] => {
    const gained = [...entities.keys()].filter((id) => renamed.has(id))
    return [chunkId, { gained, lost: lost.filter((one) => one.chunkId === chunkId).map(({ id }) => id) }]
  })
  const mentioned = new Set([...drawn.values()].flatMap((entities) => [...entities.keys()]))
  return { identities, mentioned, lost: [...new Set(lost.map(({ entity }) => entity))], marks: new Map(marks) }
}

/** What came of having chunks mention what their replies name. */
export interface Mentioned {
  /** Who stands for all that is mentioned now. */
  readonly identities: Identities
  /** The entities that are mentioned now. */
  readonly mentioned: ReadonlySet<string>
  /** Those that lost a mention or a form. */
  readonly lost: readonly string[]
  /** For each chunk, whose names are to be resolved. */
  readonly marks: ReadonlyMap<string, Mark>
}

/** What chunks mention, by their ids: by id at birth the forms under which the replies that count name it. */
export async function mentionsIn(
  reader: GraphReader,
  chunks: readonly Pick<StoredChunk, 'id' | 'documentId' | 'replies'>[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, EntityForms>>> {
  const ids = chunks.flatMap((chunk) => chunk.replies)
  const named = new Map(
    (await reader.get('Reply', ids, ['mentions'])).map(({ id, properties }) => {
      return [id, JSON.parse(String(properties['mentions'])) as EntityForms[]]
    }),
  )
  return new Map(
    chunks.map(({ id, documentId, replies }) => {
      const mentions = replies.map((reply) => named.get(reply) ?? [])
      return [id, mergeForms({ documentId, mentions })]
    }),
  )
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
