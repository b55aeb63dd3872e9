import type { Effort } from '../model/effort.ts'
import type { StepName } from '../model/reply.ts'
import { mostSteps } from '../reading/next-steps.ts'

/** Tokens of the first request about a chunk and of its reply, from which those of further steps follow. */
export interface Sizes {
  readonly prompt: number
  /** Of the chunk's text. */
  readonly chunk: number
  /** Of the reply without its trace. */
  readonly answer: number
}

export interface LikelyStep {
  readonly name: StepName
  /** Tokens of its prompt, at most. */
  readonly input: number
  /** It is taken whatever the replies before it say, if they can be read. */
  readonly isSure: boolean
}

/** What stands behind the first prompt in a request that asks once more: faults that were found, or names. */
const BEHIND = 500
/** whygraph's own words in a prompt that shows links. */
const WORDS = 250
/** A link with its names and a long quote, and how many of them a prompt shows. */
const LINK = 150
const VERIFIED = 30 * LINK
const COMPARED = 2 * 20 * LINK

/**
 * The further steps that may be taken after one, in their order, each as often as there can be requests for it. `after`
 * absent: after the first reply. Links are taken for as long as the answers that state them, those of all readings together.
 */
export function likelySteps(effort: Effort, { prompt, chunk, answer }: Sizes, after?: StepName): LikelyStep[] {
  const most = mostSteps(effort)
  const claims = answer * ((effort.samples ?? 1) + 1)
  const inputs: Readonly<Record<StepName, (requests: number) => number>> = {
    're-ask': () => prompt + BEHIND,
    gleaning: () => prompt + BEHIND,
    sample: () => prompt,
    verification: (requests) => WORDS + Math.min(VERIFIED, claims / requests),
    counterfactual: (requests) => WORDS + chunk + claims / requests,
    contradiction: () => WORDS + Math.min(COMPARED, 2 * claims),
  }
  return most.slice(most.findIndex(([name]) => name === after) + 1).flatMap(([name, requests]) => {
    const step = { name, input: Math.round(inputs[name](requests)), isSure: name === 'sample' }
    return Array.from({ length: requests }, () => step)
  })
}
