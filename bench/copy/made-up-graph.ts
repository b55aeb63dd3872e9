import type { Chunk, ChunkUnit } from '../../src/model/chunk.ts'
import { contentId } from '../../src/model/ids.ts'
import type { Proposal } from '../../src/model/proposal.ts'
import { FREE, type Reply } from '../../src/model/reply.ts'
import type { Store } from '../../src/store/store.ts'

/** One of each type of link joins a person to a project; so many persons there are at most. */
const PERSONS = 20_000
const PROJECTS = 5_000
const TYPES = ['LEADS', 'SPONSORS', 'AUDITS', 'FUNDS', 'STAFFS', 'DELAYS', 'REVIEWS', 'HOSTS']

const SENTENCES = 20
const CHUNKS = 10
const EVERY_DECISION = 1_000
const AT_ONCE = 64
const NOW = '2026-01-01T00:00:00.000Z'
const MODEL = 'made-up'

interface Fact {
  readonly subject: string
  readonly type: string
  readonly object: string
}

/**
 * Fills a store with so many links through its own API: documents with chunks, replies with a trace, proposals with
 * quotes and steps, entities, and a decision about every thousandth link.
 */
export async function fill(store: Store, links: number): Promise<void> {
  const run = { id: '01MADEUPGRAPH', command: 'ingest', engine: 'chat', model: MODEL, startedAt: NOW }
  await store.putRun({ ...run, finishedAt: NOW, summary: null })
  const perDocument = SENTENCES * CHUNKS
  for (let first = 0; first < links; first += perDocument) {
    const facts = Array.from({ length: Math.min(perDocument, links - first) }, (_, index) => factAt(first + index))
    await addDocument(store, `reports/${first / perDocument}.md`, facts)
  }
  const proposed = await store.links(['proposed'], { limit: Math.ceil(links / EVERY_DECISION) })
  for (const [index, { id }] of proposed.entries()) {
    const verdict = index % 2 === 0 ? 'accept' : 'reject'
    await store.decide({ requestId: `made-up-${index}`, linkId: id, verdict, reviewer: 'rita' }, NOW)
  }
}

function factAt(index: number): Fact {
  const type = TYPES[Math.floor(index / PERSONS) % TYPES.length] as string
  return { subject: `Person ${index % PERSONS}`, type, object: `Project ${(index * 7) % PROJECTS}` }
}

async function addDocument(store: Store, path: string, facts: readonly Fact[]): Promise<void> {
  const id = contentId('document', path)
  const sentences = facts.map(({ subject, type, object }) => `${subject} ${type.toLowerCase()} ${object} since March.`)
  const chunks = chunksOf(id, sentences)
  const about = { id, source: 'made-up', path, title: path, kind: 'document', mediaType: 'text/markdown' } as const
  const contentHash = contentId(...sentences)
  await store.putDocument({ ...about, contentHash, date: null, language: null, labels: [], metadata: {} }, chunks, NOW)
  const replies = chunks.map((chunk, index) => {
    const own = facts.slice(index * SENTENCES, (index + 1) * SENTENCES)
    const reply = replyAbout(chunk, own)
    return { reply, proposals: own.map((fact, at) => proposalOf(reply, chunk, path, fact, at)) }
  })
  await Promise.all(replies.map(({ reply }) => store.saveReply(reply)))
  for (let first = 0; first < replies.length; first += AT_ONCE)
    await Promise.all(
      replies
        .slice(first, first + AT_ONCE)
        .map(({ reply, proposals }) => store.takeReply(reply, { mentions: [], proposals, notes: [] }, 'made-up')),
    )
}

function chunksOf(documentId: string, sentences: readonly string[]): Chunk[] {
  let at = 0
  const units = sentences.map((text, index): ChunkUnit => {
    const start = at
    at += text.length + 1
    return {
      s: (index % SENTENCES) + 1,
      kind: 'sentence',
      start,
      end: start + text.length,
      place: { line: index },
      text,
    }
  })
  const pieces = Array.from({ length: Math.ceil(units.length / SENTENCES) }, (_, index) =>
    units.slice(index * SENTENCES, (index + 1) * SENTENCES),
  )
  return pieces.map((own, index) => {
    const text = own.map((unit) => unit.text).join(' ')
    const start = own[0]?.start ?? 0
    return { id: contentId(documentId, text), documentId, index, start, end: start + text.length, text, units: own }
  })
}

function stepOf({ subject, type, object }: Fact): string {
  return `The text says that ${subject} ${type.toLowerCase()} ${object}, so there is a link of the type ${type} between them. `
}

function replyAbout(chunk: Chunk, facts: readonly Fact[]): Reply {
  const reasoning = facts.map(stepOf).join('')
  return {
    id: contentId('reply', chunk.id),
    requestHash: contentId('request', chunk.id),
    chunkId: chunk.id,
    fingerprint: 'made-up',
    engine: 'chat',
    model: MODEL,
    traceKind: 'raw',
    reasoning,
    content: JSON.stringify({ links: facts }),
    finish: 'stop',
    usage: { input: 900, cachedInput: null, output: 1200, reasoning: 700 },
    cost: FREE,
    at: NOW,
    milliseconds: 1000,
    runId: '01MADEUPGRAPH',
  }
}

function proposalOf(reply: Reply, chunk: Chunk, path: string, fact: Fact, index: number): Proposal {
  const unit = chunk.units[index] as ChunkUnit
  const step = stepOf(fact)
  const start = reply.reasoning.indexOf(step)
  return {
    id: contentId(reply.id, String(index)),
    replyId: reply.id,
    index,
    chunkId: chunk.id,
    documentId: chunk.documentId,
    subject: { name: fact.subject, type: 'Person', aliases: [] },
    type: fact.type,
    object: { name: fact.object, type: 'Project', aliases: [] },
    polarity: 'asserted',
    support: 'stated',
    when: 'since March',
    why: `The document says so about ${fact.subject}.`,
    confidence: 0.5 + (index % 5) / 10,
    statedConfidence: 0.9,
    evidence: [
      {
        grounding: 'exact',
        quote: unit.text,
        claimed: unit.text,
        s: unit.s,
        start: unit.start,
        end: unit.end,
        offset: 0,
        place: unit.place,
        placeText: `${path} line ${unit.place.line}`,
      },
    ],
    traceKind: 'raw',
    steps: [{ start, end: start + step.length, text: step, stance: 'for' }],
    engine: reply.engine,
    model: reply.model,
    held: false,
    doubts: [],
    notes: [],
  }
}
