import { setImmediate as othersFirst } from 'node:timers/promises'
import type { createAskOnce } from './ask-once.ts'
import type { Ask } from './ask-paid.ts'
import { withKnownNames, type ChunkRequest } from './get-reply.ts'
import type { Engine, EngineRequest } from '../engines/engine.ts'
import { hasArrived, hashStep, stepFingerprint } from '../extract/ask.ts'
import type { EngineError } from '../model/errors.ts'
import { besideChunk, isWhole, type Reply, type StepName } from '../model/reply.ts'
import type { WantedStep } from '../reading/wanted-step.ts'
import type { Store } from '../store/store.ts'

/**
 * What came of a further request about a chunk. `left`: it was not made, because the run, its limit or its budget ends
 * here. `forgotten`: the document is not in the store any more.
 */
export type StepAnswer =
  | { readonly how: 'reused' | 'asked'; readonly reply: Reply }
  | { readonly how: 'failed'; readonly error: EngineError }
  | { readonly how: 'left' | 'forgotten' }

/** A step with who is asked, and by what its reply is found again. */
export interface StepRequest {
  readonly step: WantedStep
  readonly engine: Engine
  readonly fingerprint: string
  readonly requestHash: string
}

export function stepRequest(request: ChunkRequest, step: WantedStep): StepRequest {
  const { engine, fingerprint } = whoTakes(request, step.name)
  const after = 'whole' in step.prompt ? fingerprint : request.requestHash
  return { step, engine, fingerprint, requestHash: hashStep(step.name, after, step.part) }
}

/** Who is asked for a step, and the hash of who that is. */
export function whoTakes(
  { route, fingerprint }: ChunkRequest,
  name: StepName,
): Pick<StepRequest, 'engine' | 'fingerprint'> {
  const engine = (CHECKING.has(name) ? route.effort?.verifier : null) ?? route.engine
  // What takes the place of the first answer is known by what that is known by.
  return { engine, fingerprint: name === 're-ask' ? fingerprint : stepFingerprint(engine, name) }
}

const CHECKING: ReadonlySet<StepName> = new Set(['verification', 'counterfactual'])

/** A whole reply to just this request, one about the chunk before one about another with the same words. */
export async function findStep(store: Store, { chunk }: ChunkRequest, { step, requestHash }: StepRequest) {
  const purpose = step.name === 're-ask' ? ('links' as const) : ('step' as const)
  const [about, alike] = await Promise.all([
    store.repliesAbout(chunk.id, purpose),
    store.repliesTo(requestHash, purpose),
  ])
  const isIt = (reply: Reply): boolean => reply.requestHash === requestHash && isWhole(reply.finish)
  return about.findLast(isIt) ?? alike.find(isIt) ?? null
}

/**
 * Asks what a further step of reading a chunk asks. Its reply is in the journal as it comes and stored beside the chunk
 * before anything is made of it, found again by its request, and not paid twice.
 */
export function createAskStep(
  store: Store,
  ask: Ask,
  once: ReturnType<typeof createAskOnce>,
  { runId, signal }: { readonly runId: string; readonly signal: AbortSignal },
): (request: ChunkRequest, step: WantedStep) => Promise<StepAnswer> {
  const refusing = new Map<Engine, EngineError>()

  async function find(request: ChunkRequest, wanted: StepRequest): Promise<StepAnswer | null> {
    const found = await findStep(store, request, wanted)
    if (found === null) return null
    const { id: chunkId, documentId } = request.chunk
    if (found.chunkId === chunkId) return { how: 'reused', reply: found }
    const reply = { ...besideChunk(found, { chunkId, documentId }), runId }
    return (await store.saveReply(reply)) ? { how: 'reused', reply } : { how: 'forgotten' }
  }

  async function make(request: ChunkRequest, wanted: StepRequest): Promise<StepAnswer> {
    const { engine, step, fingerprint, requestHash } = wanted
    const refusal = refusing.get(engine)
    if (refusal !== undefined) return { how: 'failed', error: refusal }
    const { id: chunkId, documentId } = request.chunk
    const { name, because } = step
    const purpose = name === 're-ask' ? {} : { purpose: 'step' as const }
    const route = request.routed === undefined ? {} : { route: request.routed.taken }
    const about = { engine, chunkId, documentId, requestHash, fingerprint, ...purpose, ...route }
    const order = { ...about, step: { name, because } }
    const asked = await ask(order, () => write(request, step))
    if (asked === null) return { how: 'left' }
    const { reply, error, entry } = asked
    if (error === null) await othersFirst()
    const isKept = error === null || hasArrived(reply) ? await store.saveReply(reply) : true
    entry.drop()
    if (!isKept) return { how: 'forgotten' }
    if (error === null) return { how: 'asked', reply }
    if (error.fatal) refusing.set(engine, error)
    return signal.aborted ? { how: 'left' } : { how: 'failed', error }
  }

  async function write(request: ChunkRequest, { prompt }: WantedStep): Promise<EngineRequest> {
    if ('whole' in prompt) return { question: request.question, prompt: prompt.whole }
    const first = await withKnownNames(store, request)
    return {
      question: first.question,
      prompt: [first.prompt, prompt.behind].filter((part) => part !== '').join('\n\n'),
    }
  }

  return async (request, step) => {
    const wanted = stepRequest(request, step)
    const isFree = wanted.engine.offline ?? false
    const own = { find: () => find(request, wanted), make: () => make(request, wanted) }
    return (await once({ hash: wanted.requestHash, isFree, ...own })) ?? { how: 'left' }
  }
}
