import { saidOnDay } from '../../model/said-on.ts'
import type { GraphReader, GraphWriter } from '../database.ts'
import { proposalNode, readProposal, type StoredProposal } from '../records.ts'

/** Of some proposals those that count and were said on another day than their document is of, as they would be by that. */
async function redated(reader: GraphReader, ids: readonly string[]): Promise<StoredProposal[]> {
  const counting = (await reader.get('Proposal', ids)).map(readProposal).filter(({ live }) => live)
  const documentIds = [...new Set(counting.map(({ proposal }) => proposal.documentId))]
  const documents = await reader.get('Document', documentIds, ['date'])
  const days = new Map(documents.map(({ id, properties }) => [id, (properties['date'] ?? null) as string | null]))
  return counting.flatMap((stored) => {
    const { saidOn, documentId } = stored.proposal
    const day = days.get(documentId)
    // What an older whygraph has put says of no day.
    if (saidOn === undefined || day === undefined || saidOn === day) return []
    return { ...stored, proposal: saidOnDay(stored.proposal, day) }
  })
}

export async function findWrongDates(reader: GraphReader, ids: readonly string[]): Promise<string[]> {
  return (await redated(reader, ids)).map(({ proposal }) => proposal.id)
}

/** Their links are derived with all others, after this. */
export async function dateAnew(writer: GraphWriter, ids: readonly string[]): Promise<void> {
  await writer.lock('Proposal', ids, [])
  await writer.putNodes((await redated(writer, ids)).map(proposalNode))
}
