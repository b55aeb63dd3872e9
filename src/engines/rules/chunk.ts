import type { Question, QuestionUnit } from '../../model/question.ts'
import { buildCast, looksLikePerson } from './cast.ts'
import type { Cast } from './cast.ts'
import { FIRST_NAMES } from './first-names.ts'
import { BODY_HEADS, GENERIC, NEVER_NAMES } from './lexicon.ts'
import type { Linguist } from './linguist.ts'
import type { NameClues } from './classify.ts'
import { COMPANY_SUFFIX, LEGAL_FORM } from './names.ts'
import { findPersons } from './persons.ts'
import type { Kind } from './rule.ts'
import { findInstruction, isReaction, looksForeign, readable, splitSentences } from './sentences.ts'
import type { Sentence } from './sentences.ts'

/** A unit made ready for the patterns. */
export interface ReadUnit {
  readonly unit: QuestionUnit
  /** As long as `unit.text`, with addresses and code blanked. */
  readonly text: string
  readonly sentences: readonly Sentence[]
  /** Words of an instruction to the reader: nothing may be taken from this unit. */
  readonly instruction: string | null
}

/** The chunk, read once: what all the patterns work on. */
export interface ReadChunk {
  readonly question: Question
  readonly units: readonly ReadUnit[]
  readonly cast: Cast
  readonly clues: NameClues
}

const MAX_UNIT = 20_000
const FULL_NAME = /(?<!\p{L})\p{Lu}[\p{Ll}'’-]+ \p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?/gu
const ACRONYM =
  /((?:\p{Lu}[\p{L}\d-]*,? (?:and |of |for |the )?){1,6})\(["“]?(?:the ["“])?([A-Z][A-Za-z]{1,6})["”]?\)/gu
const MID_CAPITAL = /[\p{Ll},] (\p{Lu}[\p{L}\d-]+)/gu
const TITLE_TOPIC =
  /\b(Project \p{Lu}[\p{L}\d-]+)|\b(?:[Vv]endor )?([Pp]olicy [A-Z]{2,4}-\d+)|((?:\p{Lu}[\p{L}\d-]+ ){1,4}(?:Council|Committee|Foundation|Group|Board))/u

export function readChunk(question: Question, linguist: Linguist): ReadChunk {
  const units = question.units.map(readUnit)
  const fullNames: string[] = []
  const sure = new Set<string>()
  const midSentence = new Set<string>()
  for (const { text, unit } of units) {
    for (const match of text.matchAll(FULL_NAME)) {
      const first = match[0].split(' ')[0]?.toLowerCase() ?? ''
      const whole = match[0].replace(/['’]s\b.*$/, '')
      const two = whole.split(' ').slice(0, 2).join(' ')
      if (!FIRST_NAMES.has(first)) continue
      if (looksLikePerson(whole)) fullNames.push(whole)
      else if (looksLikePerson(two)) fullNames.push(two)
    }
    if (unit.kind !== 'heading' && unit.kind !== 'row') {
      for (const name of findPersons(text, linguist)) sure.add(name)
    }
    if (unit.kind !== 'heading')
      for (const match of text.matchAll(MID_CAPITAL)) midSentence.add((match[1] ?? '').toLowerCase())
  }
  const cast = buildCast(question, fullNames, [...sure])
  const title = question.source.title
  const clues: NameClues = {
    cast,
    linguist,
    midSentence,
    acronyms: readAcronyms(units, title),
    shortForms: readShortForms(units),
    topics: readTopics(question),
  }
  return { question, units, cast, clues }
}

function readUnit(unit: QuestionUnit): ReadUnit {
  const text = readable(unit.text.slice(0, MAX_UNIT))
  const silent = isReaction(unit) || looksForeign(text)
  return { unit, text, sentences: silent ? [] : splitSentences(text), instruction: findInstruction(text) }
}

/** "Cross Project Council (CPC)", if the letters fit. */
function readAcronyms(units: readonly ReadUnit[], title: string): Map<string, { name: string; kind: Kind | null }> {
  const acronyms = new Map<string, { name: string; kind: Kind | null }>()
  for (const text of [title, ...units.map((unit) => unit.text)]) {
    for (const match of text.matchAll(ACRONYM)) {
      const short = match[2] ?? ''
      const words = (match[1] ?? '').trim().split(/[\s,]+/)
      const capitals = words.filter((word) => /^\p{Lu}/u.test(word))
      // The last words whose initials make the acronym.
      const kept = capitals.slice(-short.length)
      const initials = kept.map((word) => word[0]).join('')
      if (initials !== short.toUpperCase() || kept.length < 2) continue
      const name = (match[1] ?? '').trim().slice((match[1] ?? '').trim().indexOf(kept[0] ?? ''))
      const last = (kept[kept.length - 1] ?? '').toLowerCase()
      if (FIRST_NAMES.has((kept[0] ?? '').toLowerCase()) && !BODY_HEADS.has(last)) continue
      acronyms.set(short, { name, kind: BODY_HEADS.has(last) ? 'Organization' : null })
    }
  }
  return acronyms
}

/** "Acme" stands for "Acme Ltd." where the chunk has the long form, and only one. */
function readShortForms(units: readonly ReadUnit[]): Map<string, string> {
  const forms = new Map<string, Set<string>>()
  for (const { text } of units) {
    if (!LEGAL_FORM.test(text)) continue
    for (const match of text.matchAll(COMPANY_SUFFIX)) {
      const short = match[1] ?? ''
      const full = `${short} ${match[2] ?? ''}`
      forms.set(short, (forms.get(short) ?? new Set()).add(full))
    }
  }
  const kept = [...forms].filter(([short, fulls]) => fulls.size === 1 && !GENERIC.has(short.toLowerCase()))
  return new Map(kept.map(([short, fulls]) => [short, [...fulls][0] ?? short]))
}

/** What "the project", "this policy", "the council" stand for: what the title or the first heading is about. */
function readTopics(question: Question): Map<string, { name: string; kind: Kind }> {
  const topics = new Map<string, { name: string; kind: Kind }>()
  const heading = question.units.find((unit) => unit.kind === 'heading')?.text ?? ''
  const opening = question.units[0]?.text ?? ''
  for (const text of [question.source.title, heading, opening.length < 100 ? opening : '']) {
    const match = TITLE_TOPIC.exec(text)
    if (match === null) continue
    if (match[1] !== undefined && !topics.has('project')) topics.set('project', { name: match[1], kind: 'Project' })
    if (match[2] !== undefined && !topics.has('policy')) {
      topics.set('policy', { name: match[2].replace(/^policy /i, ''), kind: 'Policy' })
    }
    const body = match[3]
    if (
      body !== undefined &&
      !topics.has('body') &&
      !NEVER_NAMES.has(body.toLowerCase()) &&
      !GENERIC.has(body.toLowerCase())
    ) {
      const word = body.split(' ').pop()?.toLowerCase() ?? ''
      topics.set('body', { name: body, kind: 'Organization' })
      topics.set(word, { name: body, kind: 'Organization' })
    }
  }
  return topics
}
