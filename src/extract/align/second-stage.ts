import type { FirstStageFeatures } from './first-stage.ts'
import type { Candidate, Reading, ReadSentence } from './reading.ts'
import { ANCHORED, NONE, type Surroundings } from './surroundings.ts'

/** A sentence that may belong to a candidate, with what the first stage saw. */
export interface Pair {
  readonly sentence: number
  readonly candidate: number
  readonly first: FirstStageFeatures
}

const FAR = 15
const CERTAIN = 5

export type SecondStageFeatures = ReturnType<typeof secondStage>

/** The features of a pair as its surroundings show it: its own probability, its rivals', its neighbours'. */
export function secondStage(reading: Reading, around: Surroundings, triples: Uint8Array, pair: Pair) {
  const { width, probabilities, best } = around
  const { sentence: row, candidate: column, first } = pair
  const sentence = reading.sentences[row] as ReadSentence
  const { sharing } = reading.candidates[column] as Candidate
  const start = around.paragraphStart[row] ?? 0
  const end = around.paragraphEnd[row] ?? 0
  const flag = (value: boolean): number => (value ? 1 : 0)

  const at = (otherRow: number, otherColumn = column): number =>
    otherRow >= start && otherRow < end ? (probabilities[otherRow * width + otherColumn] ?? 0) : 0
  const shareAt = (otherRow: number, least: number): number => {
    const top = otherRow >= start && otherRow < end ? (best[otherRow] ?? 0) : 0
    return top > least ? at(otherRow) / top : 0
  }
  const bestOtherAt = (otherRow: number): number => {
    let other = 0
    if (otherRow >= start && otherRow < end)
      for (let otherColumn = 0; otherColumn < width; otherColumn += 1)
        if (otherColumn !== column) other = Math.max(other, probabilities[otherRow * width + otherColumn] ?? 0)
    return other
  }
  const bestOf = (columns: readonly number[], otherRow: number): number => {
    let most = 0
    for (const otherColumn of columns) most = Math.max(most, at(otherRow, otherColumn))
    return most
  }

  const own = at(row)
  const bestOther = bestOtherAt(row)
  const before = around.anchorBefore[row] ?? NONE
  const after = around.anchorAfter[row] ?? NONE
  const anchor = before === NONE ? 0 : shareAt(before, ANCHORED)
  const anchorNext = after === NONE ? 0 : shareAt(after, ANCHORED)
  const tripleBefore = around.tripleBefore[row] ?? NONE
  const tripleAfter = around.tripleAfter[row] ?? NONE
  const lastTriple = tripleBefore !== NONE && triples[tripleBefore * width + column] === 1
  const nextTriple = tripleAfter !== NONE && triples[tripleAfter * width + column] === 1
  const paragraphMaximum = around.paragraphMaximum[start * width + column] ?? 0
  const paragraphMean = around.paragraphMean[start * width + column] ?? 0
  const paragraphBestMean = around.paragraphBestMean[start] ?? 0
  const siblings = [...sharing.typeAndObject, ...sharing.typeAndSubject, ...sharing.unit]
  const plural = flag(sentence.plural)
  const { count } = sentence
  const previousRejected = row > start ? (around.bestRejected[row - 1] ?? 0) : 0
  return {
    logit: Math.max(-CERTAIN, Math.min(CERTAIN, Math.log((own + 1e-6) / (1 - own + 1e-6)))),
    bestOther,
    ahead: own - bestOther,
    share: shareAt(row, 0),
    before1: at(row - 1),
    before2: at(row - 2),
    after1: at(row + 1),
    shareBefore1: shareAt(row - 1, 0.25),
    shareAfter1: shareAt(row + 1, 0.25),
    shareAfter2: shareAt(row + 2, 0.25),
    otherBefore1: bestOtherAt(row - 1),
    otherAfter1: bestOtherAt(row + 1),
    paragraphMaximum,
    paragraphMean,
    paragraphShare: paragraphBestMean > 0 ? paragraphMean / paragraphBestMean : 0,
    paragraphActive: (around.paragraphActive[start] ?? 0) / 4,
    anchor,
    anchorNear: before === NONE ? 0 : 1 / (row - before),
    anchorNext,
    anchorAround: anchor * anchorNext,
    anchorWhenUnclear: (best[row] ?? 0) < 0.4 ? anchor : 0,
    anchorContinued: anchor * first.continues,
    anchorPlanned: anchor * first.plans,
    anchorShort: anchor * first.short,
    anchorUnsure: anchor * flag(sentence.unsure),
    fromCentre: Math.min(1, Math.abs(row - (around.centre[column] ?? 0)) / FAR),
    fromPeak: Math.min(1, Math.abs(row - (around.peak[column] ?? 0)) / FAR),
    siblingObject: bestOf(sharing.typeAndObject, row),
    siblingUnit: bestOf(sharing.unit, row),
    pluralSibling: plural * bestOf(siblings, row),
    siblingBefore: bestOf(siblings, row - 1),
    pluralParagraph: plural * flag(paragraphMaximum > ANCHORED),
    countParagraph: count > 0 && around.paragraphActive[start] === count ? paragraphMaximum : 0,
    countAnchor: count > 0 && before !== NONE && around.anchoredLinks[before] === count ? anchor : 0,
    rejected: around.bestRejected[row] ?? 0,
    rejectedBefore: previousRejected,
    rejectedAfter: row + 1 < end ? (around.bestRejected[row + 1] ?? 0) : 0,
    rejectedAnchor: flag(row > start && previousRejected > (around.bestLink[row - 1] ?? 0)),
    lastTriple: flag(lastTriple),
    lastTripleOther: flag(tripleBefore !== NONE && !lastTriple),
    nextTriple: flag(nextTriple),
    nextTripleOther: flag(tripleAfter !== NONE && !nextTriple),
    firstInParagraph: flag(row === start),
    lastInParagraph: flag(row + 1 === end),
    continues: first.continues,
    turns: first.turns,
    short: first.short,
    plans: first.plans,
    skips: first.skips,
    unsure: flag(sentence.unsure),
    nextLeavesOut: first.nextLeavesOut,
    alsoLeavesOut: first.alsoLeavesOut,
    also: flag(sentence.also),
    confidenceSame: first.confidenceSame,
    polaritySame: first.polaritySame,
    supportSame: first.supportSame,
    strength: first.strength,
    bothCarried: first.bothCarried,
    otherPair: first.otherPair,
    siblingTriple: first.siblingTriple,
    siblingSubject: first.siblingSubject,
    typeAlone: first.typeAlone,
    rejectedAhead: Math.max(0, first.rejectedAhead),
    inFocus: first.inFocus,
    focusElsewhere: first.focusElsewhere,
    focusUnlinked: first.focusUnlinked,
  }
}
