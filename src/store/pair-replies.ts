import { endKind, endsOf, type LinkEnds } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import type { PairPurpose, Reply } from '../model/reply.ts'
import type { GraphNode, GraphReader, GraphWriter } from './database.ts'
import { countOutcomes, NO_CHANGES, type Derivation, type LinkChanges } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { holdIdentities } from './identities.ts'
import { proposalNode, readProposal, type StoredProposal } from './records.ts'
import { fromReply, proposes, retireProposals } from './replies.ts'

/** What an engine was asked about two names or two links, as it is stored beside the chunk of each, and what was made of it. */
export interface PairTaken {
  readonly linkId: string
  readonly replies: readonly Reply[]
  readonly proposals: readonly Proposal[]
}

/**
 * Takes what an engine said of two names, or of two links, in the place of what the same model said of them before. Nothing of it is taken
 * where a chunk is gone meanwhile: it was said of words that are not there any more. Again with the same result changes
 * nothing.
 */
export async function takePairIn(
  writer: GraphWriter,
  derivation: Derivation,
  { linkId, replies, proposals }: PairTaken,
): Promise<LinkChanges> {
  const chunkIds = [...new Set(replies.map(({ chunkId }) => chunkId))].toSorted()
  const chunks = await writer.lock('Chunk', chunkIds, ['id'])
  if (chunks.length < chunkIds.length) return NO_CHANGES
  const ends = proposals.map(endsOf)
  await holdIdentities(writer, idsOf(ends.filter((end) => endKind(end) === 'Entity')))
  const links = idsOf(ends.filter((end) => endKind(end) === 'Link'))
  const held = await writer.lock('Link', [linkId, ...links].toSorted(), [])
  if (held.filter(({ id }) => id !== linkId).length < links.length) return NO_CHANGES
  const before = (await writer.find('Proposal', 'linkId', [linkId])).map(readProposal)
  const known = new Set(before.map(({ proposal }) => proposal.id))
  const wanted = new Set(proposals.map(({ id }) => id))
  const [first] = replies
  const earlier = before.filter(({ proposal, live }) => live && isPairOf(proposal, first) && !wanted.has(proposal.id))
  await withdraw(writer, earlier)
  const stored = proposals.map((proposal): StoredProposal => ({ proposal, linkId: endsOf(proposal).id, live: true }))
  await writer.createNodes(stored.filter(({ proposal }) => !known.has(proposal.id)).map(proposalNode))
  await writer.putNodes(stored.filter(({ proposal }) => known.has(proposal.id)).map(proposalNode))
  await writer.patchNodes(
    'Reply',
    replies.map(({ id, fingerprint }) => ({ id, properties: { taken: true, takenFor: fingerprint } })),
  )
  const outcomes = await deriveLinks(writer, derivation, [linkId])
  await writer.putRelationships(stored.flatMap((one) => [fromReply(one, one.proposal.replyId ?? ''), proposes(one)]))
  return countOutcomes(outcomes)
}

function idsOf(ends: readonly LinkEnds[]): string[] {
  return [...new Set(ends.flatMap(({ subjectId, objectId }) => [subjectId, objectId]))].toSorted()
}

function isPairOf({ purpose, engine, model }: Proposal, reply: Reply | undefined): boolean {
  return isPair(purpose) && purpose === reply?.purpose && engine === reply.engine && model === reply.model
}

/** Whether it is said of two chunks, and counts as its reply does. */
export function isPair(purpose: unknown): purpose is PairPurpose {
  return purpose === 'identity' || purpose === 'contradiction'
}

/**
 * Of proposals that do not count any more, since their chunks went: what was said of the same names in the same reply, of
 * the other chunk, does not count either. The reply stays, and is found again should the words come back.
 */
export async function withdrawPairs(writer: GraphWriter, retired: readonly StoredProposal[]): Promise<void> {
  const pairs = retired.filter(({ proposal }) => isPair(proposal.purpose))
  if (pairs.length === 0) return
  const models = new Set(pairs.map(sayerOf))
  const linkIds = [...new Set(pairs.map(({ linkId }) => linkId))]
  const others = (await writer.find('Proposal', 'linkId', linkIds)).map(readProposal)
  const siblings = others.filter((stored) => isPair(stored.proposal.purpose) && models.has(sayerOf(stored)))
  await withdraw(writer, siblings)
}

const sayerOf = ({ linkId, proposal }: StoredProposal): string => `${linkId} ${proposal.engine} ${proposal.model}`

/** That it is taken says of a reply that no chunk counts that it counts. */
export async function withdraw(writer: GraphWriter, proposals: readonly StoredProposal[]): Promise<void> {
  await retireProposals(
    writer,
    proposals.filter(({ live }) => live),
  )
  const replies = [...new Set(proposals.flatMap(({ proposal }) => proposal.replyId ?? []))]
  await writer.patchNodes(
    'Reply',
    replies.map((id) => ({ id, properties: { taken: false } })),
  )
}

/** Of some replies about two chunks those that count, by id. */
export async function countingPairReplies(
  reader: GraphReader,
  replyIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const nodes = await reader.get('Reply', replyIds, ['purpose', 'taken'])
  return new Set(nodes.filter(({ properties }) => properties['taken'] === true).map(({ id }) => id))
}

/** Some replies, and those that are the same as one of them beside the chunk of the other name. */
export async function withSameBeside(reader: GraphReader, replies: readonly GraphNode[]): Promise<string[]> {
  const hashes = replies.filter(isAboutPair).map(({ properties }) => String(properties['requestHash']))
  const same = (await reader.find('Reply', 'requestHash', [...new Set(hashes)])).filter(isAboutPair)
  return [...new Set([...replies, ...same].map(({ id }) => id))]
}

function isAboutPair({ properties }: GraphNode): boolean {
  return isPair(properties['purpose'])
}
