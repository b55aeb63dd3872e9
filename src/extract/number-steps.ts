import type { Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import { sentencesOf, splitSentences } from './align/sentences.ts'
import { parseAnswer } from './parse.ts'

/** Where steps stand in their trace: which of its sentences each one is, counted from 1, and how many it has. */
export interface StepNumbers {
  readonly numbers: readonly number[]
  readonly of: number
}

/**
 * Null where it cannot be told of all of them: some of the trace is not kept, what it was split by is not in the reply itself
 * (as where two names or links are asked about), or they were found by another way of splitting.
 */
export function numberSteps({ steps, index }: Proposal, reply: Reply): StepNumbers | null {
  const { reasoning, leftOut = [], purpose } = reply
  if (steps.length === 0 || leftOut.length > 0 || purpose === 'identity' || purpose === 'contradiction') return null
  // A label's index is below 0. Of the answer only names count, whatever units there are.
  const sentences =
    index < 0 ? splitSentences(reasoning) : sentencesOf({ reasoning, answer: parseAnswer(reply.content, 0).answer })
  const places = new Map(sentences.map(({ start, end }, at) => [`${start} ${end}`, at + 1]))
  const numbers = steps.flatMap(({ start, end }) => places.get(`${start} ${end}`) ?? [])
  return numbers.length === steps.length ? { numbers, of: sentences.length } : null
}
