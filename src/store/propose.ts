import { endKind, endsOf, type LinkEnds } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import type { GraphWriter } from './database.ts'
import { countOutcomes, type Derivation, type LinkChanges } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { holdIdentities } from './identities.ts'
import { proposalNode, readProposal, type StoredProposal } from './records.ts'
import { proposes, retireProposals } from './replies.ts'

/**
 * Puts proposals that come of no reply: a person's, or those of rules. One about a chunk that is not there (its document
 * changed meanwhile) is left out. `withdrawn` are ids of such proposals that nobody makes any more: they go, or, where
 * somebody has decided about their link, count no more.
 */
export async function proposeIn(
  writer: GraphWriter,
  derivation: Derivation,
  proposals: readonly Proposal[],
  withdrawn: readonly string[] = [],
): Promise<LinkChanges> {
  const chunks = await writer.lock('Chunk', [...new Set(proposals.map(({ chunkId }) => chunkId))].toSorted(), ['id'])
  const there = new Set(chunks.map(({ id }) => id))
  const put = proposals
    .filter(({ chunkId, replyId }) => there.has(chunkId) && replyId === null)
    .map((proposal): StoredProposal => ({ proposal, linkId: endsOf(proposal).id, live: true }))
  const before = (await writer.get('Proposal', withdrawn)).map(readProposal)
  const old = before.filter(({ proposal }) => proposal.replyId === null)
  const ends = [...put, ...old].map(({ proposal }) => endsOf(proposal))
  await holdIdentities(writer, entitiesOf(ends))
  const links = [...new Set([...put, ...old].map(({ linkId }) => linkId))].toSorted()
  await writer.lock('Link', links, [])
  const decided = new Set(
    (await writer.find('Decision', 'linkId', links)).map(({ properties }) => properties['linkId']),
  )
  const [kept, removed] = [
    old.filter(({ linkId }) => decided.has(linkId)),
    old.filter(({ linkId }) => !decided.has(linkId)),
  ]
  await retireProposals(writer, kept)
  await writer.removeNodes(
    'Proposal',
    removed.map(({ proposal }) => proposal.id),
  )
  await writer.putNodes(put.map(proposalNode))
  const outcomes = await deriveLinks(writer, derivation, links)
  await writer.putRelationships(put.map(proposes))
  return countOutcomes(outcomes)
}

function entitiesOf(ends: readonly LinkEnds[]): string[] {
  const ids = ends
    .filter((end) => endKind(end) === 'Entity')
    .flatMap(({ subjectId, objectId }) => [subjectId, objectId])
  return [...new Set(ids)].toSorted()
}
