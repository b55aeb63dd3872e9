import type { Cast } from './cast.ts'
import { looksLikePerson } from './cast.ts'
import { FIRST_NAMES } from './first-names.ts'
import * as lexicon from './lexicon.ts'
import type { Linguist } from './linguist.ts'
import * as names from './names.ts'
import { looksPersonal } from './persons.ts'
import type { Kind, Mention } from './rule.ts'
import type { Sentence } from './sentences.ts'

/** What the whole chunk tells about names; see chunk.ts. */
export interface NameClues {
  readonly cast: Cast
  readonly linguist: Linguist
  /** Names written with a capital in the middle of some sentence, lower-cased. */
  readonly midSentence: ReadonlySet<string>
  /** Acronym → long form, from "Cross Project Council (CPC)". */
  readonly acronyms: ReadonlyMap<string, { readonly name: string; readonly kind: Kind | null }>
  /** "Acme" → "Acme Ltd", where the chunk has both. */
  readonly shortForms: ReadonlyMap<string, string>
  /** What "the project" or "this policy" means here. */
  readonly topics: ReadonlyMap<string, { readonly name: string; readonly kind: Kind }>
}

interface Word {
  readonly text: string
  readonly lower: string
  readonly start: number
  readonly end: number
  readonly possessive: boolean
}

const WORD = /[\p{L}\p{N}@#](?:[\p{L}\p{N}\p{M}&+./_'’-]*[\p{L}\p{N}\p{M}+])?/gu
const CODE = /^(?=[A-Z\d]*[A-Z])[A-Z]{2,6}[- ]?\d[\d.]*$/u
const CODE_PREFIX = new Set(['EIP', 'ERC', 'KEP', 'RFC', 'PEP', 'ADR', 'CVE', 'JIRA', 'ISO', 'EIPs', 'RIP'])
const SYSTEM_WORD = /^(?:[\p{L}\d]+(?:\.js|\.gl|\.io|JS)|(?:kube|devnet|testnet|glamsterdam-devnet)-[\p{L}\d.-]+)$/u
const BODY_WORD = /^(?:sig|wg|SIG|WG)-\p{L}[\p{L}-]+$/u
const HONORIFIC = new Set(['dr', 'mr', 'mrs', 'ms', 'prof', 'sir'])
const PARTICLES = new Set(['de', 'van', 'der', 'von', 'da', 'di', 'el', 'del', 'den'])
const CAMEL = /^\p{Lu}?\p{Ll}+\p{Lu}|^\p{Lu}{2,}\p{Ll}|\d/u
/** "Acme CEO Nora Blum" is three things. */
const ROLE_LETTERS = /^(?:CEO|CTO|CFO|COO|CIO|CISO|VP)$/u
const ROLE_MODIFIERS = new Set(
  'chief executive technology technical operating financial information security managing vice deputy senior junior general assistant associate regional marketing sales product program engineering'.split(
    ' ',
  ),
)
/** Not a project's name, though "Project" stands before it. */
const PROJECT_TALK =
  /^(?:managers?|management|plans?|planning|leads?|leaders?|sponsors?|board|team|office|owners?|charter|scope|status|goals?|budget|timeline|overview|documentation|council|members?|directors?|coordinators?|name|page|structure|governance|work|update|report|review|summary|title|description|manual|schedule|files?|type|\p{L}+ing)$/iu
const ROMAN_LETTER = /^[\p{Script=Latin}\p{N}\p{P}\p{S}\s]+$/u

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

/** Finds names in one sentence, left to right, none overlapping. */
export function findMentions(text: string, sentence: Sentence, clues: NameClues): Mention[] {
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
  if (!titled && end - begin > 1 && names.TITLES.has(words[begin]?.lower ?? '')) {
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
      start: honorific ? (words[index]?.start ?? first.start) : first.start,
      end: isLegal && closing === last ? closing.end + legal.length : closing.end,
      weak,
      capitalInside: !bareGiven && inside && !lexicon.GENERIC.has(first.lower),
      personal: typed.kind === null && looksPersonal(typed.name, clues.linguist),
      possessive: closing.possessive,
    },
    next: absorbed,
  }
}

const isRole = (words: readonly Word[]): boolean =>
  words.every((word) => lexicon.ROLE_HEADS.has(word.lower) || ROLE_MODIFIERS.has(word.lower))

interface Typed {
  readonly name: string
  readonly kind: Kind | null
  readonly aliases: readonly string[]
  /** Whether the lower-case word after the name goes with it. */
  readonly absorbs: boolean
}

function classify(name: string, tail: string, honorific: boolean, before: string, clues: NameClues): Typed | null {
  const parts = name.split(' ')
  const first = parts[0] ?? ''
  const last = (parts[parts.length - 1] ?? '').toLowerCase()
  const typed = (kind: Kind | null, absorbs = false, aliases: readonly string[] = []): Typed => ({
    name,
    kind,
    aliases,
    absorbs,
  })
  if (name.length < 2 || name.length > 70 || parts.length > 7 || !ROMAN_LETTER.test(name)) return null
  if (parts.length === 1 && lexicon.OPENERS.has(name.toLowerCase())) return null
  if (clues.cast.isAmbiguous(name)) return null
  const actor = clues.cast.resolve(name)
  if (actor !== null && (parts.length > 1 || /^\p{Lu}/u.test(name))) {
    return {
      name: actor.name,
      kind: 'Person',
      aliases: name === actor.name ? [...actor.aliases] : [name, ...actor.aliases],
      absorbs: false,
    }
  }
  const long = clues.acronyms.get(name)
  if (long !== undefined)
    return { name: long.name, kind: long.kind, aliases: [name], absorbs: lexicon.BODY_TAILS.has(tail) }
  for (const topic of clues.topics.values()) {
    if (topic.kind === 'Project' && topic.name === `Project ${name}`)
      return { name: topic.name, kind: 'Project', aliases: [name], absorbs: tail === 'project' }
  }
  const full = clues.shortForms.get(name)
  if (full !== undefined) return { ...typed('Organization'), name: full, aliases: [name] }
  if (first === 'Project' && parts.length > 1) return PROJECT_TALK.test(parts[1] ?? '') ? null : typed('Project')
  if (CODE.test(name) || (CODE_PREFIX.has(first) && /\d$/.test(name)))
    return {
      ...typed(codeKind(name, before)),
      name: name.replace(/^([A-Z]+) ?(\d)/, '$1-$2'),
      aliases: /^[A-Z]+-/.test(name) ? [] : [name],
    }
  if (BODY_WORD.test(name) || ((first === 'SIG' || first === 'WG') && parts.length > 1)) return typed('Organization')
  if (names.KNOWN_BODIES.has(name)) return typed('Organization', tail === 'team')
  if (names.KNOWN_PLACES.has(name)) return typed('Place')
  if (lexicon.BODY_TAILS.has(tail) && !lexicon.GENERIC.has(name.toLowerCase())) return typed('Organization', true)
  if (tail === 'project' && !lexicon.GENERIC.has(name.toLowerCase())) return typed('Project', true)
  if (tail !== '' && lexicon.POLICY_TAILS.has(tail)) return { ...typed('Policy', true), name: `${name} ${tail}` }
  if (tail !== '' && lexicon.CONTRACT_TAILS.has(tail)) return { ...typed('Contract', true), name: `${name} ${tail}` }
  if (lexicon.SYSTEM_TAILS.has(tail)) return typed('System', true)
  if (parts.length > 1) {
    if (/\bBoard of Directors$/.test(name) || lexicon.BODY_HEADS.has(last)) return typed('Organization')
    if (/^(?:Department|Ministry|Office|University|Institute|Bank) of /.test(name)) return typed('Organization')
    if (lexicon.POLICY_TAILS.has(last)) return typed('Policy')
    if (lexicon.SYSTEM_TAILS.has(last)) return typed('System')
    if (names.PLACE_HEADS.has(last) || names.PLACE_FIRST.has(first.toLowerCase())) return typed('Place')
    if (names.EVENT_HEADS.has(last)) return typed('Event')
    if (names.COMPANY_HEADS.has(last)) return typed('Organization')
    if (honorific || (FIRST_NAMES.has(first.toLowerCase()) && looksLikePerson(name))) return typed('Person')
    if (parts.every((part) => lexicon.GENERIC.has(part.toLowerCase()) || lexicon.NEVER_NAMES.has(part.toLowerCase())))
      return null
    return typed(null)
  }
  if (SYSTEM_WORD.test(name)) return typed('System')
  if (honorific) return typed('Person')
  if (FIRST_NAMES.has(name.toLowerCase())) return typed('Person')
  return typed(null)
}

function codeKind(name: string, before: string): Kind {
  if (name.startsWith('ADR')) return 'Decision'
  if (/\b(?:policy|rule)\s$/i.test(before)) return 'Policy'
  if (/\b(?:invoice|contract|agreement|order|change request)\s$/i.test(before)) return 'Contract'
  return 'Concept'
}

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
