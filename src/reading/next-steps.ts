import type { Extraction } from '../extract/extract.ts'
import type { Answer } from '../model/answer.ts'
import type { Chunk } from '../model/chunk.ts'
import { rankOf, type Effort, type EffortLevel } from '../model/effort.ts'
import type { Reply, StepName } from '../model/reply.ts'
import { gleaningStep, namesLeft } from './gleaning.ts'
import type { WantedStep } from './wanted-step.ts'

/** A reading of a chunk as far as it has come. */
export interface SoFar {
  readonly chunk: Chunk
  /** What the first reply answers, and what is made of it by itself. */
  readonly answer: Answer
  readonly first: Extraction
  readonly further: readonly Reply[]
  /** Names of the graph that may stand in the chunk. */
  readonly inGraph: readonly string[]
  /** The engine that reads needs no model: it would say the same again. */
  readonly isOffline: boolean
}

/** What can be asked at the same time. `level`: what is done once it is answered, and all before it. */
export interface Stage {
  readonly level: EffortLevel
  readonly steps: readonly WantedStep[]
}

/** What is to be asked next about a chunk; null: all is done that so much effort does. A pure function. */
export function nextStage(soFar: SoFar, effort: Effort): Stage | null {
  if (rankOf(effort.level) >= rankOf('standard')) {
    const steps = gleaning(soFar)
    if (steps.length > 0) return { level: 'quick', steps }
  }
  return null
}

/** The most requests that a step takes about one chunk, in the order in which they are made. */
export function mostSteps({ level }: Effort): readonly (readonly [name: StepName, requests: number])[] {
  return rankOf(level) >= rankOf('standard')
    ? [
        ['re-ask', 1],
        ['gleaning', 1],
      ]
    : []
}

/** Once; what columns mean has no names. */
function gleaning({ chunk, answer, first, further, inGraph, isOffline }: SoFar): WantedStep[] {
  if (isOffline || chunk.holds === 'profile' || further.some(({ step }) => step?.name === 'gleaning')) return []
  const step = gleaningStep(namesLeft(answer, first, chunk, inGraph))
  return step === null ? [] : [step]
}
