import type { GraphWriter } from './database.ts'
import type { Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { readChunk, readDocument, type StoredChunk, type StoredDocument } from './records.ts'
import { withdrawSummary } from './take-summary.ts'

/** What a document says by rule, as what that is noted, and of what it was made. */
export interface DocumentSummary {
  readonly summary: string
  readonly by: string
  readonly of: string
}

/** Null: nothing is to be said now. */
export type MakeSummary = (document: StoredDocument, chunks: readonly StoredChunk[]) => DocumentSummary | null

export interface PutSummary {
  readonly documentId: string
  readonly make: MakeSummary
}

/** Of each, whether it was put: the document may have gone. What a reply said of it before does not count any more. */
export async function putSummaries(
  writer: GraphWriter,
  derivation: Derivation,
  puttings: readonly PutSummary[],
): Promise<boolean[]> {
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
    const { summary: text, by, of } = summary
    return [{ id, properties: { summary: text, summaryBy: by, summaryOf: of, summaryReply: null } }]
  })
  const replies = patches.flatMap(({ id }) => documents.get(id)?.summaryReply ?? [])
  if (replies.length > 0) await deriveLinks(writer, derivation, await withdrawSummary(writer, replies))
  if (patches.length > 0) await writer.patchNodes('Document', patches)
  return made.map((summary) => summary !== null)
}
