import { setImmediate as othersFirst } from 'node:timers/promises'
import type { createAskOnce } from './ask-once.ts'
import type { Ask } from './ask-paid.ts'
import type { Engine } from '../engines/engine.ts'
import { hasArrived, hashIdentity, judgeFingerprint } from '../extract/ask.ts'
import { pairQuestion, renderPairPrompt } from '../extract/identity/pair-prompt.ts'
import { type Pair, type PairPlace, type ShownPair, showPair } from '../extract/identity/pair.ts'
import { type PairReading, readPairReply } from '../extract/identity/read-pair.ts'
import type { EngineError } from '../model/errors.ts'
import type { Question } from '../model/question.ts'
import { besideChunk, isWhole, type Reply, type ReplyPlace } from '../model/reply.ts'
import type { Store } from '../store/store.ts'

/**
 * What came of a pair. `replies`: the one reply, as it is stored beside the chunk of each name. `failed`: the engine gave
 * none, or none of use; the next run asks again. `left`: it was not asked, because the run, its limit or budget ends here.
 * `forgotten`: a document that it is about is not in the store any more.
 */
export type PairAnswer =
  | { readonly how: 'asked' | 'reused'; readonly replies: readonly Reply[]; readonly reading: PairReading }
  | { readonly how: 'failed'; readonly message: string; readonly error: EngineError | null }
  | { readonly how: 'left' }
  | { readonly how: 'forgotten' }

export interface AskAboutPairsOptions {
  readonly engine: Engine
  /** Null: nobody is asked, and what is stored already is all there is. */
  readonly ask: Ask | null
  /** So that nobody else asks the same at the same time. */
  readonly once: ReturnType<typeof createAskOnce>
  readonly signal: AbortSignal
}

/** A pair as it is asked about, and by what its reply is found again. */
export interface PairRequest {
  readonly shown: ShownPair
  readonly question: Question
  readonly prompt: string
  readonly fingerprint: string
  readonly requestHash: string
}

/** `fingerprint`: of the engine that is asked, see {@link judgeFingerprint}. */
export function pairRequest(pair: Pair, fingerprint: string): PairRequest {
  const shown = showPair(pair)
  const question = pairQuestion(shown)
  const prompt = renderPairPrompt(shown, question)
  const requestHash = hashIdentity(
    fingerprint,
    prompt,
    pair.places.map(({ chunk }) => chunk.id),
  )
  return { shown, question, prompt, fingerprint, requestHash }
}

/**
 * Asks an engine whether two names mean one thing, with units of both their sources. The reply is in the journal as it
 * comes and in the store before anything is made of it; who asks about the same names in the same units again, finds it
 * there. A pair whose engine will not answer at all (a wrong key) fails at once, and so do those after it; the run goes on.
 */
export function askAboutPairs(
  store: Store,
  { engine, ask, once, signal }: AskAboutPairsOptions,
): (pair: Pair) => Promise<PairAnswer> {
  let refusal: EngineError | null = null

  async function find(request: PairRequest): Promise<PairAnswer | null> {
    const paid = await findPaidPair(store, request)
    return paid === null ? null : beside(paid, request, 'reused')
  }

  async function make(request: PairRequest): Promise<PairAnswer> {
    if (refusal !== null) return { how: 'failed', message: refusal.message, error: refusal }
    const asked = await (ask === null ? null : askNow(ask, request))
    if (asked === null) return { how: 'left' }
    const { reply, error, entry } = asked
    if (error === null) await othersFirst()
    const isKept = error === null || hasArrived(reply) ? await store.saveReply(reply, otherPlace(request)) : true
    entry.drop()
    if (!isKept) return { how: 'forgotten' }
    if (error === null) return beside(reply, request, 'asked')
    if (error.fatal) refusal = error
    return signal.aborted ? { how: 'left' } : { how: 'failed', message: error.message, error }
  }

  function askNow(ask: Ask, { shown, question, prompt, fingerprint, requestHash }: PairRequest) {
    const [{ chunk }] = shown.pair.places
    const { id: chunkId, documentId } = chunk
    const order = { engine, chunkId, documentId, purpose: 'identity' as const, fingerprint, requestHash }
    const beside = otherPlace({ shown })
    return ask({ ...order, ...(beside && { beside }) }, async () => ({ question, prompt }))
  }

  /** Reads a reply as it stands beside the chunk of each name; a run that was killed may have put it beside one only. */
  async function beside(reply: Reply, request: PairRequest, how: 'asked' | 'reused'): Promise<PairAnswer> {
    const { shown } = request
    const replies = shown.pair.places.map((place) => copyFor(reply, place))
    const reading = readPairReply(shown, replies)
    if ('unreadable' in reading)
      return { how: 'failed', message: `${reading.unreadable} (reply ${reply.id})`, error: null }
    if (how === 'reused' && !(await store.saveReply(reply, otherPlace(request)))) return { how: 'forgotten' }
    return { how, replies, reading }
  }

  return async (pair) => {
    const request = pairRequest(pair, judgeFingerprint(engine))
    const { requestHash: hash } = request
    const isFree = ask === null || (engine.offline ?? false)
    const answer = await once({ hash, isFree, find: () => find(request), make: () => make(request) })
    return answer ?? { how: 'left' }
  }
}

/** A readable reply to just this request, as it came. */
export async function findPaidPair(store: Store, { shown, requestHash }: PairRequest): Promise<Reply | null> {
  const { id } = shown.pair.places[0].chunk
  const replies = await store.repliesTo(requestHash, 'identity')
  const whole = replies.filter((reply) => reply.chunkId === id && isWhole(reply.finish))
  return whole.find((reply) => !('unreadable' in readPairReply(shown, [reply]))) ?? null
}

/** The same reply beside the chunk of the other name. */
export function copyFor(reply: Reply, { chunk }: PairPlace): Reply {
  return besideChunk(reply, { chunkId: chunk.id, documentId: chunk.documentId })
}

/** Where the other name stands, if in another chunk: the reply has words of both, and is stored beside both or nowhere. */
export function otherPlace({ shown }: Pick<PairRequest, 'shown'>): ReplyPlace | undefined {
  const [, other] = shown.pair.places
  return other && { chunkId: other.chunk.id, documentId: other.chunk.documentId }
}
