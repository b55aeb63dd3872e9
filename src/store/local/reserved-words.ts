import { tokenize } from '../read-only.ts'
import type { Token } from '../read-only.ts'

/** Words that Grafeo 0.6 does not take for a name, found by trial; Neo4j does, and links have a property `when`. */
const RESERVED = new Set(
  (
    'AND AS CASE CREATE DELETE DETACH DISTINCT ELSE FALSE IN IS MATCH MERGE NOT NULL OPTIONAL OR REMOVE RETURN SET ' +
    'THEN TRUE UNION UNWIND WHEN WHERE WITH XOR'
  ).split(' '),
)

/** Puts properties, labels and types that are called like a clause into backticks: `r.when`, `$when`, `[:IN]`, `{when: 1}`. */
export function quoteReservedNames(text: string): string {
  const tokens = tokenize(text)
  let quoted = ''
  let done = 0
  for (const [index, { text: word, start, kind }] of tokens.entries()) {
    if (kind !== 'word' || !RESERVED.has(word.toUpperCase()) || !isName(tokens, index)) continue
    quoted += `${text.slice(done, start)}\`${word}\``
    done = start + word.length
  }
  return quoted + text.slice(done)
}

function isName(tokens: readonly Token[], index: number): boolean {
  const before = signAt(tokens, index - 1)
  if (before === '.' || before === '$') return true
  if (before === '{' || before === ',') return signAt(tokens, index + 1) === ':'
  // `(:In`, `(a:In`, `[r:IN`, but not `{certain: true`.
  return before === ':' && [2, 3].some((step) => /^[([]$/.test(signAt(tokens, index - step)))
}

function signAt(tokens: readonly Token[], index: number): string {
  const token = tokens[index]
  return token?.kind === 'sign' ? token.text : ''
}
