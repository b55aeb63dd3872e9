import type { ReadChunk, ReadUnit } from './chunk.ts'
import { findDate } from './dates.ts'
import { NOUN_BEHIND, isUnclear, standsAlone } from './ends.ts'
import { findMentions } from './mentions.ts'
import { doubtMore, findWithdrawal, readAuxiliaries, readSurroundings } from './polarity.ts'
import type { Reading } from './polarity.ts'
import type { Declined, End, Kind, LinkRule, Match, Mention, Party } from './rule.ts'
import { PROFESSION } from './persons.ts'
import { quoteAround } from './sentences.ts'
import type { Sentence } from './sentences.ts'
import { ACT_RULES } from './tables/acts.ts'
import { BODY_RULES } from './tables/bodies.ts'
import { PEOPLE_RULES } from './tables/people.ts'
import { PLACE_RULES } from './tables/places.ts'
import { THING_RULES } from './tables/things.ts'

export const LINK_RULES: readonly LinkRule[] = [
  ...PEOPLE_RULES,
  ...BODY_RULES,
  ...THING_RULES,
  ...PLACE_RULES,
  ...ACT_RULES,
]

const COMPILED = LINK_RULES.map((rule) => ({ rule, whole: new RegExp(`^(?:${rule.trigger})$`, 'u') }))
/** What a trigger may begin with says nothing: only the rest is looked for in a sentence. */
const OPTIONAL_LEAD = /^(?:,\? \?|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)(?:\?|\{0,\d\}))/u

/** One cheap look at a text, in lower case, before any work is done on it. */
const ANY_TRIGGER = new RegExp(`\\b(?:${LINK_RULES.map(({ trigger }) => withoutLead(trigger)).join('|')})`, 'u')

function withoutLead(trigger: string): string {
  let rest = trigger
  while (OPTIONAL_LEAD.test(rest)) rest = rest.replace(OPTIONAL_LEAD, '')
  return rest
}

const MAX_GAP = 110
const MAX_SENTENCE = 600
const BRACKETS = /\([^()]{0,60}\)/gu
/** "was released in 2008 by" is "was released by". */
const GAP_DATE =
  /,? (?:in|on|since) (?:early |late |mid-)?(?:\d{1,2} )?(?:\p{Lu}\p{Ll}{2,8} )?(?:\d{1,2}, )?\d{4}(?= )/gu
const APPOSITION = /^\s?,[^,;:.¤]{1,70},/u
const PRONOUN = /\b(?:s?he|it|they|we|I|you|that)\b/u
const DEPENDENT = /^ (?:the|an?|who|which|based|located|situated|\p{Ll}+ed by)\b/u
const COORDINATION = /^ [^,;:.()¤]{3,60},? and /u
const ARTICLES = /(?:(?:^| )(?:the|a|an|our|their|its|his|her|this|both))+$/u
/** "in the city of Angleton", "founded by entrepreneur Elon Musk": words that only introduce the name after them. */
const INTRODUCTION = new RegExp(
  '(?: (?:the )?(?:(?:us|u\\.s\\.) )?(?:city|town|village|state|province|county|district|region|municipality|island|country) of' +
    `| (?:the |an? )?(?:(?:former|current|american|british|german|french|then) )?${PROFESSION}(?: and ${PROFESSION})?)$`,
  'u',
)
const FIRST_PERSON = /(?<![\p{L}\p{N}"“'’])(?:I(?=['’ ])|me(?=[ .,!]|$)|myself)(?![\p{L}\p{N}])/gu

export interface Found {
  readonly matches: Match[]
  readonly declined: Declined[]
}

/** Looks for every rule of the tables between every two neighbouring names of a unit. */
export function matchLinks(chunk: ReadChunk, read: ReadUnit): Found {
  const found: Found = { matches: [], declined: [] }
  if (read.unit.kind === 'heading' || read.unit.kind === 'row') return found
  for (const sentence of read.sentences) {
    if (sentence.end - sentence.start > MAX_SENTENCE) continue
    if (!ANY_TRIGGER.test(read.text.slice(sentence.start, sentence.end).toLowerCase())) continue
    const mentions = addFirstPerson(chunk, read, sentence, findMentions(read.text, sentence, chunk.clues))
    for (let index = 0; index < mentions.length - 1; index += 1) {
      matchPair(chunk, read, sentence, mentions, index, index + 1, found)
      if (index + 2 < mentions.length) matchPair(chunk, read, sentence, mentions, index, index + 2, found)
    }
  }
  return found
}

/** "I" and "me" are the unit's speaker; "we" is nobody that the rules could name. */
export function addFirstPerson(
  chunk: ReadChunk,
  read: ReadUnit,
  sentence: Sentence,
  mentions: readonly Mention[],
): readonly Mention[] {
  const speaker = chunk.cast.speaker(read.unit)
  if (speaker === null) return mentions
  const text = read.text.slice(sentence.start, sentence.end)
  const own: Mention[] = []
  for (const match of text.matchAll(FIRST_PERSON)) {
    const start = sentence.start + match.index
    const end = start + match[0].length
    if (mentions.some((mention) => mention.start < end && start < mention.end)) continue
    own.push({
      start,
      end,
      name: speaker.name,
      kind: 'Person',
      aliases: [...speaker.aliases],
      weak: false,
      capitalInside: true,
      personal: false,
      possessive: false,
    })
  }
  return [...mentions, ...own].toSorted((one, other) => one.start - other.start)
}

function matchPair(
  chunk: ReadChunk,
  read: ReadUnit,
  sentence: Sentence,
  mentions: readonly Mention[],
  left: number,
  right: number,
  found: Found,
): void {
  const before = mentions[left]
  const after = mentions[right]
  if (before === undefined || after === undefined || after.start - before.end > MAX_GAP) return
  const raw = read.text.slice(before.end, after.start).replace(/\s+/g, ' ')
  let gap = raw.replace(BRACKETS, '').replace(GAP_DATE, '').replace(/ {2,}/g, ' ')
  const skipped = right - left > 1
  const aside = APPOSITION.exec(gap)?.[0]
  if (aside !== undefined) {
    gap = gap.slice(aside.length)
    // "During the war, she fought for Oslo, the capital of Norway": what follows is about the name inside.
    if (skipped && (PRONOUN.test(aside) || !/^ \p{Ll}/u.test(gap) || DEPENDENT.test(gap))) return
  } else if (skipped) return
  if (skipped && gap.trim() === '') return
  if (gap.includes('¤') || /[;!?]|\.\s/.test(gap)) return
  // The letter stands for the name, so that a word's edge is where it was.
  if (!ANY_TRIGGER.test(`x${gap.toLowerCase()}`)) return
  const coordinated = COORDINATION.exec(gap)
  const candidates = [gap]
  // "is responsible for data conversion and reports to": the second verb has the same subject.
  if (coordinated !== null && !skipped && /^ (?:is|was|has|leads?|\w+s|\w+ed)\b/.test(gap)) {
    candidates.push(` ${gap.slice(coordinated[0].length)}`)
  }
  const heads = skipped ? [before] : listedBefore(read, sentence, mentions, left)
  const tails = skipped ? [after] : listedAfter(read, sentence, mentions, right)
  for (const candidate of candidates) {
    const known = found.matches.length
    if (!matchGap(chunk, read, sentence, before, after, candidate, found, heads.length > 1)) continue
    if (found.matches.length === known) return
    for (const head of heads)
      for (const tail of tails)
        if (head !== before || tail !== after) matchGap(chunk, read, sentence, head, tail, candidate, found, true)
    return
  }
}

/** "Ana Ruiz and Ivo Tarn founded …": only where the sentence begins with them, or "and" may join two clauses. */
function listedBefore(read: ReadUnit, sentence: Sentence, mentions: readonly Mention[], index: number): Mention[] {
  const last = mentions[index]
  const listed = last === undefined ? [] : [last]
  for (let place = index - 1; place >= 0; place -= 1) {
    const mention = mentions[place]
    const next = listed.at(-1)
    if (mention === undefined || next === undefined || mention.possessive) break
    const between = read.text.slice(mention.end, next.start)
    if (between !== ' and ' && !(listed.length > 1 && between === ', ')) break
    listed.push(mention)
  }
  const first = listed.at(-1)
  if (last === undefined || first === undefined || listed.length === 1) return listed
  const opens = /^(?:the |in \d{4},? )?$/iu.test(read.text.slice(sentence.start, first.start))
  return opens && listed.every((mention) => sort(mention) === sort(last)) ? listed : [last]
}

const sort = ({ kind, personal }: Mention): Kind | null => kind ?? (personal ? 'Person' : null)

/** "… leads Project Heron and Project Falcon.": only where nothing but the end or a date follows. */
function listedAfter(read: ReadUnit, sentence: Sentence, mentions: readonly Mention[], index: number): Mention[] {
  const [first, next] = [mentions[index], mentions[index + 1]]
  if (first === undefined) return []
  if (next === undefined || next.kind === null || next.kind !== first.kind || next.possessive) return [first]
  if (!/^ and (?:the )?$/u.test(read.text.slice(first.end, next.start))) return [first]
  return /^(?:$|[.;)]| (?:in|since) \d)/u.test(read.text.slice(next.end, sentence.end)) ? [first, next] : [first]
}

function matchGap(
  chunk: ReadChunk,
  read: ReadUnit,
  sentence: Sentence,
  before: Mention,
  after: Mention,
  gap: string,
  found: Found,
  listed: boolean,
): boolean {
  const lower = gap.toLowerCase().replace(/’/g, "'")
  const words = lower
    .replace(/n't\b/g, " n't")
    .replace(/'(?=(?:s|re|m|ve|ll|d)\b)/g, " '")
    .trim()
    .split(' ')
  const possessive = before.possessive
  const { rest, reading } = possessive
    ? { rest: words, reading: { polarity: 'asserted', sign: '' } as Reading }
    : readAuxiliaries(words)
  const joined = rest
    .join(' ')
    .replace(ARTICLES, '')
    .replace(INTRODUCTION, '')
    .replace(ARTICLES, '')
    .replace(/ '/g, "'")
  // "Acme has a subsidiary of …": what somebody has he is not.
  if (/^(?:an?|the)$/.test(rest[0] ?? '') && /^(?:has|have|had)$/.test(words[words.length - rest.length - 1] ?? ''))
    return false
  const lead = possessive ? lower.trim().replace(ARTICLES, '') : joined
  if (lead === '' || (possessive && !lead.startsWith("'s"))) return false
  for (const { rule, whole } of COMPILED) {
    if (!whole.test(lead)) continue
    const [subjectMention, objectMention] = rule.direction === 'forward' ? [before, after] : [after, before]
    const subject = fill(subjectMention, rule.subject, objectMention, rule)
    const object = fill(objectMention, rule.object, subjectMention, rule)
    if (subject === null || object === null || subject.name === object.name) continue
    if (rule.needsKnown === true && before.kind === null && after.kind === null) continue
    // "was led" before a name without "by" is a passive that the forward reading would turn round.
    if (
      rule.direction === 'forward' &&
      /^(?:is|are|was|were|been|be|being) \w+ed$/.test(`${words.slice(-2).join(' ')}`)
    )
      continue
    if (isUnclear(read, sentence, rule, before, after, gap)) continue
    if (!standsAlone(chunk, read, sentence, before, after, listed || NOUN_BEHIND.test(gap))) continue
    const textBefore = read.text.slice(Math.max(sentence.start, before.start - 120), before.start)
    const textAfter = read.text.slice(after.end, sentence.end)
    const matched = gap.trim()
    const base = { rule: rule.name, s: read.unit.s, type: rule.type }
    const withdrawal = findWithdrawal(textAfter)
    if (withdrawal !== null || read.instruction !== null) {
      const reason =
        read.instruction === null
          ? `the speaker takes it back ("${withdrawal}")`
          : `the unit gives an instruction ("${read.instruction}")`
      found.declined.push({ ...base, subject: subject.name, object: object.name, reason })
      return true
    }
    const quote = quoteAround(read.unit.text, sentence, before.start, after.end)
    if (quote === null) return true
    const final = doubtMore(reading, readSurroundings(textBefore, textAfter))
    const sentenceText = read.text.slice(sentence.start, sentence.end)
    found.matches.push({
      ...base,
      subject,
      object,
      matched,
      evidence: [{ s: read.unit.s, quote }],
      support: 'stated',
      polarity: final.polarity,
      sign: final.sign,
      when: findDate(sentenceText, before.start - sentence.start, after.end - sentence.start),
      confidence: rule.confidence,
      because: `as the rule reads: ${rule.says}`,
    })
    return true
  }
  return false
}

/** The mention as an end of the link, or null where it is of the wrong kind or too weak to build on. */
function fill(mention: Mention, end: End, other: Mention, rule: LinkRule): Party | null {
  const party = (kind: Kind): Party | null =>
    end.fits === undefined || end.fits.test(mention.name)
      ? { name: mention.name, kind, aliases: mention.aliases }
      : null
  if (mention.weak && !(end.trusts === true && mention.capitalInside)) return null
  if (mention.kind !== null) return end.kinds.includes(mention.kind) ? party(mention.kind) : null
  if (mention.personal && end.fullName !== undefined) return party(end.fullName)
  if (rule.alike === true && other.kind !== null) return end.kinds.includes(other.kind) ? party(other.kind) : null
  if (end.assume === undefined) return null
  // "Ivo Tarn uses Kafka": whoever that is, it is no system.
  return end.assume === 'System' && mention.personal ? null : party(end.assume)
}
