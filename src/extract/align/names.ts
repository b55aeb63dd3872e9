import type { Vocabulary } from './words.ts'

/** An entity as a trace may speak of it. `isPerson`: a single word of the name, if nobody else has it, will do. */
export interface NamedThing {
  readonly names: readonly string[]
  readonly isPerson: boolean
}

/** How surely each entity is meant, for one sentence after the other: 1 full name, 0 not at all. */
export interface NameFinder {
  /** Fills `strengths`, one for each entity, from a sentence's text, words and stems. */
  find(text: string, words: readonly number[], stems: readonly number[], strengths: Float64Array): void
}

const BY_INITIALS = 0.9
const BY_UNIQUE_WORD_OF_PERSON = 0.9
const BY_UNIQUE_WORD = 0.5
const BY_ALL_WORDS = 0.95
/** Capitals that stand by themselves: `OJSF`, `TC`. */
const ACRONYM = /(?<![\p{L}\p{N}_])\p{Lu}{2,6}(?![\p{L}\p{N}_])/gu

interface Form {
  readonly entity: number
  readonly words: readonly number[]
  readonly weight: number
}

/**
 * `weightOf` says how telling a stem is in the source. A stem counts the less, the more entities have it in a name.
 */
export function nameFinder(
  things: readonly NamedThing[],
  vocabulary: Vocabulary,
  weightOf: (stem: number) => number,
): NameFinder {
  const entitiesWithStem = new Map<number, number>()
  for (const thing of things)
    for (const stem of new Set(thing.names.flatMap((name) => vocabulary.stems(name))))
      entitiesWithStem.set(stem, (entitiesWithStem.get(stem) ?? 0) + 1)
  const shareOf = (stem: number): number => (0.3 + weightOf(stem)) / (entitiesWithStem.get(stem) ?? 1)

  const formsByStem = new Map<number, Form[]>()
  const formsByFirstWord = new Map<number, Form[]>()
  const entitiesByAcronym = new Map<string, number[]>()
  for (const [entity, thing] of things.entries()) {
    for (const name of thing.names) {
      const words = vocabulary.words(name)
      const stems = vocabulary.stemsOf(words)
      const first = words[0]
      if (first === undefined) continue
      const form = { entity, words, weight: stems.reduce((sum, stem) => sum + shareOf(stem), 0) }
      listUnder(formsByFirstWord, first, form)
      for (const stem of stems) listUnder(formsByStem, stem, form)
    }
    for (const acronym of acronymsOf(thing.names[0] ?? ''))
      entitiesByAcronym.set(acronym, [...(entitiesByAcronym.get(acronym) ?? []), entity])
  }

  return {
    find(text, words, stems, strengths) {
      strengths.fill(0)
      const raise = (entity: number, strength: number): void => {
        if (strength > (strengths[entity] ?? 0)) strengths[entity] = strength
      }
      for (let position = 0; position < words.length; position += 1)
        for (const form of formsByFirstWord.get(words[position] ?? 0) ?? [])
          if (form.words.every((formWord, offset) => words[position + offset] === formWord)) raise(form.entity, 1)
      const covered = new Map<Form, number>()
      for (const stem of stems)
        for (const form of formsByStem.get(stem) ?? []) {
          covered.set(form, (covered.get(form) ?? 0) + shareOf(stem))
          if (entitiesWithStem.get(stem) === 1)
            raise(form.entity, things[form.entity]?.isPerson === true ? BY_UNIQUE_WORD_OF_PERSON : BY_UNIQUE_WORD)
        }
      for (const [form, share] of covered) raise(form.entity, Math.min(BY_ALL_WORDS, share / form.weight))
      for (const acronym of text.match(ACRONYM) ?? [])
        for (const entity of entitiesByAcronym.get(acronym) ?? []) raise(entity, BY_INITIALS)
    },
  }
}

function listUnder<Key>(lists: Map<Key, Form[]>, key: Key, form: Form): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [form])
  else list.push(form)
}

/** `Chris de Almeida`: CA and CDA. `OpenJS Foundation`: OJF (a capital inside a word begins one). */
function acronymsOf(name: string): Set<string> {
  const words = name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').split(/[\s-]+/)
  const initials = (list: readonly string[]): string => list.map((word) => word.charAt(0).toUpperCase()).join('')
  const capitalised = words.filter((word) => /^\p{Lu}/u.test(word))
  const acronyms = new Set<string>()
  if (capitalised.length >= 2) {
    acronyms.add(initials(capitalised))
    if (words.every((word) => /^\p{L}/u.test(word))) acronyms.add(initials(words))
  }
  return acronyms
}
