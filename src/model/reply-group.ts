import type { Cost, FinishReason, RouteTaken, StepName, Usage } from './reply.ts'

/** Stored replies that are alike in all but what they say, added up. */
export interface ReplyGroup {
  readonly engine: string
  readonly model: string
  readonly fingerprint: string
  readonly finish: FinishReason
  /** Absent: the first requests about chunks, and such as ask about no links. */
  readonly step?: StepName
  /** Absent where there was no choice of engines. */
  readonly route?: Pick<RouteTaken, 'engine' | 'rule'>
  /** Null where no price was known. */
  readonly cost: Cost | null
  readonly replies: number
  /** Replies whose tokens the server counted; the sums are over these. */
  readonly counted: number
  readonly usage: Usage
  /** Tokens of traces that the server did not tell from the answers; null where there are none. */
  readonly reasoningEstimate: number | null
  /** Trace and answer of the longest. */
  readonly longest: number
  readonly milliseconds: number
}
