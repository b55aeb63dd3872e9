import type { AlignUnit } from '../../extract/align/reading.ts'
import { splitSentences } from '../../extract/align/sentences.ts'
import type { Span } from '../../model/trace.ts'
import { cueLanguage, readDoubts, type CueLanguage } from './cues.ts'
import { findRepeats } from './repeats.ts'
import { unitsRead, type UnitsRead } from './units-read.ts'

export interface TraceToStudy {
  readonly reasoning: string
  /** Names in the answer: where one in lower case begins, a sentence may. */
  readonly names: readonly string[]
  /** Null: the source is not there any more. */
  readonly units: readonly AlignUnit[] | null
  /** Where the steps stand that were found for links. */
  readonly aligned: readonly Span[]
}

/** What can be counted about one trace. A step is a sentence, split as for finding the steps of links. */
export interface TraceFacts {
  readonly characters: number
  readonly steps: number
  /** Steps that no link needs. */
  readonly idle: number
  /** Steps that say again what one before them said. */
  readonly again: number
  readonly loops: number
  /** Null: its language has no known words of doubt. */
  readonly language: CueLanguage | null
  /** Steps that doubt, and that take something back. */
  readonly hedges: number
  readonly turns: number
  /** Null: the source is not there any more. */
  readonly read: UnitsRead | null
}

export function studyTrace({ reasoning, names, units, aligned }: TraceToStudy): TraceFacts {
  const sentences = splitSentences(reasoning, names)
  const steps = sentences.map(({ start, end }) => reasoning.slice(start, end))
  const language = cueLanguage(reasoning)
  const doubts = language === null ? [] : steps.map((step) => readDoubts(step, language))
  const { again, loops } = findRepeats(steps)
  const spans = aligned.toSorted(([a], [b]) => a - b)
  let reached = 0
  let at = 0
  const idle = sentences.filter(({ start, end }) => {
    for (; (spans[at]?.[0] ?? Infinity) < end; at += 1) reached = Math.max(reached, spans[at]?.[1] ?? 0)
    return reached <= start
  })
  return {
    characters: reasoning.length,
    steps: steps.length,
    idle: idle.length,
    again: again.filter((is) => is).length,
    loops,
    language,
    hedges: doubts.filter(({ hedges }) => hedges).length,
    turns: doubts.filter(({ turns }) => turns).length,
    read: units === null ? null : unitsRead(steps, units),
  }
}
