import { normaliseName } from '../../model/entity.ts'
import type { Question, QuestionUnit } from '../../model/question.ts'
import { BODY_HEADS, GENERIC, NEVER_NAMES, OPENERS, ROLE_HEADS } from './lexicon.ts'
import { FIRST_NAMES } from './first-names.ts'

/** Somebody whom the chunk introduces: a speaker, an attendee, a full name in the text, a known name. */
export interface Actor {
  name: string
  readonly aliases: Set<string>
  /** From "Justin Florentine (Besu)" or "Wes Todd (@wesleytodd, Netflix)". */
  affiliation: string | null
}

export interface Cast {
  /** Null where nobody, or more than one, is meant. */
  resolve(name: string): Actor | null
  /** Whether several people answer to the name. */
  isAmbiguous(name: string): boolean
  speaker(unit: QuestionUnit): Actor | null
  /** Names with lower-case or common words that the caller knows already. */
  readonly known: ReadonlySet<string>
}

const NAME_PART = "(?:\\p{Lu}[\\p{L}'’.-]*|de|van|der|von|la|da|di|el|bin|dos|den)"
const PERSON_NAME = new RegExp(`^\\p{Lu}[\\p{L}'’-]+\\.?(?: ${NAME_PART}){1,4}$`, 'u')
const HANDLE = /@([A-Za-z\d](?:[A-Za-z\d-]|_){0,38})/u
/** `Name (@handle, Org)`, `Name (Org)`, `Name (@handle), Org`, and what readers leave of a link around the handle. */
const LIST_PERSON =
  /^[~*\s]*([^(),:;|~]{2,50}?)\s*\(([^()]{1,60})(?:\([^()]{0,90}\))?\)?[~*\s]*(?:[,–-]\s*([^,;:()]{2,40}?)\s*)?$/u
const SPEAKER_EXTRA = /^(.*?)\s*(?:\(([^()]{1,40})\)|\s[|/-]\s*(.{2,40}))\s*$/u
const NOT_A_SPEAKER =
  /\b(?:notes?|bot|guest|unknown|speaker ?\d*|host|moderator|iphone|ipad|recorder|recording|assistant|admin|operator|audience|room|read\.ai|otter|fireflies|zoom|everyone|all|participant)\b/iu
const NOT_AFFILIATION =
  /^(?:he|she|they|him|her|them)\b|\/|^.$|\d{3}|\b(?:incoming|outgoing|continuing|chair|host|guest|remote|regrets|absent|left|joined|late|observer|notes?|scribe|co-?lead|lead|member|shadow|emeritus|new|am|pm)\b/iu

export function looksLikePerson(name: string): boolean {
  if (!PERSON_NAME.test(name) || name.length > 50) return false
  const parts = name.split(' ').map((part) => part.toLowerCase())
  if (
    parts.some((part) => NEVER_NAMES.has(part) || BODY_HEADS.has(part) || GENERIC.has(part) || ROLE_HEADS.has(part))
  ) {
    return false
  }
  return !OPENERS.has(parts[0] ?? '')
}

/** "Wes Todd (@wesleytodd, Netflix)": a line of an attendee list, or null. */
export function readListPerson(text: string): Actor | null {
  const match = LIST_PERSON.exec(text.slice(0, 160))
  const name = match?.[1]?.trim() ?? ''
  if (match === null || !looksLikePerson(name)) return null
  const inside = (match[2] ?? '').split(',').map((part) => part.replace(/[*[\]]/g, '').trim())
  const handle = HANDLE.exec(match[2] ?? '')?.[1]
  const outside = match[3]?.replace(/[*~]/g, '').trim()
  const affiliation = [...inside, outside ?? ''].find((part) => !part.startsWith('@') && isAffiliation(part))
  // Brackets after two capitalised words are an attendee only if they hold a handle: "Billing System (BRASS)".
  if (handle === undefined && !FIRST_NAMES.has(name.split(' ')[0]?.toLowerCase() ?? '')) return null
  return { name, aliases: new Set(handle === undefined ? [] : [`@${handle}`]), affiliation: affiliation ?? null }
}

function isAffiliation(text: string): boolean {
  const words = text.split(' ')
  const named = words.every((word) => /^(?:\p{Lu}|of$|and$|&|for$|the$|de$)/u.test(word)) && /^\p{Lu}/u.test(text)
  return named && text.length > 1 && text.length <= 40 && words.length <= 4 && !NOT_AFFILIATION.test(text)
}

/** "Justin Florentine (Besu)", "Iván | ethrex", "Karim T. (matkt)": the person, and what else the label says. */
function readSpeaker(label: string): Actor | null {
  let name = label.normalize('NFC').replace(/\s+/g, ' ').trim().replace(/:$/, '')
  if (name === '' || name.length > 60 || NOT_A_SPEAKER.test(name)) return null
  const aliases = new Set<string>()
  let affiliation: string | null = null
  const extra = SPEAKER_EXTRA.exec(name)
  if (extra !== null && (extra[1] ?? '') !== '') {
    const added = (extra[2] ?? extra[3] ?? '').trim()
    name = (extra[1] ?? '').trim()
    const piped = extra[2] === undefined && label.includes('|')
    if (isAffiliation(added) || (piped && /^[\p{L} .-]{3,25}$/u.test(added))) affiliation = added
    else if (/^[a-z][\w-]{2,}$/.test(added)) aliases.add(added)
  }
  name = name
    .replace(/\s*\([^()]*\)$/, '')
    .replace(/^@/, '')
    .trim()
  if (!/\p{L}{2}/u.test(name) || name.includes('/') || NEVER_NAMES.has(name.toLowerCase())) return null
  return { name, aliases, affiliation }
}

/** @param sure full names that are people's whatever their given name */
export function buildCast(question: Question, fullNames: readonly string[], sure: readonly string[]): Cast {
  const actors = new Map<string, Actor>()
  const bySpeaker = new Map<string, Actor | null>()
  const introduce = (found: Actor): Actor => {
    const key = normaliseName(found.name)
    const actor = actors.get(key) ?? found
    for (const alias of found.aliases) actor.aliases.add(alias)
    actor.affiliation ??= found.affiliation
    actors.set(key, actor)
    return actor
  }
  for (const name of [...question.known, ...fullNames]) {
    const first = name.split(' ')[0]?.toLowerCase() ?? ''
    if (looksLikePerson(name) && FIRST_NAMES.has(first)) introduce({ name, aliases: new Set(), affiliation: null })
  }
  for (const name of sure) introduce({ name, aliases: new Set(), affiliation: null })
  for (const unit of question.units) {
    if (unit.speaker !== null && !bySpeaker.has(unit.speaker)) {
      const actor = readSpeaker(unit.speaker)
      bySpeaker.set(unit.speaker, actor === null ? null : introduce(actor))
    } else if (unit.speaker === null && unit.text.length < 160) {
      const actor = readListPerson(unit.text)
      if (actor !== null) introduce(actor)
    }
  }
  const index = new Map<string, Set<Actor>>()
  const enter = (name: string, actor: Actor): void => {
    const key = normaliseName(name)
    const entry = index.get(key)
    if (entry === undefined) index.set(key, new Set([actor]))
    else entry.add(actor)
  }
  for (const actor of actors.values()) {
    enter(actor.name, actor)
    for (const alias of actor.aliases) {
      enter(alias, actor)
      enter(alias.replace(/^@/, ''), actor)
    }
    const parts = actor.name.split(' ')
    if (parts.length > 1) {
      enter(parts[0] ?? '', actor)
      const last = parts[parts.length - 1] ?? ''
      if (last.length > 2) enter(last, actor)
    }
  }
  return {
    resolve(name) {
      const found = index.get(normaliseName(name))
      return found?.size === 1 ? ([...found][0] ?? null) : null
    },
    isAmbiguous: (name) => (index.get(normaliseName(name))?.size ?? 0) > 1,
    speaker: (unit) => (unit.speaker === null ? null : (bySpeaker.get(unit.speaker) ?? null)),
    known: new Set(question.known),
  }
}
