import { eachFirstStage } from './first-stage.ts'
import { probability, type Weights } from './logistic.ts'
import type { Reading } from './reading.ts'
import { secondStage, type Pair, type SecondStageFeatures } from './second-stage.ts'
import { lookAround } from './surroundings.ts'

/** A pair that the first stage gives less than this is looked at again only near one that it gives `PROMISING`. */
const HOPELESS = 0.02
const PROMISING = 0.25
/** How many sentences away is near. */
const REACH = 3

/** The state between two stages: a probability for each sentence (row) and candidate (column). */
export interface Staged {
  readonly reading: Reading
  readonly probabilities: Float64Array
  readonly triples: Uint8Array
  /** The pairs that are still in play. */
  readonly pairs: readonly Pair[]
}

/** What a sentence and a candidate have in common. */
export function runFirstStage(reading: Reading, weights: Weights): Staged {
  const width = reading.candidates.length
  const probabilities = new Float64Array(reading.sentences.length * width)
  const triples = new Uint8Array(probabilities.length)
  const all: Pair[] = []
  eachFirstStage(reading, (sentence, candidate, first) => {
    const at = sentence * width + candidate
    probabilities[at] = probability(weights, first)
    triples[at] = first.triple
    all.push({ sentence, candidate, first })
  })
  const paragraphOf = (row: number): number | undefined => reading.sentences[row]?.paragraph
  const pairs = all.filter(({ sentence, candidate }) => {
    if ((probabilities[sentence * width + candidate] ?? 0) > HOPELESS) return true
    for (let row = sentence - REACH; row <= sentence + REACH; row += 1)
      if ((probabilities[row * width + candidate] ?? 0) > PROMISING && paragraphOf(row) === paragraphOf(sentence))
        return true
    return false
  })
  return { reading, probabilities, triples, pairs }
}

export function secondStageFeatures(staged: Staged): SecondStageFeatures[] {
  const around = lookAround(staged.reading, staged.probabilities, staged.triples)
  return staged.pairs.map((pair) => secondStage(staged.reading, around, staged.triples, pair))
}

/** What stands around it. */
export function runNextStage(staged: Staged, weights: Weights): Staged {
  const width = staged.reading.candidates.length
  const probabilities = staged.probabilities.slice()
  const around = lookAround(staged.reading, staged.probabilities, staged.triples)
  for (const pair of staged.pairs)
    probabilities[pair.sentence * width + pair.candidate] = probability(
      weights,
      secondStage(staged.reading, around, staged.triples, pair),
    )
  return { ...staged, probabilities }
}
