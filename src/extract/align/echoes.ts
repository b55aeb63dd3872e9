import type { Reading } from './reading.ts'
import { offer, topTwo, type TopTwo } from './top-two.ts'

/**
 * Where else the words of each sentence (rows) are used, and how probable each candidate (columns) is there: `mean`
 * over all its words by how rare they are in the trace, and `best`, of the most telling one. So a word that the trace
 * itself brings in (“the strike-through”, “the grid question”) comes to stand for the links that it is used of.
 */
export interface Echoes {
  readonly mean: Float64Array
  readonly best: Float64Array
  /** The candidates of the highest means. */
  readonly top: TopTwo
}

/** Counts as so many further uses of a word, and words of a sentence, that speak of no candidate. */
const DOUBT = 0.5

export function findEchoes({ sentences, candidates }: Reading, probabilities: Float64Array): Echoes {
  const width = candidates.length
  const mean = new Float64Array(sentences.length * width)
  const best = new Float64Array(mean.length)
  const top = topTwo(sentences.length)
  const uses = new Map<number, number>()
  for (const { stems } of sentences) for (const stem of stems) uses.set(stem, (uses.get(stem) ?? 0) + 1)
  const sums = new Map<number, Float64Array>()
  for (const [row, { stems }] of sentences.entries())
    for (const stem of stems) {
      if (uses.get(stem) === 1) continue
      const sum = sums.get(stem) ?? new Float64Array(width)
      sums.set(stem, sum)
      for (let column = 0; column < width; column += 1)
        sum[column] = (sum[column] ?? 0) + (probabilities[row * width + column] ?? 0)
    }
  const scale = Math.log(1 + sentences.length)
  for (const [row, { stems }] of sentences.entries()) {
    let total = DOUBT
    for (const stem of stems) {
      const sum = sums.get(stem)
      if (sum === undefined) continue
      const count = uses.get(stem) ?? 0
      const rarity = Math.log(1 + sentences.length / count) / scale
      total += rarity
      for (let column = 0; column < width; column += 1) {
        const at = row * width + column
        const elsewhere = (rarity * ((sum[column] ?? 0) - (probabilities[at] ?? 0))) / (count - 1 + DOUBT)
        mean[at] = (mean[at] ?? 0) + elsewhere
        if (elsewhere > (best[at] ?? 0)) best[at] = elsewhere
      }
    }
    for (let column = 0; column < width; column += 1) {
      const value = (mean[row * width + column] ?? 0) / total
      mean[row * width + column] = value
      offer(top, row, column, value)
    }
  }
  return { mean, best, top }
}
