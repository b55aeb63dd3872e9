import type { TraceKind, Usage } from '../../model/reply.ts'
import type { EngineEvent, Words } from '../engine.ts'
import type { HttpHeaders } from './http.ts'
import type { Trouble } from './trouble.ts'

/**
 * How one kind of server is asked and understood: all that engines differ in. Patience, retries, limits and words for
 * what went wrong are `ask-patiently.ts`'.
 *
 * `Dialect` is what servers of the kind differ in and what is found out only by asking them.
 */
export interface Wire<Dialect> {
  /** To begin with. */
  readonly dialect: Dialect
  /** Asks; resolves when the response begins. Hangs up when the signal is aborted. @throws Trouble */
  send(prompt: string, dialect: Dialect, signal: AbortSignal): Promise<WireResponse>
  createReader(dialect: Dialect): ReplyReader
  /** Another dialect to try after a refusal, or null where the refusal is about something else. */
  otherDialect(dialect: Dialect, trouble: Trouble): Dialect | null
  /** What of a dialect that worked holds for further requests too. Default: all of it. */
  lasting?(dialect: Dialect): Dialect
}

export interface WireResponse {
  /** Null where the wire does not show them. */
  readonly headers: HttpHeaders | null
  /** Pieces of the reply, those together that came together; a whole response is one. What either throws is a {@link Trouble}. */
  readonly chunks: AsyncIterable<Iterable<unknown>>
}

/** What can be told of a reply before it is whole. */
export interface SoFar {
  readonly usage: Usage
  readonly model: string
  readonly traceKind: TraceKind
}

/** Makes events of one reply's chunks. */
export interface ReplyReader {
  /** @throws Trouble where the chunk is an error, or nothing of this wire. */
  take(chunk: unknown): readonly Words[]
  /** What was held back until its kind is known: at the end, and before an error is thrown. */
  rest(): readonly Words[]
  /** Whether a word has come, be it one that is held back. */
  hasBegun(): boolean
  /** Whether the server has said that the answer is complete; only the usage may still come. */
  isFinished(): boolean
  soFar(): SoFar
  /** @throws Trouble `cut` where the server never said that the answer is complete. */
  finish(): Extract<EngineEvent, { type: 'finish' }>
}
