import type { createAskOnce } from '../asking/ask-once.ts'
import type { Ask } from '../asking/ask-paid.ts'
import { settleAll } from '../asking/settle-all.ts'
import type { Engine } from '../engines/engine.ts'
import { hasArrived, hashSummary, summariserFingerprint } from '../extract/ask.ts'
import type { EngineError } from '../model/errors.ts'
import { besideChunk, isWhole, type Reply } from '../model/reply.ts'
import type { StoredChunk, StoredDocument } from '../store/records.ts'
import { eachPage } from '../store/pages.ts'
import type { RebuildOptions } from '../store/rebuild.ts'
import type { DocumentSummary } from '../store/put-summaries.ts'
import type { Store } from '../store/store.ts'
import { hashParts, summariseByRule, type PartSummary } from './document-summary.ts'
import { readSummaryAnswer, renderSummaryPrompt, summaryQuestion } from './summary-prompt.ts'

/** What became of the summary of a document that a model was to be asked for. */
export type SummaryFate = 'asked' | 'known' | 'left' | 'failed'

export interface SummariseOptions {
  /** Null: nobody is asked, and a rule makes it. */
  readonly engine: Engine | null
  readonly ask: Ask
  readonly once: ReturnType<typeof createAskOnce>
  readonly signal: AbortSignal
  /** Told of each that a model was to be asked for; `message` says why it failed. */
  readonly tell: (fate: SummaryFate, path: string, message: string) => void
}

/** Documents that are prepared while others are asked about, or put together; how many are in flight is for `ask` to say. */
const AT_ONCE = 16

/** As what is done is noted where a rule did it; else the fingerprint of the engine. */
const BY_RULE = 'rule'

/**
 * Says of documents what they say, by what was said of their chunks, once all of these have been read: a model in one
 * request, or a rule. One whose chunks say what they said is done; nobody is asked the same twice. A summary is no evidence.
 */
export async function summariseDocuments(
  store: Store,
  documentIds: Iterable<string>,
  options: SummariseOptions,
): Promise<void> {
  const ids = documentIds[Symbol.iterator]()
  const refusal: Refusal = { error: null }
  let isOver = false
  const work = async (): Promise<void> => {
    for (let next = ids.next(); !next.done && !isOver && !options.signal.aborted; next = ids.next()) {
      try {
        await summarise(store, next.value, options, refusal)
      } catch (error) {
        isOver = true
        throw error
      }
    }
  }
  await settleAll(Array.from({ length: AT_ONCE }, work))
}

/** Of an engine that will not answer at all (a wrong key): the documents that come are told of it, and it is not asked. */
interface Refusal {
  error: EngineError | null
}

async function summarise(store: Store, id: string, options: SummariseOptions, refusal: Refusal): Promise<void> {
  const { engine, ask, once, signal, tell } = options
  if (engine === null) return void (await store.putSummary(id, byRule))
  const document = await store.document(id)
  if (document === null) return
  const chunks = await store.chunks(id)
  const waiting = summaryWaiting(document, chunks, engine)
  if (waiting === null) return
  const { parts, of } = waiting

  const request = summaryRequest(document, parts, engine)
  const { question, prompt, fingerprint, requestHash } = request
  const chunkId = chunks.find(({ about }) => about !== undefined)?.id ?? ''
  const make = async (): Promise<Made> => {
    const order = { engine, chunkId, documentId: id, purpose: 'summary', fingerprint, requestHash } as const
    const asked = refusal.error === null ? await ask(order, async () => ({ question, prompt })) : null
    if (asked === null) return refusal.error === null ? { how: 'left' } : failedBy(refusal.error)
    const { reply, error, entry } = asked
    if (error?.fatal === true) refusal.error = error
    const isKept = error === null || hasArrived(reply) ? await store.saveReply(reply) : true
    entry.drop()
    if (!isKept) return { how: 'left' }
    if (error === null) return { how: 'asked', reply }
    return signal.aborted ? { how: 'left' } : failedBy(error)
  }
  const find = async (): Promise<Made | null> => {
    const paid = await findPaidSummary(store, requestHash)
    if (paid === null) return null
    // Another document says the same, and may be forgotten.
    const reply = paid.documentId === id ? paid : besideChunk(paid, { chunkId, documentId: id })
    return (await store.saveReply(reply)) ? { how: 'known', reply } : { how: 'left' }
  }
  const made = (await once({ hash: requestHash, isFree: engine.offline ?? false, find, make })) ?? { how: 'left' }
  if (!('reply' in made)) return tell(made.how, document.path, 'message' in made ? made.message : '')
  const summary = readSummaryAnswer(made.reply.content)
  if (summary === null) return tell('failed', document.path, `no summary in the answer (reply ${made.reply.id})`)
  const { model: by, id: reply } = made.reply
  // Meanwhile the chunks may have come to say something else.
  const isStill = (now: readonly StoredChunk[]): boolean => hashParts(partsOf(now)) === hashParts(parts)
  await store.putSummary(id, (_, now) => (isStill(now) ? { summary, by, of, reply } : null))
  tell(made.how, document.path, '')
}

type Made =
  | { readonly how: 'asked' | 'known'; readonly reply: Reply }
  | { readonly how: 'left' }
  | { readonly how: 'failed'; readonly message: string }

function failedBy({ message }: EngineError): Made {
  return { how: 'failed', message }
}

/** Of what a summary is to be made, and as what that is noted. */
interface Waiting {
  readonly parts: readonly PartSummary[]
  readonly of: string
}

/**
 * What a document's summary is to be made of; null where it is made, or where not all has been read yet. What a model said
 * of just that stays where a rule would say it.
 */
export function summaryWaiting(
  { summaryOf, gone }: Pick<StoredDocument, 'summaryOf' | 'gone'>,
  chunks: readonly StoredChunk[],
  engine: Engine | null,
): Waiting | null {
  const parts = partsOf(chunks)
  if (parts.length === 0 || gone !== null) return null
  if (chunks.some(({ replies, holds }) => replies.length === 0 && holds !== 'rows')) return null
  const hash = hashParts(parts)
  const of = `${engine === null ? BY_RULE : summariserFingerprint(engine)} ${hash}`
  const isMade = engine === null ? summaryOf?.endsWith(` ${hash}`) : summaryOf === of
  return isMade ? null : { parts, of }
}

/** A request for a document's summary, and by what its reply is found again. */
export function summaryRequest(document: StoredDocument, parts: readonly PartSummary[], engine: Engine) {
  const question = summaryQuestion(document, parts)
  const prompt = renderSummaryPrompt(question)
  const fingerprint = summariserFingerprint(engine)
  return { question, prompt, fingerprint, requestHash: hashSummary(fingerprint, prompt) }
}

/** A reply to just this request in which there is a summary. */
export async function findPaidSummary(store: Store, requestHash: string): Promise<Reply | null> {
  const replies = await store.repliesTo(requestHash, 'summary')
  return replies.find((reply) => isWhole(reply.finish) && readSummaryAnswer(reply.content) !== null) ?? null
}

function partsOf(chunks: readonly StoredChunk[]): PartSummary[] {
  return chunks.flatMap(({ about }) => (about === undefined || about.summary === '' ? [] : about))
}

/**
 * Makes summaries of documents by rule where there is none of what their chunks say by now; those that a model made of just
 * that stay. How many were made, or would be in a dry run.
 */
export async function summariseAnew(store: Store, options: RebuildOptions): Promise<number> {
  const { dryRun, begin, signal } = options
  let made = 0
  await eachPage(store.database, 'Document', options, async (nodes) => {
    for (const { id } of nodes) {
      if (signal.aborted) return
      const document = await store.document(id)
      const waiting = document === null ? null : summaryWaiting(document, await store.chunks(id), null)
      if (waiting === null) continue
      made++
      if (dryRun) continue
      await begin()
      await store.putSummary(id, byRule)
    }
  })
  return made
}

/** Null: there is nothing to be said, or it is said. */
function byRule(document: StoredDocument, chunks: readonly StoredChunk[]): DocumentSummary | null {
  const waiting = summaryWaiting(document, chunks, null)
  if (waiting === null) return null
  return { summary: summariseByRule(waiting.parts), by: BY_RULE, of: waiting.of, reply: null }
}
