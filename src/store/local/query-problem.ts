import { StoreError, UsageError } from '../../model/errors.ts'

/** How Grafeo names what it looked for, where that is a sign. */
const SIGNS: Readonly<Record<string, string>> = {
  LParen: "'('",
  RParen: "')'",
  LBracket: "'['",
  RBracket: "']'",
  LBrace: "'{'",
  RBrace: "'}'",
  Colon: "':'",
  Comma: "','",
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/undefined variable/i, 'A variable is bound before it is used, by MATCH, WITH … AS or UNWIND … AS.'],
  [/unknown (?:function|procedure)/i, 'It may be one of another database, or of a plug-in such as APOC.'],
  [/must be aliased/i, 'Give it a name: … AS name.'],
]
const ELSE = 'cypher/README.md describes the graph, with examples to start from.'

/** What Grafeo says of a query that is wrong, in our words: neither its codes nor its copy of the text. */
export function wrongQuery(complaint: string, isSyntax: boolean): UsageError {
  const { what, place } = takeApart(complaint)
  const missing = /missing parameter:? \$(\S+)/i.exec(what)?.[1]
  if (missing !== undefined)
    return new UsageError('missing-parameter', `The query has a parameter $${missing}, which was given no value.`, {
      hint: `On the command line: --param ${missing}=VALUE.`,
    })
  return new UsageError(isSyntax ? 'cypher-syntax' : 'cypher-failed', `The query cannot be run: ${what}`, {
    hint: KINDS.find(([pattern]) => pattern.test(what))?.[1] ?? ELSE,
    ...(place === null ? {} : { place }),
  })
}

/** The same of a query that Grafeo could not carry out for reasons of its own. */
export function failedQuery(complaint: string): StoreError {
  return new StoreError('query', `The local store could not carry out the query: ${takeApart(complaint).what}`, {
    hint: "'whygraph doctor' says whether the store is sound.",
  })
}

function takeApart(complaint: string): { readonly what: string; readonly place: string | null } {
  const [first = ''] = complaint.split('\n')
  const what = first
    .replace(/^(?:[A-Z]\w* error: )?GRAFEO-\w+: /, '')
    .replace(/^(?:syntax|semantic) error: /, '')
    .replace(/^\[Cypher\] /, '')
    .replace(/^Expected (\w+)$/, (_, name: string) => `expected ${SIGNS[name] ?? name}`)
    .replace(/^Expected /, 'expected ')
  const [, line, column] = /--> query:(\d+):(\d+)/.exec(complaint) ?? []
  if (line === undefined || column === undefined) return { what, place: null }
  const place = `line ${line}, column ${column}`
  const text = new RegExp(`^ *${line} \\| (.*)$`, 'm').exec(complaint)?.[1]
  if (text === undefined) return { what: `${what} (${place})`, place }
  const rest = text.slice(Number(column) - 1, Number(column) + 29).trim()
  return { what: `${what} ${rest === '' ? 'at the end' : `before '${rest}'`} (${place})`, place }
}
