import { LABELLED } from '../model/label.ts'
import { endsOf } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import type { Database, GraphReader, GraphWriter } from './database.ts'
import { KEEP_TRACES, type Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { withdraw } from './pair-replies.ts'
import {
  proposalNode,
  readChunk,
  readDocument,
  readProposal,
  type StoredChunk,
  type StoredDocument,
  type StoredProposal,
} from './records.ts'
import { cappedSteps, fromReply, proposes } from './replies.ts'
import { sameProperties } from './same-properties.ts'
import { trimReplies } from './trim-traces.ts'

/** What is made of a reply about a whole document: what it says, of what that was made, and what it is about. */
export interface SummaryTaken {
  readonly summary: string
  /** As `StoredDocument.summaryOf`. */
  readonly of: string
  /** As `StoredReply.takenFor`. */
  readonly takenFor: string
  readonly labels: readonly Proposal[]
}

/**
 * Of a document's chunks, in order, as they are while it is made, and of what is said of its labels by replies about these,
 * as far as it counts. Null: they say something else by now.
 */
export type MakeOfReply = (chunks: readonly StoredChunk[], said: readonly Proposal[]) => SummaryTaken | null

/** As it is made at one moment; null: there is nothing to be made, or the document is gone. */
interface Making extends SummaryTaken {
  readonly document: StoredDocument
  /** What was said of its labels as a whole before, by this reply and others. */
  readonly earlier: readonly StoredProposal[]
}

async function makeOf(
  reader: GraphReader,
  derivation: Derivation,
  { documentId, reply, make }: { documentId: string; reply: Reply; make: MakeOfReply },
): Promise<Making | null> {
  const [node] = await reader.get('Document', [documentId])
  const document = node === undefined ? null : readDocument(node)
  if (document === null || document.gone !== null) return null
  const chunks = (await reader.find('Chunk', 'documentId', [documentId])).map(readChunk)
  const links = (await reader.find('Link', 'subjectId', [documentId])).filter(
    ({ properties }) => properties['type'] === LABELLED,
  )
  const ids = links.map(({ id }) => id)
  const said = (await reader.find('Proposal', 'linkId', ids)).map(readProposal)
  const isOfAll = ({ proposal }: StoredProposal): boolean => proposal.purpose === 'summary'
  const earlier = said.filter(isOfAll)
  const ofChunks = said.filter((stored) => stored.live && !isOfAll(stored)).map(({ proposal }) => proposal)
  const made = make(
    chunks.toSorted((a, b) => a.index - b.index),
    ofChunks.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  )
  if (made === null) return null
  const labels = cappedSteps(derivation.traces ?? KEEP_TRACES, [reply], made.labels)
  return { ...made, labels, document, earlier }
}

/**
 * Says of a document what a stored reply says of it as a whole, and what it is about, in the place of what was said so
 * before. Again with the same result changes nothing. Whether it was put.
 */
export async function takeSummaryIn(
  writer: GraphWriter,
  derivation: Derivation,
  documentId: string,
  reply: Reply,
  make: MakeOfReply,
): Promise<boolean> {
  await writer.lock('Document', [documentId], [])
  // Held, so that no other reply is taken about them meanwhile.
  const chunks = await writer.find('Chunk', 'documentId', [documentId])
  await writer.lock('Chunk', chunks.map(({ id }) => id).toSorted(), [])
  const making = await makeOf(writer, derivation, { documentId, reply, make })
  if (making === null) return false
  const { summary, of, takenFor, labels, earlier } = making
  const put = labels.map((proposal): StoredProposal => ({ proposal, linkId: endsOf(proposal).id, live: true }))
  const links = [...new Set([...put, ...earlier].map(({ linkId }) => linkId))].toSorted()
  await writer.lock('Link', links, [])
  const wanted = new Set(labels.map(({ id }) => id))
  const known = new Set(earlier.map(({ proposal }) => proposal.id))
  const left = earlier.filter(({ proposal }) => !wanted.has(proposal.id))
  const isOwn = ({ proposal }: StoredProposal): boolean => proposal.replyId === reply.id
  await writer.removeNodes(
    'Proposal',
    left.filter(isOwn).map(({ proposal }) => proposal.id),
  )
  await withdraw(
    writer,
    left.filter((stored) => !isOwn(stored)),
  )
  const elsewhere = earlier.filter(({ proposal, linkId }) =>
    put.some((one) => one.proposal.id === proposal.id && one.linkId !== linkId),
  )
  await writer.removeRelationships(elsewhere.map(proposes))
  await writer.createNodes(put.filter(({ proposal }) => !known.has(proposal.id)).map(proposalNode))
  await writer.putNodes(put.filter(({ proposal }) => known.has(proposal.id)).map(proposalNode))
  const { model: by, id } = reply
  await writer.patchNodes('Document', [
    { id: documentId, properties: { summary, summaryBy: by, summaryOf: of, summaryReply: id } },
  ])
  const names = namesIn(labels)
  const properties = { taken: true, takenFor, summary, labels: names.length > 0 ? names : null }
  await writer.patchNodes('Reply', [{ id, properties }])
  await deriveLinks(writer, derivation, links)
  await writer.putRelationships(put.flatMap((stored) => [fromReply(stored, id), proposes(stored)]))
  await trimReplies(writer, derivation, await writer.get('Reply', [id]))
  return true
}

/** Whether something else comes of it than was made of it before. */
export function comesToOther(
  database: Database,
  derivation: Derivation,
  documentId: string,
  reply: Reply,
  make: MakeOfReply,
): Promise<boolean> {
  return database.read(async (reader) => {
    const making = await makeOf(reader, derivation, { documentId, reply, make })
    if (making === null) return false
    const { summary, labels, document, earlier } = making
    const own = new Map(
      earlier.filter(({ proposal }) => proposal.replyId === reply.id).map((stored) => [stored.proposal.id, stored]),
    )
    const isSame = (proposal: Proposal): boolean => {
      const old = own.get(proposal.id)
      const now = { proposal, linkId: endsOf(proposal).id, live: true }
      return old !== undefined && sameProperties(proposalNode(old), proposalNode(now))
    }
    return summary !== document.summary || own.size !== labels.length || !labels.every(isSame)
  })
}

/**
 * What a reply said of a document's labels does not count any more, as the document is another now, or somebody else says
 * what it says. The reply stays, and is found again. Returns the links that it spoke of.
 */
export async function withdrawSummary(writer: GraphWriter, replyIds: readonly string[]): Promise<string[]> {
  const proposals = (await writer.find('Proposal', 'replyId', replyIds)).map(readProposal)
  const links = [...new Set(proposals.map(({ linkId }) => linkId))].toSorted()
  await writer.lock('Link', links, [])
  await withdraw(writer, proposals)
  return links
}

function namesIn(labels: readonly Proposal[]): string[] {
  return [...new Set(labels.map(({ object }) => object.name))]
}
