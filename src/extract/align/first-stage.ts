import { FIRST_STAGE } from './features.ts'
import { positions } from './logistic.ts'
import { isPair, isRelation, NAMED, overlook, type Overview } from './overview.ts'
import { NOBODY } from './discourse.ts'
import type { Candidate, Reading, ReadSentence } from './reading.ts'
import { bestBesides } from './top-two.ts'

const LONGEST_RUN = 8
/** How much a name in an earlier sentence of the paragraph still counts, for each sentence in between. */
const FADING = 0.7

const at = positions(FIRST_STAGE)

/** What sentence and candidate have in common, seen by themselves. */
function compare(
  row: Float64Array,
  reading: Reading,
  sentence: ReadSentence,
  candidate: Candidate,
  isPresent: (stem: number) => boolean,
  carried: Float64Array,
): void {
  const subject = sentence.strengths[candidate.subject] ?? 0
  const object = sentence.strengths[candidate.object] ?? 0
  const subjectCarried = Math.max(subject, carried[candidate.subject] ?? 0)
  const objectCarried = Math.max(object, carried[candidate.object] ?? 0)

  const { quoteStems, stemWeights, stemLinkWeights, quotesUnit } = candidate
  let covered = 0
  let coveredForLink = 0
  let total = 0
  for (let index = 0; index < quoteStems.length; index += 1) {
    const weight = stemWeights[index] ?? 0
    total += weight
    if (!isPresent(quoteStems[index] ?? 0)) continue
    covered += weight
    coveredForLink += stemLinkWeights[index] ?? 0
  }
  // A run without a single telling word would say nothing.
  let run = 0
  if (covered > 0) for (const quote of candidate.quotes) run = Math.max(run, longestRun(quote, sentence.words))

  let unitNamed = false
  let unitShare = 0
  for (const s of sentence.named)
    if (candidate.units.has(s)) {
      unitNamed = true
      unitShare = Math.max(unitShare, 1 / Math.max(1, reading.linksWithUnit.get(s) ?? 1))
    }
  let unitQuoted = 0
  let otherQuoted = 0
  for (const [s, sureness] of sentence.quoted)
    if (candidate.units.has(s)) unitQuoted = Math.max(unitQuoted, sureness)
    else otherQuoted = Math.max(otherQuoted, sureness)
  let unitLike = 0
  let otherLike = 0
  for (const position of sentence.alike) {
    const likeness = sentence.likeness[position] ?? 0
    if (quotesUnit[position] === 1) unitLike = Math.max(unitLike, likeness)
    else otherLike = Math.max(otherLike, likeness)
  }

  const type = sentence.types.has(candidate.type) ? 1 : 0
  row[at.subject] = subject
  row[at.object] = object
  row[at.both] = subject * object
  row[at.subjectRare] = subject / Math.max(1, reading.linksWithThing[candidate.subject] ?? 1)
  row[at.objectRare] = object / Math.max(1, reading.linksWithThing[candidate.object] ?? 1)
  row[at.bothCarried] = subjectCarried * objectCarried
  row[at.quoteCovered] = total > 0 ? covered / total : 0
  row[at.quoteWords] = Math.min(4, coveredForLink) / 4
  row[at.quoteRun] = run >= 2 ? Math.min(LONGEST_RUN, run) / LONGEST_RUN : 0
  row[at.unitNamed] = unitNamed && !sentence.wide ? 1 : 0
  row[at.unitShare] = sentence.wide ? 0 : unitShare
  row[at.otherUnitNamed] = sentence.named.size > 0 && !unitNamed ? 1 : 0
  row[at.unitQuoted] = unitQuoted
  row[at.otherUnitQuoted] = unitQuoted > 0 ? 0 : otherQuoted
  row[at.unitLike] = unitLike
  row[at.type] = type
  row[at.typeWord] = candidate.typeStems.some(isPresent) ? 1 : 0
  row[at.otherType] = type === 0 && sentence.types.size > 0 ? 1 : 0
  row[at.triple] = subject > NAMED && object > NAMED ? type : 0
  row[at.strength] =
    0.8 * (row[at.subjectRare] ?? 0) +
    0.9 * (row[at.objectRare] ?? 0) +
    0.5 * (row[at.both] ?? 0) +
    1.0 * (row[at.quoteWords] ?? 0) +
    0.5 * (row[at.quoteCovered] ?? 0) +
    0.7 * (row[at.quoteRun] ?? 0) +
    0.9 * (row[at.unitShare] ?? 0) +
    0.4 * (row[at.unitNamed] ?? 0) +
    0.5 * (row[at.unitQuoted] ?? 0) +
    0.5 * (unitLike - otherLike) +
    (0.3 + 0.8 / (1 + candidate.sharing.type.length)) * (row[at.type] ?? 0) +
    0.4 * (row[at.triple] ?? 0) -
    0.4 * (row[at.otherUnitNamed] ?? 0) -
    0.3 * (row[at.otherUnitQuoted] ?? 0)
}

/** A sentence as all candidates are held against it. */
interface Scene {
  readonly sentence: ReadSentence
  readonly overview: Overview
  /** In the same paragraph. */
  readonly next: ReadSentence | undefined
  /** From 0 to 1 in the trace. */
  readonly place: number
  /** The units from the last one in focus to the next. */
  readonly focusFrom: number
  readonly focusTo: number
  /** No link quotes a unit in focus. */
  readonly isUnlinked: boolean
  readonly isNameless: boolean
}

function setScene(reading: Reading, index: number, overview: Overview): Scene {
  const sentence = reading.sentences[index] as ReadSentence
  const following = reading.sentences[index + 1]
  const { focus, nextFocus } = sentence
  return {
    sentence,
    overview,
    next: following?.paragraph === sentence.paragraph ? following : undefined,
    place: index / reading.sentences.length,
    focusFrom: Math.min(...focus),
    focusTo: Math.max(...nextFocus),
    isUnlinked: focus.length > 0 && !focus.some((s) => reading.linksWithUnit.has(s)),
    isNameless: isNameless(sentence),
  }
}

const flag = (value: boolean): number => (value ? 1 : 0)

/** Whether the feature of any of these candidates is above a bound. */
function isAnyAbove(
  bound: number,
  feature: number,
  candidates: readonly number[],
  rows: readonly Float64Array[],
): boolean {
  for (const candidate of candidates) if ((rows[candidate]?.[feature] ?? 0) > bound) return true
  return false
}

function quotesAny({ units }: Candidate, among: readonly number[]): boolean {
  for (const s of among) if (units.has(s)) return true
  return false
}

function quotesBetween({ units }: Candidate, from: number, to: number): boolean {
  for (const s of units) if (s >= from && s <= to) return true
  return false
}

/** The features of one sentence and all candidates, in their order. */
function contrast(
  rows: readonly Float64Array[],
  reading: Reading,
  { sentence, overview, next, place, focusFrom, focusTo, isUnlinked, isNameless }: Scene,
  position: number,
): void {
  const candidate = reading.candidates[position] as Candidate
  const row = rows[position] as Float64Array
  const { sharing, link } = candidate
  const subjectNamed = (row[at.subject] ?? 0) > NAMED
  const objectNamed = (row[at.object] ?? 0) > NAMED

  const own = row[at.strength] ?? 0
  const bestOther = bestBesides(overview.links, 0, position)
  const bestRejected = bestBesides(overview.rejected, 0, position)
  const best = Math.max(own, bestOther, bestRejected)
  const others = (count: number, isOwn: boolean): boolean => count > (isOwn ? 1 : 0)
  const otherTriple = others(overview.triples, row[at.triple] === 1)
  const otherPair = others(overview.pairs, isPair(row))
  const otherRelation = others(overview.relations, isRelation(row))
  const noTriple = row[at.triple] === 0
  const siblingTriple = noTriple && overview.triples > 0 && isAnyAbove(0, at.triple, sharing.type, rows)
  const { typeAndObject, typeAndSubject, unit } = sharing
  const { cues, focus, likelyFocus, nextFocus, pronoun } = sentence
  const { count, plural, confidences, polarity, support } = cues
  const inFocus = quotesAny(candidate, focus)
  const isEnd = pronoun === candidate.subject || pronoun === candidate.object
  row[at.subjectOnly] = flag(
    subjectNamed && sharing.objectOrType.length > 0 && !isAnyAbove(NAMED, at.subject, sharing.objectOrType, rows),
  )
  row[at.siblingSubject] = flag(
    !subjectNamed && overview.subjects > 0 && isAnyAbove(NAMED, at.subject, typeAndObject, rows),
  )
  row[at.objectOnly] = flag(
    objectNamed && sharing.subjectOrType.length > 0 && !isAnyAbove(NAMED, at.object, sharing.subjectOrType, rows),
  )
  row[at.siblingObject] = flag(
    !objectNamed && overview.objects > 0 && isAnyAbove(NAMED, at.object, typeAndSubject, rows),
  )
  row[at.neitherNamed] = flag(!subjectNamed && !objectNamed)
  row[at.siblingTriple] = flag(siblingTriple)
  row[at.otherTriple] = flag(noTriple && !siblingTriple && otherTriple)
  row[at.otherPair] = flag((row[at.both] ?? 0) <= 0.25 && otherPair)
  row[at.otherRelation] = flag(row[at.type] === 0 && row[at.typeWord] === 0 && otherRelation)
  row[at.margin] = Math.max(-2, Math.min(2, own - bestOther))
  row[at.relative] = best > 0.05 ? own / best : 0
  row[at.rejectedAhead] = Math.max(-1, Math.min(1, bestRejected - own))
  row[at.confidenceSame] = flag(link !== null && confidences.includes(link.confidence))
  row[at.confidenceOther] = flag(link !== null && confidences.length > 0 && !confidences.includes(link.confidence))
  row[at.polaritySame] = flag(polarity !== null && polarity === link?.polarity)
  row[at.supportSame] = flag(support !== null && support === link?.support)
  row[at.supportOther] = flag(support !== null && support !== link?.support)
  row[at.when] = flag(candidate.when !== null && sentence.folded.includes(candidate.when))
  row[at.countFits] = flag(
    count > 0 &&
      (typeAndObject.length + 1 === count || typeAndSubject.length + 1 === count || unit.length + 1 === count),
  )
  row[at.pluralSibling] = flag(plural && typeAndObject.length + typeAndSubject.length + unit.length > 0)
  row[at.typeAlone] = flag(
    row[at.type] === 1 &&
      !subjectNamed &&
      !objectNamed &&
      !isAnyAbove(NAMED, at.subject, sharing.type, rows) &&
      !isAnyAbove(NAMED, at.object, sharing.type, rows),
  )
  row[at.inFocus] = flag(inFocus)
  row[at.nearFocus] = flag(!inFocus && focus.some((s) => candidate.units.has(s - 1) || candidate.units.has(s + 1)))
  row[at.focusElsewhere] = flag(!inFocus && focus.length > 0)
  row[at.focusUnlinked] = flag(isUnlinked)
  row[at.likelyInFocus] = flag(quotesAny(candidate, likelyFocus))
  row[at.likelyElsewhere] = flag(likelyFocus.length > 0 && row[at.likelyInFocus] === 0)
  row[at.nextInFocus] = flag(quotesAny(candidate, nextFocus))
  row[at.nextElsewhere] = flag(nextFocus.length > 0 && row[at.nextInFocus] === 0)
  row[at.betweenFocus] = flag(focus.length > 0 && quotesBetween(candidate, focusFrom, focusTo))
  row[at.nameless] = flag(isNameless)
  row[at.pronounSame] = flag(pronoun !== NOBODY && isEnd)
  row[at.pronounOther] = flag(pronoun !== NOBODY && !isEnd)
  row[at.skips] = flag(cues.skips)
  row[at.nextLeavesOut] = flag(next?.cues.leavesOut === true)
  row[at.alsoLeavesOut] = flag(cues.also && (cues.leavesOut || next?.cues.leavesOut === true))
  row[at.plans] = flag(cues.plans)
  row[at.turns] = flag(cues.turns)
  row[at.continues] = flag(cues.continues)
  row[at.short] = flag(sentence.stems.length <= 3)
  row[at.length] = Math.min(20, sentence.stems.length) / 20
  row[at.early] = flag(place < 0.1)
  row[at.late] = flag(place > 0.9)
}

function isNameless({ strengths, named, types }: ReadSentence): boolean {
  return named.size === 0 && types.size === 0 && !strengths.some((strength) => strength > NAMED)
}

/**
 * Calls back with the features of each sentence and candidate, sentence by sentence. The row is used again for the
 * next sentence: copy what is to be kept.
 */
export function eachFirstStage(
  reading: Reading,
  visit: (sentence: number, candidate: number, row: Float64Array) => void,
): void {
  const { sentences, candidates } = reading
  const rows = candidates.map(() => new Float64Array(FIRST_STAGE.length))
  let carried = new Float64Array(0)
  // The sentence (from 1) in which a stem was last seen: one array for all, and nothing to clear.
  const lastSeen = new Int32Array(reading.stemCount)
  for (const [index, sentence] of sentences.entries()) {
    if (sentences[index - 1]?.paragraph !== sentence.paragraph) carried = new Float64Array(sentence.strengths.length)
    for (const stem of sentence.stems) lastSeen[stem] = index + 1
    const isPresent = (stem: number): boolean => lastSeen[stem] === index + 1
    for (let position = 0; position < candidates.length; position += 1)
      compare(rows[position] as Float64Array, reading, sentence, candidates[position] as Candidate, isPresent, carried)
    const scene = setScene(reading, index, overlook(rows, reading.linkCount))
    for (let position = 0; position < candidates.length; position += 1) {
      contrast(rows, reading, scene, position)
      visit(index, position, rows[position] as Float64Array)
    }
    for (let thing = 0; thing < carried.length; thing += 1)
      carried[thing] = Math.max(sentence.strengths[thing] ?? 0, (carried[thing] ?? 0) * FADING)
  }
}

/** The longest run of words that both have; each is followed from where it begins, so none is gone through twice. */
function longestRun(quote: Int32Array, words: Int32Array): number {
  let best = 0
  for (let index = 0; index < words.length; index += 1)
    for (let at = 0; at < quote.length; at += 1) {
      if (quote[at] !== words[index]) continue
      if (at > 0 && index > 0 && quote[at - 1] === words[index - 1]) continue
      let run = 1
      while (at + run < quote.length && index + run < words.length && quote[at + run] === words[index + run]) run += 1
      if (run > best) best = run
    }
  return best
}
