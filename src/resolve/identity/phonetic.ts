import { doubleMetaphone } from 'double-metaphone'

/** How a word sounds in English, in the two readings of Philips' Double Metaphone; empty for what has no letters. */
export function soundsOf(word: string): string[] {
  return [...new Set(doubleMetaphone(word.slice(0, 40)))].filter((sound) => sound !== '')
}
