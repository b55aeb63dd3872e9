import type { GraphReader, GraphWriter } from '../database.ts'
import type { Derivation } from '../derivation.ts'
import { tidyEntities } from '../entities.ts'
import { readIdentities } from '../identities.ts'
import { addMarks, markProperties } from '../marks.ts'
import { mentionLine } from '../mention-line.ts'
import { drawForms, mergeForms, setMentions } from '../mentions.ts'
import { readChunk, type StoredChunk } from '../records.ts'
import { readReply } from '../reply-records.ts'
import { sameProperties } from '../same-properties.ts'
import { summaryOf, summaryProperties } from '../summaries.ts'

/** Of a page of chunks, those whose relationships to entities, or whose summaries, are not what their replies say. */
export async function chunksWithOtherMentions(reader: GraphReader, ids: readonly string[]): Promise<string[]> {
  const chunks = (await reader.get('Chunk', ids)).map(readChunk)
  const replies = (
    await reader.get(
      'Reply',
      chunks.flatMap((chunk) => chunk.replies),
    )
  ).map(readReply)
  const mentionsOf = new Map(replies.map((reply) => [reply.id, reply.mentions]))
  const drawn = Map.groupBy(
    await reader.relationships(
      'FROM_CHUNK',
      'to',
      'Chunk',
      'Entity',
      chunks.map((chunk) => chunk.id),
    ),
    (mention) => mention.to.id,
  )
  const wanted = new Map(
    chunks.map((chunk) => {
      const mentions = chunk.replies.map((id) => mentionsOf.get(id) ?? [])
      return [chunk.id, mergeForms({ documentId: chunk.documentId, mentions })]
    }),
  )
  const born = [...wanted.values()].flatMap((forms) => [...forms.keys()])
  const identities = await readIdentities(reader, born)
  const byId = new Map(replies.map((reply) => [reply.id, reply]))
  const isSame = (chunk: StoredChunk): boolean => {
    const { id } = chunk
    const forms = drawForms(wanted.get(id) ?? new Map(), identities)
    const there = drawn.get(id) ?? []
    return (
      JSON.stringify(chunk.about) === JSON.stringify(summaryOf(chunk.replies.flatMap((one) => byId.get(one) ?? []))) &&
      there.length === forms.size &&
      there.every((line) => sameProperties(line, mentionLine(line.from.id, id, forms.get(line.from.id) ?? [])))
    )
  }
  return chunks.filter((chunk) => !isSame(chunk)).map((chunk) => chunk.id)
}

/** Has a chunk mention what its replies name in it, and say what they say of it. */
export async function mentionAnew(writer: GraphWriter, derivation: Derivation, chunkId: string): Promise<void> {
  const [node] = await writer.lock('Chunk', [chunkId])
  if (node === undefined) return
  const chunk = readChunk(node)
  const replies = (await writer.get('Reply', chunk.replies)).map(readReply)
  const spoken = { documentId: chunk.documentId, mentions: replies.map((reply) => reply.mentions) }
  const { lost, marks } = await setMentions(writer, derivation, new Map([[chunkId, spoken]]), [chunkId])
  await writer.patchNodes('Chunk', [
    {
      id: chunkId,
      properties: {
        ...summaryProperties(summaryOf(replies)),
        ...markProperties(addMarks(chunk.mark, marks.get(chunkId))),
      },
    },
  ])
  await tidyEntities(writer, derivation, lost)
}
