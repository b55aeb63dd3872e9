import type { Weights } from './logistic.ts'
import fitted from './weights.json' with { type: 'json' }

/** The weights of the three stages and of the stance, by the names of their features; and the threshold. */
export interface AlignWeights {
  readonly first: Weights
  readonly second: Weights
  readonly third: Weights
  readonly stance: Weights
  /** A sentence is shown as a link's step from this probability on. */
  readonly threshold: number
}

/** As fitted by bench/alignment/train.ts; never edited by hand. */
export const FITTED: AlignWeights = fitted
