/** A share with the bounds between which the true one lies in 95 of 100 cases. */
export interface Interval95 {
  readonly share: number
  readonly low: number
  readonly high: number
}

/** 97.5% of a normal distribution lie below it. */
const Z = 1.959963984540054

/**
 * The share of `hits` among `count` draws, with Wilson's score interval, which holds for small numbers and for shares near
 * 0 and 1 too. E. B. Wilson, JASA 22 (1927) 209–212; method 3 of R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872.
 * Null where nothing was drawn.
 */
export function wilson(hits: number, count: number): Interval95 | null {
  if (count === 0) return null
  const share = hits / count
  const middle = share + Z ** 2 / (2 * count)
  const half = Z * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2))
  const whole = 1 + Z ** 2 / count
  // At the very ends rounding would leave a hair's breadth of what cannot be.
  const low = hits === 0 ? 0 : (middle - half) / whole
  const high = hits === count ? 1 : (middle + half) / whole
  return { share, low, high }
}
