import { looksLikePerson, readListPerson } from './cast.ts'
import type { Actor } from './cast.ts'
import type { ReadChunk, ReadUnit } from './chunk.ts'
import { findDate } from './dates.ts'
import { ROLE_HEADS } from './lexicon.ts'
import type { Found } from './links.ts'
import { meetingOf } from './meetings.ts'
import type { Meeting } from './meetings.ts'
import type { Match, Party } from './rule.ts'
import { countWords } from './sentences.ts'

/** Headings and labels over lists of people, and what such a list says about everybody on it. */
interface ListRule {
  readonly name: string
  readonly says: string
  readonly label: RegExp
  readonly type: string
  readonly confidence: number
}

const ATTENDANCE: ListRule = {
  name: 'attendee-list',
  says: 'a list under "Present" or "Attendees" names who was at the meeting',
  label: /^(?:present|attending|in attendance|(?:\w+ ){0,2}(?:attendees|participants|attendance))\b.{0,20}$/iu,
  type: 'ATTENDED',
  confidence: 0.8,
}
const MEMBERSHIPS: readonly ListRule[] = [
  {
    name: 'leaders-list',
    says: 'a list under "Chairs" or "Leads" names who leads the group that the page is about',
    label: /^(?:(?:technical |tech |current )?(?:co-)?(?:chairs|leads|chairpersons|heads))$/iu,
    type: 'LEADS',
    confidence: 0.8,
  },
  {
    name: 'members-list',
    says: 'a list under "Members" names who belongs to the group that the page is about',
    label: /^(?:\w+ ){0,2}members$/iu,
    type: 'MEMBER_OF',
    confidence: 0.75,
  },
]
const FORMER = /\b(?:emerit|former|past|previous|absent|regrets|apolog)/iu

/** "Note taker: Tim Pepper" and the like: what one line says about a person and the meeting or paper at hand. */
const LABELLED: readonly {
  readonly label: RegExp
  readonly type: string
  readonly says: string
  readonly of: 'meeting' | 'topic'
}[] = [
  {
    label: /^(?:facilitator|moderator|bosun|host|chair|meeting chair)$/iu,
    type: 'FACILITATED',
    says: 'a line names who ran the meeting',
    of: 'meeting',
  },
  {
    label: /^(?:notes?|note ?-?taker|scribe|minutes(?: by| taker)?|secretary)$/iu,
    type: 'TOOK_NOTES_OF',
    says: 'a line names who took the notes of the meeting',
    of: 'meeting',
  },
  {
    label: /^(?:(?:project )?(?:lead|leader|manager))$/iu,
    type: 'LEADS',
    says: 'a line names who leads what the page is about',
    of: 'topic',
  },
  {
    label: /^(?:executive )?sponsor$/iu,
    type: 'SPONSORS',
    says: 'a line names the sponsor of what the page is about',
    of: 'topic',
  },
]

const LABEL_LINE = /^[*_\s]*([\p{L}][\p{L} -]{2,30})[*_\s]*:[*_\s]*(\S.{1,60})$/u
const PRESENTER = /^\[([\p{L}\d@][\p{L}\d_ .'-]{1,30}?)\]\s+(\S.{5,})$/u
const ROLE_APPOSITION = /^,\s((?:the |our |a )?(?:[\p{L}-]+ ){0,3}?([\p{L}-]+))(?=[,.;)]|$)/u
const IS_ROLE =
  /^(?: is|,? who is| became|'s| has become|'m| am) (?:still )?(?:the |a |an |our |now )?((?:[\p{Ll}-]+ ){0,3}?([\p{Ll}-]+))(?=[,.;)]| of\b| for\b| and\b| on\b| at\b|$)/u

/** Goes through the chunk once and keeps in mind under which heading it is. */
export function matchLists(chunk: ReadChunk): Found {
  const found: Found = { matches: [], declined: [] }
  let event = meetingOf(chunk.question.source.title, null)
  let label: { readonly rule: ListRule; readonly unit: ReadUnit } | null = null
  for (const read of chunk.units) {
    const { unit } = read
    if (unit.speaker !== null || unit.text.length > 400 || read.instruction !== null) continue
    const plain = unit.text.replace(/[*_#~]/g, '').trim()
    if (unit.kind === 'heading') event = meetingOf(plain, read, event) ?? event
    if (unit.kind !== 'row') matchLabelled(chunk, read, event, found)
    matchPresenter(chunk, read, found)
    const title = plain.replace(/:$/, '').trim()
    if (unit.kind === 'heading' || (plain.endsWith(':') && countWords(plain) <= 4)) {
      const rule = [ATTENDANCE, ...MEMBERSHIPS].find((candidate) => candidate.label.test(title))
      label = rule === undefined || FORMER.test(title) ? null : { rule, unit: read }
      continue
    }
    const actor = readPerson(chunk, read, label !== null)
    if (actor === null) {
      // A sentence may stand between "Chairs" and the list of chairs; it does not end the list's heading.
      if (unit.kind === 'item' && label?.rule === ATTENDANCE && countWords(plain) > 6) label = null
      continue
    }
    const person: Party = { name: actor.name, kind: 'Person', aliases: [...actor.aliases] }
    if (actor.affiliation !== null) found.matches.push(affiliation(read, person, actor.affiliation))
    if (label !== null && !/~~/.test(unit.text)) {
      const target: Party | null = label.rule === ATTENDANCE ? (event?.party ?? null) : bodyOf(chunk)
      if (target !== null) found.matches.push(listed(read, label, person, target, event))
    }
  }
  return found
}

function bodyOf(chunk: ReadChunk): Party | null {
  const topic = chunk.clues.topics.get('body')
  return topic === undefined ? null : { ...topic, aliases: [] }
}

function readPerson(chunk: ReadChunk, read: ReadUnit, inList: boolean): Actor | null {
  const { unit } = read
  if (unit.kind === 'heading' || unit.kind === 'row' || unit.text.length > 140) return null
  const onList = readListPerson(unit.text)
  if (onList !== null) return onList
  const plain = unit.text.replace(/[*~]/g, '').trim()
  if (!inList || unit.kind !== 'item') return null
  if (!looksLikePerson(plain)) return null
  return chunk.cast.resolve(plain) ?? { name: plain, aliases: new Set(), affiliation: null }
}

function affiliation(read: ReadUnit, person: Party, organization: string): Match {
  return {
    rule: 'name-and-organization',
    s: read.unit.s,
    type: 'WORKS_FOR',
    subject: person,
    object: { name: organization, kind: 'Organization', aliases: [] },
    matched: organization,
    evidence: [{ s: read.unit.s, quote: read.unit.text.trim() }],
    support: 'stated',
    polarity: 'asserted',
    sign: '',
    when: null,
    confidence: 0.75,
    because: 'as a list puts the organization beside the name of the person',
  }
}

function listed(
  read: ReadUnit,
  label: { rule: ListRule; unit: ReadUnit },
  person: Party,
  target: Party,
  event: Meeting | null,
): Match {
  const evidence = [
    { s: read.unit.s, quote: read.unit.text.trim() },
    { s: label.unit.unit.s, quote: label.unit.unit.text.trim() },
  ]
  const heading = label.rule === ATTENDANCE ? event?.unit?.unit : undefined
  if (heading !== undefined && countWords(heading.text) <= 30)
    evidence.push({ s: heading.s, quote: heading.text.trim() })
  return {
    rule: label.rule.name,
    s: read.unit.s,
    type: label.rule.type,
    subject: person,
    object: target,
    matched: label.unit.unit.text.trim(),
    evidence,
    support: 'inferred',
    polarity: 'asserted',
    sign: '',
    when: label.rule === ATTENDANCE ? findDate(target.name, 0, target.name.length) : null,
    confidence: label.rule.confidence,
    because: `as the rule reads: ${label.rule.says}`,
  }
}

/** "Note taker: Tim Pepper". */
function matchLabelled(chunk: ReadChunk, read: ReadUnit, event: Meeting | null, found: Found): void {
  const line = LABEL_LINE.exec(read.unit.text.slice(0, 120))
  if (line === null) return
  const words = (line[1] ?? '').trim()
  const rule = LABELLED.find((candidate) => candidate.label.test(words))
  const written = (line[2] ?? '')
    .replace(/\s*\(.*$/, '')
    .replace(/[*_]/g, '')
    .trim()
  const actor = chunk.cast.resolve(written)
  const name = actor?.name ?? (looksLikePerson(written) ? written : null)
  if (name === null) return
  if (rule === undefined) {
    const head = words.split(' ').pop()?.toLowerCase() ?? ''
    if (!ROLE_HEADS.has(head) || countWords(words) > 4) return
    found.matches.push({
      rule: 'role-line',
      s: read.unit.s,
      type: 'HAS_ROLE',
      subject: { name, kind: 'Person', aliases: [...(actor?.aliases ?? [])] },
      object: { name: words, kind: 'Role', aliases: [] },
      matched: `${words}:`,
      evidence: [{ s: read.unit.s, quote: read.unit.text.trim() }],
      support: 'stated',
      polarity: 'asserted',
      sign: '',
      when: null,
      confidence: 0.75,
      because: 'as a line of the form "role: name" gives the person the role',
    })
    return
  }
  const project = chunk.clues.topics.get('project')
  const target =
    rule.of === 'meeting' ? (event?.party ?? null) : project === undefined ? null : { ...project, aliases: [] }
  if (target === null) return
  found.matches.push({
    rule: 'labelled-line',
    s: read.unit.s,
    type: rule.type,
    subject: { name, kind: 'Person', aliases: [...(actor?.aliases ?? [])] },
    object: target,
    matched: (line[1] ?? '').trim(),
    evidence: [{ s: read.unit.s, quote: read.unit.text.trim() }],
    support: 'inferred',
    polarity: 'asserted',
    sign: '',
    when: null,
    confidence: 0.75,
    because: `as the rule reads: ${rule.says}`,
  })
}

/** "[Bob] Annual reports": an agenda item and who brought it up. */
function matchPresenter(chunk: ReadChunk, read: ReadUnit, found: Found): void {
  const match = PRESENTER.exec(read.unit.text.replace(/\s*[:?]?\s*$/, ''))
  if (match === null || read.unit.kind === 'heading') return
  const actor = chunk.cast.resolve((match[1] ?? '').trim())
  const topic = (match[2] ?? '').split(/ ?[:(?]|\. |https?:/)[0]?.trim() ?? ''
  if (actor === null || !isTopic(chunk, topic)) return
  const quote = read.unit.text.slice(0, read.unit.text.indexOf(topic) + topic.length)
  found.matches.push({
    rule: 'presenter',
    s: read.unit.s,
    type: 'RAISED',
    subject: { name: actor.name, kind: 'Person', aliases: [...actor.aliases] },
    object: { name: topic, kind: 'Concept', aliases: [] },
    matched: `[${match[1]}]`,
    evidence: [{ s: read.unit.s, quote }],
    support: 'stated',
    polarity: 'asserted',
    sign: '',
    when: null,
    confidence: 0.7,
    because: 'as an agenda item begins with the name of who brings it up, in square brackets',
  })
}

/** A topic is a short phrase without a finite verb: "Annual reports", not "will be working on it this week". */
function isTopic(chunk: ReadChunk, topic: string): boolean {
  if (countWords(topic) < 2 || countWords(topic) > 9 || /[[,¤]|\bsomething\b/.test(topic)) return false
  const tags = chunk.clues.linguist.tag(topic).map(({ tag }) => tag)
  if (tags.some((tag) => tag === 'AUX' || tag === 'PRON' || tag === 'INTJ')) return false
  if (/^(?:\d|\p{Ll}+ing\b|will|to|yes|no|good|started|starting|reviewing)/u.test(topic.toLowerCase())) return false
  return tags.includes('NOUN') || tags.includes('PROPN')
}

/** "Zuzana Křížová, finance director" and "I'm the delivery manager": a role, read off what follows a person's name. */
export function readRole(
  after: string,
): { readonly role: string; readonly length: number; readonly matched: string } | null {
  const match = ROLE_APPOSITION.exec(after) ?? IS_ROLE.exec(after.replace(/’/g, "'"))
  const head = (match?.[2] ?? '').toLowerCase()
  if (match === null || !ROLE_HEADS.has(head)) return null
  const role = (match[1] ?? '').replace(/^(?:the|our|an?|now) /i, '')
  if (
    /\b(?:project's|this|that|my|your|no|not|good|great|same|first|only|longer|any|some|another|right|best|to)\b/iu.test(
      role,
    )
  )
    return null
  return { role, length: match[0].length, matched: match[0].trim() }
}
