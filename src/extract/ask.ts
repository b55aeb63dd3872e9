import { type Engine, type EngineRequest, isCounted } from '../engines/engine.ts'
import { EngineError } from '../model/errors.ts'
import { contentId } from '../model/ids.ts'
import { askedPart } from '../model/link-rules.ts'
import type { Reply, StepName } from '../model/reply.ts'
import type { Schema } from '../model/schema.ts'
import type { Examples } from './examples.ts'
import { brokenOff, hear, nothingHeard, toReply } from './heard.ts'
import { NO_JOURNAL, type Journal, type JournalEntry, type ReplyHead } from './journal.ts'
import { promptFacts, type PromptFacts } from './prompt-facts.ts'

/**
 * What decides whether a chunk has to be asked about again. The known names and the prompt's words do not, nor what the
 * schema says of contradictions, nor how long a reply may be: that matters to those only that were cut, see `DoneMark`.
 */
export function engineFingerprint(engine: Engine, schema: Schema, examples: Pick<Examples, 'hash'> | null): string {
  const { maxOutputTokens: _, ...parameters } = engine.parameters
  const asked = [engine.name, engine.model, canonical(parameters), canonical(askedPart(schema))]
  return contentId('fingerprint', ...asked, ...(examples === null ? [] : [examples.hash]))
}

/** What a reply is taken for by another schema than it was asked with, without its engine. */
export function retakenFingerprint(askedFor: string, schema: Schema): string {
  return contentId('fingerprint', 'retaken', askedFor, canonical(askedPart(schema)))
}

/** Whether the same comes of replies by either: what contradicts what is no part of it. Null: nobody knows the one. */
export function isSameSchema(one: Schema | null, other: Schema): boolean {
  return one !== null && canonical(askedPart(one)) === canonical(askedPart(other))
}

export function alignerFingerprint({ name, model, parameters }: Engine): string {
  return contentId('fingerprint', 'alignment', name, model, canonical(parameters))
}

/** The same of who takes a further step of reading a chunk. */
export function stepFingerprint({ name, model, parameters }: Engine, step: StepName): string {
  return contentId('fingerprint', 'step', step, name, model, canonical(parameters))
}

/** By this a further step's reply is found again: `after` is what it follows, or who is asked; `part` what tells it from others. */
export function hashStep(step: StepName, after: string, part: string): string {
  return contentId('request', 'step', step, after, part)
}

/** By this the reply is found again, without the engine too. */
export function hashAlignment(aligner: string, prompt: string): string {
  return contentId('request', 'alignment', aligner, prompt)
}

/** The same of who judges whether two names are one thing. */
export function judgeFingerprint({ name, model, parameters }: Engine): string {
  return contentId('fingerprint', 'identity', name, model, canonical(parameters))
}

/** The same of who makes vectors of names. */
export function embeddingFingerprint({ name, model, parameters }: Engine): string {
  return contentId('fingerprint', 'embedding', name, model, canonical(parameters))
}

/** The same of who says what a document says. */
export function summariserFingerprint({ name, model, parameters }: Engine): string {
  return contentId('fingerprint', 'summary', name, model, canonical(parameters))
}

export function hashSummary(summariser: string, prompt: string): string {
  return contentId('request', 'summary', summariser, prompt)
}

/** Of these chunks: with the same words elsewhere, other things may be meant. */
export function hashIdentity(judge: string, prompt: string, chunkIds: readonly string[]): string {
  return contentId('request', 'identity', judge, prompt, ...chunkIds)
}

/** `prompt` without the known names: what the graph happens to know by then does not make it another request. */
export function hashRequest(engine: Engine, prompt: string): string {
  return contentId('request', engine.name, engine.model, canonical(engine.parameters), prompt)
}

export interface Asked {
  readonly reply: Reply
  /** Why it broke off; the reply then holds what had arrived, and may be empty. */
  readonly error: EngineError | null
  /** To be dropped once the reply is in the store. */
  readonly entry: JournalEntry
}

/** Whether anything came of it that is to be kept: words, or only the tokens that it took. */
export function hasArrived({ reasoning, content, usage }: Reply): boolean {
  return reasoning !== '' || content !== '' || isCounted(usage)
}

export interface AskContext extends Omit<ReplyHead, 'engine' | 'model' | keyof PromptFacts> {
  readonly journal: Journal
}

/**
 * Asks an engine and collects its stream into a reply, whole or partial; the journal has each word as soon as it is
 * heard. Throws nothing that a stream can throw.
 */
export async function ask(
  engine: Engine,
  request: EngineRequest,
  { journal, ...context }: AskContext,
  signal: AbortSignal,
): Promise<Asked> {
  const started = Date.now()
  const facts = context.purpose === undefined ? promptFacts(request) : {}
  const head = { ...context, ...facts, engine: engine.name, model: engine.model }
  // What needs no model is not paid for, so it need not be kept before it is stored.
  const entry = (engine.offline ? NO_JOURNAL : journal).begin(head)
  let heard = nothingHeard(engine.model)
  let error: EngineError | null = null
  try {
    for await (const event of engine.reason(request, signal)) {
      entry.note(event)
      heard = hear(heard, event)
    }
    if (heard.finish === 'failed') error = broken(engine, 'the reply ended without a finish', undefined)
  } catch (cause) {
    error = cause instanceof EngineError ? cause : broken(engine, 'the reply broke off', cause)
    heard = brokenOff(heard, signal.aborted ? 'aborted' : 'failed')
  }
  entry.end(heard.finish)
  return { reply: toReply(head, heard, { at: new Date(), milliseconds: Date.now() - started }), error, entry }
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
