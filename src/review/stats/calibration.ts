/** How confident somebody was, and whether they were right. */
export interface Judged {
  /** 0 to 1. */
  readonly confidence: number
  readonly accepted: boolean
}

/** All whose confidence lies from `from` on, and below `to` (in the last bin: up to it). */
export interface Bin {
  readonly from: number
  readonly to: number
  readonly count: number
  /** Means over those in it. */
  readonly confidence: number
  readonly accepted: number
}

export interface Calibration {
  readonly count: number
  /** Expected calibration error, 0 to 1: how far confidence is from acceptance, on average. */
  readonly error: number
  /** Those that hold any, in order. */
  readonly bins: readonly Bin[]
}

const BINS = 10

/**
 * Compares confidence with acceptance in ten bins of equal width, and sums the differences by how many are in each: the
 * expected calibration error of Guo, Pleiss, Sun and Weinberger, On calibration of modern neural networks (ICML 2017),
 * equation 3. Nothing is fitted to it: isotonic regression overfits below some thousand cases (Niculescu-Mizil and
 * Caruana, ICML 2005), and a model's confidence stays as it was said. Null where there is nothing to compare.
 */
export function calibrate(judged: readonly Judged[]): Calibration | null {
  if (judged.length === 0) return null
  const groups = Map.groupBy(judged, ({ confidence }) => binOf(confidence))
  const bins = [...groups]
    .toSorted(([a], [b]) => a - b)
    .map(([index, inside]) => ({
      from: index / BINS,
      to: (index + 1) / BINS,
      count: inside.length,
      confidence: mean(inside.map(({ confidence }) => confidence)),
      accepted: mean(inside.map(({ accepted }) => (accepted ? 1 : 0))),
    }))
  const off = bins.map(({ count, confidence, accepted }) => count * Math.abs(accepted - confidence))
  return { count: judged.length, error: sum(off) / judged.length, bins }
}

/** 0.7 × 10 is a little more than 7, and 0.3 × 3 × 10 a little less than 9. */
function binOf(confidence: number): number {
  return Math.min(BINS - 1, Math.floor(confidence * BINS + 1e-9))
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
