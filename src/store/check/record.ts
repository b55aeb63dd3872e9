import { chunkId, profileChunkId } from '../../model/chunk.ts'
import { contentId } from '../../model/ids.ts'
import { endsOf, formerLinkIds, formerOwnProposalId, ownProposalId } from '../../model/link.ts'
import { formatPlace } from '../../model/place.ts'
import { hashKept, hashPassage, isSound, wordsAt, type KeptTrace } from '../../model/kept-trace.ts'
import type { Evidence } from '../../model/proposal.ts'
import { MAPPING_ENGINE, replyId, rowsReplyId, traceOf } from '../../model/reply.ts'
import type { TraceStep } from '../../model/trace.ts'
import type { GraphNode, GraphReader, NodeKind } from '../database.ts'
import { readChunk, readProposal, type StoredChunk, type StoredProposal } from '../records.ts'
import { readReply, readTrace, TRACE, type StoredReply } from '../reply-records.ts'
import type { CheckName } from './checks.ts'
import { documentsOf, documentsRedated, isMisdated, misdated } from './dates.ts'
import { linksLacking } from './find-lost.ts'
import { documentsLacking, lostChunk, speaksOfLost } from './lost-chunks.ts'
import { chunksWithoutSchema, linksWithoutRules } from './lost-schemas.ts'

/** What is wrong with one node of the record. */
export interface Finding {
  readonly check: CheckName
  readonly id: string
  readonly message: string
}

/** What is wrong with some nodes of one kind, by what stands beside them. Reads and writes nothing. */
export type Inspect = (reader: GraphReader, nodes: readonly GraphNode[]) => Promise<Finding[]>

/** Which checks look at nodes of which kinds. */
export const INSPECTIONS: readonly { kind: NodeKind; checks: readonly CheckName[]; inspect: Inspect }[] = [
  { kind: 'Document', checks: ['lost', 'dates'], inspect: inspectDocuments },
  { kind: 'Chunk', checks: ['documents', 'chunks', 'schemas'], inspect: inspectChunks },
  { kind: 'Dataset', checks: ['documents'], inspect: inspectDatasets },
  { kind: 'Column', checks: ['documents'], inspect: inspectColumns },
  { kind: 'Reply', checks: ['replies'], inspect: inspectReplies },
  { kind: 'Proposal', checks: ['proposals', 'quotes', 'places', 'steps', 'dates'], inspect: inspectProposals },
  { kind: 'Link', checks: ['schemas'], inspect: inspectLinks },
]

async function inspectDocuments(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Finding[]> {
  return [
    ...(await documentsLacking(reader, nodes)).map((found): Finding => ({ check: 'lost', ...found })),
    ...(await documentsRedated(reader, nodes)).map((found): Finding => ({ check: 'dates', ...found })),
  ]
}

async function inspectChunks(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Finding[]> {
  const chunks = nodes.map(readChunk)
  const documents = await idsThere(
    reader,
    'Document',
    chunks.map((chunk) => chunk.documentId),
  )
  const replies = new Map(
    (await reader.get('Reply', unique(chunks.flatMap((chunk) => chunk.replies)), ['chunkId', 'taken'])).map((node) => [
      node.id,
      node.properties,
    ]),
  )
  const unruled = (await chunksWithoutSchema(reader, chunks)).map((found): Finding => ({ check: 'schemas', ...found }))
  const own = chunks.flatMap((chunk) => {
    const wrong = chunkProblems(chunk)
    for (const id of chunk.replies) {
      const reply = replies.get(id)
      if (reply === undefined) wrong.push(`counts reply ${id}, which is not there`)
      else if (reply['chunkId'] !== chunk.id) wrong.push(`counts reply ${id}, which is about another chunk`)
      else if (reply['taken'] !== true) wrong.push(`counts reply ${id}, of which nothing was taken`)
    }
    const findings = wrong.map((message): Finding => ({ check: 'chunks', id: chunk.id, message }))
    const isLost = !documents.has(chunk.documentId)
    return isLost ? [lost('Chunk', chunk.id, 'document', chunk.documentId), ...findings] : findings
  })
  return [...own, ...unruled]
}

function chunkProblems(chunk: StoredChunk): string[] {
  const wrong: string[] = []
  const { text, start, end, units, state, failure, replies, fingerprints } = chunk
  if (text.length !== end - start) wrong.push(`its text has ${text.length} characters, its place ${end - start}`)
  let from = start
  for (const unit of units) {
    if (unit.start < from || unit.end < unit.start || unit.end > end) wrong.push(`unit ${unit.s} is not within it`)
    from = unit.end
  }
  if (!isNamedByWords(chunk)) wrong.push('its words, or who says them, are not those that its id is made from')
  if (replies.length !== fingerprints.length) wrong.push('its replies and what they were taken for are not as many')
  // One of whose answers none came to its end has failed, and has what came of them.
  if (state !== 'failed' && (state === 'reasoned') !== replies.length > 0)
    wrong.push(`is ${state}, with ${replies.length} replies`)
  if ((state === 'failed') !== (failure !== null))
    wrong.push(`is ${state}, ${failure === null ? 'without' : 'with'} a reason`)
  return wrong
}

/** More chunks of one document that say the same are not told apart. */
const MOST_ALIKE = 2_000

function isNamedByWords({ id, documentId, text, units, holds }: StoredChunk): boolean {
  // Those of rows are known by the cells as they stand in the file.
  if (holds === 'rows') return true
  if (holds === 'profile') return id === profileChunkId(documentId, units[0]?.place.sheet ?? null, text)
  for (let ordinal = 0; ordinal < MOST_ALIKE; ordinal++) if (chunkId(documentId, units, ordinal) === id) return true
  return false
}

async function inspectDatasets(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Finding[]> {
  const idOf = ({ properties }: GraphNode): string => String(properties['documentId'])
  const documents = await idsThere(reader, 'Document', nodes.map(idOf))
  return nodes
    .filter((node) => !documents.has(idOf(node)))
    .map((node) => lost('Dataset', node.id, 'document', idOf(node)))
}

/** One that its table has no longer stays for the decisions about it, also where the table went. */
async function inspectColumns(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Finding[]> {
  const idOf = ({ properties }: GraphNode): string => String(properties['datasetId'])
  const datasets = await idsThere(reader, 'Dataset', nodes.map(idOf))
  return nodes
    .filter((node) => node.properties['present'] === true && !datasets.has(idOf(node)))
    .map((node) => lost('Column', node.id, 'table', idOf(node)))
}

async function inspectReplies(_: GraphReader, nodes: readonly GraphNode[]): Promise<Finding[]> {
  return nodes
    .filter((node) => !isAsItWas(node))
    .map(({ id }) => ({ check: 'replies', id, message: 'its trace or answer is not what its id is made from' }))
}

/** Of one whose trace is not whole, what is kept of that is known by a hash of its own. */
function isAsItWas(node: GraphNode): boolean {
  const reply = readReply(node)
  if (reply.leftOut === undefined) return isNamedByWhatItSays(reply)
  const trace = traceOf(reply)
  return isSound(trace) && hashKept(reply.id, trace) === node.properties['keptHash']
}

function isNamedByWhatItSays(reply: StoredReply): boolean {
  const { id, requestHash, chunkId: about, engine, reasoning } = reply
  return (
    id === (engine === MAPPING_ENGINE ? rowsReplyId(requestHash, about, reasoning) : replyId(requestHash, about, reply))
  )
}

async function inspectProposals(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Finding[]> {
  const all = nodes.map(readProposal)
  const proposals = all.map(({ proposal }) => proposal)
  const replies = new Map(
    (await reader.get('Reply', unique(proposals.flatMap(({ replyId: id }) => id ?? [])), TRACE)).map((node) => [
      node.id,
      readTrace(node),
    ]),
  )
  const chunks = new Map(
    (await reader.get('Chunk', unique(proposals.map((proposal) => proposal.chunkId)))).map((node) => [
      node.id,
      readChunk(node),
    ]),
  )
  const documents = await documentsOf(reader, all)
  return all.flatMap((stored) => {
    const { proposal } = stored
    const chunk = chunks.get(proposal.chunkId)
    const trace = proposal.replyId === null ? null : replies.get(proposal.replyId)
    const document = documents.get(proposal.documentId)
    const isThere = { chunk: chunk !== undefined, document: document !== undefined }
    return [
      ...(speaksOfLost(stored, isThere) ? [{ check: 'lost', message: lostChunk(proposal.chunkId) } as const] : []),
      ...proposalProblems(stored, chunk, trace),
      ...(document !== undefined && isMisdated(stored, document.date)
        ? [{ check: 'dates', message: misdated(proposal, document) } as const]
        : []),
      // What a chunk that went has said is kept, and counts no more: there is nothing to hold it against.
      ...(chunk === undefined
        ? []
        : proposal.evidence.flatMap((item, at) => quoteProblems(item, at, chunk, document?.path))),
    ].map(({ check, message }): Finding => ({ check, id: proposal.id, message }))
  })
}

/** What a link was made of, and compared by; the rest of it is derived. */
async function inspectLinks(reader: GraphReader, nodes: readonly GraphNode[]): Promise<Finding[]> {
  return [
    ...(await linksLacking(reader, nodes)).map((found): Finding => ({ check: 'proposals', ...found })),
    ...(await linksWithoutRules(reader, nodes)).map((found): Finding => ({ check: 'schemas', ...found })),
  ]
}

type Problem = Omit<Finding, 'id'>

function proposalProblems(
  { proposal, linkId }: StoredProposal,
  chunk: StoredChunk | undefined,
  trace: KeptTrace | null | undefined,
): Problem[] {
  const { id, replyId: reply, index, documentId } = proposal
  const found: Problem[] = []
  const note = (check: CheckName, message: string): void => void found.push({ check, message })
  if (trace === undefined) note('proposals', `its reply ${reply} is not there`)
  if (reply === null) {
    if (id !== ownProposalId(proposal) && id !== formerOwnProposalId(proposal))
      note('proposals', 'is not what its id is made from')
  } else if (id !== contentId('proposal', reply, String(index)))
    note('proposals', `is not number ${index} of reply ${reply}`)
  // What an older whygraph kept under another id is for a rebuild.
  if (linkId !== endsOf(proposal).id && !formerLinkIds(proposal).includes(linkId))
    note('proposals', `counts for link ${linkId}, but speaks for ${endsOf(proposal).id}`)
  if (chunk !== undefined && chunk.documentId !== documentId) note('proposals', 'its chunk is of another document')
  for (const step of proposal.steps)
    if (trace != null && !isStepOf(trace, step)) note('steps', `“${shorten(step.text)}” is not in the trace there`)
  return found
}

/** Words that are kept of a step are kept of the trace too; of others, nobody can tell where those of the trace are not. */
function isStepOf(trace: KeptTrace, { start, end, text, leftOut }: TraceStep): boolean {
  const words = wordsAt(trace, start, end)
  if (leftOut === undefined) return words === text
  return words === null || hashPassage(words) === leftOut
}

function quoteProblems(item: Evidence, at: number, chunk: StoredChunk, path: string | undefined): Problem[] {
  const { grounding, quote, claimed, s, start, end, offset, placeText } = item
  const quoted = `quote ${at + 1}`
  const found: Problem[] = []
  const note = (check: CheckName, message: string): void => void found.push({ check, message: `${quoted}: ${message}` })
  const unit = chunk.units.find((one) => one.s === s)
  const place = unit?.place ?? item.place
  if (path !== undefined && placeText !== formatPlace(path, place))
    note('places', `is said to stand at “${placeText}”, but stands at “${formatPlace(path, place)}”`)
  if (grounding === 'missing') {
    if (quote !== '' || start !== null || end !== null || offset !== null)
      note('quotes', 'is missing in the source, and has words or a place there')
    return found
  }
  if (unit === undefined || start === null || end === null || offset === null) {
    note('quotes', `is ${grounding}, but has no place`)
    return found
  }
  if (chunk.text.slice(start - chunk.start, end - chunk.start) !== quote)
    note('quotes', `“${shorten(quote)}” is not what stands there`)
  if (start !== unit.start + offset || end - start !== quote.length || end > unit.end || quote === '')
    note('quotes', `“${shorten(quote)}” is not within its unit S${s}`)
  if (grounding === 'exact' && claimed.trim() !== quote.trim())
    note('quotes', `is exact, but the model wrote “${shorten(claimed)}”`)
  return found
}

async function idsThere(reader: GraphReader, kind: NodeKind, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return new Set((await reader.get(kind, unique(ids), ['id'])).map((node) => node.id))
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)]
}

function lost(kind: NodeKind, id: string, what: string, missing: string): Finding {
  return { check: 'documents', id, message: `${kind.toLowerCase()} of ${what} ${missing}, which is not there` }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
