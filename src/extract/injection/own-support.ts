import type { AnswerEntity } from '../../model/answer.ts'
import type { Chunk, ChunkUnit } from '../../model/chunk.ts'
import { normaliseName } from '../../model/entity.ts'
import type { Note } from '../../model/note.ts'
import { DOUBTS, type Doubt, type Evidence } from '../../model/proposal.ts'
import { inversesOf, type Schema } from '../../model/schema.ts'
import type { Flags } from './flag-units.ts'
import type { Form } from './rule.ts'

/** Whether a link holds by the source's own words, whatever in its chunk speaks to the model. */
export interface OwnSupport {
  /** Why it does not stand by itself; empty: it does. */
  readonly doubts: readonly Doubt[]
  /** Nothing but what speaks to the model says it: it asserts nothing until a person accepts it. */
  readonly held: boolean
}

export interface DoubtfulLink {
  readonly subject: AnswerEntity
  readonly type: string
  readonly object: AnswerEntity
  readonly evidence: readonly Evidence[]
  /** It joins columns: the header names both ends of whatever mapping somebody asks for. */
  readonly isMapping: boolean
}

/** What they say concerns the answer as a whole, as what names nobody and nothing does. */
const OF_THE_ANSWER: ReadonlySet<Form> = new Set(['verdict'])

/**
 * Judges the links of a chunk. Where the chunk or its title speaks to the model, a model that obeyed may have put in any
 * link and any alias; and whatever may be meant for it is no ground for the link that it is quoted for. Such a link
 * stands by itself only if another quote states it: names both of its ends and speaks of its type. Nothing that was
 * flagged may ask for it either.
 */
export function judgeOwnSupport(
  chunk: Pick<Chunk, 'units'>,
  flags: Flags,
  entities: readonly AnswerEntity[],
  { linkTypes }: Pick<Schema, 'linkTypes'>,
): (link: DoubtfulLink) => OwnSupport {
  const isFlagged = flags.units.size > 0 || flags.title.length > 0
  const planted = tokens(flags.text)
  const unitOf = new Map(chunk.units.map((unit) => [unit.s, unit]))
  const isPlanted = ({ name, type, aliases }: AnswerEntity): boolean =>
    [...formsOf(name, type), ...aliases].some((form) => contains(planted, form))
  const forms = [...flags.units.values(), flags.title].flat()
  const namesNoEntity = !entities.some(isPlanted)
  const steersAll = isFlagged && (namesNoEntity || forms.some((form) => OF_THE_ANSWER.has(form)))
  const namesNobody = namesNoEntity && !A_NAME.test(flags.text)

  return ({ subject, type, object, evidence, isMapping }) => {
    const located = evidence.filter((item) => item.grounding !== 'missing')
    if (!isFlagged && !located.some((item) => flags.doubtful.has(item.s))) return { doubts: [], held: false }
    const others = located.filter((item) => !flags.units.has(item.s))
    const clean = others.filter((item) => !flags.doubtful.has(item.s) && !flags.near.has(item.s))
    const names = [subject, object].map((entity) => namesOf(entity, planted))
    const isNamedIn =
      ({ quote, s }: Evidence) =>
      (own: string[]) =>
        isNamed(own, quote, unitOf.get(s))
    const namingBoth = (items: readonly Evidence[]): Evidence[] => items.filter((item) => names.every(isNamedIn(item)))
    const whole = namingBoth(clean)
    const words = wordsOf(type, linkTypes)
    const ends = [subject, object].filter(isPlanted).length
    const isAskedFor = ends === 2

    const doubts: Doubt[] = []
    if (!others.some((item) => !flags.doubtful.has(item.s))) doubts.push('flagged-quotes')
    else if (whole.length === 0) doubts.push('ends-not-named')
    else if (!whole.some((item) => speaksOf(tokens(item.quote), words))) doubts.push('type-not-named')
    if (isFlagged && isAskedFor) doubts.push('asked-for')
    if (steersAll || (isFlagged && isMapping)) doubts.push('answer-steered')

    const isFoundElsewhere = isAskedFor
      ? whole.length > 0
      : namesNobody || ends === 1
        ? namingBoth(others).length > 0
        : others.some((item) => names.some(isNamedIn(item)))
    return { doubts, held: isFlagged && !isFoundElsewhere }
  }
}

/** What is to be said of such a link or label. */
export function supportNotes({ doubts, held }: OwnSupport, where: string): Note[] {
  if (doubts.length === 0) return []
  const message = `${doubts.map((doubt) => DOUBTS[doubt]).join('; ')}${held ? ': held until a person accepts it' : ''}`
  return [{ code: 'not-by-itself', message, where }]
}

/** A capital inside a sentence. */
const A_NAME = /[\p{Ll},:] \p{Lu}\p{Ll}/u

/** Words of any script, folded, each between blanks. */
export function tokens(text: string): string {
  return ` ${(normaliseName(text.replace(/\p{Default_Ignorable_Code_Point}/gu, '')).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).join(' ')} `
}

/** A name written without spaces stands among others without spaces. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

/** Whether a name stands in a text, of which `tokens` gave the words. */
export function contains(text: string, name: string): boolean {
  return finderOf(name)(text)
}

/** The same for many texts. */
export function finderOf(name: string): (text: string) => boolean {
  const wanted = tokens(name)
  if (wanted.trim() === '') return () => false
  const sought = UNSPACED.test(wanted) ? wanted.trim() : wanted
  return (text) => text.includes(sought)
}

/**
 * By what a source may name an entity: its name, the last word of a person's, a name without its type before it
 * (`Project Saltmarsh`), its initials.
 */
function formsOf(name: string, type: string): string[] {
  const words = name.split(/\s+/u).filter((word) => /\p{L}/u.test(word))
  const initials = words.filter((word) => /^\p{Lu}/u.test(word)).map((word) => word.charAt(0))
  const forms = [name]
  if (words.length > 1 && /person|people|human|employee/iu.test(type)) forms.push(words.at(-1) as string)
  if (words.length > 1 && words[0]?.toLowerCase() === type.toLowerCase()) forms.push(words.slice(1).join(' '))
  if (initials.length > 1) forms.push(initials.join(''))
  return forms
}

/** Aliases count too where they are names, and no flagged text may have given them. */
function namesOf({ name, type, aliases }: AnswerEntity, planted: string): string[] {
  const ownWords = tokens(name)
  const isOwn = (alias: string): boolean =>
    tokens(alias)
      .trim()
      .split(' ')
      .every((word) => ownWords.includes(` ${word} `))
  const isName = (alias: string): boolean => /\p{Lu}|\p{Lo}|\p{N}/u.test(alias) && !PRONOUN.test(alias)
  return [
    ...formsOf(name, type),
    ...aliases.filter((alias) => isName(alias) && (isOwn(alias) || !contains(planted, alias))),
  ]
}

const PRONOUN = /^(?:i|you|he|she|it|we|they|me|him|her|us|them|who|this|that|these|those|one)$/iu
/** Who speaks of themselves names themselves. */
const OF_ONESELF =
  /(?<![\p{L}\p{N}])(?:i|me|my|mine|myself|we|us|our|ours|ich|mir|mich|mein\p{L}{0,2}|wir|uns|unser\p{L}{0,2}|je|j|moi|mon|ma|mes|nous|notre|nos|yo|mi|mis|nosotros|nuestr[oa]s?|io|mio|mia|noi|eu|meu|minha|nós|я|мой|моя|мы|наш\p{L}?)(?![\p{L}\p{N}])|[我咱私僕俺]/iu

function isNamed(names: readonly string[], quote: string, unit: ChunkUnit | undefined): boolean {
  const text = tokens(quote)
  if (names.some((name) => contains(text, name))) return true
  const speaker = unit?.place.speaker
  if (speaker === undefined || !OF_ONESELF.test(quote)) return false
  return names.some((name) => tokens(name) === tokens(speaker))
}

/** What a type is called in the schema: the words of its name, its aliases and its inverse, without those that say nothing. */
function wordsOf(type: string, linkTypes: Schema['linkTypes']): string[] {
  const known = linkTypes.find(({ name }) => name === type)
  const others = known === undefined ? [] : [...known.aliases, ...inversesOf(known)]
  const words = [type, ...others].flatMap((name) => name.toLowerCase().split('_'))
  const telling = words.filter((word) => word.length > 2 && !SAYS_NOTHING.has(word))
  return telling.length > 0 ? telling : words
}

const SAYS_NOTHING: ReadonlySet<string> = new Set('and are been for from has have into its not the was with'.split(' '))

/** `REPORTS_TO` is spoken of by its word or the stem of it: `reports`, `reporting`. */
function speaksOf(text: string, words: readonly string[]): boolean {
  return words.some((word) => {
    const stem = word.replace(/(?:ing|ed|es|er|s)$/u, '')
    return text.includes(stem.length > 2 ? ` ${stem}` : ` ${word} `)
  })
}
