const MOST_WORDS = 24

/** Words of a text that may belong to a name: the longest, which few names share. */
export function nameWords(text: string): string[] {
  const words = [...new Set(text.match(/\p{Lu}[\p{L}\p{N}-]{2,}/gu) ?? [])]
  return words.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1)).slice(0, MOST_WORDS)
}
