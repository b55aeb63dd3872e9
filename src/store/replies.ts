import { entityId } from '../model/entity.ts'
import { endsOf } from '../model/link.ts'
import type { Note } from '../model/note.ts'
import type { Mention, Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import type { GraphRelationship, GraphWriter } from './database.ts'
import { deriveLinks, NO_CHANGES, type Derivation, type LinkChanges } from './derive.ts'
import { setMentions, tidyEntities } from './mentions.ts'
import {
  proposalNode,
  readChunk,
  readProposal,
  readReply,
  replyNode,
  type EntityForms,
  type StoredProposal,
} from './records.ts'

/** What is taken of one reply; the part of an extraction that the store keeps. */
export interface Taken {
  readonly mentions: readonly Mention[]
  readonly proposals: readonly Proposal[]
  readonly notes: readonly Note[]
}

/** Puts a reply beside its chunk, as it arrived; nothing has been made of it yet. One that is there stays as it is. */
export async function putReply(writer: GraphWriter, reply: Reply): Promise<void> {
  await writer.lock('Chunk', [reply.chunkId])
  const [same] = await writer.get('Reply', [reply.id])
  if (same !== undefined) return
  await writer.putNodes([replyNode({ ...reply, taken: false, takenFor: null, mentions: [], notes: [] })])
  const [chunk] = await writer.get('Chunk', [reply.chunkId])
  if (chunk !== undefined) await writer.putRelationships([replyTo(reply)])
}

/**
 * Takes a stored reply's mentions and proposals into the graph; what the same model said about the chunk before
 * retires. Taking a reply again, with better parsing or under another schema, puts the new result in the place of the
 * old. A chunk that is not there any more (its document changed while the model thought) takes nothing.
 *
 * `fingerprint` names the engine, model and schema that it is taken for.
 */
export async function takeReplyIn(
  writer: GraphWriter,
  derivation: Derivation,
  reply: Reply,
  taken: Taken,
  fingerprint: string,
): Promise<LinkChanges> {
  await writer.lock('Chunk', [reply.chunkId])
  const [node] = await writer.get('Chunk', [reply.chunkId])
  if (node === undefined) return NO_CHANGES
  const chunk = readChunk(node)
  const others = (await writer.get('Reply', chunk.replies)).map(readReply).filter((other) => other.id !== reply.id)
  const staying = others.filter((other) => !(other.engine === reply.engine && other.model === reply.model))
  const earlier = (await writer.find('Proposal', 'chunkId', [chunk.id]))
    .map(readProposal)
    .filter(({ proposal, live }) => proposal.replyId === reply.id || (live && isSameModel(proposal, reply)))
  const proposals = taken.proposals.map((proposal): StoredProposal => {
    return { proposal, linkId: endsOf(proposal).id, live: true }
  })
  const now = new Map(proposals.map((stored) => [stored.proposal.id, stored]))
  const links = [...new Set([...proposals, ...earlier].map((stored) => stored.linkId))].toSorted()

  const mentions = formsOf(taken)
  const lost = await setMentions(writer, derivation, chunk.id, [...staying.map((other) => other.mentions), mentions])
  await writer.lock('Link', links)
  const replaced = earlier.filter(({ proposal }) => !now.has(proposal.id))
  await retireProposals(
    writer,
    replaced.filter(({ proposal }) => proposal.replyId !== reply.id),
  )
  await writer.removeNodes(
    'Proposal',
    replaced.filter(({ proposal }) => proposal.replyId === reply.id).map(({ proposal }) => proposal.id),
  )
  const elsewhere = earlier.filter(({ proposal, linkId: link }) => (now.get(proposal.id)?.linkId ?? link) !== link)
  await writer.removeRelationships(elsewhere.map(proposes))
  await writer.putNodes(proposals.map(proposalNode))
  const kept = {
    taken: true,
    takenFor: fingerprint,
    mentions: JSON.stringify(mentions),
    notes: JSON.stringify(taken.notes),
  }
  await writer.patchNodes('Reply', [{ id: reply.id, properties: kept }])
  const properties = {
    state: 'reasoned',
    failure: null,
    replies: [...staying.map((other) => other.id), reply.id],
    fingerprints: [...staying.map((other) => other.takenFor ?? other.fingerprint), fingerprint],
  }
  await writer.patchNodes('Chunk', [{ id: chunk.id, properties }])
  const changes = await deriveLinks(writer, derivation, links)
  await writer.putRelationships([
    replyTo(reply),
    ...proposals.flatMap((stored) => [fromReply(stored), proposes(stored)]),
  ])
  await tidyEntities(writer, derivation, lost)
  return changes
}

/** They stay in the record and count no more. */
export async function retireProposals(writer: GraphWriter, proposals: readonly StoredProposal[]): Promise<void> {
  await writer.patchNodes(
    'Proposal',
    proposals.map(({ proposal }) => ({ id: proposal.id, properties: { live: false } })),
  )
}

export function replyTo(reply: Pick<Reply, 'id' | 'chunkId'>): GraphRelationship {
  const to = { kind: 'Chunk', id: reply.chunkId } as const
  return { type: 'REPLY_TO', id: null, from: { kind: 'Reply', id: reply.id }, to, properties: {} }
}

function isSameModel(proposal: Proposal, reply: Reply): boolean {
  return proposal.engine === reply.engine && proposal.model === reply.model
}

function fromReply({ proposal }: StoredProposal): GraphRelationship {
  const from = { kind: 'Proposal', id: proposal.id } as const
  return { type: 'FROM_REPLY', id: null, from, to: { kind: 'Reply', id: proposal.replyId }, properties: {} }
}

export function proposes({ proposal, linkId: link }: StoredProposal): GraphRelationship {
  const from = { kind: 'Proposal', id: proposal.id } as const
  return { type: 'PROPOSES', id: null, from, to: { kind: 'Link', id: link }, properties: {} }
}

/** All forms under which a reply names each entity, whether listed or only an end of a link. */
export function formsOf(taken: Taken): EntityForms[] {
  const entities = new Map<string, { type: string; ownName: string; forms: string[] }>()
  const ends = taken.proposals.flatMap((proposal) => [proposal.subject, proposal.object])
  const named = [...taken.mentions, ...ends.filter((end) => end.column === undefined)]
  for (const { name, type, aliases } of named) {
    const id = entityId(type, name)
    const known = entities.get(id)
    if (known === undefined) entities.set(id, { type, ownName: name, forms: [...aliases] })
    else known.forms.push(name, ...aliases)
  }
  return [...entities.values()].map((entity) => ({ ...entity, forms: [...new Set(entity.forms)] }))
}
