import { monotonicFactory } from 'ulid'
import { ask, engineFingerprint, hashRequest, replyId } from './extract/ask.ts'
import { extract } from './extract/extract.ts'
import { parseAnswer } from './extract/parse.ts'
import { renderPrompt, toQuestion } from './extract/prompt.ts'
import type { Reply } from './model/reply.ts'
import type { IngestSummary } from './ingest-summary.ts'
import type { Incoming, Route } from './sources.ts'
import type { StoredChunk } from './store/records.ts'
import { takeIn, type TakeInParts, type Task } from './take-in.ts'

const ulid = monotonicFactory()
const MOST_WORDS = 24

export interface IngestOptions {
  readonly concurrency: number
  readonly chunkTokens: number
  /** At most so many requests; the other chunks stay pending. */
  readonly limit: number
  /** Reads and plans, asks nothing and writes nothing. */
  readonly dryRun: boolean
  /** Who is named as the run's engine: the first source's. */
  readonly route: Route
}

/**
 * file → document → chunks → reply → proposals → graph, one chunk at a time for each of `concurrency` workers, across
 * documents. Safe to stop anywhere and to run again: what is done is not done twice.
 */
export async function ingest(
  files: AsyncIterable<Incoming>,
  parts: TakeInParts,
  options: IngestOptions,
  signal: AbortSignal,
): Promise<IngestSummary> {
  const { store, tally } = parts
  const { name: engine, model } = options.route.engine
  const run = { id: ulid(), command: 'ingest', engine, model }
  const startedAt = new Date().toISOString()
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  const fingerprints = new Map<Route, string>()
  let asked = 0

  const fingerprintOf = (route: Route): string => {
    const known = fingerprints.get(route) ?? engineFingerprint(route.engine, route.schema)
    fingerprints.set(route, known)
    return known
  }

  const reasonAbout = async ({ document, chunk, route }: Task): Promise<void> => {
    const { engine, schema } = route
    const fingerprint = fingerprintOf(route)
    if (chunk.fingerprints.includes(fingerprint)) return tally.chunk('unchanged')
    if (options.dryRun) return tally.planned(chunk)
    const question = toQuestion(chunk, document, schema, [])
    const requestHash = hashRequest(engine, renderPrompt(question))
    const isUsable = (reply: Reply): boolean => isWhole(reply) && isReadable(reply, chunk)
    const paid =
      (await store.repliesAbout(chunk.id)).findLast((reply) => reply.fingerprint === fingerprint && isUsable(reply)) ??
      (await store.replyTo(requestHash, isUsable))
    if (paid !== null) {
      const reply = paid.chunkId === chunk.id ? paid : copyFor(chunk, paid, fingerprint, run.id)
      if (reply !== paid) await store.saveReply(reply)
      return take(parts, { document, chunk, route }, reply, fingerprint, 'reused')
    }
    if (stopped.aborted || asked >= options.limit) return tally.chunk('pending')
    if (asked++ === 0) await store.putRun({ ...run, startedAt, finishedAt: null, summary: null })
    const known = engine.offline ? [] : await store.namesLike(nameWords(chunk.text), 30)
    const full = { ...question, known }
    const request = { question: full, prompt: renderPrompt(full) }
    const { reply, error } = await ask(engine, request, { chunk, fingerprint, requestHash, runId: run.id }, stopped)
    if (error === null || reply.reasoning !== '' || reply.content !== '') await store.saveReply(reply)
    if (error === null) return take(parts, { document, chunk, route }, reply, fingerprint, 'asked')
    if (stopped.aborted) return tally.chunk('pending')
    if (error.fatal) {
      tally.stop(error)
      stop.abort()
      return tally.chunk('pending')
    }
    await failed(parts, document, chunk, error.message)
  }

  const { chunkTokens, dryRun } = options
  const tasks = takeIn(untilAborted(files, stopped), parts, { chunkTokens, dryRun, runId: run.id })
  const work = async (): Promise<void> => {
    try {
      for (let next = await tasks.next(); !next.done; next = await tasks.next()) await reasonAbout(next.value)
    } catch (error) {
      stop.abort()
      throw error
    }
  }
  // What one worker runs into must not take the store from under the replies that the others wait for.
  const results = await Promise.allSettled(Array.from({ length: options.concurrency }, work))
  const broken = results.find((result) => result.status === 'rejected')
  if (broken !== undefined) throw broken.reason
  const summary = tally.summary()
  if (tally.wrote)
    await store.putRun({ ...run, startedAt, finishedAt: new Date().toISOString(), summary: JSON.stringify(summary) })
  return summary
}

/** Being interrupted is no failure: what was not looked at is taken up by the next run. */
async function* untilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  try {
    for await (const item of items) {
      if (signal.aborted) return
      yield item
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function take(
  parts: TakeInParts,
  { document, chunk, route }: Task,
  reply: Reply,
  fingerprint: string,
  how: 'asked' | 'reused',
): Promise<void> {
  const { store, tally } = parts
  tally.reply(reply, how)
  const extraction = extract(reply, chunk, document.path, route.schema)
  const unreadable = extraction.notes.find((note) => note.code === 'answer-unreadable')
  if (unreadable !== undefined) {
    const cut = reply.finish === 'length' ? '; the token budget ran out: raise maxOutputTokens' : ''
    return failed(parts, document, chunk, `${unreadable.message}${cut} (reply ${reply.id})`)
  }
  const changes = await store.takeReply(reply, extraction, fingerprint)
  tally.taken(document.path, chunk, extraction, changes, reply)
}

async function failed(
  { store, tally }: TakeInParts,
  document: Task['document'],
  chunk: StoredChunk,
  reason: string,
): Promise<void> {
  await store.failChunk(chunk.id, reason)
  tally.failed(document.path, chunk, reason)
}

function isWhole(reply: Reply): boolean {
  return reply.finish !== 'aborted' && reply.finish !== 'failed'
}

/** An answer of which nothing can be made is kept, and asked for again by the next run. */
function isReadable(reply: Reply, chunk: StoredChunk): boolean {
  return !parseAnswer(reply.content, chunk.units.length).notes.some((note) => note.code === 'answer-unreadable')
}

/** The same request about another chunk with the same words: the reply counts for both, its cost once. */
function copyFor(chunk: StoredChunk, reply: Reply, fingerprint: string, runId: string): Reply {
  const usage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 }
  return { ...reply, id: replyId(reply.requestHash, chunk.id, reply), chunkId: chunk.id, fingerprint, usage, runId }
}

/** Words of a text that may belong to a name: the longest, which few names share. */
function nameWords(text: string): string[] {
  const words = [...new Set(text.match(/\p{Lu}[\p{L}\p{N}-]{2,}/gu) ?? [])]
  return words.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1)).slice(0, MOST_WORDS)
}
