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
  // Only what is kept outlives its paragraph: a trace of a megabyte has a hundred thousand pairs.
  let paragraph: Pair[] = []
  const keep = (): void => {
    const from = paragraph[0]?.sentence ?? 0
    const to = paragraph.at(-1)?.sentence ?? 0
    for (const pair of paragraph) {
      let best = 0
      for (let row = Math.max(from, pair.sentence - REACH); row <= Math.min(to, pair.sentence + REACH); row += 1)
        best = Math.max(best, probabilities[row * width + pair.candidate] ?? 0)
      if (best > PROMISING || (probabilities[pair.sentence * width + pair.candidate] ?? 0) > HOPELESS) pairs.push(pair)
    }
    paragraph = []
  }
  eachFirstStage(reading, (sentence, candidate, row) => {
    if (candidate === 0 && reading.sentences[sentence - 1]?.paragraph !== reading.sentences[sentence]?.paragraph) keep()
    const at = sentence * width + candidate
    probabilities[at] = probabilityOf(row)
    triples[at] = row[firstAt.triple] ?? 0
    const inWords = row[firstAt.type] === 1 || row[firstAt.typeWord] === 1
    if (inWords && row[firstAt.neitherNamed] === 0) spoken[candidate] = 1
    paragraph.push({ sentence, candidate, first: row.slice() })
  })
  keep()
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
