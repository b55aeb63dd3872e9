import type { Engine, EngineRequest } from '../engines/engine.ts'
import { NO_USAGE } from '../engines/engine.ts'
import type { Chunk } from '../model/chunk.ts'
import { EngineError } from '../model/errors.ts'
import { contentId } from '../model/ids.ts'
import type { FinishReason, Reply } from '../model/reply.ts'
import type { Schema } from '../model/schema.ts'

/** What decides whether a chunk has to be asked about again; the known names and the prompt's words do not. */
export function engineFingerprint(engine: Engine, schema: Schema): string {
  return contentId('fingerprint', engine.name, engine.model, canonical(engine.parameters), canonical(schema))
}

/** `prompt` without the known names: what the graph happens to know by then does not make it another request. */
export function hashRequest(engine: Engine, prompt: string): string {
  return contentId('request', engine.name, engine.model, canonical(engine.parameters), prompt)
}

/** A reply's id is made from all that it says: two answers to one request are two replies, a partial one is another. */
export function replyId(
  requestHash: string,
  chunkId: string,
  { reasoning, content, finish }: Pick<Reply, 'reasoning' | 'content' | 'finish'>,
): string {
  return contentId('reply', requestHash, chunkId, reasoning, content, finish)
}

export interface Asked {
  readonly reply: Reply
  /** Why it broke off; the reply then holds what had arrived, and may be empty. */
  readonly error: EngineError | null
}

export interface AskContext {
  readonly chunk: Chunk
  readonly fingerprint: string
  readonly requestHash: string
  readonly runId: string
}

/** Asks an engine and collects its stream into a reply, whole or partial. Throws nothing that a stream can throw. */
export async function ask(
  engine: Engine,
  request: EngineRequest,
  context: AskContext,
  signal: AbortSignal,
): Promise<Asked> {
  const started = Date.now()
  let reasoning = ''
  let content = ''
  let finish: FinishReason = 'failed'
  let usage = NO_USAGE
  let model = engine.model
  let traceKind: Reply['traceKind'] = 'none'
  /** Whether the engine itself has said what the reasoning is. */
  let isTold = false
  let error: EngineError | null = null
  try {
    for await (const event of engine.reason(request, signal)) {
      if (event.type === 'reasoning-delta') reasoning += event.text
      else if (event.type === 'answer-delta') content += event.text
      else {
        ;({ usage, model, traceKind } = event)
        isTold = true
        if (event.type === 'finish') finish = event.reason
      }
    }
    if (finish === 'failed') error = broken(engine, 'the reply ended without a finish', undefined)
  } catch (cause) {
    error = cause instanceof EngineError ? cause : broken(engine, 'the reply broke off', cause)
    finish = signal.aborted ? 'aborted' : 'failed'
    if (!isTold && reasoning !== '') traceKind = 'raw'
  }
  const at = new Date().toISOString()
  const { chunk, fingerprint, requestHash, runId } = context
  const reply: Reply = {
    id: replyId(requestHash, chunk.id, { reasoning, content, finish }),
    requestHash,
    chunkId: chunk.id,
    fingerprint,
    engine: engine.name,
    model,
    traceKind,
    reasoning,
    content,
    finish,
    usage,
    cost: null,
    at,
    milliseconds: Date.now() - started,
    runId,
  }
  return { reply, error }
}

function broken(engine: Engine, message: string, cause: unknown): EngineError {
  return new EngineError('broken-reply', `${engine.name} ${engine.model}: ${message}`, {
    engine: engine.name,
    retryable: true,
    hint: 'What had arrived is kept; the next run asks again.',
    cause,
  })
}

/** JSON with sorted keys, so that the same settings give the same hash whatever their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
