const CANDIDATES = [',', ';', '\t', '|'] as const
const SAMPLE_LINES = 50
const SAMPLE_LENGTH = 64 * 1024

/** What separates the cells, and where the first record begins. */
export interface Dialect {
  /** Null where every line is one cell. */
  readonly delimiter: string | null
  /** 1 where the first line is `sep=;`, as Excel writes it; it is no record. */
  readonly skippedLines: 0 | 1
}

/** `sep=;` says it; else the mark that comes equally often in most lines, quoted cells left out of account. */
export function guessDialect(text: string, extension: string): Dialect {
  const stated = /^\s*"?sep=([,;|\t])"?[ \t]*(?:\n|$)/i.exec(text)?.[1]
  if (stated !== undefined) return { delimiter: stated, skippedLines: 1 }
  const counts = countOutsideQuotes(text.slice(0, SAMPLE_LENGTH))
  if (extension !== 'csv' && counts.some((line) => (line.get('\t') ?? 0) > 0))
    return { delimiter: '\t', skippedLines: 0 }
  let best: string | null = null
  let bestScore = 0
  for (const candidate of CANDIDATES) {
    const score = scoreOf(counts.map((line) => line.get(candidate) ?? 0))
    if (score > bestScore) [best, bestScore] = [candidate, score]
  }
  return { delimiter: best, skippedLines: 0 }
}

/** The share of lines that agree on a count, and a little for every further cell. */
function scoreOf(counts: readonly number[]): number {
  const byCount = new Map<number, number>()
  for (const count of counts) if (count > 0) byCount.set(count, (byCount.get(count) ?? 0) + 1)
  let score = 0
  for (const [count, lines] of byCount)
    score = Math.max(score, (lines / counts.length) * (1 + Math.min(count, 20) / 100))
  return score
}

/** Counts of the candidates in each record at the head of the text. */
function countOutsideQuotes(sample: string): Map<string, number>[] {
  const records: Map<string, number>[] = []
  let record = new Map<string, number>()
  let quoted = false
  let isBlank = true
  for (let index = 0; index <= sample.length && records.length < SAMPLE_LINES; index += 1) {
    const letter = sample[index] ?? '\n'
    if (letter === '"') quoted = !quoted
    if (letter === '\n' && (!quoted || index === sample.length)) {
      // The last line of a sample may be cut off.
      const isWhole = index < sample.length || records.length === 0 || sample.length < SAMPLE_LENGTH
      if (!isBlank && isWhole) records.push(record)
      record = new Map()
      isBlank = true
    } else if (!quoted && (CANDIDATES as readonly string[]).includes(letter)) {
      record.set(letter, (record.get(letter) ?? 0) + 1)
    }
    if (letter !== '\n' && letter !== ' ') isBlank = false
  }
  return records
}
