import type { Question } from '../model/question.ts'
import type { FinishReason, TraceKind, Usage } from '../model/reply.ts'

/** One request about one chunk. `prompt` is what a model reads; offline engines read `question` instead. */
export interface EngineRequest {
  readonly question: Question
  readonly prompt: string
}

export type EngineEvent =
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'answer-delta'; readonly text: string }
  | {
      readonly type: 'finish'
      readonly reason: FinishReason
      readonly usage: Usage
      /** As the server named it. */
      readonly model: string
      /** What the reasoning deltas were; `none` where none came. */
      readonly traceKind: TraceKind
    }
  | {
      /** Comes before an error is thrown where a part had arrived, or tokens were counted: what is known of it. */
      readonly type: 'broken-off'
      readonly usage: Usage
      readonly model: string
      readonly traceKind: TraceKind
    }

/** Some of the thinking or of the answer. */
export type Words = Extract<EngineEvent, { text: string }>

/** Anything that reasons about a chunk. */
export interface Engine {
  /** `chat`, `replay`, `rules` … */
  readonly name: string
  /** The model that is asked for. */
  readonly model: string
  /** What else decides the reply (temperature, effort …): part of the reply's identity. Never holds a secret. */
  readonly parameters: Readonly<Record<string, unknown>>
  /**
   * Needs no model: what it says follows from the chunk alone, so it is not told what the graph happens to know, and
   * gives the same graph whatever was read before.
   */
  readonly offline?: true
  /** Tokens that a reply may have at most, thinking and answer together, where its requests limit them. */
  readonly longestReply?: number | null
  /**
   * Streams one reply, ending with exactly one `finish`, or with an error.
   * @throws EngineError; what was yielded before is to be kept as a partial reply.
   */
  reason(request: EngineRequest, signal: AbortSignal): AsyncIterable<EngineEvent>
  /** Tries whether the engine can be used, without paying for a reply; says what was found. @throws EngineError */
  check?(signal: AbortSignal): Promise<string>
}

export const NO_USAGE: Usage = { input: null, cachedInput: null, output: null, reasoning: null }

/** Whether anything is known of what was taken. */
export function isCounted({ input, output, cost }: Usage): boolean {
  return input !== null || output !== null || cost != null
}

/** Null where neither said. */
export function addUsage(one: Usage, other: Usage): Usage {
  const both = (kind: keyof Usage): number | null =>
    one[kind] === null && other[kind] === null ? null : (one[kind] ?? 0) + (other[kind] ?? 0)
  return {
    input: both('input'),
    cachedInput: both('cachedInput'),
    output: both('output'),
    reasoning: both('reasoning'),
    ...(one.cost == null && other.cost == null ? {} : { cost: (one.cost ?? 0) + (other.cost ?? 0) }),
  }
}
