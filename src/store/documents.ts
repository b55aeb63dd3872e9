import type { Chunk } from '../model/chunk.ts'
import type { Document } from '../model/document.ts'
import { entityId } from '../model/entity.ts'
import { formatPlace } from '../model/place.ts'
import type { Proposal } from '../model/proposal.ts'
import type { GraphRelationship, GraphWriter } from './database.ts'
import { deriveLinks, type Derivation } from './derive.ts'
import {
  chunkNode,
  documentNode,
  isInGraph,
  proposalNode,
  readChunk,
  readDocument,
  readEntity,
  readLink,
  readProposal,
  type StoredChunk,
} from './records.ts'

/**
 * Puts a document and its chunks in the place of what was known of it. Chunks that stayed keep what has been made of
 * them, with places brought up to date; the proposals of chunks that went retire, and their links are derived anew.
 */
export async function replaceDocument(
  writer: GraphWriter,
  derivation: Derivation,
  document: Document,
  chunks: readonly Chunk[],
  now: string,
): Promise<StoredChunk[]> {
  const [known] = await writer.get('Document', [document.id])
  const before = (await writer.find('Chunk', 'documentId', [document.id])).map(readChunk)
  const old = new Map(before.map((chunk) => [chunk.id, chunk]))
  const stored = chunks.map((chunk): StoredChunk => {
    const same = old.get(chunk.id)
    return same === undefined ? { ...chunk, state: 'pending', failure: null, fingerprints: [] } : { ...same, ...chunk }
  })
  const kept = new Set(chunks.map((chunk) => chunk.id))
  const gone = before.filter((chunk) => !kept.has(chunk.id)).map((chunk) => chunk.id)
  await retireChunks(writer, derivation, gone)
  await writer.removeRelationships(sequence(before).filter(({ from, to }) => kept.has(from.id) && kept.has(to.id)))
  const createdAt = known === undefined ? now : readDocument(known).createdAt
  await writer.putNodes([documentNode({ ...document, createdAt }), ...stored.map(chunkNode)])
  await writer.putRelationships([
    ...stored.map(({ id }) => relationship('FROM_DOCUMENT', id, { kind: 'Document', id: document.id })),
    ...sequence(stored),
  ])
  const moved = stored.filter((chunk) => {
    const same = old.get(chunk.id)
    return same !== undefined && JSON.stringify(same.units) !== JSON.stringify(chunk.units)
  })
  await moveProposals(writer, derivation, document.path, moved, old)
  return stored
}

function relationship(type: string, chunkId: string, to: GraphRelationship['to']): GraphRelationship {
  return { type, id: null, from: { kind: 'Chunk', id: chunkId }, to, properties: {} }
}

function sequence(chunks: readonly Chunk[]): GraphRelationship[] {
  const inOrder = chunks.toSorted((a, b) => a.index - b.index)
  return inOrder
    .slice(1)
    .map((next, i) => relationship('NEXT_CHUNK', (inOrder[i] as Chunk).id, { kind: 'Chunk', id: next.id }))
}

async function retireChunks(writer: GraphWriter, derivation: Derivation, chunkIds: readonly string[]): Promise<void> {
  if (chunkIds.length === 0) return
  const proposals = (await writer.find('Proposal', 'chunkId', chunkIds)).map(readProposal)
  const links = [...new Set(proposals.map((stored) => stored.linkId))].toSorted()
  const mentions = await writer.relationships('FROM_CHUNK', 'to', 'Chunk', 'Entity', chunkIds)
  const entities = [...new Set(mentions.map((mention) => mention.from.id))].toSorted()
  await writer.lock('Entity', entities)
  await writer.lock('Link', links)
  await writer.patchNodes(
    'Proposal',
    proposals.filter((stored) => stored.live).map(({ proposal }) => ({ id: proposal.id, properties: { live: false } })),
  )
  await writer.removeNodes('Chunk', chunkIds)
  await deriveLinks(writer, derivation, links)
  await renameOrRemoveEntities(writer, derivation, entities)
}

/** Entities that lost mentions go by the forms that are left, or go, unless a link of the graph still needs them. */
async function renameOrRemoveEntities(
  writer: GraphWriter,
  derivation: Derivation,
  entityIds: readonly string[],
): Promise<void> {
  const mentions = await writer.relationships('FROM_CHUNK', 'from', 'Entity', 'Chunk', entityIds)
  const left = Map.groupBy(mentions, (mention) => mention.from.id)
  const links = [
    ...(await writer.find('Link', 'subjectId', entityIds)),
    ...(await writer.find('Link', 'objectId', entityIds)),
  ].map(readLink)
  const linked = new Set(links.filter(isInGraph).flatMap((link) => [link.subjectId, link.objectId]))
  await writer.removeNodes(
    'Entity',
    entityIds.filter((id) => !left.has(id) && !linked.has(id)),
  )
  const stored = (await writer.get('Entity', [...left.keys()])).map(readEntity)
  await writer.putNodes(
    stored.map(({ id, type, name }) => {
      const forms = (left.get(id) ?? []).flatMap((mention) => mention.properties['names'] as readonly string[])
      const named = derivation.nameEntity(forms.find((form) => entityId(type, form) === id) ?? name, forms)
      return { kind: 'Entity' as const, id, properties: { id, type, ...named } }
    }),
  )
}

/** Chunks whose words stayed but moved bring their evidence along: only offsets and places differ. */
async function moveProposals(
  writer: GraphWriter,
  derivation: Derivation,
  path: string,
  moved: readonly StoredChunk[],
  old: ReadonlyMap<string, StoredChunk>,
): Promise<void> {
  const byId = new Map(moved.map((chunk) => [chunk.id, chunk]))
  const proposals = (await writer.find('Proposal', 'chunkId', [...byId.keys()])).map(readProposal)
  const links = [...new Set(proposals.map((stored) => stored.linkId))].toSorted()
  await writer.lock('Link', links)
  await writer.putNodes(
    proposals.map((stored) => {
      const chunk = byId.get(stored.proposal.chunkId) as StoredChunk
      const shift = chunk.start - (old.get(chunk.id) as StoredChunk).start
      return proposalNode({ ...stored, proposal: moveEvidence(stored.proposal, chunk, shift, path) })
    }),
  )
  await deriveLinks(writer, derivation, links)
}

function moveEvidence(proposal: Proposal, chunk: Chunk, shift: number, path: string): Proposal {
  const evidence = proposal.evidence.map((item) => {
    const place = chunk.units.find((unit) => unit.s === item.s)?.place ?? item.place
    const start = item.start === null ? null : item.start + shift
    const end = item.end === null ? null : item.end + shift
    return { ...item, start, end, place, placeText: formatPlace(path, place) }
  })
  return { ...proposal, evidence }
}
