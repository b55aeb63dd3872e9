import type { UnitMentions } from './unit-mentions.ts'

/** What is read off a sentence by itself, as far as its place among the others depends on it: see reading.ts. */
interface Said extends UnitMentions {
  readonly paragraph: number
  readonly text: string
  readonly stems: ArrayLike<number>
  readonly strengths: Float64Array
  readonly likeness: Float64Array
}

/** What a sentence takes from those before and after it. Units are given by number, things by position. */
export interface Discourse {
  /** The units that it, or the last sentence before it that named or quoted any, is about. */
  readonly focus: readonly number[]
  readonly setsFocus: boolean
  /** The same, where a sentence that is plainly like one unit counts as naming it. */
  readonly likelyFocus: readonly number[]
  /** The units that the next sentence of the paragraph which names or quotes any is about. */
  readonly nextFocus: readonly number[]
  /** The thing that the paragraph named last, where a sentence names none and has a pronoun; else `NOBODY`. */
  readonly pronoun: number
}

export const NOBODY = -1

/** A quotation shared by more units than this lets one be sure of sets no focus. */
const SURE_QUOTATION = 0.5
/** A sentence is plainly like a unit from this likeness and number of telling words on. */
const PLAINLY_LIKE = 0.6
const FEWEST_STEMS = 4
/** A thing is named, for a pronoun to mean it. */
const NAMED = 0.9
const PRONOUN = /\b(?:he|she|his|her|him|they|their|it|its|this|that)\b/i

export function placeInDiscourse<One extends Said>(
  sentences: readonly One[],
  units: readonly { readonly s: number }[],
): (One & Discourse)[] {
  const meant = sentences.map(unitsMeant)
  const nextFocus: (readonly number[])[] = []
  for (let index = sentences.length - 1; index >= 0; index -= 1) {
    const after = meant[index + 1] ?? []
    const goesOn = sentences[index + 1]?.paragraph === sentences[index]?.paragraph
    nextFocus[index] = goesOn ? (after.length > 0 ? after : (nextFocus[index + 1] ?? [])) : []
  }
  let focus: readonly number[] = []
  let likelyFocus: readonly number[] = []
  let lastNamed = NOBODY
  let paragraph = NOBODY
  return sentences.map((sentence, index) => {
    if (sentence.paragraph !== paragraph) lastNamed = NOBODY
    paragraph = sentence.paragraph
    const own = meant[index] ?? []
    const setsFocus = own.length > 0
    if (setsFocus) focus = likelyFocus = own
    else likelyFocus = unitPlainlyLike(sentence, units) ?? likelyFocus
    const named = mostSurelyNamed(sentence.strengths)
    const pronoun = named === NOBODY && PRONOUN.test(sentence.text) ? lastNamed : NOBODY
    if (named !== NOBODY) lastNamed = named
    return { ...sentence, focus, setsFocus, likelyFocus, nextFocus: nextFocus[index] ?? [], pronoun }
  })
}

function unitsMeant({ wide, named, quoted }: Said): readonly number[] {
  const meant = wide ? [] : [...named]
  for (const [s, sureness] of quoted) if (sureness >= SURE_QUOTATION) meant.push(s)
  return meant
}

function unitPlainlyLike(
  { likeness, stems }: Said,
  units: readonly { readonly s: number }[],
): readonly number[] | undefined {
  if (stems.length < FEWEST_STEMS) return undefined
  let best = PLAINLY_LIKE
  let unit: number | undefined
  for (let position = 0; position < likeness.length; position += 1)
    if ((likeness[position] ?? 0) > best) {
      best = likeness[position] ?? 0
      unit = units[position]?.s
    }
  return unit === undefined ? undefined : [unit]
}

function mostSurelyNamed(strengths: Float64Array): number {
  let best = NOBODY
  for (let thing = 0; thing < strengths.length; thing += 1) {
    const strength = strengths[thing] ?? 0
    if (strength >= NAMED && strength > (strengths[best] ?? 0)) best = thing
  }
  return best
}
