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

export function unitFinder(units: readonly UnitText[], vocabulary: Vocabulary): UnitFinder {
  const known = new Set(units.map((unit) => unit.s))
  const unitWords = units.map((unit) => vocabulary.words(unit.text))
  // Where each pair of neighbouring words stands: every quotation of two words or more is found by its first pair.
  const places = new Map<string, { unit: number; at: number }[]>()
  for (const [unit, words] of unitWords.entries())
    for (let at = 0; at + 1 < words.length; at += 1) {
      const pair = `${words[at]} ${words[at + 1]}`
      const list = places.get(pair)
      if (list === undefined) places.set(pair, [{ unit, at }])
      else list.push({ unit, at })
    }

  const quotedIn = (quotation: readonly number[]): Set<number> => {
    const hits = new Set<number>()
    for (const { unit, at } of places.get(`${quotation[0]} ${quotation[1]}`) ?? [])
      if (quotation.every((word, offset) => unitWords[unit]?.[at + offset] === word)) hits.add(units[unit]?.s ?? 0)
    return hits
  }

  return {
    find(text) {
      const named = new Set<number>()
      let wide = false
      for (const match of text.matchAll(REFERENCE)) {
        const first = Number(match[1])
        const last = match[2] === undefined ? first : Number(match[2])
        if (last - first > WIDE_RANGE) wide = true
        for (let s = first; s <= Math.min(last, first + LONGEST_RANGE); s += 1) if (known.has(s)) named.add(s)
      }
      const quoted = new Map<number, number>()
      for (const match of text.matchAll(QUOTATION))
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
