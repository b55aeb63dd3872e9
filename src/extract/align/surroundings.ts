import type { Reading } from './reading.ts'
import { offer, topTwo, type TopTwo } from './top-two.ts'

/** A sentence counts as anchored to its most probable candidate from here on. */
export const ANCHORED = 0.5
/** No such sentence. */
export const NONE = -1

/**
 * Probabilities of all sentences (rows) and candidates (columns) as one stage left them, and what the next one
 * looks up around a sentence. Everything is filled in one pass forward and one back.
 */
export interface Surroundings {
  readonly width: number
  readonly probabilities: Float64Array
  /** The best probability of each sentence over all candidates, over links, over rejected entries. */
  readonly top: TopTwo
  readonly bestLink: Float64Array
  readonly bestRejected: Float64Array
  /** How many links a sentence is anchored to. */
  readonly anchoredLinks: Uint16Array
  /** The first sentence of each sentence's paragraph, and the one after its last. */
  readonly paragraphStart: Int32Array
  readonly paragraphEnd: Int32Array
  /** The nearest sentence of the paragraph, before and after, that is anchored, or names a link in full. */
  readonly anchorBefore: Int32Array
  readonly anchorAfter: Int32Array
  readonly tripleBefore: Int32Array
  readonly tripleAfter: Int32Array
  /** Of each paragraph (at its first sentence's row) and candidate. */
  readonly paragraphMaximum: Float64Array
  readonly paragraphMean: Float64Array
  readonly paragraphBestMean: Float64Array
  /** How many candidates a paragraph is about. */
  readonly paragraphActive: Uint16Array
  /** Where in the trace a candidate is argued for: the mean, and the most probable sentence. */
  readonly centre: Float64Array
  readonly peak: Int32Array
}

/** `triples` says which sentences name which candidates by subject, type and object. */
export function lookAround(reading: Reading, probabilities: Float64Array, triples: Uint8Array): Surroundings {
  const height = reading.sentences.length
  const width = reading.candidates.length
  const around = {
    width,
    probabilities,
    top: topTwo(height),
    bestLink: new Float64Array(height),
    bestRejected: new Float64Array(height),
    anchoredLinks: new Uint16Array(height),
    paragraphStart: new Int32Array(height),
    paragraphEnd: new Int32Array(height),
    anchorBefore: new Int32Array(height).fill(NONE),
    anchorAfter: new Int32Array(height).fill(NONE),
    tripleBefore: new Int32Array(height).fill(NONE),
    tripleAfter: new Int32Array(height).fill(NONE),
    paragraphMaximum: new Float64Array(height * width),
    paragraphMean: new Float64Array(height * width),
    paragraphBestMean: new Float64Array(height),
    paragraphActive: new Uint16Array(height),
    centre: new Float64Array(width),
    peak: new Int32Array(width),
  }
  const paragraphOf = (row: number): number => reading.sentences[row]?.paragraph ?? NONE
  const namesAny = new Uint8Array(height)
  const squares = new Float64Array(width)
  const moments = new Float64Array(width)

  for (let row = 0; row < height; row += 1) {
    const start = row > 0 && paragraphOf(row - 1) === paragraphOf(row) ? (around.paragraphStart[row - 1] ?? 0) : row
    around.paragraphStart[row] = start
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column
      const probability = probabilities[at] ?? 0
      const top = start * width + column
      offer(around.top, row, column, probability)
      const bests = column < reading.linkCount ? around.bestLink : around.bestRejected
      if (probability > (bests[row] ?? 0)) bests[row] = probability
      if (column < reading.linkCount && probability > ANCHORED)
        around.anchoredLinks[row] = (around.anchoredLinks[row] ?? 0) + 1
      if (triples[at] === 1) namesAny[row] = 1
      around.paragraphMaximum[top] = Math.max(around.paragraphMaximum[top] ?? 0, probability)
      around.paragraphMean[top] = (around.paragraphMean[top] ?? 0) + probability
      squares[column] = (squares[column] ?? 0) + probability * probability
      moments[column] = (moments[column] ?? 0) + probability * probability * row
      if (probability > (probabilities[(around.peak[column] ?? 0) * width + column] ?? 0)) around.peak[column] = row
    }
    if (row === start) continue
    const before = row - 1
    around.anchorBefore[row] =
      (around.top.best[before] ?? 0) > ANCHORED ? before : (around.anchorBefore[before] ?? NONE)
    around.tripleBefore[row] = namesAny[before] === 1 ? before : (around.tripleBefore[before] ?? NONE)
  }
  for (let row = height - 1; row >= 0; row -= 1) {
    const after = row + 1
    const start = around.paragraphStart[row] ?? 0
    if (after < height && around.paragraphStart[after] === start) {
      around.paragraphEnd[row] = around.paragraphEnd[after] ?? after
      around.anchorAfter[row] = (around.top.best[after] ?? 0) > ANCHORED ? after : (around.anchorAfter[after] ?? NONE)
      around.tripleAfter[row] = namesAny[after] === 1 ? after : (around.tripleAfter[after] ?? NONE)
    } else around.paragraphEnd[row] = after
    if (row !== start) continue
    const length = (around.paragraphEnd[row] ?? after) - row
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column
      const mean = (around.paragraphMean[at] ?? 0) / length
      around.paragraphMean[at] = mean
      around.paragraphBestMean[row] = Math.max(around.paragraphBestMean[row] ?? 0, mean)
      if ((around.paragraphMaximum[at] ?? 0) > ANCHORED)
        around.paragraphActive[row] = (around.paragraphActive[row] ?? 0) + 1
    }
  }
  for (let column = 0; column < width; column += 1) {
    const square = squares[column] ?? 0
    around.centre[column] = square > 0 ? (moments[column] ?? 0) / square : height / 2
  }
  return around
}
