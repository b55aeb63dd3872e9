import { entityId } from '../model/entity.ts'
import { linkId } from '../model/link.ts'
import type { Note } from '../model/note.ts'
import type { Mention, Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import type { GraphRelationship, GraphWriter } from './database.ts'
import { deriveLinks, nameEntities, type Derivation, type EntityForms, type LinkChanges } from './derive.ts'
import { proposalNode, readChunk, readProposal, replyNode, type StoredChunk, type StoredProposal } from './records.ts'

/** What is taken of one reply; the part of an extraction that the store keeps. */
export interface Taken {
  readonly mentions: readonly Mention[]
  readonly proposals: readonly Proposal[]
  readonly notes: readonly Note[]
}

/** Puts a reply beside its chunk, as it arrived; nothing has been made of it yet. */
export async function putReply(writer: GraphWriter, reply: Reply, notes: readonly Note[]): Promise<void> {
  await writer.putNodes([replyNode({ ...reply, taken: false, notes })])
  const [chunk] = await writer.get('Chunk', [reply.chunkId])
  if (chunk !== undefined) await writer.putRelationships([replyTo(reply)])
}

/**
 * Takes a stored reply's mentions and proposals into the graph; what the same model said about the chunk before
 * retires. A chunk that is not there any more (its document changed while the model thought) takes nothing.
 */
export async function takeReplyIn(
  writer: GraphWriter,
  derivation: Derivation,
  reply: Reply,
  taken: Taken,
): Promise<LinkChanges> {
  const [node] = await writer.get('Chunk', [reply.chunkId])
  if (node === undefined) return { added: 0, changed: 0, removed: 0 }
  const chunk = readChunk(node)
  const entities = formsById(taken)
  await writer.lock('Entity', [...entities.keys()].toSorted())
  const earlier = (await writer.find('Proposal', 'chunkId', [reply.chunkId])).map(readProposal)
  const replaced = earlier.filter((stored) => stored.live && isReplacedBy(stored.proposal, reply))
  const proposals = taken.proposals.map((proposal): StoredProposal => {
    return { proposal, linkId: linkOf(proposal), live: true }
  })
  const links = [...new Set([...proposals, ...replaced].map((stored) => stored.linkId))].toSorted()
  await writer.lock('Link', links)

  await nameEntities(writer, derivation, entities)
  await writer.putRelationships(await mentionsIn(writer, chunk, entities))
  await writer.patchNodes(
    'Proposal',
    replaced.map(({ proposal }) => ({ id: proposal.id, properties: { live: false } })),
  )
  await writer.putNodes(proposals.map(proposalNode))
  await writer.patchNodes('Reply', [{ id: reply.id, properties: { taken: true, notes: JSON.stringify(taken.notes) } }])
  const fingerprints = [...new Set([...chunk.fingerprints, reply.fingerprint])]
  await writer.patchNodes('Chunk', [{ id: chunk.id, properties: { state: 'reasoned', failure: null, fingerprints } }])
  const changes = await deriveLinks(writer, derivation, links)
  await writer.putRelationships([replyTo(reply), ...proposals.flatMap(proposalRelationships)])
  return changes
}

function isReplacedBy(proposal: Proposal, reply: Reply): boolean {
  return proposal.replyId !== reply.id && proposal.engine === reply.engine && proposal.model === reply.model
}

function replyTo(reply: Reply): GraphRelationship {
  const to = { kind: 'Chunk', id: reply.chunkId } as const
  return { type: 'REPLY_TO', id: null, from: { kind: 'Reply', id: reply.id }, to, properties: {} }
}

function proposalRelationships({ proposal, linkId: link }: StoredProposal): GraphRelationship[] {
  const from = { kind: 'Proposal', id: proposal.id } as const
  return [
    { type: 'FROM_REPLY', id: null, from, to: { kind: 'Reply', id: proposal.replyId }, properties: {} },
    { type: 'PROPOSES', id: null, from, to: { kind: 'Link', id: link }, properties: {} },
  ]
}

/** Who is mentioned in a chunk, with all forms that any model gave. */
async function mentionsIn(
  writer: GraphWriter,
  chunk: StoredChunk,
  entities: ReadonlyMap<string, EntityForms>,
): Promise<GraphRelationship[]> {
  const stored = await writer.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', [chunk.id])
  const known = new Map(stored.map((mention) => [mention.from.id, mention.properties['names'] as readonly string[]]))
  return [...entities].map(([id, { ownName, forms }]) => ({
    type: 'FROM_CHUNK',
    id: null,
    from: { kind: 'Entity', id },
    to: { kind: 'Chunk', id: chunk.id },
    properties: { names: [...new Set([...(known.get(id) ?? []), ownName, ...forms])].toSorted() },
  }))
}

function linkOf({ subject, type, object }: Proposal): string {
  return linkId(entityId(subject.type, subject.name), type, entityId(object.type, object.name))
}

/** All forms under which a reply names each entity, whether listed or only an end of a link. */
function formsById(taken: Taken): Map<string, EntityForms> {
  const entities = new Map<string, { type: string; ownName: string; forms: string[] }>()
  const named = [...taken.mentions, ...taken.proposals.flatMap((proposal) => [proposal.subject, proposal.object])]
  for (const { name, type, aliases } of named) {
    const id = entityId(type, name)
    const known = entities.get(id)
    if (known === undefined) entities.set(id, { type, ownName: name, forms: [...aliases] })
    else known.forms.push(name, ...aliases)
  }
  return entities
}
