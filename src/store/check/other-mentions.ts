import type { GraphReader, GraphRelationship, GraphWriter } from '../database.ts'
import type { Derivation } from '../derive.ts'
import { mergeForms, setMentions, tidyEntities } from '../mentions.ts'
import { readChunk, readReply } from '../records.ts'

/** Of a page of chunks, those whose relationships to entities are not what their replies say. */
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
  const isSame = (chunk: (typeof chunks)[0]): boolean => {
    const wanted = mergeForms({
      documentId: chunk.documentId,
      mentions: chunk.replies.map((id) => mentionsOf.get(id) ?? []),
    })
    const there = drawn.get(chunk.id) ?? []
    return (
      there.length === wanted.size && there.every((mention) => namesItSo(mention, wanted.get(mention.from.id)?.forms))
    )
  }
  return chunks.filter((chunk) => !isSame(chunk)).map((chunk) => chunk.id)
}

function namesItSo({ properties }: GraphRelationship, forms: readonly string[] | undefined): boolean {
  return JSON.stringify(properties['names']) === JSON.stringify(forms)
}

/** Has a chunk mention what its replies name in it. */
export async function mentionAnew(writer: GraphWriter, derivation: Derivation, chunkId: string): Promise<void> {
  const [node] = await writer.lock('Chunk', [chunkId])
  if (node === undefined) return
  const chunk = readChunk(node)
  const replies = (await writer.get('Reply', chunk.replies)).map(readReply)
  const spoken = { documentId: chunk.documentId, mentions: replies.map((reply) => reply.mentions) }
  const { lost } = await setMentions(writer, derivation, new Map([[chunkId, spoken]]), [chunkId])
  await tidyEntities(writer, derivation, lost)
}
