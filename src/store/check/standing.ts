import { endsOf } from '../../model/link.ts'
import { PERSON, type Proposal } from '../../model/proposal.ts'
import type { GraphReader, GraphWriter } from '../database.ts'
import { groundedAgain, readBirths } from '../births.ts'
import { mentionedInMarked } from '../names.ts'
import { countingPairReplies, isPair } from '../pair-replies.ts'
import { readProposal, type StoredProposal } from '../records.ts'

/**
 * Of some proposals, those that count though their reply does not count in their chunk, or the other way round. Such as
 * come of no reply count while their chunk is there; those of rules may have been taken back, those about names count
 * while both are named too.
 */
export async function findWrongStanding(reader: GraphReader, ids: readonly string[]): Promise<StoredProposal[]> {
  const proposals = (await reader.get('Proposal', ids)).map(readProposal)
  const chunkIds = [...new Set(proposals.map(({ proposal }) => proposal.chunkId))]
  const chunks = await reader.get('Chunk', chunkIds, ['replies'])
  const repliesOf = new Map(chunks.map(({ id, properties }) => [id, (properties['replies'] ?? []) as string[]]))
  const beside = proposals.flatMap(({ proposal }) => (isBeside(proposal) ? (proposal.replyId ?? []) : []))
  const taken = await countingPairReplies(reader, [...new Set(beside)])
  const again = new Set(await withoutMarked(reader, await groundedAgain(reader, proposals)))
  return proposals.filter((stored) => {
    const { live } = stored
    const { chunkId, replyId, engine } = stored.proposal
    const replies = repliesOf.get(chunkId)
    if (replyId === null && engine !== PERSON) return (live && replies === undefined) || again.has(stored)
    if (replyId === null) return live !== (replies !== undefined)
    const counts = isBeside(stored.proposal) ? replies !== undefined && taken.has(replyId) : replies?.includes(replyId)
    return live !== (counts ?? false)
  })
}

/** Said of two chunks, or of a whole document: it counts while its reply is taken, which no chunk counts. */
function isBeside({ purpose }: Proposal): boolean {
  return isPair(purpose) || purpose === 'summary'
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

/** Without such as are to be judged again yet: one of their names is where names are to be resolved. */
async function withoutMarked(
  reader: GraphReader,
  proposals: readonly StoredProposal[],
): Promise<readonly StoredProposal[]> {
  if (proposals.length === 0) return []
  const endsIn = ({ proposal }: StoredProposal): string[] => {
    const { subjectId, objectId } = endsOf(proposal)
    return [subjectId, objectId]
  }
  const births = await readBirths(reader, [...new Set(proposals.flatMap(endsIn))])
  const marked = await mentionedInMarked(
    reader,
    [...births.values()].map(({ partOf }) => partOf),
  )
  return proposals.filter((stored) => !endsIn(stored).some((id) => marked.has(births.get(id)?.partOf ?? id)))
}
