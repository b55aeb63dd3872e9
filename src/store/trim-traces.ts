import { piecesOf } from '../model/kept-trace.ts'
import { isPacked, pack, unpack } from '../model/packed-text.ts'
import { traceOf, type Reply } from '../model/reply.ts'
import type { Database, GraphNode, GraphReader, GraphWriter, Properties } from './database.ts'
import { KEEP_TRACES, type Derivation } from './derivation.ts'
import { deriveLinks } from './derive.ts'
import { eachPage, type Walk } from './pages.ts'
import { proposalNode, readProposal, type StoredProposal } from './records.ts'
import { readReply } from './reply-records.ts'
import { cutProperties } from './replies.ts'

export interface TrimOptions extends Walk {
  /** Says what would become of it and writes nothing. */
  readonly dryRun: boolean
  /** Called before the first write. */
  readonly begin: () => Promise<void>
}

/** What became of the stored traces, or would become of them. Bytes in UTF-8. */
export interface Trimmed {
  readonly replies: number
  /** Replies whose trace lost something, and proposals whose steps did. */
  readonly cut: number
  readonly capped: number
  /** The models' own words that are kept in traces. */
  readonly words: Sizes
  /** What traces and answers take as they are stored, packed or not. */
  readonly stored: Sizes
}

export interface Sizes {
  readonly before: number
  readonly after: number
}

const NOTHING: Trimmed = {
  replies: 0,
  cut: 0,
  capped: 0,
  words: { before: 0, after: 0 },
  stored: { before: 0, after: 0 },
}

/**
 * Keeps no more of what is stored than is kept of replies that come now, packed as they are. A reply of which something
 * may be taken yet keeps its trace. What is as it should be is not written; safe to stop anywhere and to run again.
 */
export async function trimTraces(
  database: Database,
  derivation: Derivation,
  { dryRun, begin, ...walk }: TrimOptions,
): Promise<Trimmed> {
  let sum = NOTHING
  await eachPage(database, 'Reply', walk, async (nodes) => {
    const plans = await database.read((reader) => planAll(reader, derivation, nodes))
    for (const { sizes } of plans) sum = add(sum, sizes)
    const toWrite = plans.filter(isAnything).map(({ node }) => node.id)
    if (dryRun || toWrite.length === 0) return
    await begin()
    await database.write(async (writer) => {
      const chunks = nodes.filter(({ id }) => toWrite.includes(id)).map(chunkOf)
      // So that nobody takes one of them meanwhile.
      await writer.lock('Chunk', [...new Set(chunks)].toSorted(), [])
      const now = await planAll(writer, derivation, await writer.get('Reply', toWrite))
      await writeAll(writer, derivation, now.filter(isAnything))
    })
  })
  return sum
}

/** The same of some replies, in the transaction of whoever holds their chunk. */
export async function trimReplies(writer: GraphWriter, derivation: Derivation, nodes: readonly GraphNode[]) {
  if (nodes.length === 0) return
  await writeAll(writer, derivation, (await planAll(writer, derivation, nodes)).filter(isAnything))
}

/** Replies that are not taken, as these of the same model were in their place, or one of another engine. */
export async function passedOver(reader: GraphReader, taken: readonly Reply[]): Promise<GraphNode[]> {
  const sayer = (chunkId: unknown, engine: unknown, model: unknown): string => JSON.stringify([chunkId, engine, model])
  const sayers = new Set(taken.map(({ chunkId, engine, model }) => sayer(chunkId, engine, model)))
  const about = await reader.find('Reply', 'chunkId', [...new Set(taken.map(({ chunkId }) => chunkId))])
  return about.filter(({ properties: { taken: counts, purpose, replacedBy, chunkId, engine, model } }) => {
    return counts !== true && purpose == null && (replacedBy != null || sayers.has(sayer(chunkId, engine, model)))
  })
}

const chunkOf = ({ properties }: GraphNode): string => String(properties['chunkId'])

interface Plan {
  readonly node: GraphNode
  readonly properties: Properties
  /** Proposals whose steps are shorter from now on. */
  readonly capped: readonly StoredProposal[]
  readonly sizes: Trimmed
}

const isAnything = ({ properties, capped }: Plan): boolean => Object.keys(properties).length > 0 || capped.length > 0

async function planAll(reader: GraphReader, derivation: Derivation, nodes: readonly GraphNode[]): Promise<Plan[]> {
  const proposals = (
    await reader.find(
      'Proposal',
      'replyId',
      nodes.map(({ id }) => id),
    )
  ).map(readProposal)
  const byReply = Map.groupBy(proposals, ({ proposal }) => proposal.replyId)
  const read = new Set(
    (await reader.get('Chunk', [...new Set(nodes.map(chunkOf))], ['replies']))
      .filter(({ properties }) => ((properties['replies'] ?? []) as readonly string[]).length > 0)
      .map(({ id }) => id),
  )
  return nodes.map((node) => planTrim(derivation, node, byReply.get(node.id) ?? [], read.has(chunkOf(node))))
}

/** `isRead`: some reply about its chunk counts. */
function planTrim(
  derivation: Derivation,
  node: GraphNode,
  proposals: readonly StoredProposal[],
  isRead: boolean,
): Plan {
  const { capSteps, cutTrace, compress, isOver } = derivation.traces ?? KEEP_TRACES
  const reply = readReply(node)
  // Of a reply that does not count any more, what it said is kept as well.
  const kept = capSteps(
    reply,
    proposals.map(({ proposal }) => proposal),
  )
  const capped = kept.flatMap((proposal, at) => {
    const stored = proposals[at]
    return stored === undefined || stored.proposal === proposal ? [] : [{ ...stored, proposal }]
  })
  const cut = isOver(reply, isRead) ? cutTrace(reply, kept) : null
  const words = cut === null ? { reasoning: pack(reply.reasoning, compress) } : cutProperties(reply, cut, compress)
  const wanted: Properties = { ...words, content: pack(reply.content, compress) }
  const properties = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !isSame(node, name, value)))
  const wordsIn = (trace: Parameters<typeof piecesOf>[0]): number =>
    piecesOf(trace).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
  const before = traceOf(reply)
  const sizes = {
    replies: 1,
    cut: cut === null ? 0 : 1,
    capped: capped.length,
    words: { before: wordsIn(before), after: wordsIn(cut?.trace ?? before) },
    stored: { before: storedBytes(node.properties), after: storedBytes({ ...node.properties, ...wanted }) },
  }
  return { node, properties, capped, sizes }
}

/** Packed texts are compared by their words: another version of zlib may pack them otherwise. */
function isSame(node: GraphNode, name: string, value: Properties[string] | undefined): boolean {
  const stored = node.properties[name]
  if (typeof stored !== 'string' || typeof value !== 'string') return JSON.stringify(stored) === JSON.stringify(value)
  return isPacked(stored) === isPacked(value) && unpack(stored) === unpack(value)
}

function storedBytes(properties: Properties): number {
  return Buffer.byteLength(`${properties['reasoning'] ?? ''}${properties['content'] ?? ''}`)
}

/** The relationships of the graph say what the proposals say; nothing else of them changes. */
async function writeAll(writer: GraphWriter, derivation: Derivation, plans: readonly Plan[]): Promise<void> {
  const capped = plans.flatMap((plan) => plan.capped)
  const links = [...new Set(capped.map(({ linkId }) => linkId))].toSorted()
  await writer.lock('Link', links, [])
  const fresh = new Map(capped.map((stored) => [stored.proposal.id, stored]))
  // Whether one counts may have changed before its link was held.
  const now = (await writer.get('Proposal', [...fresh.keys()])).map(readProposal)
  await writer.putNodes(
    now.map((stored) =>
      proposalNode({ ...stored, proposal: fresh.get(stored.proposal.id)?.proposal ?? stored.proposal }),
    ),
  )
  await writer.patchNodes(
    'Reply',
    plans.map(({ node, properties }) => ({ id: node.id, properties })),
  )
  await deriveLinks(writer, derivation, links, { marks: false })
}

function add(a: Trimmed, b: Trimmed): Trimmed {
  const sizes = (one: Sizes, other: Sizes): Sizes => {
    return { before: one.before + other.before, after: one.after + other.after }
  }
  return {
    replies: a.replies + b.replies,
    cut: a.cut + b.cut,
    capped: a.capped + b.capped,
    words: sizes(a.words, b.words),
    stored: sizes(a.stored, b.stored),
  }
}
