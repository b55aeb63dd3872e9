import type { Extraction } from '../extract/extract.ts'
import type { Answer } from '../model/answer.ts'
import type { Chunk } from '../model/chunk.ts'
import { rankOf, type Effort, type EffortLevel } from '../model/effort.ts'
import type { Reply, StepName } from '../model/reply.ts'
import { MOST_BESIDE } from './contradictions.ts'
import { counterfactualSteps, MOST_BLANKED } from './counterfactual.ts'
import { gleaningStep, namesLeft } from './gleaning.ts'
import { sampleSteps } from './samples.ts'
import { MOST_VERIFICATIONS, verificationSteps } from './verification.ts'
import type { WantedStep } from './wanted-step.ts'

/** A reading of a chunk as far as it has come. */
export interface SoFar {
  readonly chunk: Chunk
  /** What the first reply answers, and what is made of it by itself. */
  readonly answer: Answer
  readonly first: Extraction
  /** What is made of it with the further replies. */
  readonly together: Extraction
  readonly further: readonly Reply[]
  /** Names of the graph that may stand in the chunk. */
  readonly inGraph: readonly string[]
  /** Who reads, and who checks, can be asked for more: what needs no model would say the same again. */
  readonly canRead: boolean
  readonly canCheck: boolean
  /** Whether the reply to a step is among the further ones. */
  readonly has: (step: WantedStep) => boolean
}

/** What can be asked at the same time. `level`: what was done before it. */
export interface Stage {
  readonly level: EffortLevel
  readonly steps: readonly WantedStep[]
}

/** What is to be asked next about a chunk; null: all is done that so much effort does. A pure function. */
export function nextStage(soFar: SoFar, effort: Effort): Stage | null {
  const stages: readonly [before: EffortLevel, wanted: () => readonly WantedStep[]][] = [
    ['quick', () => gleaning(soFar)],
    ['standard', () => (soFar.canRead ? sampleSteps(effort.samples ?? 1) : [])],
    ['standard', () => checks(soFar, effort)],
  ]
  for (const [level, wanted] of stages) {
    if (rankOf(level) >= rankOf(effort.level)) return null
    const steps = wanted().filter((step) => !soFar.has(step))
    if (steps.length > 0) return { level, steps }
  }
  return null
}

/** The most requests that a step takes about one chunk, in the order in which they are made. */
export function mostSteps({ level, samples = 1 }: Effort): readonly (readonly [name: StepName, requests: number])[] {
  const standard = [['re-ask', 1] as const, ['gleaning', 1] as const]
  const thorough = [
    ['sample', samples - 1] as const,
    ['verification', MOST_VERIFICATIONS] as const,
    ['counterfactual', MOST_BLANKED] as const,
    ['contradiction', MOST_BESIDE] as const,
  ]
  return [...(level === 'quick' ? [] : standard), ...(level === 'thorough' ? thorough : [])]
}

/** Once; what columns mean has no names. */
function gleaning({ chunk, answer, first, further, inGraph, canRead }: SoFar): WantedStep[] {
  if (!canRead || chunk.holds === 'profile' || further.some(({ step }) => step?.name === 'gleaning')) return []
  const step = gleaningStep(namesLeft(answer, first, chunk, inGraph))
  return step === null ? [] : [step]
}

/** Of links that were not checked yet; what another engine has verified is verified by this one. */
function checks({ chunk, together: { proposals }, further, canCheck }: SoFar, { verifier }: Effort): WantedStep[] {
  if (!canCheck || chunk.holds === 'profile') return []
  const own = new Set(further.filter(({ fingerprint }) => fingerprint === verifier).map(({ id }) => id))
  const unverified = proposals.filter(({ checks: known }) => !own.has(known?.verification?.replyId ?? ''))
  const unblanked = proposals.filter(({ checks: known }) => known?.counterfactual === undefined)
  const blanked = further.filter(({ step }) => step?.name === 'counterfactual').length
  return [
    ...verificationSteps(unverified).slice(0, Math.max(0, MOST_VERIFICATIONS - own.size)),
    ...counterfactualSteps(chunk, unblanked).slice(0, Math.max(0, MOST_BLANKED - blanked)),
  ]
}
