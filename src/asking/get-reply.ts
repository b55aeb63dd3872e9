import { setImmediate as othersFirst } from 'node:timers/promises'
import type { createAskOnce } from './ask-once.ts'
import type { Ask } from './ask-paid.ts'
import type { EngineRequest } from '../engines/engine.ts'
import { engineFingerprint, hasArrived, hashRequest, type Asked } from '../extract/ask.ts'
import { effortOf, isDone } from './done.ts'
import { withExamples } from '../extract/examples.ts'
import { unreadableNote } from '../extract/extract.ts'
import { parseAnswer } from '../extract/parse.ts'
import { nameWords } from '../extract/name-words.ts'
import { renderPrompt, toQuestion } from '../extract/prompt.ts'
import type { EngineError } from '../model/errors.ts'
import type { Question } from '../model/question.ts'
import { besideChunk, isWhole, type Reply } from '../model/reply.ts'
import { mayAskOnce } from '../reading/re-ask.ts'
import type { Route } from '../sources.ts'
import type { StoredChunk } from '../store/records.ts'
import type { StoredReply } from '../store/reply-records.ts'
import type { Store } from '../store/store.ts'
import type { Task } from '../taking-in/take-in.ts'

const MOST_NAMES = 10

/** What is asked about a chunk, and the two hashes that tell whether it was asked before. */
export interface ChunkRequest extends Task {
  readonly question: Question
  /** Of engine, model, parameters, schema and examples: whether this chunk has been asked about like this. */
  readonly fingerprint: string
  /** Of the request itself, but for the known names: whether anybody has been asked just this, about whatever chunk. */
  readonly requestHash: string
  /** Where it has failed it is to be asked about anew. Default: a reply that was cut off will do, and is not paid again. */
  readonly isRetry?: boolean
}

/**
 * What came of a request. `left`: it was not made, because the run ends here; the chunk stays pending. `forgotten`: its
 * document is not in the store any more, and nothing of the reply is kept.
 */
export type Answered =
  | {
      readonly how: 'reused' | 'asked'
      readonly reply: Reply
      /** The same as it stands in the store, where it was found beside the chunk. */
      readonly stored?: StoredReply
    }
  | { readonly how: 'left' }
  | { readonly how: 'forgotten' }
  | { readonly how: 'failed'; readonly error: EngineError }

export interface GetReplyOptions {
  readonly runId: string
  readonly signal: AbortSignal
}

/**
 * Puts a chunk into the form in which it is asked about; the known names are added when it is asked. Null: the chunk is
 * done, which costs no prompt, and its request is not wanted `anyway`.
 */
export function createPlan() {
  const fingerprints = new Map<Route, string>()
  const done = new Map<string, Route>()
  const plan = (task: Task, anyway = false): ChunkRequest | null => {
    const { document, chunk, route } = task
    const known = fingerprints.get(route)
    const fingerprint = known ?? engineFingerprint(route.engine, route.schema, route.examples ?? null)
    if (known === undefined) fingerprints.set(route, fingerprint)
    if (!anyway && isDone(task, fingerprint)) {
      done.set(fingerprint, route)
      return null
    }
    const bare = toQuestion(chunk, document, route.schema, [])
    const question = withExamples(bare, route.examples ?? null, chunk.documentId)
    const requestHash = hashRequest(route.engine, renderPrompt(question))
    return { ...task, question, fingerprint, requestHash }
  }
  /** By their fingerprints the routes by which chunks were found done, and others that are noted here. */
  return Object.assign(plan, { done })
}

/**
 * Gets the reply to a request where it costs least: one that is stored, about this chunk or one with the same words,
 * else from the engine. The same request is never in flight twice. A reply is in the journal as it
 * comes, and stored before it is returned.
 */
export function createGetReply(
  store: Store,
  ask: Ask,
  once: ReturnType<typeof createAskOnce>,
  { runId, signal }: GetReplyOptions,
): (request: ChunkRequest) => Promise<Answered> {
  async function find(request: ChunkRequest): Promise<Answered | null> {
    const paid = await findForNothing(store, request)
    if (paid === null) return null
    if (paid.chunkId === request.chunk.id) return { how: 'reused', reply: paid, stored: paid }
    const reply = copyFor(request, paid, runId)
    return (await store.saveReply(reply)) ? { how: 'reused', reply } : { how: 'forgotten' }
  }

  async function make(request: ChunkRequest): Promise<Answered> {
    const asked = await askAbout(request)
    if (asked === null) return { how: 'left' }
    const { reply, error, entry } = asked
    // Whatever other replies have said by now is in the journal before this one is worked on.
    if (error === null) await othersFirst()
    const isKept = error === null || hasArrived(reply) ? await store.saveReply(reply) : true
    entry.drop()
    if (!isKept) return { how: 'forgotten' }
    return error === null ? { how: 'asked', reply } : signal.aborted ? { how: 'left' } : { how: 'failed', error }
  }

  function askAbout(request: ChunkRequest): Promise<Asked | null> {
    const { chunk, fingerprint, requestHash, routed } = request
    const { id: chunkId, documentId } = chunk
    const route = routed === undefined ? {} : { route: routed.taken }
    const order = { engine: request.route.engine, chunkId, documentId, fingerprint, requestHash, ...route }
    return ask(order, () => withKnownNames(store, request))
  }

  return async (request) => {
    const { requestHash: hash, route } = request
    const isFree = route.engine.offline ?? false
    const answered = await once({ hash, isFree, find: () => find(request), make: () => make(request) })
    return answered ?? { how: 'left' }
  }
}

/** A reply that need not be asked for: one that is usable, else one to be mended. */
export async function findForNothing(store: Store, request: ChunkRequest): Promise<StoredReply | null> {
  const stored = await readStored(store, request)
  return usableAmong(stored, request) ?? malformedAmong(stored, request)
}

/** Replies about a chunk, oldest first, and such to just this request. */
interface Stored {
  readonly about: readonly StoredReply[]
  readonly alike: readonly StoredReply[]
}

async function readStored(store: Store, { chunk, requestHash }: ChunkRequest): Promise<Stored> {
  const [about, alike] = await Promise.all([store.repliesAbout(chunk.id), store.repliesTo(requestHash)])
  return { about, alike }
}

/**
 * About this chunk, or one with the same words. One that counts goes before others, and one that was asked for at first
 * before what a malformed answer was mended with.
 */
function usableAmong(
  { about, alike }: Stored,
  { chunk, fingerprint, requestHash, isRetry = false }: ChunkRequest,
): StoredReply | null {
  const spent = isRetry && chunk.state === 'failed' ? about.findLast(({ id }) => chunk.replies.includes(id)) : undefined
  // What has failed though a reply was taken was cut off, and no better came in its place, or came and is not taken yet.
  const isSpent = (reply: Reply): boolean =>
    spent !== undefined && (reply.at <= spent.at || (reply.step !== undefined && wasCut(reply, chunk)))
  const isUsable = (reply: Reply): boolean => isWhole(reply.finish) && isReadable(reply, chunk) && !isSpent(reply)
  // One that was cut is good for its own budget only.
  const isOwn = (reply: Reply): boolean =>
    reply.fingerprint === fingerprint && (reply.requestHash === requestHash || !wasCut(reply, chunk))
  const own = about.filter((reply) => isOwn(reply) && isUsable(reply))
  const counting = own.findLast(({ id }) => chunk.replies.includes(id))
  const latest = own.findLast(({ step }) => step === undefined) ?? own.at(-1)
  return counting ?? latest ?? alike.find(isUsable) ?? null
}

/** Whether the answer ends before it is complete, whatever the endpoint said of its end. */
function wasCut({ content }: Reply, { units }: StoredChunk): boolean {
  return parseAnswer(content, units.length).isCut
}

/** One of which nothing can be made or that was cut off, where effort is to be put into asking for it once more and nobody has yet. */
function malformedAmong({ about }: Stored, { requestHash, route }: ChunkRequest): StoredReply | null {
  if (effortOf(route).level === 'quick' || route.engine.offline) return null
  const last = about.findLast((reply) => reply.requestHash === requestHash && mayAskOnce(reply))
  if (last === undefined || about.some(({ step, at }) => step?.name === 're-ask' && at >= last.at)) return null
  return last
}

/** The request as it is made: with the names that the graph knows by now. */
export async function withKnownNames(store: Store, { question, chunk, route }: ChunkRequest): Promise<EngineRequest> {
  const known = route.engine.offline ? [] : await store.namesLike(nameWords(chunk.text), MOST_NAMES)
  const full = { ...question, known }
  return { question: full, prompt: renderPrompt(full) }
}

/** An answer of which nothing can be made is kept, and asked for again by the next run. */
function isReadable(reply: Reply, chunk: StoredChunk): boolean {
  return unreadableNote(parseAnswer(reply.content, chunk.units.length)) === null
}

/** The same request about another chunk with the same words: the reply counts for both, its cost once. */
function copyFor({ chunk, fingerprint, routed }: ChunkRequest, reply: Reply, runId: string): Reply {
  const { id: chunkId, documentId } = chunk
  const { route: _, ...copy } = besideChunk(reply, { chunkId, documentId })
  return { ...copy, fingerprint, runId, ...(routed === undefined ? {} : { route: routed.taken }) }
}
