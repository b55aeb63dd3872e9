import type { TraceStep } from '../model/trace.ts'
import { FIRST_STAGE, STANCE } from './align/features.ts'
import { logistic, positions } from './align/logistic.ts'
import { readTrace, type AlignInput } from './align/reading.ts'
import { runStages } from './align/stages.ts'
import type { Pair } from './align/staged.ts'
import { pairStance, sentenceStance } from './align/stance.ts'
import { FITTED, type AlignWeights } from './align/weights.ts'

export type { AlignInput } from './align/reading.ts'

/** The sentences of the trace that argue for a link or weigh it, in their order; none: “no step found”. */
export interface AlignedLink {
  /** `AnswerLink.index`. */
  readonly index: number
  readonly steps: readonly TraceStep[]
}

/** A step is shown as weighing from this probability on. */
const WEIGHING_THRESHOLD = 0.4
const at = positions(FIRST_STAGE)

/**
 * Finds the steps of a trace that belong to each link, offline and deterministically: three rounds of logistic
 * regression over what a sentence has in common with a link, then over what stands around it. The order of the links
 * and their `why`, written after the fact, are not looked at. How the weights were fitted: bench/alignment/train.ts.
 */
export function alignTrace(input: AlignInput, weights: AlignWeights = FITTED): readonly AlignedLink[] {
  const weighingOf = logistic(STANCE, weights.stance)
  const row = new Float64Array(STANCE.length)
  const steps = input.answer.links.map((): TraceStep[] => [])
  const founded = new Set<number>()
  for (const reading of readTrace(input)) {
    let weighed: number | null = null
    const { probabilities, pairs, spoken } = runStages(reading, weights)
    for (const [candidate, isSpoken] of spoken.entries()) if (isSpoken === 1) founded.add(candidate)
    for (const pair of pairs) {
      const sentence = reading.sentences[pair.sentence]
      const own = steps[pair.candidate]
      const certainty = probabilities[pair.sentence * reading.candidates.length + pair.candidate] ?? 0
      if (sentence === undefined || own === undefined || certainty < weights.threshold) continue
      if (isFounding(pair)) founded.add(pair.candidate)
      if (pair.sentence !== weighed) sentenceStance(row, reading, pair.sentence)
      weighed = pair.sentence
      pairStance(row, pair)
      const { start, end, text } = sentence
      own.push({ start, end, text, stance: weighingOf(row) > WEIGHING_THRESHOLD ? 'weighing' : 'for' })
    }
  }
  return input.answer.links.map(({ index }, position) => ({
    index,
    steps: founded.has(position) ? (steps[position] ?? []) : [],
  }))
}

/**
 * That both ends are named is not enough. A link whose type the trace nowhere puts into words is shown only if one of
 * its steps speaks of the link's quotes or units, and is not plainly about another relation.
 */
function isFounding({ first, from }: Pair): boolean {
  const seen = (feature: number): number => first[from + feature] ?? 0
  const speaksOfSource = seen(at.quoteWords) > 0 || seen(at.unitNamed) > 0 || seen(at.unitQuoted) > 0
  return speaksOfSource && seen(at.otherRelation) === 0
}
