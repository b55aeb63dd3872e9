import type { TraceStep } from '../model/trace.ts'
import { splitSentences } from './align/sentences.ts'
import { finderOf, tokens } from './injection/own-support.ts'

/** Steps that are shown of one label. */
const MOST_STEPS = 10
const SPEAKS_OF_LABELS = /\b(?:labels?|topics?)\b/iu

/**
 * The sentences of a trace that argue for a label, by the names that it goes by: such as have one of them whole, word for word, and name one of the units that it
 * is given for, or speak of labels or topics. Stricter than what is shown of links, as labels are common words.
 */
export function labelStepper(trace: string): (names: readonly string[], units: readonly number[]) => TraceStep[] {
  let sentences:
    | { readonly start: number; readonly end: number; readonly text: string; readonly words: string }[]
    | null = null
  return (names, units) => {
    sentences ??= splitSentences(trace).map(({ start, end }) => {
      const text = trace.slice(start, end)
      return { start, end, text, words: tokens(text) }
    })
    const [finders, wanted] = [names.map(finderOf), new Set(units)]
    const found = sentences.filter(
      ({ text, words }) =>
        finders.some((isIn) => isIn(words)) && (SPEAKS_OF_LABELS.test(text) || namesUnit(text, wanted)),
    )
    return found.slice(0, MOST_STEPS).map(({ start, end, text }) => ({ start, end, text, stance: 'for' }))
  }
}

const UNIT = /\bS(\d{1,6})(?:\s?[-–]\s?S?(\d{1,6}))?/gu

/** `S3`, or a run of them: `S11-S13`. */
function namesUnit(text: string, wanted: ReadonlySet<number>): boolean {
  return [...text.matchAll(UNIT)].some(([, first, last]) => {
    const [from, to] = [Number(first), Number(last ?? first)]
    return [...wanted].some((unit) => unit >= from && unit <= to)
  })
}
