import type { ReadChunk, ReadUnit } from './chunk.ts'
import { cutTrailingDate, findDate } from './dates.ts'
import { LIGHT_VERBS, TASK_VERBS, TRIVIAL } from './lexicon.ts'
import { addFirstPerson } from './links.ts'
import type { Found } from './links.ts'
import { findMentions } from './mentions.ts'
import { ASSERTED, doubtMore, readAuxiliaries, readSurroundings } from './polarity.ts'
import type { Reading } from './polarity.ts'
import type { Kind, Party } from './rule.ts'
import { countWords, quoteAround } from './sentences.ts'
import type { Sentence } from './sentences.ts'

/** A name, a verb and a clause: "The steering group has decided that …", "Ben will invite …". */
interface ClauseRule {
  readonly name: string
  readonly says: string
  readonly type: string
  /** For the words right after the name, lower case, auxiliaries taken away; the clause follows. */
  readonly trigger: RegExp
  readonly doer: readonly Kind[]
  readonly made: Kind
  readonly confidence: number
}

const CLAUSE_RULES: readonly ClauseRule[] = [
  {
    name: 'decided-that',
    says: 'somebody decided, agreed or resolved to do something, or that something holds',
    type: 'DECIDED',
    trigger: /^(?:decided|agreed|resolved|voted) (?:that |to |on |in favou?r of )/u,
    doer: ['Person', 'Organization'],
    made: 'Decision',
    confidence: 0.8,
  },
  {
    name: 'proposes-that',
    says: 'somebody proposes, suggests or recommends something',
    type: 'PROPOSED',
    trigger:
      /^(?:propos(?:e|es|ed)|suggest(?:s|ed)?|recommend(?:s|ed)?|moved(?= (?:that|to (?:accept|adopt|approve|adjourn|amend|close|postpone|table|reject|extend|open)) ))(?: that | to | (?=\w+ing\b))/u,
    doer: ['Person', 'Organization'],
    made: 'Decision',
    confidence: 0.75,
  },
]

const TASK_TYPE = 'ASSIGNED_TO'
const ACTION_LABEL = /^(?:\[[ x]?\] ?)?(?:actions?(?: items?)?|ai|todo|task|next steps?)\s?(?::|\(|-|–|for\b|\[)\s?/iu
const NAMED_ACTION = /^[@[(]?([\p{L}][\p{L}\p{M}.'’ -]{1,40}?)[\])]?(?: ?[:→–]| ?->| -| will\b| to\b(?! be\b))/u
const PROMISE =
  /\bI(?:['’]ll| will| am going to| can take(?: on)?(?: the task| an action)?(?: item)? to|['’]m going to)\s+/gu
const REQUEST = /^(?:please |can you |could you |would you |will you )(?:please |also )?/iu
const YES = /^(?:yes|yeah|yep|sure|ok|okay|will do|of course|absolutely|definitely|happy to|no problem|got it)\b/iu
const CLAUSE_END =
  /[.;!?:\n…¤“”"(]|,| (?:and then|and I|and we|and see|but|so that|so|because|which|then|if|when|while|unless|as well|since|just to|in order|though|I think|right|you know|before|after|until|once) /u
const SOFTENERS =
  /^(?:also |just |then |quickly |definitely |probably |try to |maybe |be able to |go ahead and |have to |need to |try and )+/iu
const SENTENCE_LEAD = /^[^\p{L}@[(]{0,6}/u

/** Decisions, proposals and tasks of one unit: links whose other end is a clause. */
export function matchClauses(chunk: ReadChunk, read: ReadUnit): Found {
  const found: Found = { matches: [], declined: [] }
  if (read.unit.kind === 'heading' || read.unit.kind === 'row') return found
  for (const sentence of read.sentences) {
    matchStatement(chunk, read, sentence, found)
    matchPromise(chunk, read, sentence, found)
    matchAssignment(chunk, read, sentence, found)
    matchRequest(chunk, read, sentence, found)
  }
  return found
}

function matchStatement(chunk: ReadChunk, read: ReadUnit, sentence: Sentence, found: Found): void {
  const text = read.text.slice(sentence.start, sentence.end)
  if (!/\b(?:decided|agreed|resolved|voted|propos|suggest|recommend|moved)/i.test(text)) return
  const mentions = addFirstPerson(chunk, read, sentence, findMentions(read.text, sentence, chunk.clues))
  for (const mention of mentions) {
    if (mention.possessive || mention.weak) continue
    const start = mention.end
    const rest = read.text.slice(start, Math.min(sentence.end, start + 260)).replace(/’/g, "'")
    const words = rest
      .slice(0, 60)
      .toLowerCase()
      .replace(/^'(ve|d|m|ll)\b/, " '$1")
      .trim()
      .split(/\s+/)
    const { rest: bare, reading } = readAuxiliaries(words.slice(0, 8))
    // "I would propose" proposes.
    const heading = bare.join(' ')
    for (const rule of CLAUSE_RULES) {
      const trigger = rule.trigger.exec(`${heading} `)
      if (trigger === null || mention.kind === null || !rule.doer.includes(mention.kind)) continue
      const verb = trigger[0].trim()
      const verbAt = rest.toLowerCase().indexOf(verb)
      if (verbAt < 0 || verbAt > 50) continue
      const clause = cutClause(rest.slice(verbAt + verb.length), 14)
      if (clause === null || countWords(clause) < 3 || !/\p{L}{4}/u.test(clause)) continue
      if (/^(?:it|this|that|they|he|she|there)\b/i.test(clause) && countWords(clause) < 5) continue
      const lead = read.text.slice(Math.max(sentence.start, mention.start - 20), mention.start)
      if (/\b(?:of|with|by|to|for|and)\s(?:the )?$/i.test(lead)) continue
      const polarity =
        rule.type === 'PROPOSED' && reading.sign !== '' && reading.polarity === 'hedged' ? ASSERTED : reading
      push(read, sentence, found, {
        rule: rule.name,
        says: rule.says,
        type: rule.type,
        subject: { name: mention.name, kind: mention.kind, aliases: mention.aliases },
        object: { name: capitalise(clause), kind: rule.made, aliases: [] },
        matched: `${rest.slice(0, verbAt).trim()} ${verb}`.trim(),
        span: [mention.start, start + verbAt + verb.length + clause.length],
        reading: polarity,
        when: null,
        confidence: rule.confidence,
      })
    }
  }
}

/** "I'll get a firm date out of the Ferrypoint team by the twenty-eighth of March." */
function matchPromise(chunk: ReadChunk, read: ReadUnit, sentence: Sentence, found: Found): void {
  const speaker = chunk.cast.speaker(read.unit)
  if (speaker === null) return
  const text = read.text.slice(sentence.start, sentence.end)
  for (const promise of text.matchAll(PROMISE)) {
    const start = sentence.start + promise.index
    const task = readTask(chunk, read.text.slice(start + promise[0].length, sentence.end), true)
    if (task === null) continue
    push(read, sentence, found, {
      rule: 'i-will',
      says: 'a speaker promises to do something',
      type: TASK_TYPE,
      subject: { name: task.name, kind: 'Task', aliases: [] },
      object: { name: speaker.name, kind: 'Person', aliases: [...speaker.aliases] },
      matched: promise[0].trim(),
      span: [start, start + promise[0].length + task.length],
      reading: ASSERTED,
      when: task.date,
      confidence: 0.7,
    })
  }
}

/** "Action: Jordan to …", "Ben → will bring this up …", "Tobie to follow up with TSC", "Ben will invite Nathan". */
function matchAssignment(chunk: ReadChunk, read: ReadUnit, sentence: Sentence, found: Found): void {
  const text = read.text.slice(sentence.start, sentence.end)
  const lead = SENTENCE_LEAD.exec(text)?.[0].length ?? 0
  const label = ACTION_LABEL.exec(text.slice(lead))?.[0] ?? ''
  const from = lead + label.length - (/[[(]$/.test(label) ? 1 : 0)
  const named = NAMED_ACTION.exec(text.slice(from))
  if (named === null) return
  const actor = chunk.cast.resolve((named[1] ?? '').trim())
  if (actor === null) return
  const sign = named[0].slice(named[0].indexOf(named[1] ?? '') + (named[1] ?? '').length).trim()
  const infinitive = /(?:^| )to$/.test(sign)
  const will = sign.endsWith('will')
  // "Bob to …" is an assignment only in lists and after a label; in running text it is half a sentence.
  if (infinitive && label === '' && read.unit.kind !== 'item') return
  let offset = from + named[0].length
  let matched = `${label}${named[0]}`.trim()
  if (!infinitive && !will) {
    const again = /^ ?(?:to|will)\s/.exec(text.slice(offset))
    if (again === null && label === '') return
    offset += again?.[0].length ?? 0
    matched += again?.[0] ?? ''
  }
  offset += /^\s*/.exec(text.slice(offset))?.[0].length ?? 0
  const task = readTask(chunk, text.slice(offset), false)
  if (task === null) return
  push(read, sentence, found, {
    rule: label !== '' ? 'action-item' : will ? 'somebody-will' : 'somebody-to',
    says: label !== '' ? 'a line marked as an action names who does it' : 'a named person will or is to do something',
    type: TASK_TYPE,
    subject: { name: task.name, kind: 'Task', aliases: [] },
    object: { name: actor.name, kind: 'Person', aliases: [...actor.aliases] },
    matched: matched.trim(),
    span: [sentence.start + lead, sentence.start + offset + task.length],
    reading: ASSERTED,
    when: task.date,
    confidence: label !== '' ? 0.8 : 0.7,
    asked: label !== '',
  })
}

/** "Mei-Lin, please send …"; "Priya, can you send …?" — "Sure, by Friday". */
function matchRequest(chunk: ReadChunk, read: ReadUnit, sentence: Sentence, found: Found): void {
  const text = read.text.slice(sentence.start, sentence.end)
  const named =
    /(?:^|, )([\p{Lu}@][\p{L}\p{M}.'’-]{1,25}(?: \p{Lu}[\p{L}\p{M}'’-]{1,25})?), (?=please |can you |could you |would you |will you )/u.exec(
      text,
    )
  if (named === null) return
  const actor = chunk.cast.resolve(named[1] ?? '')
  if (actor === null) return
  const at = named.index + named[0].length
  const request = REQUEST.exec(text.slice(at))?.[0] ?? ''
  const task = readTask(chunk, text.slice(at + request.length), false)
  if (task === null) return
  const asked = !/^please/i.test(request)
  const answer = asked ? findYes(chunk, read, actor.name) : null
  push(read, sentence, found, {
    rule: answer === null ? 'asked-to' : 'asked-and-agreed',
    says:
      answer === null
        ? 'a named person is asked to do something'
        : 'a named person is asked to do something and says yes',
    type: TASK_TYPE,
    subject: { name: task.name, kind: 'Task', aliases: [] },
    object: { name: actor.name, kind: 'Person', aliases: [...actor.aliases] },
    matched: `${named[0].replace(/^, /, '')}${request}`.trim(),
    span: [sentence.start + named.index, sentence.start + at + request.length + task.length],
    reading: asked && answer === null ? { polarity: 'hedged', sign: '?' } : ASSERTED,
    when: task.date ?? answer?.when ?? null,
    confidence: 0.7,
    ...(answer === null ? {} : { more: answer }),
    asked,
  })
}

interface Yes {
  readonly s: number
  readonly quote: string
  readonly when: string | null
}

function findYes(chunk: ReadChunk, read: ReadUnit, name: string): Yes | null {
  const place = chunk.units.indexOf(read)
  for (const next of chunk.units.slice(place + 1, place + 3)) {
    if (chunk.cast.speaker(next.unit)?.name !== name) continue
    const sentence = next.sentences[0]
    if (sentence === undefined || !YES.test(next.text.slice(sentence.start, sentence.end))) return null
    const quote = quoteAround(next.unit.text, sentence, sentence.start, sentence.start + 2)
    return quote === null ? null : { s: next.unit.s, quote, when: findDate(quote, 0, Math.min(30, quote.length)) }
  }
  return null
}

interface TaskRead {
  readonly name: string
  /** Characters of the text that it takes, date included. */
  readonly length: number
  readonly date: string | null
}

/** Reads "send Dovrelund the notice by 16 May" off the front of a text; null where that is no task worth keeping. */
function readTask(chunk: ReadChunk, text: string, spoken: boolean): TaskRead | null {
  const softener = SOFTENERS.exec(text)?.[0] ?? ''
  const clause = cutClause(text.slice(softener.length), 20)
  if (clause === null) return null
  const cut = cutTrailingDate(clause)
  const words = cut.clause.split(/\s+/)
  const verb = (words[0] ?? '').toLowerCase().replace(/-(?:up|to)$/, '')
  if (!TASK_VERBS.has(verb) && !TASK_VERBS.has((words[0] ?? '').toLowerCase())) return null
  if (words.length < 3 || words.length > 16) return null
  const light = spoken && LIGHT_VERBS.has(verb)
  const content = chunk.clues.linguist
    .tag(cut.clause)
    .slice(1)
    .filter(
      ({ word, tag }) => (tag === 'NOUN' || tag === 'PROPN') && word.length > 1 && !TRIVIAL.has(word.toLowerCase()),
    )
  // A light verb in talk needs a name or two things to be worth a task.
  if (content.length < (light ? 2 : 1)) return null
  if (light && !/\p{Lu}|\d|\b(?:PR|issue|date|spec|test|doc)/u.test(cut.clause.slice(1))) return null
  if (/^(?:it|this|that|them|you|him|her)$/i.test(words[1] ?? '') && content.length < 2) return null
  if (spoken && /\b(?:you|my|me|chat|screen|that|this|what)\b/i.test(cut.clause)) return null
  return { name: capitalise(cut.clause), length: softener.length + clause.length, date: cut.date }
}

/** The clause at the front of a text, without what comes after it; null where it is longer than `limit` words. */
function cutClause(text: string, limit: number): string | null {
  const trimmed = text.slice(0, 300)
  const lead = trimmed.length - trimmed.trimStart().length
  const end = CLAUSE_END.exec(trimmed.slice(lead))
  const clause = (end === null ? trimmed.slice(lead) : trimmed.slice(lead, lead + end.index)).replace(/[\s–-]+$/u, '')
  if (clause === '' || countWords(clause) > limit) return null
  return clause
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1).replace(/\s+/g, ' ')
}

interface Draft {
  readonly rule: string
  readonly says: string
  readonly type: string
  readonly subject: Party
  readonly object: Party
  readonly matched: string
  readonly span: readonly [number, number]
  readonly reading: Reading
  readonly when: string | null
  readonly confidence: number
  readonly more?: { readonly s: number; readonly quote: string }
  /** A question mark after it does not make it less of a task. */
  readonly asked?: boolean
}

function push(read: ReadUnit, sentence: Sentence, found: Found, draft: Draft): void {
  const base = { rule: draft.rule, s: read.unit.s, type: draft.type }
  if (read.instruction !== null) {
    found.declined.push({
      ...base,
      subject: draft.subject.name,
      object: draft.object.name,
      reason: `the unit gives an instruction ("${read.instruction}")`,
    })
    return
  }
  const [start, end] = draft.span
  const quote = quoteAround(read.unit.text, sentence, start, Math.min(end, sentence.end))
  if (quote === null) return
  const before = read.text.slice(Math.max(sentence.start, start - 120), start)
  const after = draft.asked === true ? '' : read.text.slice(Math.min(end, sentence.end), sentence.end)
  const reading = doubtMore(draft.reading, readSurroundings(before, after))
  const evidence = [{ s: read.unit.s, quote }]
  if (draft.more !== undefined) evidence.push({ s: draft.more.s, quote: draft.more.quote })
  found.matches.push({
    ...base,
    subject: draft.subject,
    object: draft.object,
    matched: draft.matched,
    evidence,
    support: draft.more === undefined ? 'stated' : 'inferred',
    polarity: reading.polarity,
    sign: reading.sign,
    when:
      draft.when ??
      findDate(read.text.slice(sentence.start, sentence.end), start - sentence.start, end - sentence.start),
    confidence: draft.confidence,
    because: `as the rule reads: ${draft.says}`,
  })
}
