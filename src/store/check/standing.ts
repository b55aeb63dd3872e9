import { PERSON } from '../../model/proposal.ts'
import type { GraphReader, GraphWriter } from '../database.ts'
import { countingPairReplies, isPair } from '../pair-replies.ts'
import { readProposal, type StoredProposal } from '../records.ts'

/**
 * Of some proposals, those that count though their reply does not count in their chunk, or the other way round. Such as
 * come of no reply count while their chunk is there; those of rules may have been taken back.
 */
export async function findWrongStanding(reader: GraphReader, ids: readonly string[]): Promise<StoredProposal[]> {
  const proposals = (await reader.get('Proposal', ids)).map(readProposal)
  const chunkIds = [...new Set(proposals.map(({ proposal }) => proposal.chunkId))]
  const chunks = await reader.get('Chunk', chunkIds, ['replies'])
  const repliesOf = new Map(chunks.map(({ id, properties }) => [id, (properties['replies'] ?? []) as string[]]))
  const pairs = proposals.flatMap(({ proposal }) => (isPair(proposal.purpose) ? (proposal.replyId ?? []) : []))
  const taken = await countingPairReplies(reader, [...new Set(pairs)])
  return proposals.filter(({ proposal: { chunkId, replyId, engine, purpose }, live }) => {
    const replies = repliesOf.get(chunkId)
    if (replyId === null) return engine === PERSON ? live !== (replies !== undefined) : live && replies === undefined
    const counts = isPair(purpose) ? replies !== undefined && taken.has(replyId) : replies?.includes(replyId)
    return live !== (counts ?? false)
  })
}

/** Proposals count as their replies do; their links are derived with all others, after this. */
export async function standAnew(writer: GraphWriter, ids: readonly string[]): Promise<void> {
  const chunks = (await writer.get('Proposal', ids)).map((node) => String(node.properties['chunkId']))
  await writer.lock('Chunk', [...new Set(chunks)], [])
  const wrong = await findWrongStanding(writer, ids)
  await writer.lock('Link', [...new Set(wrong.map((stored) => stored.linkId))], [])
  await writer.patchNodes(
    'Proposal',
    wrong.map(({ proposal, live }) => ({ id: proposal.id, properties: { live: !live } })),
  )
}
