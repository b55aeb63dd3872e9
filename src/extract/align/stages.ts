import { FIRST_STAGE, SECOND_STAGE } from './features.ts'
import { eachFirstStage } from './first-stage.ts'
import { logistic, positions, type Weights } from './logistic.ts'
import type { Reading } from './reading.ts'
import { secondStage } from './second-stage.ts'
import type { Pair, Staged } from './staged.ts'
import { lookAround } from './surroundings.ts'

/** A pair that the first stage gives less than this is looked at again only near one that it gives `PROMISING`. */
const HOPELESS = 0.02
const PROMISING = 0.25
/** How many sentences away is near. */
const REACH = 3
const firstAt = positions(FIRST_STAGE)

/** What a sentence and a candidate have in common. */
export function runFirstStage(reading: Reading, weights: Weights): Staged {
  const width = reading.candidates.length
  const probabilities = new Float64Array(reading.sentences.length * width)
  const triples = new Uint8Array(probabilities.length)
  const spoken = new Uint8Array(width)
  const probabilityOf = logistic(FIRST_STAGE, weights)
  const pairs: Pair[] = []
  // Only what is kept outlives its paragraph, in one piece: a trace of a megabyte has a hundred thousand pairs.
  let rows = new Float64Array(64 * FIRST_STAGE.length)
  let paragraphStart = 0
  const keep = (paragraphEnd: number): void => {
    const kept: number[] = []
    for (let sentence = paragraphStart; sentence < paragraphEnd; sentence += 1)
      for (let candidate = 0; candidate < width; candidate += 1) {
        let near = 0
        const last = Math.min(paragraphEnd - 1, sentence + REACH)
        for (let other = Math.max(paragraphStart, sentence - REACH); other <= last; other += 1)
          near = Math.max(near, probabilities[other * width + candidate] ?? 0)
        const at = sentence * width + candidate
        if (near > PROMISING || (probabilities[at] ?? 0) > HOPELESS) kept.push(at)
      }
    const keptRows = new Float64Array(kept.length * FIRST_STAGE.length)
    for (const [index, at] of kept.entries()) {
      const from = (at - paragraphStart * width) * FIRST_STAGE.length
      const first = keptRows.subarray(index * FIRST_STAGE.length, (index + 1) * FIRST_STAGE.length)
      for (let feature = 0; feature < first.length; feature += 1) first[feature] = rows[from + feature] ?? 0
      pairs.push({ sentence: Math.floor(at / width), candidate: at % width, first })
    }
    paragraphStart = paragraphEnd
  }
  eachFirstStage(reading, (sentence, candidate, row) => {
    const { paragraph } = reading.sentences[sentence] ?? {}
    if (candidate === 0 && reading.sentences[sentence - 1]?.paragraph !== paragraph) keep(sentence)
    const at = sentence * width + candidate
    probabilities[at] = probabilityOf(row)
    triples[at] = row[firstAt.triple] ?? 0
    const inWords = row[firstAt.type] === 1 || row[firstAt.typeWord] === 1
    if (inWords && row[firstAt.neitherNamed] === 0) spoken[candidate] = 1
    const offset = (at - paragraphStart * width) * FIRST_STAGE.length
    if (offset + row.length > rows.length) {
      const grown = new Float64Array(rows.length * 2)
      grown.set(rows)
      rows = grown
    }
    rows.set(row, offset)
  })
  keep(reading.sentences.length)
  return { reading, probabilities, triples, spoken, pairs }
}

/** Calls back with the features of each pair; the row is used again for the next. */
export function eachSecondStage(staged: Staged, visit: (pair: Pair, row: Float64Array) => void): void {
  const around = lookAround(staged.reading, staged.probabilities, staged.triples)
  const row = new Float64Array(SECOND_STAGE.length)
  for (const pair of staged.pairs) {
    secondStage(row, staged, around, pair)
    visit(pair, row)
  }
}

/** What stands around it. Run twice, with weights of its own each time: the second time sees further. */
export function runNextStage(staged: Staged, weights: Weights): Staged {
  const width = staged.reading.candidates.length
  const probabilities = staged.probabilities.slice()
  const probabilityOf = logistic(SECOND_STAGE, weights)
  eachSecondStage(staged, (pair, row) => {
    probabilities[pair.sentence * width + pair.candidate] = probabilityOf(row)
  })
  return { ...staged, probabilities }
}
