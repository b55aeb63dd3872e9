import type { AnswerEntity } from '../../model/answer.ts'
import type { Chunk, ChunkUnit } from '../../model/chunk.ts'
import { normaliseName } from '../../model/entity.ts'
import type { Doubt, Evidence } from '../../model/proposal.ts'
import type { Flags } from './flag-units.ts'
import type { Form } from './rule.ts'

/** Whether a link holds by the source's own words, in a chunk in which something speaks to the model. */
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
 * Judges links of a chunk (or under a title) that speaks to the model. A model that obeyed may have put in any link, and
 * any alias, so a link stands by itself only if a quote from elsewhere in the chunk names both of its ends, and
 * nothing that was flagged asks for it.
 */
export function judgeOwnSupport(
  chunk: Pick<Chunk, 'units'>,
  flags: Flags,
  entities: readonly AnswerEntity[],
): (link: DoubtfulLink) => OwnSupport {
  if (flags.units.size === 0 && flags.title.length === 0) return () => ({ doubts: [], held: false })
  const planted = tokens(flags.text)
  const unitOf = new Map(chunk.units.map((unit) => [unit.s, unit]))
  const isPlanted = ({ name, type, aliases }: AnswerEntity): boolean =>
    [...formsOf(name, type), ...aliases].some((form) => contains(planted, form))
  const forms = [...flags.units.values(), flags.title].flat()
  const steersAll =
    forms.some((form) => OF_THE_ANSWER.has(form)) || (!A_NAME.test(flags.text) && !entities.some(isPlanted))

  return ({ subject, type, object, evidence, isMapping }) => {
    const quotes = evidence.filter((item) => item.grounding !== 'missing' && !flags.units.has(item.s))
    const names = [subject, object].map((entity) => namesOf(entity, planted))
    const [hasSubject, hasObject] = [isPlanted(subject), isPlanted(object)]
    const isAskedFor = hasSubject && hasObject
    const whole = quotes.filter(
      (item) => !flags.near.has(item.s) && names.every((own) => isNamed(own, item.quote, unitOf.get(item.s))),
    )
    const standsAlone = whole.length > 0
    // “Everything belongs to Ana” asks for links of which it names one end only.
    const isHalfAskedFor =
      (hasSubject || hasObject) && speaksOf(planted, type) && !whole.some((item) => speaksOf(tokens(item.quote), type))
    const doubts: Doubt[] = []
    if (quotes.length === 0) doubts.push('flagged-quotes')
    else if (!standsAlone) doubts.push('ends-not-named')
    if (isAskedFor || isHalfAskedFor) doubts.push('asked-for')
    if (steersAll || isMapping) doubts.push('answer-steered')
    return { doubts, held: quotes.length === 0 || (isAskedFor && !standsAlone) }
  }
}

/** A capital inside a sentence. */
const A_NAME = /[\p{Ll},:] \p{Lu}\p{Ll}/u

/** Words of any script, folded, each between blanks. */
function tokens(text: string): string {
  return ` ${(normaliseName(text.replace(/\p{Default_Ignorable_Code_Point}/gu, '')).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).join(' ')} `
}

/** A name written without spaces stands among others without spaces. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

function contains(text: string, name: string): boolean {
  const wanted = tokens(name)
  if (wanted.trim() === '') return false
  return text.includes(UNSPACED.test(wanted) ? wanted.trim() : wanted)
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

/** `REPORTS_TO` is spoken of by its name, or by the stem of its first word: `reports`, `reporting`. */
function speaksOf(text: string, type: string): boolean {
  const word = (type.split('_')[0] ?? '').toLowerCase()
  const stem = word.replace(/(?:ing|ed|es|s)$/u, '')
  return text.includes(stem.length > 2 ? ` ${stem}` : ` ${word} `)
}
