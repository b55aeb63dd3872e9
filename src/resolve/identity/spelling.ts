import { shareStem } from './stem.ts'

const SHORTEST = 6

/** Whether two words of six letters or more differ by one letter put in, left out, changed, or changed places. */
export function isOneSlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < SHORTEST || Math.abs(a.length - b.length) > 1 || a === b) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}

const SHORTEST_BEGINNING = 3
const SHORTEST_WORD = 3
const FEWEST_FOR_ONE_LEFT = 4

/**
 * Whether each word of the shorter name is in the longer one: the same, of one stem, the beginning of it (`Telecom`), or
 * one slip apart. Words of two letters do not count; of four others or more, one may be missing.
 */
export function areLikeWords(few: readonly string[], many: readonly string[]): boolean {
  const words = few.filter(({ length }) => length >= SHORTEST_WORD)
  const missing = words.filter((word) => !many.some((other) => areAlike(word, other)))
  return words.length > 1 && missing.length <= (words.length >= FEWEST_FOR_ONE_LEFT ? 1 : 0)
}

function areAlike(word: string, other: string): boolean {
  if (word === other || isOneSlip(word, other) || shareStem(word, other)) return true
  const [short, long] = word.length < other.length ? [word, other] : [other, word]
  return short.length >= SHORTEST_BEGINNING && long.startsWith(short)
}
