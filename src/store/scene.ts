import type { GraphReader } from './database.ts'
import { mentionsIn } from './mentions.ts'
import { readChunk, readDocument, type EntityForms, type StoredChunk, type StoredDocument } from './records.ts'

/** What a document names where, as the replies that count say it. */
export interface Scene {
  readonly document: StoredDocument
  /** In order; those of table rows have no text that could say who is who, and stand here for their marks only. */
  readonly chunks: readonly StoredChunk[]
  /** By chunk, the forms of each entity by its id at birth. */
  readonly mentions: ReadonlyMap<string, ReadonlyMap<string, EntityForms>>
  /** Changes with anything of it. */
  readonly state: string
}

export async function readScene(reader: GraphReader, documentId: string): Promise<Scene | null> {
  const [node] = await reader.get('Document', [documentId])
  if (node === undefined) return null
  const document = readDocument(node)
  const found = await reader.find('Chunk', 'documentId', [documentId])
  const chunks = found.map(readChunk).toSorted((a, b) => a.index - b.index)
  return { document, chunks, mentions: await mentionsIn(reader, chunks), state: stateOf(document, chunks) }
}

/** By which it is known that nothing has changed since a scene was read; null: the document is not there. */
export async function readState(reader: GraphReader, documentId: string): Promise<string | null> {
  const [node] = await reader.get('Document', [documentId])
  if (node === undefined) return null
  const found = await reader.find('Chunk', 'documentId', [documentId])
  return stateOf(
    readDocument(node),
    found.map(readChunk).toSorted((a, b) => a.index - b.index),
  )
}

function stateOf({ path, date, mark }: StoredDocument, chunks: readonly StoredChunk[]): string {
  const each = chunks.map(({ id, index, start, replies, mark: own }) => [id, index, start, replies, own ?? null])
  return JSON.stringify([path, date, mark ?? null, each])
}
