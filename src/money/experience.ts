import type { ReplyGroup } from '../model/reply-group.ts'
import { isWhole, type Usage } from '../model/reply.ts'

/** What the replies of a model took until now: sums over those whose tokens the server counted. */
export interface Experience {
  readonly replies: number
  readonly input: number
  readonly output: number
  readonly reasoning: number
  /** Of the longest reply, trace and answer. */
  readonly longest: number
  /** Time of `timed` replies, counted or not. */
  readonly milliseconds: number
  readonly timed: number
}

const NO_EXPERIENCE: Experience = {
  replies: 0,
  input: 0,
  output: 0,
  reasoning: 0,
  longest: 0,
  milliseconds: 0,
  timed: 0,
}

/**
 * For a model that has not replied yet. The twelve replies recorded for `fixtures/sample` have, by estimate, 2.04 tokens
 * for each of their prompts', 29% of them of the trace; 40 tokens a second is a guess.
 */
export const ASSUMED = { outputPerInput: 2, reasoningShare: 0.3, tokensPerSecond: 40 } as const

/** What a model of R1's kind may say where nobody limits it: its makers generate up to 32,768 tokens. */
const LONGEST_ASSUMED = 32_768
/** So many replies show how long they get. */
const ENOUGH_REPLIES = 20
/** Above the longest reply seen, where nothing else limits a reply. */
const MARGIN = 2
/** What servers wrap around a prompt. */
const WRAPPING_TOKENS = 200

/** Tokens and time that a reply is likely to take. */
export interface Expected {
  readonly output: number
  readonly reasoning: number
  readonly milliseconds: number
}

/** @param input tokens of the prompt @param known tokens of the reply, where they are not to be learnt from earlier ones */
export function expectReply(
  { replies, milliseconds, timed, ...seen }: Experience,
  input: number,
  known?: number,
): Expected {
  const hasSeen = replies > 0 && seen.input > 0
  const output = known ?? Math.round(input * (hasSeen ? seen.output / seen.input : ASSUMED.outputPerInput))
  const share = !hasSeen ? ASSUMED.reasoningShare : seen.output > 0 ? seen.reasoning / seen.output : 0
  return {
    output,
    reasoning: Math.round(output * share),
    milliseconds: timed > 0 ? milliseconds / timed : (output / ASSUMED.tokensPerSecond) * 1000,
  }
}

/**
 * The most tokens that a request can take. Of the prompt: no more than it has bytes, for tokenizers of bytes merge them
 * and never split one. Of the reply: what the request allows (`maxOutputTokens`), which is a hard limit; where it sets
 * none, twice the longest reply seen, and no less than 32,768 until twenty have been.
 */
export function worstCase(
  prompt: string,
  maxOutputTokens: number | null,
  { replies, longest }: Experience,
): { input: number; output: number } {
  const assumed = replies >= ENOUGH_REPLIES ? MARGIN * longest : Math.max(LONGEST_ASSUMED, MARGIN * longest)
  return { input: new TextEncoder().encode(prompt).length + WRAPPING_TOKENS, output: maxOutputTokens ?? assumed }
}

/** With one more reply. */
export function learn(seen: Experience, usage: Usage, milliseconds: number): Experience {
  const timed = { milliseconds: seen.milliseconds + milliseconds, timed: seen.timed + 1 }
  if (usage.input === null || usage.output === null) return { ...seen, ...timed }
  return {
    ...timed,
    replies: seen.replies + 1,
    input: seen.input + usage.input,
    output: seen.output + usage.output,
    reasoning: seen.reasoning + (usage.reasoning ?? 0),
    longest: Math.max(seen.longest, usage.output),
  }
}

/**
 * What stored replies tell of a model: those to requests of the same kind (engine, model, parameters, schema), else
 * those of the model under any.
 */
export function experienceOf(
  groups: readonly ReplyGroup[],
  asked: { readonly engine: string; readonly model: string; readonly fingerprint: string },
): Experience {
  const paid = groups.filter(({ finish, cost }) => isWhole(finish) && cost?.basis !== 'free')
  const alike = paid.filter(({ fingerprint }) => fingerprint === asked.fingerprint)
  const ofModel = paid.filter(({ engine, model }) => engine === asked.engine && model === asked.model)
  return (alike.length > 0 ? alike : ofModel).reduce((sum, group) => {
    const { usage, reasoningEstimate } = group
    return {
      replies: sum.replies + group.counted,
      input: sum.input + (usage.input ?? 0),
      output: sum.output + (usage.output ?? 0),
      reasoning: sum.reasoning + (usage.reasoning ?? 0) + (reasoningEstimate ?? 0),
      longest: Math.max(sum.longest, group.longest),
      milliseconds: sum.milliseconds + group.milliseconds,
      timed: sum.timed + group.replies,
    }
  }, NO_EXPERIENCE)
}
