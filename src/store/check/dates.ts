import { hashDate } from '../../model/document.ts'
import { saidOnDay } from '../../model/said-on.ts'
import type { GraphNode, GraphReader, GraphWriter } from '../database.ts'
import { proposalNode, readDocument, readProposal, type StoredDocument, type StoredProposal } from '../records.ts'
import type { Lacking } from './lost-chunks.ts'

/** Whether a document is of another day than it was read with. One that is gone dates nothing. */
export function isDateAltered(document: Pick<StoredDocument, 'id' | 'date' | 'dateHash' | 'gone'>): boolean {
  const { dateHash, gone } = document
  return dateHash !== undefined && gone === null && dateHash !== hashDate(document)
}

/** Of some documents, those whose date was altered. */
export async function documentsRedated(_: GraphReader, nodes: readonly GraphNode[]): Promise<Lacking[]> {
  return nodes
    .map(readDocument)
    .filter(isDateAltered)
    .map(({ id, path, date }) => ({ id, message: `${path} is of ${date ?? 'no day'}, and was read with another date` }))
}

/**
 * Whether something counts that was said on another day than its document is of. What an older whygraph has put says of no
 * day, and nothing can be said of a document that is not there.
 */
export function isMisdated({ proposal: { saidOn }, live }: StoredProposal, day: string | null | undefined): boolean {
  return live && day !== undefined && saidOn !== undefined && saidOn !== day
}

/** Of some proposals the misdated ones, as they are by their documents. */
async function dated(reader: GraphReader, ids: readonly string[]): Promise<StoredProposal[]> {
  const all = (await reader.get('Proposal', ids)).map(readProposal)
  const documentIds = [...new Set(all.map(({ proposal }) => proposal.documentId))]
  const documents = await reader.get('Document', documentIds, ['date'])
  const days = new Map(documents.map(({ id, properties }) => [id, (properties['date'] ?? null) as string | null]))
  return all.flatMap((stored) => {
    const day = days.get(stored.proposal.documentId)
    return isMisdated(stored, day) ? { ...stored, proposal: saidOnDay(stored.proposal, day ?? null) } : []
  })
}

export async function findMisdated(reader: GraphReader, ids: readonly string[]): Promise<string[]> {
  return (await dated(reader, ids)).map(({ proposal }) => proposal.id)
}

/** Their links are derived with all others, after this. */
export async function dateAnew(writer: GraphWriter, ids: readonly string[]): Promise<void> {
  await writer.lock('Proposal', ids, [])
  await writer.putNodes((await dated(writer, ids)).map(proposalNode))
}
