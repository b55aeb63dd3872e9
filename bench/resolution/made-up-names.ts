import type { Entity } from '../../src/model/entity.ts'
import { contentId } from '../../src/model/ids.ts'

/** Made-up things, the same for the same number. */
export type MadeUp = Entity

const STARTS = 'b br c ch d dr f fr g gr h j k kl l m n p pr r s sh st t th tr v w z'.split(' ')
const VOWELS = 'a e i o u ai ea ie ou'.split(' ')
const ENDS = ['', '', '', 'l', 'n', 'r', 's', 'nd', 'rt', 'ck']
const FORMS = ['GmbH', 'Ltd', 'Inc.', 'AG', 'Group', 'Institute', 'Foundation', '', '', '']

/** About as many different ones as a large country has; of given names the most common has a fortieth, of the others a 200th. */
const GIVEN = { count: 4_000, shift: 5 }
const SURNAMES = { count: 150_000, shift: 20 }
const WORDS = { count: 30_000, shift: 20 }

/** Three persons to two organisations, some with other names. */
export function madeUpEntity(index: number): MadeUp {
  const random = randomFrom(index + 1)
  return index % 5 < 3 ? person(index, random) : organisation(index, random)
}

/** As a document may name it: as the graph has it, a part, with initials, or with a slip. */
export function mentionOf({ type, name }: Entity, seed: number): string {
  const random = randomFrom(seed + 7_919)
  const parts = name.split(' ')
  const last = parts.at(-1) ?? name
  const way = random()
  if (way < 0.4) return name
  if (way < 0.6) return type === 'Person' ? last : (parts[0] ?? name)
  if (way < 0.8) return type === 'Person' ? `${name.charAt(0)}. ${last}` : parts.map((part) => part.charAt(0)).join('')
  const at = 1 + Math.floor(random() * (name.length - 2))
  return name.slice(0, at) + name.slice(at + 1)
}

function person(index: number, random: () => number): MadeUp {
  const [given, surname] = [wordOf(common(random, GIVEN), 1), wordOf(common(random, SURNAMES), 2)]
  const middle = random() < 0.15 ? ` ${wordOf(common(random, GIVEN), 1)}` : ''
  const name = `${given}${middle} ${surname}`
  return made(index, 'Person', name, random() < 0.2 ? [`${given.charAt(0)}. ${surname}`] : [])
}

function organisation(index: number, random: () => number): MadeUp {
  const words = Array.from({ length: 1 + Math.floor(random() * 3) }, () => wordOf(common(random, WORDS), 3))
  const form = FORMS[Math.floor(random() * FORMS.length)] ?? ''
  const acronym = words.length > 2 && random() < 0.3 ? [words.map((word) => word.charAt(0)).join('')] : []
  return made(index, 'Organization', [...words, form].join(' ').trim(), acronym)
}

function made(index: number, type: string, name: string, aliases: readonly string[]): MadeUp {
  return { id: contentId('made-up', String(index)), type, name, aliases }
}

/** The law of Zipf and Mandelbrot: the r-th most common comes up in proportion to 1 / (r + shift). */
function common(random: () => number, { count, shift }: typeof GIVEN): number {
  return Math.floor(shift * (Math.exp(random() * Math.log(1 + count / shift)) - 1))
}

/** The word of a rank: two syllables or three. */
function wordOf(rank: number, sort: number): string {
  const random = randomFrom(rank * 4 + sort)
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? ''
  const syllables = Array.from({ length: rank < 200 ? 2 : 3 }, () => pick(STARTS) + pick(VOWELS))
  const word = syllables.join('') + pick(ENDS)
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Mulberry32, a small generator of numbers in 0..1 that look random: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
