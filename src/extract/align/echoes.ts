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

export function findEchoes({ sentences, candidates, stemCount }: Reading, probabilities: Float64Array): Echoes {
  const width = candidates.length
  const mean = new Float64Array(sentences.length * width)
  const best = new Float64Array(mean.length)
  const top = topTwo(sentences.length)
  const { uses, rowOf, repeated } = countUses(sentences, stemCount)
  // By stem that is used more than once: how probable the candidates are where it is, in sum.
  const sums = new Float64Array(repeated * width)
  for (const [row, { stems }] of sentences.entries())
    for (const stem of stems) {
      const own = rowOf[stem] ?? NONE
      if (own === NONE) continue
      for (let column = 0; column < width; column += 1)
        sums[own * width + column] = (sums[own * width + column] ?? 0) + (probabilities[row * width + column] ?? 0)
    }
  const scale = Math.log(1 + sentences.length)
  for (const [row, { stems }] of sentences.entries()) {
    let total = DOUBT
    for (const stem of stems) {
      const own = rowOf[stem] ?? NONE
      if (own === NONE) continue
      const count = uses[stem] ?? 0
      const rarity = Math.log(1 + sentences.length / count) / scale
      total += rarity
      for (let column = 0; column < width; column += 1) {
        const at = row * width + column
        const elsewhere =
          (rarity * ((sums[own * width + column] ?? 0) - (probabilities[at] ?? 0))) / (count - 1 + DOUBT)
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

const NONE = -1

/** How often each stem is used, and a number of its own for each that is used more than once. */
function countUses(sentences: Reading['sentences'], stemCount: number) {
  const uses = new Int32Array(stemCount)
  const rowOf = new Int32Array(stemCount).fill(NONE)
  let repeated = 0
  for (const { stems } of sentences)
    for (const stem of stems) {
      uses[stem] = (uses[stem] ?? 0) + 1
      if (uses[stem] === 2) rowOf[stem] = repeated++
    }
  return { uses, rowOf, repeated }
}
