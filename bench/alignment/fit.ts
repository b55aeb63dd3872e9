import { FIRST_STAGE, SECOND_STAGE, STANCE } from '../../src/extract/align/features.ts'
import { readTrace, type Reading } from '../../src/extract/align/reading.ts'
import { runFirstStage, runNextStage, eachSecondStage } from '../../src/extract/align/stages.ts'
import { pairStance, sentenceStance } from '../../src/extract/align/stance.ts'
import { eachFirstStage } from '../../src/extract/align/first-stage.ts'
import type { Weights } from '../../src/extract/align/logistic.ts'
import type { Pair, Staged } from '../../src/extract/align/staged.ts'
import type { AlignWeights } from '../../src/extract/align/weights.ts'
import { covered, type JudgedCase } from './cases.ts'
import { fitRegression, type Example } from './regression.ts'

/** Chosen by leaving cases out: the further from the words, the stronger. */
const RIDGE = { first: 3, second: 10, third: 30, stance: 2 }
const FOLDS = 5
/** What precision and recall ought to reach: a step is shown from the probability on that exceeds both alike. */
export const BAR = { precision: 0.86, recall: 0.8 }

/** A case made ready for fitting: read once, with what was judged about each sentence and candidate. */
export interface Lesson {
  readonly judgedCase: JudgedCase
  readonly reading: Reading
  /** Rows are sentences, columns candidates. */
  readonly judged: Uint8Array
  readonly weighing: Uint8Array
  readonly firstExamples: readonly Example[]
}

export function prepareLesson(judgedCase: JudgedCase): Lesson {
  const [reading] = readTrace(judgedCase.input)
  if (reading === undefined) throw new Error(`${judgedCase.name}: its trace is empty.`)
  const width = reading.candidates.length
  const judged = new Uint8Array(reading.sentences.length * width)
  const weighing = new Uint8Array(judged.length)
  for (const [column, { link }] of reading.candidates.entries()) {
    const entry = judgedCase.judged.find((one) => one.link === link?.index)
    if (entry === undefined) continue
    for (const [row, { start, end }] of reading.sentences.entries()) {
      if (covered([start, end], [...entry.for, ...entry.weighing])) judged[row * width + column] = 1
      if (covered([start, end], entry.weighing)) weighing[row * width + column] = 1
    }
  }
  const firstExamples: Example[] = []
  eachFirstStage(reading, (line, column, row) => {
    // Rejected entries were not judged; they take part as rivals only.
    if (column < reading.linkCount)
      firstExamples.push({ row: row.slice(), positive: judged[line * width + column] === 1 })
  })
  return { judgedCase, reading, judged, weighing, firstExamples }
}

const positive = (lesson: Lesson, pair: Pair): boolean =>
  lesson.judged[pair.sentence * lesson.reading.candidates.length + pair.candidate] === 1

function nextExamples(lesson: Lesson, staged: Staged): Example[] {
  const examples: Example[] = []
  eachSecondStage(staged, (pair, row) => {
    if (pair.candidate < lesson.reading.linkCount) examples.push({ row: row.slice(), positive: positive(lesson, pair) })
  })
  return examples
}

/**
 * Fits all weights. Each stage learns from what the stage before says about cases that it was not fitted on, so that
 * it does not trust it more than it may. `near` only saves time: weights that will be similar.
 */
export function fitWeights(lessons: readonly Lesson[], near?: AlignWeights): AlignWeights {
  const fitFirst = (some: readonly Lesson[]): Weights =>
    fitRegression(
      FIRST_STAGE,
      some.flatMap((lesson) => lesson.firstExamples),
      RIDGE.first,
      near?.first,
    )
  const stagedFirst = outOfFold(lessons, fitFirst, (lesson, weights) => runFirstStage(lesson.reading, weights))
  const fitNext =
    (staged: ReadonlyMap<Lesson, Staged>, ridge: number, start: Weights | undefined) =>
    (some: readonly Lesson[]): Weights =>
      fitRegression(
        SECOND_STAGE,
        some.flatMap((lesson) => nextExamples(lesson, staged.get(lesson) as Staged)),
        ridge,
        start,
      )
  const fitSecond = fitNext(stagedFirst, RIDGE.second, near?.second)
  const stagedSecond = outOfFold(lessons, fitSecond, (lesson, weights) =>
    runNextStage(stagedFirst.get(lesson) as Staged, weights),
  )
  const fitThird = fitNext(stagedSecond, RIDGE.third, near?.third)
  const stagedThird = outOfFold(lessons, fitThird, (lesson, weights) =>
    runNextStage(stagedSecond.get(lesson) as Staged, weights),
  )
  return {
    first: fitFirst(lessons),
    second: fitSecond(lessons),
    third: fitThird(lessons),
    stance: fitStance(lessons),
    threshold: chooseThreshold(stagedThird),
  }
}

/**
 * For each case, the weights and the threshold fitted on the others: on those that `setOf` puts elsewhere. By default
 * each case is a set of its own.
 */
export function leaveOut(
  cases: readonly JudgedCase[],
  setOf: (judgedCase: JudgedCase) => string = ({ name }) => name,
): ReadonlyMap<JudgedCase, AlignWeights> {
  const lessons = cases.map(prepareLesson)
  const near = fitWeights(lessons)
  const others = (set: string): Lesson[] => lessons.filter(({ judgedCase }) => setOf(judgedCase) !== set)
  const weights = new Map([...new Set(cases.map(setOf))].map((set) => [set, fitWeights(others(set), near)]))
  return new Map(cases.map((judgedCase) => [judgedCase, weights.get(setOf(judgedCase)) as AlignWeights]))
}

/** The step from 0.3 to 0.7 at which the worse of precision and recall stands best against the bar. */
function chooseThreshold(staged: ReadonlyMap<Lesson, Staged>): number {
  let judgedCount = 0
  const shown: { probability: number; right: boolean }[] = []
  for (const [lesson, { pairs, probabilities, reading }] of staged) {
    const width = reading.candidates.length
    for (const [at, value] of lesson.judged.entries()) if (at % width < reading.linkCount) judgedCount += value
    for (const pair of pairs)
      if (pair.candidate < reading.linkCount)
        shown.push({
          probability: probabilities[pair.sentence * width + pair.candidate] ?? 0,
          right: positive(lesson, pair),
        })
  }
  let best = 0.5
  let bestMargin = -1
  for (let percent = 30; percent <= 70; percent += 1) {
    const kept = shown.filter(({ probability }) => probability >= percent / 100)
    const right = kept.filter((pair) => pair.right).length
    const margin = Math.min(right / kept.length - BAR.precision, right / judgedCount - BAR.recall)
    if (margin <= bestMargin) continue
    bestMargin = margin
    best = percent / 100
  }
  return best
}

function outOfFold(
  lessons: readonly Lesson[],
  fit: (some: readonly Lesson[]) => Weights,
  run: (lesson: Lesson, weights: Weights) => Staged,
): ReadonlyMap<Lesson, Staged> {
  const staged = new Map<Lesson, Staged>()
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const weights = fit(lessons.filter((_, index) => index % FOLDS !== fold))
    for (const lesson of lessons.filter((_, index) => index % FOLDS === fold)) staged.set(lesson, run(lesson, weights))
  }
  return staged
}

function fitStance(lessons: readonly Lesson[]): Weights {
  const examples = lessons.flatMap(({ reading, judged, weighing }) => {
    const width = reading.candidates.length
    const found: Example[] = []
    eachFirstStage(reading, (sentence, candidate, first) => {
      const at = sentence * width + candidate
      if (judged[at] !== 1) return
      const row = new Float64Array(STANCE.length)
      sentenceStance(row, reading, sentence)
      pairStance(row, { sentence, candidate, first, from: 0 })
      found.push({ row, positive: weighing[at] === 1 })
    })
    return found
  })
  return fitRegression(STANCE, examples, RIDGE.stance)
}
