import { soundsOf } from './phonetic.ts'

/** A name of a glossary, and how well a misheard one fits it. */
export interface Reading {
  readonly name: string
  /** In 0..1; 1 is the same letters. It ranks, it is no probability. */
  readonly score: number
}

interface Heard {
  readonly name: string
  readonly letters: string
  /** The letters, digits as words. */
  readonly spoken: string
  readonly sounds: readonly string[]
  readonly grams: ReadonlySet<string>
}

const LONGEST = 60
const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const VOWELS = 'aeiouy'
/** Letters that are taken for each other by ear: voiced and unvoiced, soft and hard, nasals, liquids. */
const ALIKE = ['bpfvw', 'dt', 'gkcqxhj', 'szcx', 'mn', 'lr']
/** What it costs to hear one letter for another, where two that have nothing in common cost 1. */
const COST = { vowelForVowel: 0.3, alike: 0.5, doubled: 0.5, vowelOrBreath: 0.5 }
/** How much the parts of likeness count; chosen on one half of recorded mistakes. */
const SHARE = { spelling: 0.53, sound: 0.26, grams: 0.16, first: 0.05 }

/** Names of a glossary that somebody may have meant, the likeliest first; ties go by the alphabet. */
export function rankMisheard(heard: string, glossary: readonly string[], limit = 5): Reading[] {
  const ear = listen(heard)
  return [...new Set(glossary)]
    .map((name) => ({ name, score: likeness(ear, listen(name)) }))
    .toSorted((x, y) => y.score - x.score || (x.name < y.name ? -1 : 1))
    .slice(0, limit)
}

function listen(name: string): Heard {
  const letters = name
    .slice(0, LONGEST)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/['’]s\b/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
  const spoken = letters.replace(/\d/g, (digit) => DIGITS[Number(digit)] ?? digit)
  const padded = ` ${spoken} `
  const grams = new Set(Array.from({ length: padded.length - 1 }, (_, at) => padded.slice(at, at + 2)))
  return { name, letters, spoken, sounds: soundsOf(spoken).map((sound) => sound.toLowerCase()), grams }
}

function likeness(a: Heard, b: Heard): number {
  if (a.letters === b.letters) return 1
  const sound = Math.max(0, ...a.sounds.flatMap((x) => b.sounds.map((y) => closeness(x, y))))
  const shared = [...a.grams].filter((gram) => b.grams.has(gram)).length
  const grams = (2 * shared) / (a.grams.size + b.grams.size)
  const first = 1 - swapCost(a.spoken.charAt(0), b.spoken.charAt(0))
  return (
    SHARE.spelling * closeness(a.spoken, b.spoken) + SHARE.sound * sound + SHARE.grams * grams + SHARE.first * first
  )
}

function closeness(a: string, b: string): number {
  return Math.max(0, 1 - hearingDistance(a, b) / Math.max(a.length, b.length, 1))
}

/** Edit distance (Wagner and Fischer 1974) with the costs of hearing. */
function hearingDistance(a: string, b: string): number {
  let row = [0]
  for (let j = 0; j < b.length; j += 1) row.push((row[j] ?? 0) + dropCost(b, j))
  for (let i = 0; i < a.length; i += 1) {
    const next = [(row[0] ?? 0) + dropCost(a, i)]
    for (let j = 0; j < b.length; j += 1) {
      const swap = (row[j] ?? 0) + swapCost(a.charAt(i), b.charAt(j))
      next.push(Math.min(swap, (row[j + 1] ?? 0) + dropCost(a, i), (next[j] ?? 0) + dropCost(b, j)))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function swapCost(x: string, y: string): number {
  if (x === y) return 0
  if (VOWELS.includes(x) && VOWELS.includes(y)) return COST.vowelForVowel
  return ALIKE.some((group) => group.includes(x) && group.includes(y)) ? COST.alike : 1
}

function dropCost(word: string, at: number): number {
  const letter = word.charAt(at)
  if (at > 0 && letter === word.charAt(at - 1)) return COST.doubled
  return VOWELS.includes(letter) || letter === 'h' || letter === 'w' ? COST.vowelOrBreath : 1
}
