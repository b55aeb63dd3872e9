import type { GraphReader } from '../database.ts'
import { readProposal, type StoredProposal } from '../records.ts'

/** Of some proposals, those that count though their reply does not count in their chunk, or the other way round. */
export async function findWrongStanding(reader: GraphReader, ids: readonly string[]): Promise<StoredProposal[]> {
  const proposals = (await reader.get('Proposal', ids)).map(readProposal)
  const chunkIds = [...new Set(proposals.map(({ proposal }) => proposal.chunkId))]
  const counting = new Set(
    (await reader.get('Chunk', chunkIds, ['replies'])).flatMap(({ id, properties }) =>
      ((properties['replies'] ?? []) as readonly string[]).map((reply) => `${id} ${reply}`),
    ),
  )
  return proposals.filter(({ proposal, live }) => live !== counting.has(`${proposal.chunkId} ${proposal.replyId}`))
}
