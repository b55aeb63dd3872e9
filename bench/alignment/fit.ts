import { FIRST_STAGE, SECOND_STAGE, STANCE } from '../../src/extract/align/features.ts'
import { readTrace, type Reading } from '../../src/extract/align/reading.ts'
import { runFirstStage, runNextStage, eachSecondStage } from '../../src/extract/align/stages.ts'
import { stanceFeatures } from '../../src/extract/align/stance.ts'
import { eachFirstStage } from '../../src/extract/align/first-stage.ts'
import type { Weights } from '../../src/extract/align/logistic.ts'
import type { Pair, Staged } from '../../src/extract/align/staged.ts'
import type { AlignWeights } from '../../src/extract/align/weights.ts'
import { covered, type JudgedCase } from './cases.ts'
import { fitRegression, type Example } from './regression.ts'

/** Chosen by leaving cases out: the further from the words, the stronger. */
const RIDGE = { first: 3, second: 10, third: 10, stance: 2 }
const FOLDS = 5

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
  const reading = readTrace(judgedCase.input)
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
  return { first: fitFirst(lessons), second: fitSecond(lessons), third: fitThird(lessons), stance: fitStance(lessons) }
}

/** For each case, the weights fitted on all the others. */
export function leaveOneOut(cases: readonly JudgedCase[]): ReadonlyMap<JudgedCase, AlignWeights> {
  const lessons = cases.map(prepareLesson)
  const near = fitWeights(lessons)
  return new Map(
    lessons.map((left) => [
      left.judgedCase,
      fitWeights(
        lessons.filter((lesson) => lesson !== left),
        near,
      ),
    ]),
  )
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
      stanceFeatures(row, reading, { sentence, candidate, first })
      found.push({ row, positive: weighing[at] === 1 })
    })
    return found
  })
  return fitRegression(STANCE, examples, RIDGE.stance)
}
