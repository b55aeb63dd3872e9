import { monotonicFactory } from 'ulid'
import { Account } from './asking/account.ts'
import { createAlign } from './asking/align-reply.ts'
import { createAskOnce } from './asking/ask-once.ts'
import { createAsk } from './asking/ask-paid.ts'
import { createEmbedNames, type Embedding } from './asking/embed-names.ts'
import { judgePairs } from './asking/judge-pairs.ts'
import type { Engine } from './engines/engine.ts'
import { NO_JOURNAL, type Journal } from './extract/journal.ts'
import { createAskStep } from './asking/ask-step.ts'
import { createFindContradictions } from './asking/find-contradictions.ts'
import { createGetReply, createPlan, type ChunkRequest } from './asking/get-reply.ts'
import { createTakeSteps } from './asking/take-steps.ts'
import type { IngestSummary } from './ingest-summary.ts'
import type { Limit } from './money/amount.ts'
import { NO_PRICES, type PriceList } from './money/price.ts'
import type { Reply, ReplyPlace } from './model/reply.ts'
import type { Schema } from './model/schema.ts'
import type { LabelVocabulary } from './model/vocabulary.ts'
import { recoverReplies } from './asking/recover-replies.ts'
import { createRehearsal } from './asking/rehearse.ts'
import { summariseDocuments } from './labels/summarise.ts'
import { summaryWaiting } from './labels/waiting.ts'
import type { RouterParts } from './routes/router.ts'
import { createDryRouter } from './routes/dry-router.ts'
import { readBy } from './routes/routed-task.ts'
import { createRunRouter } from './routes/run-router.ts'
import type { Got } from './routes/take-readings.ts'
import type { Rest } from './routes/waiting.ts'
import { createResolver } from './resolving/as-they-finish.ts'
import type { GoneDocument, Incoming, Route } from './sources.ts'
import { findWaiting } from './store/waiting.ts'
import { takeReading } from './take-reading.ts'
import type { IngestTally } from './tally/ingest-tally.ts'
import { takeFailed, type RouteOf } from './taking-in/take-failed.ts'
import { takeIn, type TakeInParts, type Task } from './taking-in/take-in.ts'

const ulid = monotonicFactory()

/**
 * Chunks at hand beside those in flight: their requests are prepared while replies are awaited, and replies that came
 * are taken into the graph many at a time, so that neither waits for the other. Each takes some 50 KB of memory.
 */
const WAITING = 64

export interface IngestParts extends TakeInParts {
  /** Where replies are kept until they are in the store. */
  readonly journal?: Journal
}

export interface IngestOptions {
  readonly concurrency: number
  readonly chunkTokens: number
  /** At most so many requests; the other chunks stay pending. */
  readonly limit: number
  /** Reads and plans, asks nothing and writes nothing. */
  readonly dryRun: boolean
  /** Default: none are known. */
  readonly prices?: PriceList
  /** What may be spent in this run; default: as much as it takes. */
  readonly budget?: Limit | null
  /** Asks again about what failed before, and about nothing else; no file is looked at. */
  readonly retry?: RouteOf
  /** Who is asked whether two names are one thing, where rules only propose it; null or absent: nobody. */
  readonly judge?: Engine | null
  /** Who sums documents up of what their chunks say; null or absent: a rule does. */
  readonly summariser?: Engine | null
  /** Who is asked about names before they are resolved; null or absent: nobody. */
  readonly embedding?: Embedding | null
  /** Who is named as the run's engine: the first source's. */
  readonly route: Route
  /** Those of all sources, by whose rules links are compared; default: the route's. */
  readonly schemas?: readonly Schema[]
}

/**
 * file → document → chunks → reply → proposals → graph, with `concurrency` requests in flight across documents. Safe to
 * stop anywhere and to run again: what is done is not done twice. Of documents that are gone `files` says so.
 */
export async function ingest(
  files: AsyncIterable<Incoming | GoneDocument>,
  parts: IngestParts,
  options: IngestOptions,
  signal: AbortSignal,
): Promise<IngestSummary> {
  const { store, tally, journal = NO_JOURNAL } = parts
  const { concurrency, chunkTokens, dryRun, limit } = options
  const { name: engine, model } = options.route.engine
  const run = { id: ulid(), command: 'ingest', engine, model, startedAt: new Date().toISOString() }
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])

  if (dryRun) tally.documents.listChanges()
  if (dryRun) tally.routes.listEach()
  tally.conflicts.ruled(await store.useSchemas(options.schemas ?? [options.route.schema], { dryRun }))
  const recover = async () => tally.recovered(await recoverReplies(journal, store, options.prices ?? NO_PRICES))
  if (!dryRun) await recover()
  const begin = () => store.putRun({ ...run, finishedAt: null, summary: null })
  const planned = createPlan()
  // What has failed is asked about again, done as it may be.
  const isRetry = options.retry !== undefined
  const plan = (task: Task, anyway = isRetry): ChunkRequest | null => {
    const request = planned(task, anyway)
    return request === null ? null : { ...request, isRetry }
  }
  const keepSchema = createKeepSchema(store)
  const account = await openAccount(parts, options)
  const rehearsal = createRehearsal(store, account, limit)
  const keep = (reply: Reply, beside: ReplyPlace | undefined) => store.saveReply(reply, beside)
  // What comes of names has no words that a journal could keep, and is no reply that --limit counts.
  const askForVectors = () => {
    const nothing = async (): Promise<void> => {}
    const own = { limit: Infinity, journal: NO_JOURNAL, keep: nothing }
    return createAsk({ concurrency, runId: run.id, begin, account, signal: stopped, ...own })
  }
  const ask = createAsk({ concurrency, limit, runId: run.id, journal, begin, keep, account, signal: stopped })
  const once = createAskOnce({ journal, recover, signal: stopped })
  const getReply = createGetReply(store, ask, once, { runId: run.id, signal: stopped })
  const align = createAlign(store, ask, once, stopped)
  const askStep = createAskStep(store, ask, once, { runId: run.id, signal: stopped })
  const takeSteps = createTakeSteps(store, askStep)
  const findContradictions = createFindContradictions(store, askStep)
  const embed = options.embedding == null ? null : createEmbedNames(options.embedding, askForVectors())
  const getReady =
    embed === null ? undefined : async (names: Iterable<string>) => tally.names.embedded(await embed(names))
  /** Null: nothing is to be made of it, as its document is forgotten, or the run ends. */
  const answer = async (request: ChunkRequest): Promise<Got | null> => {
    if (forgotten.has(request.chunk.documentId)) return null
    await keepSchema(request)
    const answered = await getReply(request)
    if (answered.how === 'forgotten') {
      forgotten.add(request.chunk.documentId)
      return null
    }
    if (answered.how !== 'failed' || !answered.error.fatal) return answered
    tally.stop(answered.error)
    stop.abort()
    tally.chunk('pending')
    return null
  }
  const takeRead: RouterParts['take'] = async (request, got, isCounted) => {
    const fate = await takeReading(parts, request, got, { align, takeSteps, findContradictions }, isCounted)
    if (fate === 'forgotten') forgotten.add(request.chunk.documentId)
  }
  const askAbout = async (request: ChunkRequest): Promise<void> => {
    if (dryRun) {
      const outline = await rehearsal.outline(request)
      rehearsal.add(outline)
      return tally.chunk(outline.isLeft ? 'pending' : 'unchanged')
    }
    const answered = await answer(request)
    if (answered !== null) await takeRead(request, answered, false)
  }
  const dryRouter = dryRun ? createDryRouter({ tally, plan, rehearsal }) : null
  const router = dryRouter ?? createRunRouter(store, tally, { plan, answer, take: takeRead })

  /** Whether there was anything to ask about. */
  const reasonAbout = async (task: Task): Promise<boolean> => {
    if (task.route.routed !== undefined) {
      for (const [fingerprint, route] of readBy(task)) planned.done.set(fingerprint, route)
      return router.read(task)
    }
    const request = plan(task)
    if (request === null) tally.done(task)
    else await askAbout(request)
    return request !== null
  }

  const tasks =
    options.retry === undefined
      ? takeIn(untilAborted(files, stopped), parts, { chunkTokens, dryRun, runId: run.id, now: run.startedAt })
      : untilAborted(takeFailed(store, tally, options.retry), stopped)
  /** All that is looked at, by their ids; and those of which it is known that somebody has forgotten them meanwhile. */
  const paths = new Map<string, string>()
  const forgotten = new Set<string>()
  /** Documents of which something may be said as a whole; and by their ids the labels that they may have. */
  const toSumUp = new Set<string>()
  const vocabularies = new Map<string, LabelVocabulary>()
  const resolver = dryRun ? null : createResolver(store, signal, getReady)
  const readEach = async (chunks: AsyncIterator<Rest> | Iterator<Rest>): Promise<void> => {
    const work = async (): Promise<void> => {
      try {
        for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
          const { documentId, read } = next.value
          resolver?.begin(documentId)
          const isTouched = await read()
          resolver?.end(documentId, isTouched)
          if (isTouched) toSumUp.add(documentId)
        }
      } catch (error) {
        stop.abort()
        throw error
      }
    }
    // One at a time stays one at a time, so that each chunk is told the names that the one before it brought.
    const workers = concurrency === 1 ? 1 : concurrency + WAITING
    // What one worker runs into must not take the store from under the replies that the others wait for.
    const results = await Promise.allSettled(Array.from({ length: workers }, work))
    const broken = results.find((result) => result.status === 'rejected')
    await resolver?.wait()
    if (broken !== undefined) throw broken.reason
  }
  await readEach(
    mapped(tasks, (task) => {
      const { documentId, mark } = task.chunk
      const { labels } = task.route.schema
      if (labels !== undefined) vocabularies.set(documentId, labels)
      if (isToSumUp(task, options.summariser ?? null, !paths.has(documentId))) toSumUp.add(documentId)
      paths.set(documentId, task.document.path)
      return { documentId, read: async () => (await reasonAbout(task)) || mark !== undefined }
    }),
  )
  await readEach(whileRunning(router.rest(), stopped, (count) => tally.chunk('pending', count)))
  await dryRouter?.end()
  // One that was lost is there again, though nobody is asked by it.
  if (!dryRun) for (const [fingerprint, route] of planned.done) await keepSchema({ fingerprint, route })
  if (resolver !== null) tally.names.resolved(await resolver.finish())
  if (options.judge != null && !dryRun) {
    const tell: IngestTally['names']['pair'] = (...fate) => tally.names.pair(...fate)
    await judgePairs(store, { engine: options.judge, ask, once, signal: stopped, tell })
  }
  const { summariser = null } = options
  const vocabularyOf = (id: string): LabelVocabulary | undefined => vocabularies.get(id)
  if (dryRun && summariser !== null) await rehearsal.addSummaries(summariser, toSumUp, vocabularyOf)
  else if (!dryRun) {
    const tell: IngestTally['summedUp'] = (fate) => tally.summedUp(fate)
    await summariseDocuments(store, toSumUp, { engine: summariser, vocabularyOf, ask, once, signal: stopped, tell })
  }
  for (const id of dryRun ? [] : await store.missingDocuments([...paths.keys()])) forgotten.add(id)
  for (const id of forgotten) tally.documents.forgotten(paths.get(id) ?? id)
  await tellUnsupported(parts)
  if (!dryRun) await compareLinks(parts, signal)
  if (dryRun && options.judge != null) await rehearsal.addPairs(options.judge, tally.wrote, stopped)
  if (dryRun) tally.planned(rehearsal.plan.summary(concurrency, account.prices.currency))
  if (account.budget !== null) tally.budget(account.budget)
  if (account.stopped !== null) tally.stop(account.stopped)
  if (signal.aborted) tally.interrupted(await store.database.read(findWaiting))
  const summary = tally.summary()
  if (tally.wrote && !dryRun) {
    const remarked = new Map([...paths].filter(([, path]) => tally.remarksOn(path)))
    await store.endRun({ ...run, finishedAt: new Date().toISOString(), summary: JSON.stringify(summary) }, remarked)
  }
  return summary
}

/**
 * Whether a document may need another summary though nothing of it is read now. One that has not changed was read whole: that
 * is looked at once, with its first chunk.
 */
function isToSumUp({ chunk, stored, route }: Task, engine: Engine | null, isFirst: boolean): boolean {
  if (stored === undefined) return chunk.about !== undefined
  const summariser = engine === null ? null : { engine, vocabulary: route.schema.labels }
  return isFirst && summaryWaiting(stored.document, stored.chunks, summariser) !== null
}

/** Only now that all has been read is it known what nobody says any more. */
async function tellUnsupported({ store, tally }: TakeInParts): Promise<void> {
  for (const id of tally.support.lost) {
    const link = await store.link(id)
    if (link?.unsupported === true) tally.support.unsupported(link)
  }
}

/** What cannot hold beside what else there is by now; an interrupted run leaves it to the next. */
async function compareLinks({ store, tally }: TakeInParts, signal: AbortSignal): Promise<void> {
  await store.compareLinks({
    changed: (change) => tally.conflicts.changed(change),
    crowded: (slot) => tally.conflicts.crowded(slot),
    signal,
  })
}

/** What earlier replies took is looked up only where something is made of it: it takes a pass over all of them. */
async function openAccount(
  { store, tally }: TakeInParts,
  { prices = NO_PRICES, budget = null, dryRun }: IngestOptions,
): Promise<Account> {
  const earlier = dryRun || budget !== null ? await store.replyGroups() : []
  return new Account({ prices, budget, earlier, onPaid: (reply) => tally.paid(reply) })
}

/** So that its replies can be taken again without whoever knows what was looked for. */
function createKeepSchema(store: TakeInParts['store']) {
  const kept = new Map<string, Promise<void>>()
  return ({ fingerprint, route }: Pick<ChunkRequest, 'fingerprint' | 'route'>): Promise<void> => {
    const keeping = kept.get(fingerprint) ?? store.keepSchema(fingerprint, route.schema)
    kept.set(fingerprint, keeping)
    return keeping
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

/** What is left when the run is to end is not begun. */
function* whileRunning<T>(items: readonly T[], signal: AbortSignal, left: (count: number) => void): Generator<T> {
  for (const [at, item] of items.entries()) {
    if (signal.aborted) return left(items.length - at)
    yield item
  }
}

async function* mapped<T, U>(items: AsyncIterable<T>, map: (item: T) => U): AsyncGenerator<U> {
  for await (const item of items) yield map(item)
}
