import { endKind, endsOf, type LinkEnds } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import type { GraphWriter } from './database.ts'
import { countOutcomes, type Derivation, type LinkChanges } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { holdIdentities } from './identities.ts'
import { proposalNode, type StoredProposal } from './records.ts'
import { proposes } from './replies.ts'

/**
 * Puts proposals that come of no reply: a person's, or those of rules. One about a chunk that is not there (its document
 * changed meanwhile) is left out. `alsoHeld` are ids of other things that the transaction is about: all are held before a
 * link is.
 */
export async function proposeIn(
  writer: GraphWriter,
  derivation: Derivation,
  proposals: readonly Proposal[],
  alsoHeld: readonly string[] = [],
): Promise<LinkChanges> {
  const chunks = await writer.lock('Chunk', [...new Set(proposals.map(({ chunkId }) => chunkId))].toSorted(), ['id'])
  const there = new Set(chunks.map(({ id }) => id))
  const put = proposals
    .filter(({ chunkId, replyId }) => there.has(chunkId) && replyId === null)
    .map((proposal): StoredProposal => ({ proposal, linkId: endsOf(proposal).id, live: true }))
  await holdIdentities(writer, [...alsoHeld, ...entitiesOf(put.map(({ proposal }) => endsOf(proposal)))])
  const links = [...new Set(put.map(({ linkId }) => linkId))].toSorted()
  await writer.lock('Link', links, [])
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
