/** Who a display name stands for: a candidate for an entity, and what stood beside the name. */
export interface Speaker {
  readonly speaker: string
  /** What stood in brackets or behind a bar after the name: usually whom they work for. */
  readonly affiliation?: string
}

/** Longer labels are no names; they stay as they are. */
const LONGEST_LABEL = 200
const LONGEST_AFFILIATION = 100

/** What meeting tools and people add to a name that says nothing about who somebody is. */
const STATUS =
  /^(?:guest|host|co-?host|me|you|external|unverified|presenter|organi[sz]er|attendee|panell?ist|gast|extern|invité|invitado|phone|iphone|ipad|mobile|android|laptop|backup|dial-?in)$/iu
const PRONOUNS = new Set(
  'she her hers he him his they them theirs ze zir zem xe xem it its any all sie ihr er ihm elle il ella él ellos'.split(
    ' ',
  ),
)
const LONE_PRONOUN = /^(?:she|her|he|him|they|them)$/i

/** Emoji with their joiners and skin tones, flags; © and ™ are pictographs too, but belong to names of products. */
const EMOJI =
  /(?![©®™])\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic})*|[\u{1f1e6}-\u{1f1ff}]|\ufe0f/gu
const DECORATION = /^[\s*~•·★☆♥♪|_=.,;–—-]+(?=[\p{L}\p{N}@("“])|(?<=[\p{L}\p{N})\]"”.])[\s*~•·★☆♥♪|_=,;–—-]+$/gu

const CLOSING_BRACKETS = /^(.*\S)\s*[([（]([^()[\]（）]*)[)\]）]$/su
const BRACKETS = /[([（]([^()[\]（）]{1,40})[)\]）]/gu
const SEPARATOR = /\s+[|•·–—-]\s+|\s*[|｜]\s*|\s+@\s+/u
/** Several people, or none: what stands beside such a name need not belong to it. */
const NOT_ONE_PERSON =
  /[+&/;]|\s(?:and|und|et|y)\s|^the\s|\b(?:speaker|unknown|guest|host|room|everyone|user|caller|ltd|inc|gmbh|llc|labs|team|foundation)\b/iu
const NOT_GIVEN_NAMES =
  /\b(?:jr|sr|ii|iii|iv|phd|md|mba|esq|dr|prof|inc|ltd|llc|gmbh|ag|corp|co|plc|am|mp|ms|qc|kc|engineering|sales|marketing|finance|legal|support|operations|design|product|team|manager|director|lead|chair)\b/iu
const FAMILY_NAME =
  /^(?:(?:van|von|de|der|den|del|della|da|di|dos|la|le|ter|bin|al|el)\s){0,3}\p{Lu}[\p{L}\p{M}'’-]+$/iu
const GIVEN_NAMES = /^\p{Lu}[\p{L}\p{M}'’.-]*(?:\s\p{Lu}[\p{L}\p{M}'’.-]*){0,2}$/u

/**
 * Cleans a display name: `Justin Florentine (Besu)` → Justin Florentine of Besu; pronouns, `(Guest)` and emoji go.
 * Nothing that may be part of a name is lost: where there is doubt (a nickname in brackets, two people at one
 * microphone, `Speaker 1`), the label stays whole.
 */
export function readSpeaker(label: string): Speaker {
  const whole = label
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/(?<=[^\s:])\s?:$/, '')
  if (whole.length > LONGEST_LABEL) return { speaker: whole }
  const bare = withoutDecoration(whole)
  if (!/[\p{L}\p{N}]/u.test(bare)) return { speaker: whole }
  const bracketed = CLOSING_BRACKETS.exec(bare)
  if (bracketed !== null) {
    const [, name = '', inside = ''] = bracketed
    const affiliation = inside.trim()
    if (!isOnePerson(name) || /[()[\]|]/u.test(name) || !isAffiliation(affiliation)) return { speaker: bare }
    return { speaker: inNaturalOrder(name), affiliation }
  }
  const parts = bare.split(SEPARATOR)
  const [name = '', affiliation = ''] = parts
  if (parts.length === 1) return { speaker: isOnePerson(bare) ? inNaturalOrder(bare) : bare }
  if (parts.length > 2 || !isOnePerson(name) || !isAffiliation(affiliation, name)) return { speaker: bare }
  return { speaker: inNaturalOrder(name), affiliation }
}

function withoutDecoration(label: string): string {
  const plain = label
    .replace(EMOJI, ' ')
    .replace(BRACKETS, (brackets, inside: string) => withoutStatus(brackets, inside))
    .replace(/\s+/gu, ' ')
    .trim()
  // `Ana Ruiz | she/her | Acme`, `Ana Ruiz - she/her`
  const parts = plain.split(/(\s+[|•·–—-]\s+|\s*[|｜]\s*)/u)
  const kept: string[] = []
  for (let index = 0; index < parts.length; index += 2) {
    const part = parts[index] ?? ''
    if (index > 0 && (part === '' || isPronouns(part))) continue
    if (kept.length > 0) kept.push(parts[index - 1] ?? '')
    kept.push(part)
  }
  return kept
    .join('')
    .replace(/\s(?:she|he|they)\/(?:her|him|them|they)(?:\/\w{2,6})?$/iu, '')
    .replace(DECORATION, '')
    .trim()
}

/** `(Guest)` and `(she/her)` go, `(Host, Acme)` becomes `(Acme)`. */
function withoutStatus(brackets: string, inside: string): string {
  if (isPronouns(inside)) return ' '
  const parts = inside.split(/[,;]/).map((part) => part.trim())
  const kept = parts.filter((part) => part !== '' && !STATUS.test(part) && !(parts.length > 1 && isPronouns(part)))
  if (kept.length === parts.length) return brackets
  return kept.length === 0 ? ' ' : `(${kept.join(', ')})`
}

function isPronouns(text: string): boolean {
  const words = text.trim().split(/\s*[/,&|]\s*|\s+(?:and|or)\s+/u)
  if (words.length === 1) return LONE_PRONOUN.test(text.trim()) && text.trim() !== text.trim().toUpperCase()
  return words.every((word) => PRONOUNS.has(word.toLowerCase()))
}

/**
 * A lower-case word in brackets is a nickname (`David (dionysuz)`); behind a bar it is one where the name is written
 * small as well (`marc | wolovim`). Numbers name proposals and extensions rather than employers.
 */
function isAffiliation(text: string, barredName?: string): boolean {
  if (text.length < 2 || text.length > LONGEST_AFFILIATION) return false
  if (/^[@"“'‘#]|^[\p{N}\p{P}\s]+$|\d{3}|:\/\//u.test(text)) return false
  if (!/^\p{Ll}/u.test(text)) return true
  return barredName !== undefined && /^\p{Lu}/u.test(barredName) && !/\s/u.test(text)
}

function isOnePerson(name: string): boolean {
  return /\p{L}{2}|\p{Lo}/u.test(name) && !NOT_ONE_PERSON.test(name)
}

/** `Ruiz, Ana` → `Ana Ruiz`, where it is plainly that: `Ana Ruiz, Acme` and `Ana, CTO` stay. */
function inNaturalOrder(name: string): string {
  const parts = name.split(/\s*,\s*/u)
  const [family = '', given = ''] = parts
  if (parts.length !== 2 || !FAMILY_NAME.test(family) || !GIVEN_NAMES.test(given)) return name
  const shouted = given.length > 1 && given === given.toUpperCase() && !given.includes('.')
  if (NOT_GIVEN_NAMES.test(given) || (shouted && family !== family.toUpperCase())) return name
  return `${given} ${family}`
}
