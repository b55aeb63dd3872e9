import { FIRST_STAGE } from './features.ts'
import { positions } from './logistic.ts'
import { isPair, isRelation, NAMED, overlook, type Overview } from './overview.ts'
import { NOBODY } from './discourse.ts'
import { LONGEST_QUOTE, type Candidate, type Reading, type ReadSentence } from './reading.ts'
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

/** The features of one sentence and all candidates, in their order. */
function contrast(
  rows: readonly Float64Array[],
  reading: Reading,
  sentence: ReadSentence,
  overview: Overview,
  neighbours: { next: ReadSentence | undefined; place: number },
  position: number,
): void {
  const candidate = reading.candidates[position] as Candidate
  const row = rows[position] as Float64Array
  const { sharing, link } = candidate
  const valueOf = (other: number, feature: number): number => rows[other]?.[feature] ?? 0
  const isSubject = (other: number): boolean => valueOf(other, at.subject) > NAMED
  const isObject = (other: number): boolean => valueOf(other, at.object) > NAMED
  const subjectNamed = isSubject(position)
  const objectNamed = isObject(position)

  const own = row[at.strength] ?? 0
  const bestOther = bestBesides(overview.links, 0, position)
  const bestRejected = bestBesides(overview.rejected, 0, position)
  const best = Math.max(own, bestOther, bestRejected)
  const others = (count: number, isOwn: boolean): boolean => count > (isOwn ? 1 : 0)
  const otherTriple = others(overview.triples, row[at.triple] === 1)
  const otherPair = others(overview.pairs, isPair(row))
  const otherRelation = others(overview.relations, isRelation(row))
  const noTriple = row[at.triple] === 0
  const siblingTriple = noTriple && overview.triples > 0 && sharing.type.some((other) => valueOf(other, at.triple) > 0)
  const group = [sharing.typeAndObject, sharing.typeAndSubject, sharing.unit]
  const { count, plural, confidences, polarity, support, focus, likelyFocus, nextFocus, pronoun } = sentence
  const among = (units: readonly number[]): boolean => units.some((s) => candidate.units.has(s))
  const inFocus = among(focus)
  const from = Math.min(...focus)
  const to = Math.max(...nextFocus)
  const isEnd = pronoun === candidate.subject || pronoun === candidate.object
  const nearFocus = focus.some((s) => candidate.units.has(s - 1) || candidate.units.has(s + 1))
  const flag = (value: boolean): number => (value ? 1 : 0)
  row[at.subjectOnly] = flag(subjectNamed && sharing.objectOrType.length > 0 && !sharing.objectOrType.some(isSubject))
  row[at.siblingSubject] = flag(!subjectNamed && overview.subjects > 0 && sharing.typeAndObject.some(isSubject))
  row[at.objectOnly] = flag(objectNamed && sharing.subjectOrType.length > 0 && !sharing.subjectOrType.some(isObject))
  row[at.siblingObject] = flag(!objectNamed && overview.objects > 0 && sharing.typeAndSubject.some(isObject))
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
  row[at.countFits] = flag(count > 0 && group.some((siblings) => siblings.length + 1 === count))
  row[at.pluralSibling] = flag(plural && group.some((siblings) => siblings.length > 0))
  const isNamed = (other: number): boolean => isSubject(other) || isObject(other)
  row[at.typeAlone] = flag(
    row[at.type] === 1 &&
      !isNamed(position) &&
      (overview.subjects + overview.objects === 0 || !sharing.type.some(isNamed)),
  )
  row[at.inFocus] = flag(inFocus)
  row[at.nearFocus] = flag(!inFocus && nearFocus)
  row[at.focusElsewhere] = flag(!inFocus && focus.length > 0)
  row[at.focusUnlinked] = flag(focus.length > 0 && !focus.some((s) => reading.linksWithUnit.has(s)))
  row[at.likelyInFocus] = flag(among(likelyFocus))
  row[at.likelyElsewhere] = flag(likelyFocus.length > 0 && !among(likelyFocus))
  row[at.nextInFocus] = flag(among(nextFocus))
  row[at.nextElsewhere] = flag(nextFocus.length > 0 && !among(nextFocus))
  row[at.betweenFocus] = flag(focus.length > 0 && [...candidate.units].some((s) => s >= from && s <= to))
  row[at.nameless] = flag(isNameless(sentence))
  row[at.pronounSame] = flag(pronoun !== NOBODY && isEnd)
  row[at.pronounOther] = flag(pronoun !== NOBODY && !isEnd)
  row[at.skips] = flag(sentence.skips)
  row[at.nextLeavesOut] = flag(neighbours.next?.leavesOut === true)
  row[at.alsoLeavesOut] = flag(sentence.also && (sentence.leavesOut || neighbours.next?.leavesOut === true))
  row[at.plans] = flag(sentence.plans)
  row[at.turns] = flag(sentence.turns)
  row[at.continues] = flag(sentence.continues)
  row[at.short] = flag(sentence.stems.length <= 3)
  row[at.length] = Math.min(20, sentence.stems.length) / 20
  row[at.early] = flag(neighbours.place < 0.1)
  row[at.late] = flag(neighbours.place > 0.9)
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
    const overview = overlook(rows, reading.linkCount)
    const following = sentences[index + 1]
    const next = following?.paragraph === sentence.paragraph ? following : undefined
    const neighbours = { next, place: index / sentences.length }
    for (let position = 0; position < candidates.length; position += 1) {
      contrast(rows, reading, sentence, overview, neighbours, position)
      visit(index, position, rows[position] as Float64Array)
    }
    for (let thing = 0; thing < carried.length; thing += 1)
      carried[thing] = Math.max(sentence.strengths[thing] ?? 0, (carried[thing] ?? 0) * FADING)
  }
}

/** Room for the longest quote, used again and again: the runs that end at each of its words. */
const room = { previous: new Uint8Array(LONGEST_QUOTE), current: new Uint8Array(LONGEST_QUOTE) }

/** The longest run of words that both have. The quote is short, so this is linear in the sentence. */
function longestRun(quote: Int32Array, words: Int32Array): number {
  let best = 0
  let { previous, current } = room
  previous.fill(0)
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]
    for (let at = 0; at < quote.length; at += 1) {
      const run = quote[at] === word ? (at > 0 ? (previous[at - 1] ?? 0) : 0) + 1 : 0
      current[at] = run
      if (run > best) best = run
    }
    const swap = previous
    previous = current
    current = swap
  }
  return best
}
