import { soundsOf } from './phonetic.ts'

/** A name of a glossary, and how well a misheard one fits it. */
export interface Reading {
  readonly name: string
  /** In 0..1; 1 is the same letters. */
  readonly score: number
}

interface Sound {
  readonly name: string
  readonly letters: string
  readonly spoken: string
  readonly sounds: readonly string[]
  readonly grams: ReadonlySet<string>
}

const LONGEST = 60
const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
/** Letters that are heard for each other: voiced and unvoiced, soft and hard. */
const GROUPS = ['bpfvw', 'dt', 'gkcqxhj', 'szcxj', 'mn', 'lr', 'iyj']
const VOWELS = 'aeiouy'

/** Names of a glossary that somebody may have meant, the likeliest first. Ties go by the alphabet. */
export function rankMisheard(heard: string, glossary: readonly string[], limit = 5): Reading[] {
  const ear = listen(heard)
  return [...new Set(glossary)]
    .map((name) => ({ name, score: likeness(ear, listen(name)) }))
    .toSorted((x, y) => y.score - x.score || (x.name < y.name ? -1 : 1))
    .slice(0, limit)
}

function listen(name: string): Sound {
  const letters = name
    .slice(0, LONGEST)
    .normalize('NFKD')
    .replace(/\\p{M}+/gu, '')
    .toLowerCase()
    .replace(/['’]s\\b/gu, '')
    .replace(/[^\\p{L}\\p{N}]+/gu, '')
  const spoken = letters.replace(/\\d/g, (digit) => DIGITS[Number(digit)] ?? digit)
  const padded = ` ${spoken} `
  const grams = new Set(Array.from({ length: Math.max(0, padded.length - 1) }, (_, at) => padded.slice(at, at + 2)))
  return { name, letters, spoken, sounds: soundsOf(spoken), grams }
}

function likeness(a: Sound, b: Sound): number {
  if (a.letters === b.letters) return 1
  const longest = Math.max(a.spoken.length, b.spoken.length, 1)
  const spelling = Math.max(0, 1 - distance(a.spoken, b.spoken) / longest)
  const sounding = Math.max(0, ...a.sounds.flatMap((x) => b.sounds.map((y) => 1 - distance(x.toLowerCase(), y.toLowerCase()) / Math.max(x.length, y.length, 1))))
  const shared = [...a.grams].filter((gram) => b.grams.has(gram)).length
  const grams = (2 * shared) / Math.max(1, a.grams.size + b.grams.size)
  return W[0] * spelling + W[1] * sounding + W[2] * grams
}
