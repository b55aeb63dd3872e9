import { setImmediate as othersFirst } from 'node:timers/promises'
import type { createAskOnce } from './ask-once.ts'
import type { Ask } from './ask-paid.ts'
import { withKnownNames, type ChunkRequest } from './get-reply.ts'
import type { Engine, EngineRequest } from '../engines/engine.ts'
import { hasArrived, hashStep, stepFingerprint } from '../extract/ask.ts'
import type { EngineError } from '../model/errors.ts'
import type { Note } from '../model/note.ts'
import { besideChunk, isWhole, type Reply, type ReplyPlace, type StepName } from '../model/reply.ts'
import type { WantedStep } from '../reading/wanted-step.ts'
import type { Store } from '../store/store.ts'

/**
 * What came of a further request about a chunk. `left`: it was not made, because the run, its limit or its budget ends
 * here. `forgotten`: the document is not in the store any more.
 */
export type StepAnswer =
  | { readonly how: 'reused' | 'asked'; readonly reply: Reply }
  | { readonly how: 'failed'; readonly error: EngineError }
  | { readonly how: 'left' }
  | { readonly how: 'forgotten' }

/** Of a step that could not be asked for: it costs itself only. */
export function failedNote(name: StepName, error: EngineError): Note {
  return { code: STEP_FAILED, message: `${name} could not be asked: ${error.message}` }
}

const STEP_FAILED = 'step-failed'

/** It stays with the reading, though reading its replies again does not say it. */
export function outlastsReading({ code, where }: Note): boolean {
  return code === STEP_FAILED || where === 'contradiction'
}

/** A step with who is asked, and by what its reply is found again. */
export interface StepRequest {
  readonly step: WantedStep
  readonly engine: Engine
  readonly fingerprint: string
  readonly requestHash: string
}

/** Of what is about another chunk too, neither may be another one: with the same words elsewhere, other things may be meant. */
export function stepRequest(request: ChunkRequest, step: WantedStep, beside?: ReplyPlace): StepRequest {
  const { engine, fingerprint } = whoTakes(request, step.name)
  const after = 'whole' in step.prompt ? fingerprint : request.requestHash
  const part = beside === undefined ? step.part : partBeside(step.part, request, beside)
  return { step, engine, fingerprint, requestHash: hashStep(step.name, after, part) }
}

function partBeside(part: string, { chunk }: ChunkRequest, { chunkId }: ReplyPlace): string {
  return `${part}\n${chunk.id} ${chunkId}`
}

/** Of some chunks those beside which a step has been asked about already, by what it has as its part. */
export async function askedBeside(
  store: Store,
  request: ChunkRequest,
  { name, part }: Pick<WantedStep, 'name' | 'part'>,
  chunks: readonly ReplyPlace[],
): Promise<ReadonlySet<string>> {
  const replies = await store.repliesAbout(request.chunk.id, purposeOf(name) ?? 'links')
  const known = new Set(replies.filter(({ finish }) => isWhole(finish)).map(({ requestHash }) => requestHash))
  const { fingerprint } = whoTakes(request, name)
  const asked = chunks.filter((beside) => known.has(hashStep(name, fingerprint, partBeside(part, request, beside))))
  return new Set(asked.map(({ chunkId }) => chunkId))
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

const CHECKING: ReadonlySet<StepName> = new Set(['verification', 'counterfactual', 'contradiction'])

function purposeOf(name: StepName): Reply['purpose'] {
  if (name === 're-ask') return undefined
  return name === 'contradiction' ? name : 'step'
}

/** A whole reply to just this request, and to the same answer before it; one about the chunk before one about another with the same words. */
export async function findStep(store: Store, { chunk }: ChunkRequest, { step, requestHash }: StepRequest) {
  const purpose = purposeOf(step.name) ?? 'links'
  const [about, alike] = await Promise.all([
    store.repliesAbout(chunk.id, purpose),
    store.repliesTo(requestHash, purpose),
  ])
  const isIt = (reply: Reply): boolean =>
    reply.requestHash === requestHash && isWhole(reply.finish) && reply.at >= (step.since ?? '')
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
): (request: ChunkRequest, step: WantedStep, beside?: ReplyPlace) => Promise<StepAnswer> {
  const refusing = new Map<Engine, EngineError>()

  async function find(request: ChunkRequest, wanted: StepRequest, beside?: ReplyPlace): Promise<StepAnswer | null> {
    const found = await findStep(store, request, wanted)
    if (found === null) return null
    const { id: chunkId, documentId } = request.chunk
    if (found.chunkId === chunkId) {
      // A run that was killed may have put it beside one of the two only.
      const isKept = beside === undefined || (await store.saveReply(found, beside))
      return isKept ? { how: 'reused', reply: found } : { how: 'forgotten' }
    }
    const reply = { ...besideChunk(found, { chunkId, documentId }), runId }
    return (await store.saveReply(reply)) ? { how: 'reused', reply } : { how: 'forgotten' }
  }

  async function make(request: ChunkRequest, wanted: StepRequest, beside?: ReplyPlace): Promise<StepAnswer> {
    const { engine, step, fingerprint, requestHash } = wanted
    const refusal = refusing.get(engine)
    if (refusal !== undefined) return { how: 'failed', error: refusal }
    const { id: chunkId, documentId } = request.chunk
    const { name, because } = step
    const purpose = purposeOf(name)
    const route = request.routed === undefined ? {} : { route: request.routed.taken }
    const about = { chunkId, documentId, ...(purpose && { purpose }), ...(beside && { beside }), ...route }
    const order = { engine, requestHash, fingerprint, ...about, step: { name, because } }
    const asked = await ask(order, () => write(request, step))
    if (asked === null) return { how: 'left' }
    const { reply, error, entry } = asked
    if (error === null) await othersFirst()
    const isKept = error === null || hasArrived(reply) ? await store.saveReply(reply, beside) : true
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

  return async (request, step, beside) => {
    const wanted = stepRequest(request, step, beside)
    const isFree = wanted.engine.offline ?? false
    const own = { find: () => find(request, wanted, beside), make: () => make(request, wanted, beside) }
    return (await once({ hash: wanted.requestHash, isFree, ...own })) ?? { how: 'left' }
  }
}
