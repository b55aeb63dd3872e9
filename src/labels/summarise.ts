import type { createAskOnce } from '../asking/ask-once.ts'
import type { Ask } from '../asking/ask-paid.ts'
import { settleAll } from '../asking/settle-all.ts'
import type { Engine } from '../engines/engine.ts'
import { hasArrived } from '../extract/ask.ts'
import type { EngineError } from '../model/errors.ts'
import type { Note } from '../model/note.ts'
import { besideChunk, type Reply } from '../model/reply.ts'
import type { LabelVocabulary } from '../model/vocabulary.ts'
import type { Store } from '../store/store.ts'
import { labelsOf } from './document-labels.ts'
import { readSummaryAnswer } from './summary-prompt.ts'
import { byRule, findPaidSummary, isStill, summaryRequest, summaryWaiting } from './waiting.ts'

/** What became of the summary of a document that a model was to be asked for. */
export interface SummedUp {
  readonly path: string
  readonly how: 'asked' | 'known' | 'left' | 'failed'
  /** How many requests were made, whatever came of them. */
  readonly asked: number
  /** Why it failed. */
  readonly message?: string
  /** How many labels were proposed, each once for each chunk that it is from. */
  readonly labels?: number
  readonly notes?: readonly Note[]
}

export interface SummariseOptions {
  /** Null: nobody is asked, and a rule makes it. */
  readonly engine: Engine | null
  /** The labels that a document may have, by its id. */
  readonly vocabularyOf: (documentId: string) => LabelVocabulary | undefined
  readonly ask: Ask
  readonly once: ReturnType<typeof createAskOnce>
  readonly signal: AbortSignal
  /** Told of each that a model was to be asked for. */
  readonly tell: (summedUp: SummedUp) => void
}

/** Documents that are prepared while others are asked about, or put together; how many are in flight is for `ask` to say. */
const AT_ONCE = 16

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
  const { engine, ask, once, signal, tell, vocabularyOf } = options
  if (engine === null) return void (await store.putSummary(id, byRule))
  const document = await store.document(id)
  if (document === null) return
  const chunks = await store.chunks(id)
  const summariser = { engine, vocabulary: vocabularyOf(id) }
  const waiting = summaryWaiting(document, chunks, summariser)
  if (waiting === null) return
  const { parts, mark, of } = waiting

  const request = summaryRequest(document, parts, summariser)
  const { question, prompt, fingerprint, requestHash } = request
  const chunkId = chunks.find(({ about }) => about !== undefined)?.id ?? ''
  let requests = 0
  const make = async (): Promise<Made> => {
    const order = { engine, chunkId, documentId: id, purpose: 'summary', fingerprint, requestHash } as const
    const asked = refusal.error === null ? await ask(order, async () => ({ question, prompt })) : null
    if (asked === null) return refusal.error === null ? { how: 'left' } : failedBy(refusal.error)
    requests++
    const { reply, error, entry } = asked
    if (error?.fatal === true) refusal.error = error
    const isKept = error === null || hasArrived(reply) ? await store.saveReply(reply) : true
    entry.drop()
    if (!isKept) return { how: 'left' }
    if (error === null) return { how: 'asked', reply }
    return signal.aborted ? { how: 'left' } : failedBy(error)
  }
  const find = async (): Promise<Made | null> => {
    const paid = await findPaidSummary(store, document, { of, requestHash })
    if (paid === null) return null
    // Another document says the same, and may be forgotten.
    const reply = paid.documentId === id ? paid : besideChunk(paid, { chunkId, documentId: id })
    return (await store.saveReply(reply)) ? { how: 'known', reply } : { how: 'left' }
  }
  const made = (await once({ hash: requestHash, isFree: engine.offline ?? false, find, make })) ?? { how: 'left' }
  const fate = { path: document.path, asked: requests }
  if (!('reply' in made)) return tell({ ...fate, ...made })
  const { reply } = made
  const answer = readSummaryAnswer(reply.content)
  if (answer === null)
    return tell({ ...fate, how: 'failed', message: `no summary in the answer (whygraph show ${reply.id.slice(0, 8)})` })
  if (summariser.vocabulary !== undefined) await store.keepSchema(mark, question.schema)
  let told: Pick<SummedUp, 'labels' | 'notes'> = {}
  // Meanwhile the chunks may have come to say something else.
  await store.takeSummary(id, reply, (now, said) => {
    if (!isStill(now, parts)) return null
    const { proposals, notes } = labelsOf({ document, reply, answer, vocabulary: summariser.vocabulary }, now, said)
    told = { labels: proposals.length, notes: [...answer.notes, ...notes] }
    return { summary: answer.summary, of, takenFor: mark, labels: proposals }
  })
  tell({ ...fate, ...told, how: made.how })
}

type Made =
  | { readonly how: 'asked' | 'known'; readonly reply: Reply }
  | { readonly how: 'left' }
  | { readonly how: 'failed'; readonly message: string }

function failedBy({ message }: EngineError): Made {
  return { how: 'failed', message }
}
