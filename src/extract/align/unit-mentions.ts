import { matchesOf } from '../matches.ts'
import type { Vocabulary } from './words.ts'

/** What a sentence of the trace says about units of the source. */
export interface UnitMentions {
  /** Units referred to by number: `S3`, `S3-S5`, `S3 and 4`. */
  readonly named: ReadonlySet<number>
  /** A range too wide to mean each of its units (`S1 to S20`). */
  readonly wide: boolean
  /** Units out of which the sentence quotes, with how surely: the quotation's length, over the units that have it. */
  readonly quoted: ReadonlyMap<number, number>
}

export interface UnitText {
  readonly s: number
  readonly text: string
}

const REFERENCE = /\bS(\d{1,6})(?:\s{0,3}(?:[-–—]|to|through)\s{0,3}S?(\d{1,6}))?/g
const WIDE_RANGE = 5
const LONGEST_RANGE = 40
/** A quotation of this many words is taken at its word. */
const SURE_WORDS = 3
const QUOTATION = /["“]([^"“”]{3,})["”]/g
const OMISSION = /\.\.\.|…/

export interface UnitFinder {
  find(text: string): UnitMentions
}

/** `unitWords` are the words of each unit, numbered by the vocabulary. */
export function unitFinder(
  units: readonly UnitText[],
  unitWords: readonly (readonly number[])[],
  vocabulary: Vocabulary,
): UnitFinder {
  const known = new Set(units.map((unit) => unit.s))
  const { words, unitOf, first, next, counts } = placeWords(unitWords, vocabulary.size)

  // Every quotation is found by the word of it that stands in the fewest places.
  const quotedIn = (quotation: readonly number[]): Set<number> => {
    const countAt = (offset: number): number => counts[quotation[offset] ?? NONE] ?? 0
    let rarest = 0
    for (let offset = 1; offset < quotation.length; offset += 1) if (countAt(offset) < countAt(rarest)) rarest = offset
    const hits = new Set<number>()
    for (let at = first[quotation[rarest] ?? NONE] ?? NONE; at !== NONE; at = next[at] ?? NONE)
      if (quotation.every((word, offset) => words[at - rarest + offset] === word))
        hits.add(units[unitOf[at] ?? 0]?.s ?? 0)
    return hits
  }

  return {
    find(text) {
      const named = new Set<number>()
      let wide = false
      for (const match of matchesOf(REFERENCE, text)) {
        const first = Number(match[1])
        const last = match[2] === undefined ? first : Number(match[2])
        if (last - first > WIDE_RANGE) wide = true
        for (let s = first; s <= Math.min(last, first + LONGEST_RANGE); s += 1) if (known.has(s)) named.add(s)
      }
      const quoted = new Map<number, number>()
      for (const match of matchesOf(QUOTATION, text))
        for (const part of (match[1] ?? '').split(OMISSION)) {
          const words = vocabulary.words(part)
          if (words.length < 2) continue
          const hits = quotedIn(words)
          const sureness = Math.min(1, words.length / SURE_WORDS) / Math.max(1, hits.size)
          for (const s of hits) quoted.set(s, Math.max(quoted.get(s) ?? 0, sureness))
        }
      return { named, wide, quoted }
    },
  }
}

const NONE = -1
/** Stands between units, and is no word. */
const BORDER = -2

/** The words of all units in a row, and the places of each word: its first one, and from each place the next. */
function placeWords(unitWords: readonly (readonly number[])[], wordCount: number) {
  const words: number[] = []
  const unitOf: number[] = []
  for (const [unit, own] of unitWords.entries())
    for (let at = 0; at <= own.length; at += 1) {
      words.push(own[at] ?? BORDER)
      unitOf.push(unit)
    }
  const first = new Int32Array(wordCount).fill(NONE)
  const counts = new Int32Array(wordCount)
  const next = new Int32Array(words.length)
  for (let at = words.length - 1; at >= 0; at -= 1) {
    const word = words[at] ?? BORDER
    if (word === BORDER) continue
    next[at] = first[word] ?? NONE
    first[word] = at
    counts[word] = (counts[word] ?? 0) + 1
  }
  return { words, unitOf, first, next, counts }
}
