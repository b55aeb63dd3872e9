import type { TraceStep } from '../model/trace.ts'
import { STANCE } from './align/features.ts'
import { logistic } from './align/logistic.ts'
import { readTrace, type AlignInput } from './align/reading.ts'
import { runFirstStage, runNextStage } from './align/stages.ts'
import { stanceFeatures } from './align/stance.ts'
import { FITTED, type AlignWeights } from './align/weights.ts'

export type { AlignInput, AlignUnit } from './align/reading.ts'

/** The sentences of the trace that argue for a link or weigh it, in their order; none: “no step found”. */
export interface AlignedLink {
  /** `AnswerLink.index`. */
  readonly index: number
  readonly steps: readonly TraceStep[]
}

/** A sentence is shown as a link's step from this probability on. */
export const STEP_THRESHOLD = 0.48
/** A step is shown as weighing from this probability on. */
const WEIGHING_THRESHOLD = 0.4

/**
 * Finds the steps of a trace that belong to each link, offline and deterministically: three rounds of logistic
 * regression over what a sentence has in common with a link, then over what stands around it. The order of the links
 * and their `why`, written after the fact, are not looked at. How the weights were fitted: bench/alignment/train.ts.
 */
export function alignTrace(input: AlignInput, weights: AlignWeights = FITTED): readonly AlignedLink[] {
  const reading = readTrace(input)
  const first = runFirstStage(reading, weights.first)
  const second = runNextStage(first, weights.second)
  const { probabilities, pairs } = runNextStage(second, weights.third)

  const weighingOf = logistic(STANCE, weights.stance)
  const row = new Float64Array(STANCE.length)
  const steps = input.answer.links.map((): TraceStep[] => [])
  for (const pair of pairs) {
    const sentence = reading.sentences[pair.sentence]
    const own = steps[pair.candidate]
    const certainty = probabilities[pair.sentence * reading.candidates.length + pair.candidate] ?? 0
    if (sentence === undefined || own === undefined || certainty < STEP_THRESHOLD) continue
    stanceFeatures(row, reading, pair)
    const weighing = weighingOf(row) > WEIGHING_THRESHOLD
    own.push({
      start: sentence.start,
      end: sentence.end,
      text: sentence.text,
      stance: weighing ? 'weighing' : 'for',
    })
  }
  return input.answer.links.map(({ index }, position) => ({ index, steps: steps[position] ?? [] }))
}
