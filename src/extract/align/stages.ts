import { findEchoes } from './echoes.ts'
import { FIRST_STAGE, SECOND_STAGE } from './features.ts'
import { eachFirstStage } from './first-stage.ts'
import { logistic, positions, type Weights } from './logistic.ts'
import type { Reading } from './reading.ts'
import { secondStage } from './second-stage.ts'
import type { Pair, Staged } from './staged.ts'
import type { AlignWeights } from './weights.ts'
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
  // A sentence's rows wait until the sentences within reach are known; only those of pairs still in play are kept.
  const waiting = Array.from({ length: REACH + 1 }, () => new Float64Array(width * FIRST_STAGE.length))
  const settle = (sentence: number): void => {
    const rows = waiting[sentence % waiting.length] as Float64Array
    const inPlay = candidatesInPlay(reading, probabilities, sentence)
    const first = new Float64Array(inPlay.length * FIRST_STAGE.length)
    for (const [index, candidate] of inPlay.entries()) {
      const from = index * FIRST_STAGE.length
      for (let feature = 0; feature < FIRST_STAGE.length; feature += 1)
        first[from + feature] = rows[candidate * FIRST_STAGE.length + feature] ?? 0
      pairs.push({ sentence, candidate, first, from })
    }
  }
  eachFirstStage(reading, (sentence, candidate, row) => {
    if (candidate === 0 && sentence > REACH) settle(sentence - REACH - 1)
    const at = sentence * width + candidate
    probabilities[at] = probabilityOf(row)
    triples[at] = row[firstAt.triple] ?? 0
    const inWords = row[firstAt.type] === 1 || row[firstAt.typeWord] === 1
    if (inWords && row[firstAt.neitherNamed] === 0) spoken[candidate] = 1
    waiting[sentence % waiting.length]?.set(row, candidate * FIRST_STAGE.length)
  })
  const count = reading.sentences.length
  for (let sentence = Math.max(0, count - REACH - 1); sentence < count; sentence += 1) settle(sentence)
  return { reading, probabilities, triples, spoken, pairs }
}

function candidatesInPlay({ sentences, candidates }: Reading, probabilities: Float64Array, sentence: number): number[] {
  const width = candidates.length
  const isWithin = (other: number): boolean => sentences[other]?.paragraph === sentences[sentence]?.paragraph
  let from = sentence
  while (from > sentence - REACH && isWithin(from - 1)) from -= 1
  let to = sentence
  while (to < sentence + REACH && isWithin(to + 1)) to += 1
  const inPlay: number[] = []
  for (let candidate = 0; candidate < width; candidate += 1) {
    let near = 0
    for (let other = from; other <= to; other += 1) near = Math.max(near, probabilities[other * width + candidate] ?? 0)
    if (near > PROMISING || (probabilities[sentence * width + candidate] ?? 0) > HOPELESS) inPlay.push(candidate)
  }
  return inPlay
}

/** Calls back with the features of each pair; the row is used again for the next. */
export function eachSecondStage(staged: Staged, visit: (pair: Pair, row: Float64Array) => void): void {
  const around = lookAround(staged.reading, staged.probabilities, staged.triples)
  const echoes = findEchoes(staged.reading, staged.probabilities)
  const row = new Float64Array(SECOND_STAGE.length)
  for (const pair of staged.pairs) {
    secondStage(row, staged, around, echoes, pair)
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

export function runStages(reading: Reading, weights: AlignWeights): Staged {
  const first = runFirstStage(reading, weights.first)
  return runNextStage(runNextStage(first, weights.second), weights.third)
}
