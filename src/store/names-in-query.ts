import { didYouMean } from '../model/did-you-mean.ts'
import type { QueryResult } from './database.ts'
import { tokenize } from './read-only.ts'

/** Labels and relationship types. */
interface NamesInGraph {
  readonly labels: readonly string[]
  readonly types: readonly string[]
}

/** What stands after a colon, or is one alternative of several there, outside of maps. */
function namesInQuery(text: string): NamesInGraph {
  const found = { labels: new Set<string>(), types: new Set<string>() }
  const open: string[] = []
  // Whether a name comes next, or has just been.
  let [expects, follows] = [false, false]
  for (const { text: sign, kind } of tokenize(text)) {
    const around = open.at(-1)
    const isName = expects && (kind === 'word' || kind === 'quoted')
    if (isName) found[around === '[' ? 'types' : 'labels'].add(sign)
    if (kind === 'sign') {
      if ('([{'.includes(sign)) open.push(sign)
      else if (')]}'.includes(sign)) open.pop()
      expects = around !== '{' && (sign === ':' || (follows && '|&'.includes(sign)) || (expects && '!('.includes(sign)))
    } else expects = false
    follows = isName
  }
  return { labels: [...found.labels], types: [...found.types] }
}

/** Whether a query found nothing, or counted to nothing. */
export function foundNothing({ rows }: QueryResult): boolean {
  const isNothing = (value: unknown): boolean =>
    value === null || value === 0 || (Array.isArray(value) && value.length === 0)
  return rows.length === 0 || (rows.length === 1 && (rows[0] ?? []).every(isNothing))
}

/** For each name in a query that a graph does not have, a sentence that says so, with the nearest that it has. */
export function missingNames(text: string, graph: NamesInGraph): string[] {
  const wanted = namesInQuery(text)
  const tell = (what: string, names: readonly string[], known: readonly string[]): string[] =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => `the graph has no ${what} ${name}.${nearest(name, known)}`)
  return [...tell('label', wanted.labels, graph.labels), ...tell('relationship type', wanted.types, graph.types)]
}

function nearest(name: string, known: readonly string[]): string {
  const plain = (text: string): string => text.replaceAll('_', '').toLowerCase()
  const alike = known.find((other) => plain(other) === plain(name))
  return alike === undefined ? didYouMean(name, known) : ` Did you mean '${alike}'?`
}
