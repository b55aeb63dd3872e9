import { isRead, type Chunk } from '../model/chunk.ts'
import type { Dataset } from '../model/dataset.ts'
import type { Document } from '../model/document.ts'
import { formatPlace } from '../model/place.ts'
import { PERSON, type Proposal } from '../model/proposal.ts'
import { saidOnDay } from '../model/said-on.ts'
import type { GraphRelationship, GraphWriter } from './database.ts'
import type { Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { putDatasets, readDatasets } from './datasets.ts'
import { tidyEntities } from './entities.ts'
import { labellingLinks } from './labels.ts'
import { readLinks } from './links.ts'
import { MARK, addMarks, markProperties, readMark, type Mark } from './marks.ts'
import { mentionedEntities, mentionsIn, setMentions } from './mentions.ts'
import {
  chunkNode,
  documentNode,
  isInGraph,
  proposalNode,
  readChunk,
  readDocument,
  readProposal,
  type StoredChunk,
  type StoredDocument,
  type StoredProposal,
} from './records.ts'
import { readReply, type StoredReply } from './reply-records.ts'
import { summaryOf } from './summaries.ts'
import { withdrawPairs } from './pair-replies.ts'
import { failureOf, replyTo, retireProposals } from './replies.ts'
import { withdrawSummary } from './take-summary.ts'

/** What a document is beside its chunks. */
export interface Belongings {
  /** Its tables, as they were registered. */
  readonly datasets?: readonly Dataset[]
  /** Id of the document that it was found in: the mail of an attachment, the archive of a file. */
  readonly container?: string
  /** One that was forgotten meanwhile stays so. */
  readonly onlyIfThere?: boolean
}

/**
 * A document to be put: its text lies in the chunks. Only who has just read its date in its source makes a `dateHash`: it
 * is kept of one that was read from the store, where the date may have been altered.
 */
export type PutDocument = Omit<Document, 'text' | 'units' | 'notes'> &
  Partial<Pick<StoredDocument, 'rules' | 'root' | 'gone' | 'dateHash'>>

/** What came of putting a document. */
export interface Placed {
  readonly chunks: StoredChunk[]
  /** Links that a person accepted and that lost their last support by it. */
  readonly unsupported: readonly string[]
  /** How many links left the graph because nothing else speaks for them. */
  readonly gone: number
  /** How many links are in the graph again, or for the first time, as a text is there of which replies are stored. */
  readonly back: number
}

/**
 * Puts a document and its chunks in the place of what was known of it. Chunks that stayed keep what has been made of
 * them, with places brought up to date; the proposals of chunks that went retire, those of chunks that came back
 * count again; all links concerned are derived anew.
 */
export async function replaceDocument(
  writer: GraphWriter,
  derivation: Derivation,
  document: PutDocument,
  chunks: readonly Chunk[],
  now: string,
  { datasets = [], container, onlyIfThere = false }: Belongings = {},
): Promise<Placed> {
  // Held from the first look on, so that no reply is taken about a chunk that is about to go.
  const [known] = await writer.lock('Document', [document.id])
  if (known === undefined && onlyIfThere) return { chunks: [], unsupported: [], gone: 0, back: 0 }
  const ids = chunks.map((chunk) => chunk.id)
  const before = await holdChunks(writer, document.id, ids, known === undefined)

  const kept = new Set(ids)
  const removed = before.filter((chunk) => !kept.has(chunk.id))
  const named = await mentionsIn(writer, removed)
  const { links: touched, lost, gone: went } = await retireChunks(writer, derivation, removed)
  const earlier = known === undefined ? null : readDocument(known)
  // Another text says something else as a whole, and what it is about by that goes.
  const isSaidStill = earlier !== null && !document.gone && wordsOf(before) === wordsOf(chunks)
  const { summaryReply } = earlier ?? {}
  const summed = isSaidStill || summaryReply === undefined ? [] : await withdrawSummary(writer, [summaryReply])
  const links = new Set([...touched, ...summed])
  const old = new Map(before.map((chunk) => [chunk.id, chunk]))
  const fresh = chunks.filter((chunk) => !old.has(chunk.id))
  const replies = await findReplies(
    writer,
    fresh.map((chunk) => chunk.id),
  )
  const past = newestTaken(replies)
  const heldBefore = new Set(replies.filter(({ purpose }) => purpose === 'contradiction').map((one) => one.chunkId))
  const stored = chunks.map((chunk) => asStored(chunk, old.get(chunk.id), past.get(chunk.id) ?? [], heldBefore))
  await writer.removeRelationships(sequence(before).filter(({ from, to }) => kept.has(from.id) && kept.has(to.id)))
  const { language = null, labels = [], metadata = {}, rules = null, gone = null } = document
  const root = document.root ?? earlier?.root ?? null
  const createdAt = earlier?.createdAt ?? now
  const [tables, chunkCount] = [datasets.length, chunks.filter(isRead).length]
  // What was read between the names changes what they may mean.
  const isOtherwise = before.length > 0 && JSON.stringify(idsInOrder(before)) !== JSON.stringify(idsInOrder(chunks))
  const left = [...named.values()].map((forms): Mark => ({ gained: [], lost: [...forms.keys()] }))
  // As it is by now: what went with chunks may have left other names of this document to be judged.
  const [marked] = known === undefined ? [] : await writer.get('Document', [document.id], MARK)
  const standing = marked === undefined ? undefined : readMark(marked.properties)
  const mark = isOtherwise ? addMarks(standing, ...removed.map((chunk) => chunk.mark), ...left) : standing
  const searched = earlier?.contentHash === document.contentHash ? searchedOf(earlier) : {}
  const about = {
    ...document,
    language,
    labels,
    metadata,
    rules,
    root,
    gone,
    tables,
    chunkCount,
    createdAt,
    ...searched,
  }
  await writer.putNodes([documentNode(withMark(about, mark), isSaidStill ? earlier : {}), ...stored.map(chunkNode)])
  await putDatasets(writer, datasets, known === undefined ? [] : await readDatasets(writer, document.id))
  if (container !== undefined && (await writer.lock('Document', [container], [])).length > 0)
    await writer.putRelationships([attachedTo(document.id, container)])
  await writer.putRelationships([
    ...stored.map(({ id }) => relationship('FROM_DOCUMENT', id, { kind: 'Document', id: document.id })),
    ...sequence(stored),
    ...replies.map(replyTo),
  ])
  // Places in words begin with the path, and what is said is of the document's day. About one that was never here nothing was said.
  const isPlacedAnew =
    earlier !== null &&
    (earlier.path !== document.path || earlier.date !== document.date || earlier.dateHash !== document.dateHash)
  const mayMove = known === undefined ? [] : stored
  const moved = mayMove.filter(
    (chunk) => isPlacedAnew || JSON.stringify(old.get(chunk.id)?.units) !== JSON.stringify(chunk.units),
  )
  const placed = await placeProposals(writer, document, moved)
  for (const { linkId } of placed) links.add(linkId)
  await reviveMentions(writer, derivation, document.id, past)
  const outcomes = await deriveLinks(writer, derivation, [...links])
  const linksLeft = await readLinks(writer, [...new Set([...lost, ...summed])])
  const unsupported = linksLeft.filter((link) => link.unsupported).map(({ id }) => id)
  const drawn = new Set(linksLeft.filter(isInGraph).map(({ id }) => id))
  const hadGone = new Set(went)
  const labelling = labellingLinks(placed)
  const isBack = (id: string): boolean => !hadGone.has(id) && !labelling.has(id)
  const back = [...outcomes].filter(([id, outcome]) => outcome === 'added' && isBack(id)).length
  return { chunks: stored, unsupported, gone: went.filter((id) => !drawn.has(id)).length, back }
}

/** By which it is known whether a document's text is what it was: what rows say is no part of what it says as a whole. */
function wordsOf(chunks: readonly Chunk[]): string {
  return idsInOrder(chunks.filter(isRead)).join(' ')
}

/** What a person found out of it holds for the content that they saw. */
function searchedOf({ searchedBy, searchedAt }: StoredDocument): Pick<StoredDocument, 'searchedBy' | 'searchedAt'> {
  return searchedBy === undefined || searchedAt === undefined ? {} : { searchedBy, searchedAt }
}

/** Holds a document's chunks, those of before and those to come, and returns those of before. */
async function holdChunks(
  writer: GraphWriter,
  documentId: string,
  ids: readonly string[],
  isNew: boolean,
): Promise<StoredChunk[]> {
  const find = async () => (isNew ? [] : await writer.find('Chunk', 'documentId', [documentId]))
  const known = (await find()).map((node) => node.id)
  await writer.lock('Chunk', [...known, ...ids], [])
  return (await find()).map(readChunk)
}

/** What was found to contradict others when it went is not said any more: `heldBefore` are to be held against them again. */
function asStored(
  chunk: Chunk,
  same: StoredChunk | undefined,
  past: readonly StoredReply[],
  heldBefore: ReadonlySet<string>,
): StoredChunk {
  if (same !== undefined) return { ...same, ...chunk }
  const about = summaryOf(past)
  const failure = failureOf(past)
  return {
    ...chunk,
    state: past.length === 0 ? 'pending' : failure === null ? 'reasoned' : 'failed',
    failure,
    replies: past.map((reply) => reply.id),
    fingerprints: past.map(({ takenFor, fingerprint }) =>
      heldBefore.has(chunk.id) ? fingerprint : (takenFor ?? fingerprint),
    ),
    ...(about === undefined ? {} : { about }),
  }
}

function attachedTo(id: string, container: string): GraphRelationship {
  const from = { kind: 'Document', id } as const
  return { type: 'ATTACHED_TO', id: null, from, to: { kind: 'Document', id: container }, properties: {} }
}

function relationship(type: string, chunkId: string, to: GraphRelationship['to']): GraphRelationship {
  return { type, id: null, from: { kind: 'Chunk', id: chunkId }, to, properties: {} }
}

/** The chain in which chunks follow each other. */
export function sequence(chunks: readonly Chunk[]): GraphRelationship[] {
  const ids = idsInOrder(chunks)
  return ids.slice(1).map((next, i) => relationship('NEXT_CHUNK', ids[i] as string, { kind: 'Chunk', id: next }))
}

function idsInOrder(chunks: readonly Chunk[]): string[] {
  return chunks.toSorted((a, b) => a.index - b.index).map(({ id }) => id)
}

/** Whatever mark it was read with. */
function withMark(document: Omit<StoredDocument, 'mark'>, mark: Mark | undefined): StoredDocument {
  const { mark: _, ...others } = { mark: undefined, ...document }
  return mark === undefined ? others : { ...others, mark }
}

/** Returns the links that the chunks spoke of, those of them that lost something that counted, and, but for labels, that left the graph. */
async function retireChunks(
  writer: GraphWriter,
  derivation: Derivation,
  chunks: readonly StoredChunk[],
): Promise<{ readonly links: readonly string[]; readonly lost: readonly string[]; readonly gone: readonly string[] }> {
  if (chunks.length === 0) return { links: [], lost: [], gone: [] }
  const ids = chunks.map((chunk) => chunk.id)
  const proposals = (await writer.find('Proposal', 'chunkId', ids)).map(readProposal)
  const links = [...new Set(proposals.map((stored) => stored.linkId))].toSorted()
  const entities = await mentionedEntities(writer, ids)
  await writer.lock('Entity', entities, [])
  await writer.lock('Link', links, [])
  const live = proposals.filter((stored) => stored.live)
  await retireProposals(writer, live)
  await withdrawPairs(writer, live)
  await writer.removeNodes('Chunk', ids)
  const outcomes = await deriveLinks(writer, derivation, links)
  await tidyEntities(writer, derivation, entities)
  const labelling = labellingLinks(proposals)
  const gone = [...outcomes].flatMap(([id, outcome]) => (outcome === 'removed' && !labelling.has(id) ? id : []))
  return { links, lost: [...new Set(live.map((stored) => stored.linkId))], gone }
}

/** Replies about chunks that were here before, and such as came when their chunk was not there. */
async function findReplies(writer: GraphWriter, chunkIds: readonly string[]): Promise<StoredReply[]> {
  return (await writer.find('Reply', 'chunkId', chunkIds)).map(readReply)
}

/**
 * By chunk, the newest reply of each model that had been taken, and those that had been taken with it; but for such whose
 * place another engine's has taken.
 */
function newestTaken(replies: readonly StoredReply[]): ReadonlyMap<string, StoredReply[]> {
  const newest = new Map<string, StoredReply>()
  const taken = replies.filter((reply) => reply.taken && reply.purpose === undefined && reply.replacedBy === undefined)
  for (const reply of taken.toSorted((a, b) => (a.at < b.at ? -1 : 1)))
    newest.set([reply.chunkId, reply.engine, reply.model].join('\n'), reply)
  const byId = new Map(replies.map((reply) => [reply.id, reply]))
  const withFurther = [...newest.values()].flatMap((reply) => [
    reply,
    ...reply.further.flatMap((id) => byId.get(id) ?? []),
  ])
  return Map.groupBy(withFurther, (reply) => reply.chunkId)
}

/** Puts quotes where their units stand now, and days as they are now, and lets proposals of replies that are live count. Returns them as they were. */
async function placeProposals(
  writer: GraphWriter,
  { path, date }: Pick<Document, 'path' | 'date'>,
  chunks: readonly StoredChunk[],
): Promise<StoredProposal[]> {
  const byId = new Map(chunks.map((chunk) => [chunk.id, chunk]))
  const proposals = (await writer.find('Proposal', 'chunkId', [...byId.keys()])).map(readProposal)
  const links = [...new Set(proposals.map((stored) => stored.linkId))].toSorted()
  await writer.lock('Link', links, [])
  await writer.putNodes(
    proposals.map((stored) => {
      const chunk = byId.get(stored.proposal.chunkId) as StoredChunk
      const { replyId, engine } = stored.proposal
      const counts = replyId === null ? engine === PERSON : chunk.replies.includes(replyId)
      const live = stored.live || counts
      return proposalNode({ ...stored, live, proposal: saidOnDay(placeEvidence(stored.proposal, chunk, path), date) })
    }),
  )
  return proposals
}

function placeEvidence(proposal: Proposal, chunk: Chunk, path: string): Proposal {
  const evidence = proposal.evidence.map((item) => {
    const unit = chunk.units.find((one) => one.s === item.s)
    if (unit === undefined) return { ...item, placeText: formatPlace(path, item.place) }
    const placed = { ...item, place: unit.place, placeText: formatPlace(path, unit.place) }
    if (item.offset === null) return placed
    const start = unit.start + item.offset
    return { ...placed, start, end: start + item.quote.length }
  })
  return { ...proposal, evidence }
}

async function reviveMentions(
  writer: GraphWriter,
  derivation: Derivation,
  documentId: string,
  past: ReadonlyMap<string, readonly StoredReply[]>,
): Promise<void> {
  if (past.size === 0) return
  const spoken = [...past].map(([chunkId, replies]) => {
    return [chunkId, { documentId, mentions: replies.map((reply) => reply.mentions) }] as const
  })
  const { marks } = await setMentions(writer, derivation, new Map(spoken), [])
  await writer.patchNodes(
    'Chunk',
    [...marks].map(([id, mark]) => ({ id, properties: markProperties(mark) })),
  )
}
