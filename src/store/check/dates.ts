import { hashDate } from '../../model/document.ts'
import type { Proposal } from '../../model/proposal.ts'
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

export function misdated({ saidOn }: Proposal, { path, date }: Dated): string {
  return `was said on ${saidOn ?? 'no day'}, and its document, ${path}, is of ${date ?? 'no day'}`
}

/**
 * Of some proposals the misdated ones whose document keeps no hash, as an older whygraph put it: nobody can tell whether
 * its date was altered or theirs.
 */
export async function proposalsOfEitherDay(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Lacking[]> {
  const all = nodes.map(readProposal)
  const documents = await documentsOf(reader, all)
  return all.flatMap((stored) => {
    const { id, documentId } = stored.proposal
    const document = documents.get(documentId)
    if (document === undefined || document.dateHash !== undefined || !isMisdated(stored, document.date)) return []
    return [{ id, message: misdated(stored.proposal, document) }]
  })
}

/** Whether something that a document says is of another day than it is. */
export async function saysOtherDay(reader: GraphReader, { id, date }: Pick<StoredDocument, 'id' | 'date'>) {
  const chunks = (await reader.find('Chunk', 'documentId', [id], { only: ['id'] })).map((chunk) => chunk.id)
  return (await reader.find('Proposal', 'chunkId', chunks)).some((node) => isMisdated(readProposal(node), date))
}

type Dated = Pick<StoredDocument, 'path' | 'date' | 'dateHash'>

/** The documents that some proposals are of, by id. */
export async function documentsOf(
  reader: GraphReader,
  proposals: readonly StoredProposal[],
): Promise<ReadonlyMap<string, Dated>> {
  const ids = [...new Set(proposals.map(({ proposal }) => proposal.documentId))]
  const nodes = await reader.get('Document', ids, ['path', 'date', 'dateHash'])
  return new Map(nodes.map(({ id, properties }) => [id, { date: null, ...properties } as unknown as Dated]))
}

/** Of some proposals the misdated ones, as they are by their documents. */
async function dated(reader: GraphReader, ids: readonly string[]): Promise<StoredProposal[]> {
  const all = (await reader.get('Proposal', ids)).map(readProposal)
  const documents = await documentsOf(reader, all)
  return all.flatMap((stored) => {
    const day = documents.get(stored.proposal.documentId)?.date
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
