import type { Proposal } from '../model/proposal.ts'
import type { Reply } from '../model/reply.ts'
import { type Sentence, sentencesOf, splitSentences } from './align/sentences.ts'
import { parseAnswer } from './parse.ts'

/** Where steps stand in their trace: which of its sentences each one is, counted from 1, and how many it has. */
export interface StepNumbers {
  readonly numbers: readonly number[]
  readonly of: number
}

/** The characters of a trace, and how often names may be looked for in it: more would hold up who waits for a card. */
const MOST_CHARACTERS = 500_000
const MOST_LOOKS = 100_000_000

type Places = ReadonlyMap<string, number>

/**
 * Numbers the steps of proposals of one reply, whose trace is split once, and only where it is asked. Null where it cannot be
 * told of all of them: some of the trace is not kept, what it was split by is not in the reply itself (as where two names or
 * links are asked about), they were found by another way of splitting, or the trace is too long for it.
 */
export function createNumberSteps(reply: Reply): (proposal: Proposal) => StepNumbers | null {
  const { reasoning, leftOut = [], purpose } = reply
  const isUnknown = leftOut.length > 0 || purpose === 'identity' || purpose === 'contradiction'
  const split = (isLabel: boolean): Places | null => {
    if (isLabel) return placesOf(splitSentences(reasoning))
    // Of the answer only names count, whatever units there are.
    const { answer } = parseAnswer(reply.content, 0)
    const names = answer.entities.reduce((sum, { aliases }) => sum + 1 + aliases.length, 0)
    return names * reasoning.length > MOST_LOOKS ? null : placesOf(sentencesOf({ reasoning, answer }))
  }
  const known = new Map<boolean, Places | null>()
  return ({ steps, index }) => {
    if (steps.length === 0 || isUnknown || reasoning.length > MOST_CHARACTERS) return null
    // Of a label.
    const isLabel = index < 0
    if (!known.has(isLabel)) known.set(isLabel, split(isLabel))
    const places = known.get(isLabel) ?? null
    const numbers = steps.flatMap(({ start, end }) => places?.get(`${start} ${end}`) ?? [])
    return places !== null && numbers.length === steps.length ? { numbers, of: places.size } : null
  }
}

/** By where a sentence stands its number. */
function placesOf(sentences: readonly Sentence[]): Places {
  return new Map(sentences.map(({ start, end }, at) => [`${start} ${end}`, at + 1]))
}
