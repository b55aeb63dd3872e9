import type { Candidate, Reading, ReadSentence } from './reading.ts'

/** A thing counts as named from here on. */
const NAMED = 0.5
const LONGEST_RUN = 8
/** How much a name in an earlier sentence of the paragraph still counts, for each sentence in between. */
const FADING = 0.7

/** What sentence and candidate have in common, seen by themselves. */
function compare(
  reading: Reading,
  sentence: ReadSentence,
  candidate: Candidate,
  present: ReadonlySet<number>,
  carried: Float64Array,
) {
  const subject = sentence.strengths[candidate.subject] ?? 0
  const object = sentence.strengths[candidate.object] ?? 0
  const subjectCarried = Math.max(subject, carried[candidate.subject] ?? 0)
  const objectCarried = Math.max(object, carried[candidate.object] ?? 0)

  let covered = 0
  let coveredForLink = 0
  let total = 0
  for (const stem of candidate.quoteStems) {
    const weight = reading.weightOf(stem)
    total += weight
    if (!present.has(stem)) continue
    covered += weight
    coveredForLink += reading.linkWeightOf(stem)
  }
  let run = 0
  for (const quote of candidate.quotes) run = Math.max(run, longestRun(quote, sentence.words))

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
  for (const [position, likeness] of sentence.likeness.entries())
    if (candidate.units.has(reading.units[position]?.s ?? 0)) unitLike = Math.max(unitLike, likeness)
    else otherLike = Math.max(otherLike, likeness)

  const type = sentence.types.has(candidate.type) ? 1 : 0
  const shared = {
    subject,
    object,
    both: subject * object,
    subjectRare: subject / Math.max(1, reading.linksWithThing[candidate.subject] ?? 1),
    objectRare: object / Math.max(1, reading.linksWithThing[candidate.object] ?? 1),
    bothCarried: subjectCarried * objectCarried,
    quoteCovered: total > 0 ? covered / total : 0,
    quoteWords: Math.min(4, coveredForLink) / 4,
    quoteRun: run >= 2 ? Math.min(LONGEST_RUN, run) / LONGEST_RUN : 0,
    unitNamed: unitNamed && !sentence.wide ? 1 : 0,
    unitShare: sentence.wide ? 0 : unitShare,
    otherUnitNamed: sentence.named.size > 0 && !unitNamed ? 1 : 0,
    unitQuoted,
    otherUnitQuoted: unitQuoted > 0 ? 0 : otherQuoted,
    unitLike,
    type,
    typeWord: candidate.typeStems.some((stem) => present.has(stem)) ? 1 : 0,
    otherType: type === 0 && sentence.types.size > 0 ? 1 : 0,
    triple: subject > NAMED && object > NAMED ? type : 0,
  }
  const strength =
    0.8 * shared.subjectRare +
    0.9 * shared.objectRare +
    0.5 * shared.both +
    1.0 * shared.quoteWords +
    0.5 * shared.quoteCovered +
    0.7 * shared.quoteRun +
    0.9 * shared.unitShare +
    0.4 * shared.unitNamed +
    0.5 * shared.unitQuoted +
    0.5 * (unitLike - otherLike) +
    (0.3 + 0.8 / (1 + candidate.sharing.type.length)) * shared.type +
    0.4 * shared.triple -
    0.4 * shared.otherUnitNamed -
    0.3 * shared.otherUnitQuoted
  return { ...shared, strength }
}

type Local = ReturnType<typeof compare>

/** The features of one sentence and all candidates, in their order. */
function contrast(
  reading: Reading,
  sentence: ReadSentence,
  neighbours: { next: ReadSentence | undefined; place: number },
  locals: readonly Local[],
  position: number,
) {
  const candidate = reading.candidates[position] as Candidate
  const local = locals[position] as Local
  const { sharing, link } = candidate
  const isSubject = (other: number): boolean => (locals[other]?.subject ?? 0) > NAMED
  const isObject = (other: number): boolean => (locals[other]?.object ?? 0) > NAMED
  const subjectNamed = isSubject(position)
  const objectNamed = isObject(position)

  let bestOther = 0
  let bestRejected = 0
  let best = local.strength
  let otherTriple = false
  let otherPair = false
  for (const [other, { strength, triple, both }] of locals.entries()) {
    if (other === position) continue
    best = Math.max(best, strength)
    if (other < reading.linkCount) bestOther = Math.max(bestOther, strength)
    else bestRejected = Math.max(bestRejected, strength)
    otherTriple ||= triple > 0
    otherPair ||= both >= 0.8
  }
  const siblingTriple = local.triple === 0 && sharing.type.some((other) => (locals[other]?.triple ?? 0) > 0)
  const group = [sharing.typeAndObject, sharing.typeAndSubject, sharing.unit]
  const { count, plural, confidences, polarity, support, focus } = sentence
  const inFocus = focus.some((s) => candidate.units.has(s))
  const nearFocus = focus.some((s) => candidate.units.has(s - 1) || candidate.units.has(s + 1))
  const flag = (value: boolean): number => (value ? 1 : 0)
  return {
    ...local,
    subjectOnly: flag(
      subjectNamed &&
        sharing.object.length + sharing.type.length > 0 &&
        ![...sharing.object, ...sharing.type].some(isSubject),
    ),
    siblingSubject: flag(!subjectNamed && sharing.typeAndObject.some(isSubject)),
    objectOnly: flag(
      objectNamed &&
        sharing.subject.length + sharing.type.length > 0 &&
        ![...sharing.subject, ...sharing.type].some(isObject),
    ),
    siblingObject: flag(!objectNamed && sharing.typeAndSubject.some(isObject)),
    neitherNamed: flag(!subjectNamed && !objectNamed),
    siblingTriple: flag(siblingTriple),
    otherTriple: flag(local.triple === 0 && !siblingTriple && otherTriple),
    otherPair: flag(local.both <= 0.25 && otherPair),
    margin: Math.max(-2, Math.min(2, local.strength - bestOther)),
    relative: best > 0.05 ? local.strength / best : 0,
    rejectedAhead: Math.max(-1, Math.min(1, bestRejected - local.strength)),
    confidenceSame: flag(link !== null && confidences.includes(link.confidence)),
    confidenceOther: flag(link !== null && confidences.length > 0 && !confidences.includes(link.confidence)),
    polaritySame: flag(polarity !== null && polarity === link?.polarity),
    supportSame: flag(support !== null && support === link?.support),
    supportOther: flag(support !== null && support !== link?.support),
    when: flag(candidate.when !== null && sentence.folded.includes(candidate.when)),
    countFits: flag(count > 0 && group.some((siblings) => siblings.length + 1 === count)),
    pluralSibling: flag(plural && group.some((siblings) => siblings.length > 0)),
    typeAlone: flag(
      local.type > 0 && ![position, ...sharing.type].some((other) => isSubject(other) || isObject(other)),
    ),
    inFocus: flag(inFocus),
    nearFocus: flag(!inFocus && nearFocus),
    focusElsewhere: flag(!inFocus && focus.length > 0),
    focusUnlinked: flag(focus.length > 0 && !focus.some((s) => reading.linksWithUnit.has(s))),
    skips: flag(sentence.skips),
    nextLeavesOut: flag(neighbours.next?.leavesOut === true),
    alsoLeavesOut: flag(sentence.also && (sentence.leavesOut || neighbours.next?.leavesOut === true)),
    plans: flag(sentence.plans),
    turns: flag(sentence.turns),
    continues: flag(sentence.continues),
    short: flag(sentence.stems.length <= 3),
    length: Math.min(20, sentence.stems.length) / 20,
    early: flag(neighbours.place < 0.1),
    late: flag(neighbours.place > 0.9),
  }
}

export type FirstStageFeatures = ReturnType<typeof contrast>

/** Calls back with the features of each sentence and candidate, sentence by sentence. */
export function eachFirstStage(
  reading: Reading,
  visit: (sentence: number, candidate: number, features: FirstStageFeatures) => void,
): void {
  const { sentences, candidates } = reading
  let carried = new Float64Array(0)
  for (const [index, sentence] of sentences.entries()) {
    if (sentences[index - 1]?.paragraph !== sentence.paragraph) carried = new Float64Array(sentence.strengths.length)
    const present = new Set(sentence.stems)
    const locals = candidates.map((candidate) => compare(reading, sentence, candidate, present, carried))
    const following = sentences[index + 1]
    const next = following?.paragraph === sentence.paragraph ? following : undefined
    const neighbours = { next, place: index / sentences.length }
    for (const position of candidates.keys())
      visit(index, position, contrast(reading, sentence, neighbours, locals, position))
    for (const [thing, strength] of sentence.strengths.entries())
      carried[thing] = Math.max(strength, (carried[thing] ?? 0) * FADING)
  }
}

const runs = { previous: new Uint8Array(64), current: new Uint8Array(64) }

/** The longest run of words that both have. The quote is short, so this is linear in the sentence. */
function longestRun(quote: readonly number[], words: readonly number[]): number {
  let best = 0
  let { previous, current } = runs
  previous.fill(0)
  for (const word of words) {
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
