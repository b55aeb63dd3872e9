import { tokenize } from '../read-only.ts'
import type { Token } from '../read-only.ts'

const [BEFORE, BEHIND] = ['coalesce(', ', 0, 0)']

/** Has `sum()` of nothing be 0, as openCypher and Neo4j have it; in Grafeo 0.6 it is null. */
export function withSums(text: string): string {
  let whole = ''
  let done = 0
  for (const { start, end } of sumsIn(text)) {
    whole += `${text.slice(done, start)}${BEFORE}${text.slice(start, end)}${BEHIND}`
    done = end
  }
  return whole + text.slice(done)
}

/** A column that nobody named is called as it was written. */
export function asWritten(column: string): string {
  let written = column
  for (const { start, end } of sumsIn(column).toReversed()) {
    const [before, behind] = [start - BEFORE.length, end + BEHIND.length]
    if (column.slice(before, start) !== BEFORE || column.slice(end, behind) !== BEHIND) continue
    written = written.slice(0, before) + written.slice(start, end) + written.slice(behind)
  }
  return written
}

/** Where sums stand; none stands within another. */
function sumsIn(text: string): { readonly start: number; readonly end: number }[] {
  const tokens = tokenize(text)
  return tokens.flatMap((token, index) => {
    const isSum = token.kind === 'word' && token.text.toLowerCase() === 'sum' && isSign(tokens[index + 1], '(')
    if (!isSum || isSign(tokens[index - 1], '.')) return []
    let depth = 0
    for (const closing of tokens.slice(index + 1)) {
      if (isSign(closing, '(')) depth++
      if (isSign(closing, ')') && --depth === 0) return [{ start: token.start, end: closing.start + 1 }]
    }
    return []
  })
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign
}
