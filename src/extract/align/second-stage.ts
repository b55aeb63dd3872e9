import type { Echoes } from './echoes.ts'
import { FIRST_STAGE, KEPT, SECOND_STAGE } from './features.ts'
import { positions } from './logistic.ts'
import type { Candidate, ReadSentence } from './reading.ts'
import type { Pair, Staged } from './staged.ts'
import { ANCHORED, NONE, type Surroundings } from './surroundings.ts'
import { bestBesides } from './top-two.ts'

const FAR = 15
const CERTAIN = 5

const at = positions(SECOND_STAGE)
const firstAt = positions(FIRST_STAGE)
/** Where the features stand that are kept from the first stage, and where they stood there. */
const keptAt = Int32Array.from(KEPT, (name) => at[name])
const keptFrom = Int32Array.from(KEPT, (name) => firstAt[name])

const flag = (value: boolean): number => (value ? 1 : 0)

/** What follows is 0 for a line outside of the paragraph that begins at `start`. */
function chanceAt(around: Surroundings, start: number, column: number, line: number): number {
  return around.paragraphStart[line] === start ? (around.probabilities[line * around.width + column] ?? 0) : 0
}

/** As a share of the best candidate's, if that is above `least`. */
function shareAt(around: Surroundings, start: number, column: number, line: number, least: number): number {
  const best = around.paragraphStart[line] === start ? (around.top.best[line] ?? 0) : 0
  return best > least ? chanceAt(around, start, column, line) / best : 0
}

function bestOtherAt(around: Surroundings, start: number, column: number, line: number): number {
  return around.paragraphStart[line] === start ? bestBesides(around.top, line, column) : 0
}

function bestOf(around: Surroundings, start: number, columns: readonly number[], line: number): number {
  let most = 0
  for (const column of columns) most = Math.max(most, chanceAt(around, start, column, line))
  return most
}

/** The features of a pair as its surroundings show it: its own probability, its rivals', its neighbours'. */
export function secondStage(
  row: Float64Array,
  { reading, triples, spoken }: Staged,
  around: Surroundings,
  echoes: Echoes,
  pair: Pair,
): void {
  const { width, probabilities } = around
  const { best } = around.top
  const { sentence: line, candidate: column, first, from } = pair
  const { cues } = reading.sentences[line] as ReadSentence
  const { sharing } = reading.candidates[column] as Candidate
  const start = around.paragraphStart[line] ?? 0
  const end = around.paragraphEnd[line] ?? 0
  const seen = (feature: number): number => first[from + feature] ?? 0

  const own = chanceAt(around, start, column, line)
  const bestOther = bestOtherAt(around, start, column, line)
  const before = around.anchorBefore[line] ?? NONE
  const after = around.anchorAfter[line] ?? NONE
  const anchor = before === NONE ? 0 : shareAt(around, start, column, before, ANCHORED)
  const anchorNext = after === NONE ? 0 : shareAt(around, start, column, after, ANCHORED)
  const tripleBefore = around.tripleBefore[line] ?? NONE
  const tripleAfter = around.tripleAfter[line] ?? NONE
  const lastTriple = tripleBefore !== NONE && triples[tripleBefore * width + column] === 1
  const nextTriple = tripleAfter !== NONE && triples[tripleAfter * width + column] === 1
  const paragraphMaximum = around.paragraphMaximum[start * width + column] ?? 0
  const paragraphMean = around.paragraphMean[start * width + column] ?? 0
  const paragraphBestMean = around.paragraphBestMean[start] ?? 0
  const { count } = cues
  const plural = flag(cues.plural)
  const previousRejected = line > start ? (around.bestRejected[line - 1] ?? 0) : 0
  row[at.logit] = Math.max(-CERTAIN, Math.min(CERTAIN, Math.log((own + 1e-6) / (1 - own + 1e-6))))
  row[at.bestOther] = bestOther
  row[at.ahead] = own - bestOther
  row[at.share] = shareAt(around, start, column, line, 0)
  row[at.before1] = chanceAt(around, start, column, line - 1)
  row[at.before2] = chanceAt(around, start, column, line - 2)
  row[at.after1] = chanceAt(around, start, column, line + 1)
  row[at.shareBefore1] = shareAt(around, start, column, line - 1, 0.25)
  row[at.shareAfter1] = shareAt(around, start, column, line + 1, 0.25)
  row[at.shareAfter2] = shareAt(around, start, column, line + 2, 0.25)
  row[at.otherBefore1] = bestOtherAt(around, start, column, line - 1)
  row[at.otherAfter1] = bestOtherAt(around, start, column, line + 1)
  row[at.paragraphMaximum] = paragraphMaximum
  row[at.paragraphMean] = paragraphMean
  row[at.paragraphShare] = paragraphBestMean > 0 ? paragraphMean / paragraphBestMean : 0
  row[at.paragraphActive] = (around.paragraphActive[start] ?? 0) / 4
  row[at.anchor] = anchor
  row[at.anchorNear] = before === NONE ? 0 : 1 / (line - before)
  row[at.anchorNext] = anchorNext
  row[at.anchorAround] = anchor * anchorNext
  row[at.anchorWhenUnclear] = (best[line] ?? 0) < 0.4 ? anchor : 0
  row[at.anchorContinued] = anchor * seen(firstAt.continues)
  row[at.anchorPlanned] = anchor * seen(firstAt.plans)
  row[at.anchorShort] = anchor * seen(firstAt.short)
  row[at.anchorUnsure] = anchor * flag(cues.unsure)
  row[at.fromCentre] = Math.min(1, Math.abs(line - (around.centre[column] ?? 0)) / FAR)
  row[at.peakChance] = probabilities[(around.peak[column] ?? 0) * width + column] ?? 0
  row[at.spoken] = spoken[column] ?? 0
  row[at.fromPeak] = Math.min(1, Math.abs(line - (around.peak[column] ?? 0)) / FAR)
  row[at.siblingObject] = bestOf(around, start, sharing.typeAndObject, line)
  row[at.siblingUnit] = bestOf(around, start, sharing.unit, line)
  row[at.pluralSibling] = plural * bestOf(around, start, sharing.any, line)
  row[at.siblingBefore] = bestOf(around, start, sharing.any, line - 1)
  row[at.pluralParagraph] = plural * flag(paragraphMaximum > ANCHORED)
  row[at.countParagraph] = count > 0 && around.paragraphActive[start] === count ? paragraphMaximum : 0
  row[at.countAnchor] = count > 0 && before !== NONE && around.anchoredLinks[before] === count ? anchor : 0
  const echo = echoes.mean[line * width + column] ?? 0
  row[at.echo] = echo
  row[at.echoBest] = echoes.best[line * width + column] ?? 0
  row[at.echoAhead] = echo - bestBesides(echoes.top, line, column)
  row[at.rejected] = around.bestRejected[line] ?? 0
  row[at.rejectedBefore] = previousRejected
  row[at.rejectedAfter] = line + 1 < end ? (around.bestRejected[line + 1] ?? 0) : 0
  row[at.rejectedAnchor] = flag(line > start && previousRejected > (around.bestLink[line - 1] ?? 0))
  row[at.lastTriple] = flag(lastTriple)
  row[at.lastTripleOther] = flag(tripleBefore !== NONE && !lastTriple)
  row[at.nextTriple] = flag(nextTriple)
  row[at.nextTripleOther] = flag(tripleAfter !== NONE && !nextTriple)
  row[at.firstInParagraph] = flag(line === start)
  row[at.lastInParagraph] = flag(line + 1 === end)
  row[at.unsure] = flag(cues.unsure)
  row[at.also] = flag(cues.also)
  row[at.rejectedAhead] = Math.max(0, seen(firstAt.rejectedAhead))
  for (let index = 0; index < keptAt.length; index += 1) row[keptAt[index] ?? 0] = seen(keptFrom[index] ?? 0)
}
