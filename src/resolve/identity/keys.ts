import type { ReadThing } from './judgement.ts'
import type { NameForms } from './name-forms.ts'
import { namesOfNickname } from './nicknames.ts'
import { soundsOf } from './phonetic.ts'
import type { NameSignatures } from '../../model/name-index.ts'
import { bandKeys } from './signature.ts'
import { stemsOf } from './stem.ts'

const MOST_TOKEN_KEYS = 8
const SHORTEST_ACRONYM = 3
const LONGEST_ACRONYM = 7
const SHORTEST_SPELT = 5
const LONGEST_SPELT = 20

/** By names taken apart, for as long as these are kept. */
const keysKept = new WeakMap<NameForms, readonly string[]>()

/**
 * Everything a name can be found by, as exact keys for a B-tree: `<type>|<sort>=<value>`. Two names that any rule of
 * this room may take for one thing share a key, so both sides are looked up by the same list.
 */
export function keysOf(forms: NameForms): readonly string[] {
  const keys = keysKept.get(forms) ?? findKeys(forms)
  keysKept.set(forms, keys)
  return keys
}

function findKeys(forms: NameForms): string[] {
  const { tokens, letters, person } = forms
  const keys = [`name=${forms.folded.slice(0, 200)}`]
  if (letters !== '') keys.push(`letters=${letters}`)
  for (const token of tokens.slice(0, MOST_TOKEN_KEYS)) if (token.length > 1) keys.push(`token=${token}`)
  if (tokens.length > 1) keys.push(`order=${tokens.toSorted().join(' ')}`)
  if (forms.acronym !== null) keys.push(`acronym=${forms.acronym}`)
  for (const acronym of forms.acronyms) keys.push(...partsOf(acronym).map((part) => `acronym=${part}`))
  for (const stem of forms.stems) if (stem !== '') keys.push(`stem=${stem}`)
  for (const token of tokens.slice(0, MOST_TOKEN_KEYS))
    if (token.length > 3) keys.push(...stemsOf(token).map((stem) => `word=${stem}`))
  if (forms.country !== null) keys.push(`country=${forms.country}`)
  if (person?.given != null) {
    keys.push(`initial=${person.given.charAt(0)} ${person.surname}`)
    for (const given of namesOfNickname(person.given)) keys.push(`given=${given} ${person.surname}`)
  }
  if (person?.given === null) for (const name of namesOfNickname(person.surname)) keys.push(`token=${name}`)
  keys.push(...spellingKeys(letters))
  return [...new Set(keys)].map((key) => `${forms.type}|${key}`)
}

/** The keys of all names of a thing; those of embeddings too, where there are any. */
export function keysOfThing({ names }: ReadThing, signatures?: NameSignatures): string[] {
  const byMeaning = ({ name, type }: NameForms): string[] => bandKeys(type, signatures?.of(name) ?? null)
  return [...new Set(names.flatMap((forms) => [...keysOf(forms), ...byMeaning(forms)]))]
}

/** Sound, and all spellings with one letter left out (the SymSpell scheme): one slip apart, two names share one. */
function spellingKeys(letters: string): string[] {
  if (letters.length < SHORTEST_SPELT || letters.length > LONGEST_SPELT || /\d/.test(letters)) return []
  const shorter = Array.from(letters, (_, at) => `spelt=${letters.slice(0, at)}${letters.slice(at + 1)}`)
  return [`spelt=${letters}`, ...shorter, ...soundsOf(letters).map((sound) => `sound=${sound}`)]
}

/** An acronym, and its beginnings and ends of three letters and more. */
function partsOf(acronym: string): string[] {
  const parts = acronym.length > 1 ? [acronym] : []
  for (let length = SHORTEST_ACRONYM; length < Math.min(acronym.length, LONGEST_ACRONYM); length += 1)
    parts.push(acronym.slice(0, length), acronym.slice(-length))
  return parts
}
