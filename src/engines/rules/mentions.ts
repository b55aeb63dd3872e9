import { BODY_WORD, CODE, CODE_PREFIX, SYSTEM_WORD, classify } from './classify.ts'
import type { NameClues } from './classify.ts'
import { FIRST_NAMES } from './first-names.ts'
import * as lexicon from './lexicon.ts'
import * as names from './names.ts'
import { looksPersonal } from './persons.ts'
import type { Mention } from './rule.ts'
import type { Sentence } from './sentences.ts'

interface Word {
  readonly text: string
  readonly lower: string
  readonly start: number
  readonly end: number
  readonly possessive: boolean
}

const WORD = /[\p{L}\p{N}@#](?:[\p{L}\p{N}\p{M}&+./_'’-]*[\p{L}\p{N}\p{M}+])?/gu
const HONORIFIC = new Set(['dr', 'mr', 'mrs', 'ms', 'prof', 'sir'])
const PARTICLES = new Set(['de', 'van', 'der', 'von', 'da', 'di', 'el', 'del', 'den'])
const CAMEL = /^\p{Lu}?\p{Ll}+\p{Lu}|^\p{Lu}{2,}\p{Ll}|\d/u
/** "Acme CEO Nora Blum" is three things. */
const ROLE_LETTERS = /^(?:CEO|CTO|CFO|COO|CIO|CISO|VP)$/u
const ROLE_MODIFIERS = new Set(
  `chief executive technology technical operating financial information security managing vice deputy senior junior
  general assistant associate regional marketing sales product program engineering`.split(/\s+/),
)

function readWords(text: string, sentence: Sentence): Word[] {
  const words: Word[] = []
  for (const match of text.slice(sentence.start, sentence.end).matchAll(WORD)) {
    const raw = match[0]
    const possessive = /['’]s$/.test(raw)
    const contraction = /^(.+?)['’](?:s|ll|m|ve|re|d|t)$/i.exec(raw)
    const plain = contraction?.[1] ?? raw
    if (raw.includes('/') && !raw.startsWith('@')) continue
    const start = sentence.start + match.index
    words.push({ text: plain, lower: plain.toLowerCase(), start, end: start + plain.length, possessive })
  }
  return words
}

function isNameWord(word: Word): boolean {
  if (ROLE_LETTERS.test(word.text)) return false
  if (/^(?:US|UK|EU|UN|USA)$/.test(word.text)) return true
  if (lexicon.NEVER_NAMES.has(word.lower))
    return (
      word.text.length > 2 &&
      /^[A-Z]{3,}$/.test(word.text) &&
      !/^(?:AND|THE|FOR|NOT|ALL|BUT|TODO|WIP|TBD|FYI|IMO|UTC|PST|EST|LGTM|AFAIK|TLDR|IMHO|BTW|GMT|CET|PTAL|YES)$/.test(
        word.text,
      )
    )
  return /^\p{Lu}/u.test(word.text) || CODE.test(word.text) || SYSTEM_WORD.test(word.text) || BODY_WORD.test(word.text)
}

/** Several patterns ask for the names of one sentence, which is read for one chunk only. */
const seen = new WeakMap<Sentence, readonly Mention[]>()

/** The names of one sentence, left to right, none overlapping. */
export function findMentions(text: string, sentence: Sentence, clues: NameClues): readonly Mention[] {
  const known = seen.get(sentence)
  if (known !== undefined) return known
  const mentions = readMentions(text, sentence, clues)
  seen.set(sentence, mentions)
  return mentions
}

function readMentions(text: string, sentence: Sentence, clues: NameClues): Mention[] {
  const words = readWords(text, sentence)
  const mentions: Mention[] = []
  for (let index = 0; index < words.length;) {
    const taken = readRun(text, sentence.end, words, index, clues) ?? readLowerCase(text, words, index, clues)
    if (taken === null) {
      index += 1
      continue
    }
    if (taken.mention !== null && !repeats(text, mentions.at(-1), taken.mention)) mentions.push(taken.mention)
    index = taken.next
    // A legal form behind a comma went with the name.
    while (taken.mention !== null && (words[index]?.start ?? Infinity) < taken.mention.end) index += 1
  }
  return mentions
}

/** "Cross Project Council (CPC)", "Wes Todd (@wesleytodd)": what stands in brackets is the name before them. */
function repeats(text: string, before: Mention | undefined, mention: Mention): boolean {
  if (before === undefined || !before.name.endsWith(mention.name)) return false
  return /^\s?\(["“]?(?:the )?["“]?$/u.test(text.slice(before.end, mention.start))
}

interface Taken {
  readonly mention: Mention | null
  readonly next: number
}

const follows = (text: string, one: Word, other: Word): boolean => text.slice(one.end, other.start) === ' '

/** A run of capitalised words, from `index` on. */
function readRun(
  text: string,
  sentenceEnd: number,
  words: readonly Word[],
  index: number,
  clues: NameClues,
): Taken | null {
  let begin = index
  let word = words[begin]
  if (word === undefined || !isNameWord(word)) return null
  const honorific = HONORIFIC.has(word.lower) && words[begin + 1] !== undefined
  if (honorific) begin += 1
  let end = begin
  for (;;) {
    const last = words[end]
    const next = words[end + 1]
    if (last === undefined || next === undefined || last.possessive) break
    const gap = text.slice(last.end, next.start)
    if (
      gap !== ' ' &&
      gap !== ' & ' &&
      !(gap === '. ' && last.text.length === 1) &&
      !(end === begin && HONORIFIC.has(last.lower))
    )
      break
    if (isNameWord(next)) end += 1
    else if (
      /^#?\d+$/.test(next.text) &&
      gap === ' ' &&
      (CODE_PREFIX.has(last.text) || lexicon.SYSTEM_TAILS.has(last.lower))
    ) {
      end += 1
      break
    } else if (
      (PARTICLES.has(next.lower) || (next.lower === 'of' && lexicon.BODY_HEADS.has(last.lower))) &&
      words[end + 2] !== undefined &&
      isNameWord(words[end + 2] as Word) &&
      follows(text, next, words[end + 2] as Word)
    ) {
      end += 2
    } else break
  }
  const opening =
    text.slice(0, words[index]?.start).trimEnd() === '' ||
    /[.!?:;…\n]$/u.test(text.slice(0, words[index]?.start).trimEnd())
  word = words[begin]
  if (word === undefined) return null
  // "Review Kubernetes …": the capital of the first word belongs to the sentence.
  while (begin < end && (lexicon.OPENERS.has(words[begin]?.lower ?? '') || words[begin]?.lower === 'the')) begin += 1
  let titled = honorific
  if (!titled && end - begin > 1 && isTitle(words[begin]?.text ?? '')) {
    const bare = text.slice(words[begin + 1]?.start, words[end]?.end)
    if (looksPersonal(bare, clues.linguist)) {
      titled = true
      begin += 1
    }
  }
  const first = words[begin]
  const last = words[end]
  if (first === undefined || last === undefined) return null
  // "Chief Executive Officer" and "Managing Director" are what somebody is, not who.
  if (!titled && lexicon.ROLE_HEADS.has(last.lower) && isRole(words.slice(begin, end + 1))) {
    return { mention: null, next: end + 1 }
  }
  const legal = last.possessive ? '' : (names.LEGAL_TAIL.exec(text.slice(last.end, sentenceEnd))?.[0] ?? '')
  const isLegal = legal.length > 1 || (legal === '.' && /^(?:Inc|Ltd|Corp|Co|Jr|Sr)$/u.test(last.text))
  const name = `${text.slice(first.start, last.end)}${isLegal ? legal.replace(/[,.]/g, '') : ''}`
  const next = words[end + 1]
  const tail = next !== undefined && !last.possessive && follows(text, last, next) ? next.lower : ''
  const typed = classify(
    name,
    isLegal ? '' : tail,
    titled,
    text.slice(Math.max(0, first.start - 30), first.start),
    clues,
  )
  if (typed === null) return { mention: null, next: end + 1 }
  const single = begin === end
  const common = single && clues.linguist.isCommon(first.text) && !CAMEL.test(first.text)
  const acronym = /^\p{Lu}{2,}$/u.test(name)
  // A bare given name with nobody in the chunk to carry it is a person, but too little to name one.
  const bareGiven = single && !titled && typed.kind === 'Person' && clues.cast.resolve(first.text) === null
  const weak =
    bareGiven ||
    (typed.kind === null &&
      single &&
      (lexicon.GENERIC.has(first.lower) ||
        (common && !acronym) ||
        (opening && !acronym && !CAMEL.test(name) && common && !clues.midSentence.has(first.lower))))
  const inside = !opening || clues.midSentence.has(first.lower)
  const absorbed = typed.absorbs && next !== undefined ? end + 2 : end + 1
  const closing = typed.absorbs && next !== undefined ? next : last
  return {
    mention: {
      ...typed,
      start: titled ? (words[index]?.start ?? first.start) : first.start,
      end: isLegal && closing === last ? closing.end + legal.length : closing.end,
      weak,
      capitalInside: !bareGiven && inside && !(single && isGeneral(first.lower)),
      personal: typed.kind === null && looksPersonal(typed.name, clues.linguist),
      possessive: closing.possessive,
    },
    next: absorbed,
  }
}

/** "President Ivo Tarn", "Jamaican Roger Mais": what stands before the name is not a part of it. */
const isTitle = (word: string): boolean =>
  names.TITLES.has(word.toLowerCase()) || (names.DEMONYM.test(word) && !FIRST_NAMES.has(word.toLowerCase()))
/** "the Region", "the Board": capitals give it airs. */
const isGeneral = (word: string): boolean => lexicon.GENERIC.has(word) || names.PLACE_HEADS.has(word)
const isRole = (words: readonly Word[]): boolean =>
  words.every((word) => lexicon.ROLE_HEADS.has(word.lower) || ROLE_MODIFIERS.has(word.lower))

/** Lower-case names: "the steering group", "the project", "this policy", handles. */
function readLowerCase(text: string, words: readonly Word[], index: number, clues: NameClues): Taken | null {
  const word = words[index]
  if (word === undefined) return null
  if (word.text.startsWith('@')) {
    const actor = clues.cast.resolve(word.text)
    if (actor === null) return null
    const { start, end, possessive } = word
    return {
      mention: {
        start,
        end,
        name: actor.name,
        kind: 'Person',
        aliases: [...actor.aliases],
        weak: false,
        capitalInside: true,
        personal: false,
        possessive,
      },
      next: index + 1,
    }
  }
  if (word.lower !== 'the' && word.lower !== 'our' && word.lower !== 'this') return null
  const modifiers: Word[] = []
  for (let place = index + 1; place <= index + 4; place += 1) {
    const next = words[place]
    const previous = words[place - 1]
    if (next === undefined || previous === undefined || !follows(text, previous, next)) return null
    const topic = modifiers.length === 0 ? clues.topics.get(next.lower) : undefined
    if (topic !== undefined && next.lower === next.text) {
      const follower = words[place + 1]
      const compound =
        follower !== undefined &&
        follows(text, next, follower) &&
        /^(?:lead|leads|manager|team|members?|plan|page|board|charter)$/.test(follower.lower)
      if (compound && !next.possessive) return null
      return {
        mention: {
          start: word.start,
          end: next.end,
          ...topic,
          aliases: [],
          weak: false,
          capitalInside: true,
          personal: false,
          possessive: next.possessive,
        },
        next: place + 1,
      }
    }
    if (lexicon.BODY_TAILS.has(next.lower) && next.lower !== 'company' && next.lower !== 'office') {
      if (modifiers.length === 0 || modifiers.some((modifier) => lexicon.VAGUE.has(modifier.lower))) return null
      const first = modifiers[0] as Word
      const name = text.slice(first.start, next.end)
      return {
        mention: {
          start: first.start,
          end: next.end,
          name,
          kind: 'Organization',
          aliases: [],
          weak: false,
          capitalInside: true,
          personal: false,
          possessive: next.possessive,
        },
        next: place + 1,
      }
    }
    if (!/^\p{Ll}[\p{Ll}-]+$/u.test(next.text)) return null
    modifiers.push(next)
  }
  return null
}
