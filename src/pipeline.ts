import { monotonicFactory } from 'ulid'
import { chunkDocument } from '../ingest/chunk.ts'
import { documentId, toDocument } from '../ingest/identify.ts'
import type { FoundFile } from '../ingest/job.ts'
import { planDocument } from '../ingest/plan.ts'
import { readDocument } from '../ingest/reader.ts'
import type { Engine } from './engines/engine.ts'
import { ask, engineFingerprint, hashRequest, replyId } from './extract/ask.ts'
import { extract } from './extract/extract.ts'
import { parseAnswer } from './extract/parse.ts'
import { renderPrompt, toQuestion } from './extract/prompt.ts'
import { InputError } from './model/errors.ts'
import { bytesId } from './model/ids.ts'
import type { Reply } from './model/reply.ts'
import type { Schema } from './model/schema.ts'
import type { IngestSummary, IngestTally } from './ingest-summary.ts'
import type { StoredChunk, StoredDocument } from './store/records.ts'
import type { Store } from './store/store.ts'

const ulid = monotonicFactory()
const MOST_WORDS = 24

export interface IngestParts {
  readonly store: Store
  readonly engine: Engine
  readonly schema: Schema
  /** @throws InputError where the file cannot be read */
  readonly readFile: (file: FoundFile) => Promise<Uint8Array>
  readonly tally: IngestTally
}

export interface IngestOptions {
  readonly concurrency: number
  readonly chunkTokens: number
  /** Name of the source that the files belong to: with their path, their identity. */
  readonly source: string
  /** At most so many requests; the other chunks stay pending. */
  readonly limit: number
  /** Reads and plans, asks nothing and writes nothing. */
  readonly dryRun: boolean
}

type Described = Pick<StoredDocument, 'path' | 'title' | 'kind' | 'date'>

interface Task {
  readonly document: Described
  readonly chunk: StoredChunk
}

/**
 * file → document → chunks → reply → proposals → graph, one chunk at a time for each of `concurrency` workers, across
 * documents. Safe to stop anywhere and to run again: what is done is not done twice.
 */
export async function ingest(
  files: AsyncIterable<FoundFile>,
  parts: IngestParts,
  options: IngestOptions,
  signal: AbortSignal,
): Promise<IngestSummary> {
  const { engine, schema, store, tally } = parts
  const fingerprint = engineFingerprint(engine, schema)
  const run = { id: ulid(), command: 'ingest', engine: engine.name, model: engine.model }
  const startedAt = new Date().toISOString()
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  let asked = 0

  const reasonAbout = async ({ document, chunk }: Task): Promise<void> => {
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
      return take(parts, document, chunk, reply, fingerprint, 'reused')
    }
    if (stopped.aborted || asked >= options.limit) return tally.chunk('pending')
    if (asked++ === 0) await store.putRun({ ...run, startedAt, finishedAt: null, summary: null })
    const known = engine.offline ? [] : await store.namesLike(nameWords(chunk.text), 30)
    const full = { ...question, known }
    const request = { question: full, prompt: renderPrompt(full) }
    const { reply, error } = await ask(engine, request, { chunk, fingerprint, requestHash, runId: run.id }, stopped)
    if (error === null || reply.reasoning !== '' || reply.content !== '') await store.saveReply(reply)
    if (error === null) return take(parts, document, chunk, reply, fingerprint, 'asked')
    if (stopped.aborted) return tally.chunk('pending')
    if (error.fatal) {
      tally.stop(error)
      stop.abort()
      return tally.chunk('pending')
    }
    await failed(parts, document, chunk, error.message)
  }

  const tasks = readTasks(files, parts, options, stopped)
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

/** Reads and plans file after file, and yields the chunks to reason about. A file that cannot be read costs itself only. */
async function* readTasks(
  files: AsyncIterable<FoundFile>,
  { store, readFile, tally }: IngestParts,
  options: IngestOptions,
  signal: AbortSignal,
): AsyncGenerator<Task> {
  for await (const file of untilAborted(files, signal)) {
    try {
      const bytes = await readFile(file)
      const id = documentId(options.source, file.path)
      const known = await store.document(id)
      const change = planDocument({ id, contentHash: bytesId(bytes) }, known ?? undefined)
      if (change === 'unchanged' && known !== null) {
        const chunks = await store.chunks(id)
        tally.document(file.path, 'unchanged', chunks.length)
        for (const chunk of chunks) yield { document: known, chunk }
        continue
      }
      const parsed = readDocument({ path: file.path, bytes })
      const document = toDocument({ source: options.source, path: file.path, bytes, parsed })
      const chunks = chunkDocument(document, { tokens: options.chunkTokens })
      const stored = options.dryRun
        ? chunks.map((chunk): StoredChunk => ({
            ...chunk,
            state: 'pending',
            failure: null,
            replies: [],
            fingerprints: [],
          }))
        : await store.putDocument(document, chunks, new Date().toISOString())
      tally.document(file.path, change, chunks.length, parsed.notes)
      for (const chunk of stored) yield { document, chunk }
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      const known = await store.document(documentId(options.source, file.path))
      if (known !== null && error.code === 'empty-file' && !options.dryRun) await forgetText(store, known)
      tally.unread(file.path, error, known !== null)
    }
  }
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

/** A file that was emptied says nothing any more. */
async function forgetText(store: Store, known: StoredDocument): Promise<void> {
  const emptied = { ...known, contentHash: bytesId(new Uint8Array()), text: '', units: [], notes: [] }
  await store.putDocument(emptied, [], new Date().toISOString())
}

async function take(
  parts: IngestParts,
  document: Described,
  chunk: StoredChunk,
  reply: Reply,
  fingerprint: string,
  how: 'asked' | 'reused',
): Promise<void> {
  const { store, schema, tally } = parts
  tally.reply(reply, how)
  const extraction = extract(reply, chunk, document.path, schema)
  const unreadable = extraction.notes.find((note) => note.code === 'answer-unreadable')
  if (unreadable !== undefined) {
    const cut = reply.finish === 'length' ? '; the token budget ran out: raise maxOutputTokens' : ''
    return failed(parts, document, chunk, `${unreadable.message}${cut} (reply ${reply.id})`)
  }
  const changes = await store.takeReply(reply, extraction, fingerprint)
  tally.taken(document.path, chunk, extraction, changes, reply)
}

async function failed(
  { store, tally }: IngestParts,
  document: Described,
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
