import type { GraphWriter } from './database.ts'
import { readChunk, readDocument, type StoredChunk, type StoredDocument } from './records.ts'

/** What a document says, who says so (`rule`: nobody), of what it was made, and in which reply it stands. */
export interface DocumentSummary {
  readonly summary: string
  readonly by: string
  readonly of: string
  readonly reply: string | null
}

/** Null: nothing is to be said now. */
export type MakeSummary = (document: StoredDocument, chunks: readonly StoredChunk[]) => DocumentSummary | null

export interface PutSummary {
  readonly documentId: string
  readonly make: MakeSummary
}

/** Of each, what was put; null where nothing was: the document may have gone. */
export async function putSummaries(
  writer: GraphWriter,
  puttings: readonly PutSummary[],
): Promise<(DocumentSummary | null)[]> {
  const ids = [...new Set(puttings.map(({ documentId }) => documentId))]
  const documents = new Map((await writer.lock('Document', ids)).map((node) => [node.id, readDocument(node)]))
  const chunks = Map.groupBy(
    (await writer.find('Chunk', 'documentId', ids)).map(readChunk).toSorted((a, b) => a.index - b.index),
    ({ documentId }) => documentId,
  )
  const made = puttings.map(({ documentId, make }) => {
    const document = documents.get(documentId)
    if (document === undefined || document.gone !== null) return null
    return make(document, chunks.get(documentId) ?? [])
  })
  const patches = made.flatMap((summary, index) => {
    const id = puttings[index]?.documentId
    if (summary === null || id === undefined) return []
    const { summary: text, by, of, reply } = summary
    return [{ id, properties: { summary: text, summaryBy: by, summaryOf: of, summaryReply: reply } }]
  })
  if (patches.length > 0) await writer.patchNodes('Document', patches)
  return made
}
