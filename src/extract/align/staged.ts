import type { Reading } from './reading.ts'

/** A sentence that may belong to a candidate; the first stage's features of it stand in `first`, at `from`. */
export interface Pair {
  readonly sentence: number
  readonly candidate: number
  readonly first: Float64Array
  readonly from: number
}

/** The state between two stages: a probability for each sentence (row) and candidate (column). */
export interface Staged {
  readonly reading: Reading
  readonly probabilities: Float64Array
  readonly triples: Uint8Array
  /** 1 for each candidate whose type the trace puts into words anywhere, next to its subject or object. */
  readonly spoken: Uint8Array
  /** The pairs that are still in play. */
  readonly pairs: readonly Pair[]
}
