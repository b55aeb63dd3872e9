import type { Account } from './account.ts'
import { findPart, partsOf } from './align-reply.ts'
import { findStep, stepRequest, whoTakes, type StepRequest } from './ask-step.ts'
import { effortOf } from './done.ts'
import { findForNothing, withKnownNames, type ChunkRequest } from './get-reply.ts'
import { likelySteps, type Sizes } from './likely-steps.ts'
import { createTakeSteps } from './take-steps.ts'
import type { Engine } from '../engines/engine.ts'
import { alignerFingerprint, hashAlignment } from '../extract/ask.ts'
import { alignmentInput } from '../extract/extract.ts'
import { LINK_STEPS, type Reply, type StepName } from '../model/reply.ts'
import { estimateTokens } from '../model/tokens.ts'
import type { Forecast } from '../money/plan.ts'
import type { StoredReply } from '../store/reply-records.ts'
import type { Store } from '../store/store.ts'

/** A request that may be made about a chunk, and what it is likely to take. */
export interface LikelyCall {
  readonly engine: Engine
  readonly forecast: Forecast
  /** What it takes at least; absent: the same. */
  readonly least?: Forecast
  /** It is made if all replies before it can be read; else only where it is called for. */
  readonly isSure: boolean
  readonly isStep: boolean
  /** Of one whose words are known: by this it is known for the same when it is planned for another chunk. */
  readonly requestHash?: string
}

/** All that may be asked about a chunk by one engine. */
export interface Outline {
  readonly request: ChunkRequest
  /** The reply to the first request, where it is there. */
  readonly paid: StoredReply | null
  /** The first request goes first, where there is no reply. */
  readonly calls: readonly LikelyCall[]
  /** Whether anything is left to do about the chunk. */
  readonly isLeft: boolean
}

/** Finds out what may be asked about a chunk; asks nothing. */
export function createOutline(store: Store, account: Account): (request: ChunkRequest) => Promise<Outline> {
  return async (request) => {
    const paid = await findForNothing(store, request)
    const { chunk, route } = request
    if (paid === null) {
      const first = await forecastFirst(request)
      const call = { engine: route.engine, forecast: first, isSure: true, isStep: false }
      const sizes = sizesOf(request, first, first.output - first.reasoning)
      const calls = [call, ...alignmentOf(request, first), ...stepsAfter(request, sizes, first)]
      return { request, paid, calls, isLeft: true }
    }
    const steps = await stepsFrom(request, paid)
    const calls = [...(await alignmentFor(request, paid)), ...steps.calls]
    // A reply about the chunk itself is in the graph: it moved with its document, or comes back with it.
    return { request, paid, calls, isLeft: steps.areLeft || paid.chunkId !== chunk.id }
  }

  async function forecastFirst(request: ChunkRequest): Promise<Forecast> {
    const { prompt } = await withKnownNames(store, request)
    return account.forecast({ engine: request.route.engine, fingerprint: request.fingerprint, prompt })
  }

  /** Those that the replies which are there call for, and all that may follow them. */
  async function stepsFrom(
    request: ChunkRequest,
    reply: StoredReply,
  ): Promise<{ readonly calls: readonly LikelyCall[]; readonly areLeft: boolean }> {
    const { level } = effortOf(request.route)
    if (level === 'quick') return { calls: [], areLeft: false }
    const answer = estimateTokens(reply.content)
    const expected = await forecastFirst(request)
    const first = { ...expected, output: Math.max(expected.output, answer + estimateTokens(reply.reasoning)) }
    const sizes = sizesOf(request, first, answer)
    const calls: LikelyCall[] = []
    let last: StepName | undefined
    const takeSteps = createTakeSteps(store, async (_, step) => {
      const wanted = stepRequest(request, step)
      const found = await findStep(store, request, wanted)
      if (found !== null) return { how: 'reused', reply: found }
      const { prompt } = step
      const input = 'whole' in prompt ? estimateTokens(prompt.whole) : sizes.prompt + estimateTokens(prompt.behind)
      const { requestHash } = wanted
      calls.push(...callsOf(request, wanted, { name: step.name, input, isSure: true }, first, requestHash))
      last = step.name
      return { how: 'left' }
    })
    await takeSteps(request, { how: 'reused', reply })
    // Whether it contradicts the graph is asked last, and how often the graph will say then.
    last ??= level === 'thorough' ? 'counterfactual' : undefined
    const later = last === undefined ? [] : stepsAfter(request, sizes, first, last)
    return { calls: [...calls, ...later], areLeft: last !== undefined }
  }

  function stepsAfter(request: ChunkRequest, sizes: Sizes, first: Forecast, after?: StepName): LikelyCall[] {
    return likelySteps(effortOf(request.route), sizes, after).flatMap((step) =>
      callsOf(request, whoTakes(request, step.name), step, first),
    )
  }

  /**
   * A step, and what aligns its trace. Where nobody has taken such a step yet, its reply is as long as the first one at most,
   * and it may be a word; only a sample is the first request once more.
   */
  function callsOf(
    request: ChunkRequest,
    { engine, fingerprint }: Pick<StepRequest, 'engine' | 'fingerprint'>,
    { name, input, isSure }: { readonly name: StepName; readonly input: number; readonly isSure: boolean },
    first: Forecast,
    requestHash?: string,
  ): LikelyCall[] {
    if (engine.offline) return []
    const step = { engine, fingerprint, prompt: '' }
    const forecast = account.forecast(step, { input, unseen: first.output })
    const least = name === 'sample' ? {} : { least: account.forecast(step, { input, unseen: 0 }) }
    const known = requestHash === undefined ? {} : { requestHash }
    const call = { engine, forecast, ...least, isSure, isStep: true, ...known }
    return [call, ...(LINK_STEPS.has(name) ? alignmentOf(request, forecast, isSure) : [])]
  }

  /** Of a reply that is yet to come: one request, as long as what is likely to be thought and answered. */
  function alignmentOf({ route }: ChunkRequest, { output: input }: Forecast, isSure = true): LikelyCall[] {
    const { aligner: engine = null } = route
    if (engine === null || route.engine.offline) return []
    const forecast = account.forecast({ engine, fingerprint: alignerFingerprint(engine), prompt: '' }, { input })
    return [{ engine, forecast, isSure, isStep: false }]
  }

  /** Of a reply that is there: the requests by which its trace will be aligned. */
  async function alignmentFor({ route, chunk }: ChunkRequest, reply: Reply): Promise<LikelyCall[]> {
    const { aligner: engine = null } = route
    if (engine === null) return []
    const fingerprint = alignerFingerprint(engine)
    const calls: LikelyCall[] = []
    for (const { prompt } of partsOf(reply, alignmentInput(reply, chunk))) {
      const requestHash = hashAlignment(fingerprint, prompt)
      if ((await findPart(store, requestHash)) !== null) continue
      const forecast = account.forecast({ engine, fingerprint, prompt })
      calls.push({ engine, forecast, isSure: true, isStep: false, requestHash })
    }
    return calls
  }
}

function sizesOf({ chunk }: ChunkRequest, { input: prompt }: Forecast, answer: number): Sizes {
  return { prompt, chunk: estimateTokens(chunk.text), answer }
}
