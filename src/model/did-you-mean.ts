/** The word that was probably meant, as ` Did you mean 'exclude'?`, or nothing. */
export function didYouMean(word: string, words: readonly string[]): string {
  const [best] = words
    .map((other) => ({ other, distance: editDistance(word.slice(0, 40).toLowerCase(), other.toLowerCase()) }))
    .filter(({ other, distance }) => distance <= Math.max(1, Math.floor(other.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
  return best === undefined ? '' : ` Did you mean '${best.other}'?`
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
