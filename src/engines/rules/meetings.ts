import type { ReadChunk, ReadUnit } from './chunk.ts'
import { findDate } from './dates.ts'
import { addFirstPerson } from './links.ts'
import type { Found } from './links.ts'
import { findMentions } from './mentions.ts'
import { ASSERTED, doubtMore, readAuxiliaries, readSurroundings } from './polarity.ts'
import type { Reading } from './polarity.ts'
import type { Mention, Party } from './rule.ts'
import { countWords, quoteAround } from './sentences.ts'
import type { Sentence } from './sentences.ts'

const MEETING =
  /\b(?:meeting|call|session|sync|workshop|standup|stand-up|retrospective|conference|summit|breakout|acd[ect])\b/iu
const NOUN = '(?:meeting|call|session|workshop|stand-?up|retrospective|conference|summit)'
/** What somebody does to a meeting, and the type of the link. */
const DEEDS = [
  {
    deed: new RegExp(
      `^(?:chair|chaired|chairs|facilitated|moderated|hosted|host|ran|led|leads) (?:the|today's|this) ${NOUN}(?![\\w-]| \\w+s\\b)`,
      'u',
    ),
    type: 'FACILITATED',
    says: 'somebody chaired, hosted or ran the meeting',
  },
  {
    deed: new RegExp(`^(?:attended|attend|joined|attends) (?:the|today's|this) ${NOUN}(?![\\w-])`, 'u'),
    type: 'ATTENDED',
    says: 'somebody attended the meeting',
  },
  {
    deed: new RegExp(
      `^(?:took|takes|kept|wrote) (?:the )?(?:notes|minutes)(?: (?:of|at|for|in) (?:the|today's|this) ${NOUN})?(?=[.,;]|$)`,
      'u',
    ),
    type: 'TOOK_NOTES_OF',
    says: 'somebody took the notes of the meeting',
  },
] as const
/** "The meeting was chaired by Nora Blum." */
const PASSIVE = new RegExp(
  `\\b(?:the|today's|this) ${NOUN} (?:was|is|will be) (?:chaired|hosted|facilitated|moderated|led|run) by $`,
  'iu',
)
const MEETING_CUE = new RegExp(`\\b(?:${NOUN}|notes|minutes)\\b`, 'u')
const DEED_CUE = /\b(?:chair|facilitat|moderat|host|ran|leads?|led|attend|joined|took|takes|kept|wrote)/u
const AND = /^(?:,|,? and)(?: the)? $/u

export interface Meeting {
  readonly party: Party
  readonly unit: ReadUnit | null
}

/** A heading names another meeting than the title only where it has a date or a number of its own. */
export function meetingOf(text: string, unit: ReadUnit | null, current: Meeting | null = null): Meeting | null {
  if (current !== null && findDate(text, 0, text.length) === null && !/#\d/.test(text)) return null
  const name = text
    .replace(/\.(?:md|txt|vtt)$/i, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (
    !MEETING.test(name) ||
    name.length > 100 ||
    countWords(name) < 2 ||
    /[|]|\d:\d\d|^(?:video|link|upcoming|next|regular|previous|recurring)\b|meetings$|notes?$|agenda$|cancel/iu.test(
      name,
    )
  )
    return null
  return { party: { name, kind: 'Event', aliases: [] }, unit }
}

/** "the meeting" is the one that the title names; else the one of this document. */
function thisMeeting(chunk: ReadChunk): Party {
  const { title, date } = chunk.question.source
  const named = meetingOf(title, null)
  return named?.party ?? { name: `Meeting ${date === null ? `(${title})` : `of ${date}`}`, kind: 'Event', aliases: [] }
}

/** "Tim Beiko chaired the meeting.", "Ana Ruiz and Ivo Tarn attended the meeting." */
export function matchMeetings(chunk: ReadChunk, read: ReadUnit): Found {
  const found: Found = { matches: [], declined: [] }
  if (read.unit.kind === 'heading' || read.unit.kind === 'row' || read.instruction !== null) return found
  for (const sentence of read.sentences) {
    const text = read.text.slice(sentence.start, sentence.end)
    if (!MEETING_CUE.test(text) || !DEED_CUE.test(text)) continue
    const mentions = addFirstPerson(chunk, read, sentence, findMentions(read.text, sentence, chunk.clues))
    for (const [index, mention] of mentions.entries()) {
      const deed = mention.possessive ? null : readDeed(read.text, sentence, mention)
      if (deed === null) continue
      for (const person of deed.passive ? [mention] : listBack(read.text, sentence, mentions, index)) {
        const [start, end] = [Math.min(person.start, deed.start), Math.max(person.end, deed.end)]
        const quote = quoteAround(read.unit.text, sentence, start, end)
        if (quote === null || person.weak || (person.kind !== 'Person' && !person.personal)) continue
        const [before, after] = [read.text.slice(sentence.start, start), read.text.slice(end, sentence.end)]
        if (!deed.passive && /\b(?:of|by|with|to|for|from)\s$/iu.test(before)) continue
        const final = doubtMore(deed.reading, readSurroundings(before, after))
        found.matches.push({
          rule: 'at-the-meeting',
          s: read.unit.s,
          type: deed.type,
          subject: { name: person.name, kind: 'Person', aliases: person.aliases },
          object: thisMeeting(chunk),
          matched: read.text.slice(deed.start, deed.end).trim(),
          evidence: [{ s: read.unit.s, quote }],
          support: 'stated',
          polarity: final.polarity,
          sign: final.sign,
          when: null,
          confidence: 0.75,
          because: `as ${deed.says}, which is that of the document`,
        })
      }
    }
  }
  return found
}

interface Deed {
  readonly type: string
  readonly says: string
  readonly reading: Reading
  readonly passive: boolean
  readonly start: number
  readonly end: number
}

/** What the words after a name, or before it, say that its bearer did to the meeting. */
function readDeed(text: string, sentence: Sentence, mention: Mention): Deed | null {
  const passive = PASSIVE.exec(text.slice(sentence.start, mention.start))
  if (passive !== null) {
    const start = sentence.start + passive.index
    const reading: Reading = / will /iu.test(passive[0]) ? { polarity: 'hedged', sign: 'will' } : ASSERTED
    return { type: 'FACILITATED', says: DEEDS[0].says, reading, passive: true, start, end: mention.start }
  }
  const after = text.slice(mention.end, sentence.end).trim().toLowerCase()
  const { rest, reading } = readAuxiliaries(after.split(/\s+/).slice(0, 14))
  const words = rest.join(' ')
  for (const { deed, type, says } of DEEDS) {
    const matched = deed.exec(words)?.[0]
    const start = matched === undefined ? -1 : text.toLowerCase().indexOf(matched, mention.end)
    if (matched !== undefined && start >= 0)
      return { type, says, reading, passive: false, start, end: start + matched.length }
  }
  return null
}

/** The names of an enumeration that opens a sentence, from its last one back: "Ana Ruiz, Ivo Tarn and Nora Blum". */
function listBack(text: string, sentence: Sentence, mentions: readonly Mention[], index: number): Mention[] {
  const listed: Mention[] = []
  for (let place = index; place >= 0; place -= 1) {
    const mention = mentions[place]
    const next = listed.at(-1)
    if (mention === undefined || (next !== undefined && !AND.test(text.slice(mention.end, next.start)))) break
    listed.push(mention)
  }
  return listed.at(-1)?.start === sentence.start ? listed : listed.slice(0, 1)
}
