import type { GraphNode, GraphReader } from './database.ts'
import { MARK, readMark, type Mark } from './marks.ts'
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

/** What {@link readState} needs of a chunk: its text stays where it is. */
export const CHUNK_STATE = ['index', 'start', 'replies', ...MARK] as const

/**
 * By which it is known that nothing has changed since a scene was read; `held` are its chunks, as they were given when
 * they were locked. Null: the document is not there, or has other chunks.
 */
export async function readState(
  reader: GraphReader,
  documentId: string,
  held: readonly GraphNode[],
): Promise<string | null> {
  const [node] = await reader.get('Document', [documentId])
  if (node === undefined) return null
  const lines = await reader.relationships('FROM_DOCUMENT', 'to', 'Document', 'Chunk', [documentId])
  const there = new Set(lines.map(({ from }) => from.id))
  if (there.size !== held.length || held.some(({ id }) => !there.has(id))) return null
  const chunks = held.map(({ id, properties }): ChunkState => {
    const { index, start, replies } = properties
    return {
      id,
      index: index as number,
      start: start as number,
      replies: (replies ?? []) as readonly string[],
      mark: readMark(properties),
    }
  })
  return stateOf(
    readDocument(node),
    chunks.toSorted((a, b) => a.index - b.index),
  )
}

type ChunkState = Pick<StoredChunk, 'id' | 'index' | 'start' | 'replies'> & { readonly mark?: Mark | undefined }

function stateOf({ path, date, mark }: StoredDocument, chunks: readonly ChunkState[]): string {
  const each = chunks.map(({ id, index, start, replies, mark: own }) => [id, index, start, replies, own ?? null])
  return JSON.stringify([path, date, mark ?? null, each])
}
