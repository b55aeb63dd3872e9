import type { Account } from './account.ts'
import { findPaidPair, pairRequest } from './ask-about-pairs.ts'
import { findPart, partsOf } from './align-reply.ts'
import { pairToAskAbout } from './judge-pairs.ts'
import type { Engine } from '../engines/engine.ts'
import { alignerFingerprint, hashAlignment, judgeFingerprint, summariserFingerprint } from '../extract/ask.ts'
import { alignmentInput } from '../extract/extract.ts'
import { findStep, stepRequest, whoTakes, type StepRequest } from './ask-step.ts'
import { effortOf } from './done.ts'
import { findForNothing, withKnownNames, type ChunkRequest } from './get-reply.ts'
import { createTakeSteps } from './take-steps.ts'
import type { Reply, StepName } from '../model/reply.ts'
import type { LabelVocabulary } from '../model/vocabulary.ts'
import { findPaidSummary, summaryRequest, summaryWaiting } from '../labels/waiting.ts'
import { Plan, type Forecast } from '../money/plan.ts'
import { mostSteps } from '../reading/next-steps.ts'
import type { Store } from '../store/store.ts'

/** What a dry run does in the place of asking: finds out which requests would be made, and what they are likely to take. */
export function createRehearsal(
  store: Store,
  account: Account,
  limit: number,
): {
  readonly plan: Plan
  /** Whether anything is left to do about the chunk. */
  readonly add: (request: ChunkRequest) => Promise<boolean>
  /** After all chunks; `isChange`: documents came, changed or went, so that names will be judged anew. */
  readonly addPairs: (engine: Engine, isChange: boolean, signal: AbortSignal) => Promise<void>
  /** After all chunks: of these documents, whose chunks were read or are to be. */
  readonly addSummaries: (
    engine: Engine,
    documentIds: Iterable<string>,
    vocabularyOf: (documentId: string) => LabelVocabulary | undefined,
  ) => Promise<void>
} {
  const plan = new Plan()
  const planned = new Set<string>()
  /** Documents of which chunks will be read, and how many. */
  const asked = new Map<string, number>()

  async function add(request: ChunkRequest): Promise<boolean> {
    const { requestHash, fingerprint, route, chunk, question } = request
    const paid = await findForNothing(store, request)
    const isPlanned = planned.has(requestHash)
    planned.add(requestHash)
    if (paid !== null || isPlanned) plan.reuse()
    if (paid !== null) await addAlignment(request, paid)
    // A reply about the chunk itself is in the graph: it moved with its document, or comes back with it.
    if (paid !== null) return (await addSteps(request, paid)) || paid.chunkId !== chunk.id
    asked.set(chunk.documentId, (asked.get(chunk.documentId) ?? 0) + 1)
    if (isPlanned) return true
    const { prompt } = await withKnownNames(store, request)
    const forecast = account.forecast({ engine: route.engine, fingerprint, prompt })
    if (plan.calls < limit) {
      plan.call(route.engine, forecast)
      if (chunk.replies.length > 0 && chunk.state !== 'failed') plan.again()
      if (route.examples !== undefined) plan.examples(question.examples !== undefined)
    }
    if (!route.engine.offline) addLikelyAlignment(request, forecast)
    addPossibleSteps(request, forecast.input)
    return true
  }

  /** Whether there are any to be taken: those that what is there calls for, and all that may follow them. */
  async function addSteps(request: ChunkRequest, reply: Reply): Promise<boolean> {
    const asked: StepName[] = []
    const { input } = account.forecast({ engine: request.route.engine, fingerprint: '', prompt: request.chunk.text })
    const takeSteps = createTakeSteps(store, async (_, step) => {
      const wanted = stepRequest(request, step)
      const found = await findStep(store, request, wanted)
      if (found !== null) return { how: 'reused', reply: found }
      if (!planned.has(wanted.requestHash)) addStep(wanted, input)
      planned.add(wanted.requestHash)
      asked.push(step.name)
      return { how: 'left' }
    })
    await takeSteps(request, { how: 'reused', reply })
    // Whether it contradicts the graph is asked last, and how often the graph will say then.
    const last = asked.at(-1) ?? (effortOf(request.route).level === 'thorough' ? 'counterfactual' : undefined)
    if (last !== undefined) addPossibleSteps(request, input, last)
    return last !== undefined
  }

  /** Of a reply that is yet to come, or after a step that is: all that there can be. */
  function addPossibleSteps(request: ChunkRequest, input: number, after?: StepName): void {
    const most = mostSteps(effortOf(request.route))
    const later = most.slice(most.findIndex(([name]) => name === after) + 1)
    for (const [name, requests] of later)
      for (let count = 0; count < requests; count++) addStep(whoTakes(request, name), input)
  }

  function addStep({ engine, fingerprint }: Pick<StepRequest, 'engine' | 'fingerprint'>, input: number): void {
    if (plan.calls >= limit || engine.offline) return
    plan.call(engine, account.forecast({ engine, fingerprint, prompt: '' }, input))
    plan.step()
  }

  /** Of a reply that is there: the requests by which its trace will be aligned. */
  async function addAlignment({ route: { aligner: engine = null }, chunk }: ChunkRequest, reply: Reply): Promise<void> {
    if (engine === null) return
    const fingerprint = alignerFingerprint(engine)
    for (const { prompt } of partsOf(reply, alignmentInput(reply, chunk))) {
      const requestHash = hashAlignment(fingerprint, prompt)
      if (planned.has(requestHash) || plan.calls >= limit) continue
      planned.add(requestHash)
      const known = await findPart(store, requestHash)
      if (known === null) plan.call(engine, account.forecast({ engine, fingerprint, prompt }))
    }
  }

  /** Of a reply that is yet to come: one request, as long as what is likely to be thought and answered. */
  function addLikelyAlignment({ route: { aligner: engine = null } }: ChunkRequest, { output }: Forecast): void {
    if (engine === null || plan.calls >= limit) return
    plan.call(engine, account.forecast({ engine, fingerprint: alignerFingerprint(engine), prompt: '' }, output))
  }

  /**
   * Pairs of names that wait in the store, each as if it were still there when its turn comes. Which names chunks will
   * bring nobody knows before they are read: for those there is no more than the limit of the run.
   */
  async function addPairs(engine: Engine, isChange: boolean, signal: AbortSignal): Promise<void> {
    const room = limit - plan.calls
    const areMoreToCome = isChange || plan.requests > 0 || (await store.unresolved(1)).length > 0
    let waiting = 0
    for await (const link of store.identityLinks()) {
      if (signal.aborted) return
      const pair = await pairToAskAbout(store, link, engine)
      if (pair === null || pair === 'known') continue
      const request = pairRequest(pair, judgeFingerprint(engine))
      if (planned.has(request.requestHash) || (await findPaidPair(store, request)) !== null) continue
      planned.add(request.requestHash)
      waiting++
      if (waiting > room) continue
      const { fingerprint, prompt } = request
      plan.call(engine, account.forecast({ engine, fingerprint, prompt }))
    }
    const most = areMoreToCome ? room : Math.min(waiting, room)
    plan.pairs({ waiting, most: most === Infinity ? null : most })
  }

  /** One request for each document; of one whose chunks are yet to be read, two sentences are assumed of each. */
  async function addSummaries(
    engine: Engine,
    documentIds: Iterable<string>,
    vocabularyOf: (documentId: string) => LabelVocabulary | undefined,
  ): Promise<void> {
    const fingerprint = summariserFingerprint(engine)
    for (const id of documentIds) {
      if (plan.calls >= limit) return
      const summariser = { engine, vocabulary: vocabularyOf(id) }
      const document = await store.document(id)
      const chunks = document === null ? [] : await store.chunks(id)
      const waiting = document === null ? null : summaryWaiting(document, chunks, summariser)
      const isRead = chunks.length > 0 && chunks.every(({ replies }) => replies.length > 0)
      if (waiting === null && isRead && !asked.has(id)) continue
      let request: ReturnType<typeof summaryRequest> | null = null
      if (document !== null && waiting !== null) {
        request = summaryRequest(document, waiting.parts, summariser)
        const { requestHash } = request
        if ((await findPaidSummary(store, document, { of: waiting.of, requestHash })) !== null) continue
      }
      plan.call(
        engine,
        account.forecast({ engine, fingerprint, prompt: request?.prompt ?? likelyPrompt(asked.get(id) ?? 0) }),
      )
    }
  }

  return { plan, add, addPairs, addSummaries }
}

/** As long as a document's summary is likely to be asked for. */
function likelyPrompt(chunks: number): string {
  return ' '.repeat(SUMMARY_WORDS + chunks * SUMMARY_OF_CHUNK)
}

/** Characters of whygraph's own words, and of what is said of a chunk. */
const SUMMARY_WORDS = 500
const SUMMARY_OF_CHUNK = 200
