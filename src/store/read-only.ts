/**
 * Decides by its words whether a Cypher text only reads. The second of three doors: the text is also run in read-only
 * mode, and by a plan that is looked at; but `LOAD CSV` (it reads files of the machine) and procedures pass the first.
 */

/** Clauses that write, or read files, wherever they stand. */
const WRITING = new Set(
  'CREATE MERGE SET DELETE DETACH NODETACH REMOVE DROP FOREACH INSERT'.split(' '), // Cypher and GQL
)
const LOADED = new Set('CSV DATA JSON JSONL PARQUET'.split(' '))

/** Commands at the beginning of a statement or subquery, about databases, users, servers and transactions. */
const COMMANDS = new Set(
  (
    'ALTER BEGIN COMMIT COPY DEALLOCATE DENY DRYRUN ENABLE EXPORT GRANT IMPORT REALLOCATE RENAME REVOKE ROLLBACK ' +
    'SESSION START STOP TERMINATE USE'
  ).split(' '),
)

/** What `SHOW` may show. */
const SHOWN = new Set('INDEX INDEXES CONSTRAINT CONSTRAINTS PROCEDURE PROCEDURES FUNCTION FUNCTIONS'.split(' '))

/** Procedures that only read the graph, and nothing else of the machine. */
const PROCEDURES = new Set([
  'db.labels',
  'db.relationshipTypes',
  'db.propertyKeys',
  'db.schema.visualization',
  'db.schema.nodeTypeProperties',
  'db.schema.relTypeProperties',
  'db.index.fulltext.queryNodes',
  'db.index.fulltext.queryRelationships',
  'db.index.vector.queryNodes',
  'db.index.vector.queryRelationships',
])

/** After these a word is a name: `n.set`, `:Create`, `$merge`, `:A|DROP`, `:A&DROP`, `:!DROP`. */
const BEFORE_NAME = new Set(['.', ':', '$', '|', '&', '!'])

export interface Token {
  readonly text: string
  /** Where it begins in the text. */
  readonly start: number
  readonly kind: 'word' | 'quoted' | 'literal' | 'sign'
}

/**
 * The first thing in the text that is more than reading, as a person would name it (`CREATE`, `LOAD CSV`,
 * `CALL dbms.listConfig`), or null. Where databases read a text in different ways, each of them must be harmless; so a
 * variable called `set` is refused unless it stands in backticks.
 */
export function findForbiddenClause(text: string): string | null {
  // Neo4j decodes \uXXXX before it looks for words and quotes; others inside of strings only.
  const decoded = text.replaceAll(/\\u+([0-9a-fA-F]{4})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  for (const reading of new Set([text, decoded])) {
    // Whether a lone carriage return ends a line comment differs too.
    for (const lineEnd of reading.includes('\r') ? [/\n/g, /[\r\n]/g] : [/\n/g]) {
      const found = firstForbidden(tokenize(reading, lineEnd))
      if (found !== null) return found
    }
  }
  return null
}

function firstForbidden(tokens: readonly Token[]): string | null {
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || isName(tokens, index)) continue
    const word = token.text.toUpperCase()
    const next = wordAt(tokens, index + 1)
    if (WRITING.has(word)) return word
    if (word === 'LOAD' && LOADED.has(next)) return `LOAD ${next}`
    if (word === 'CALL') {
      const name = procedureAt(tokens, index + 1)
      if (name !== null && !PROCEDURES.has(name)) return `CALL ${name}`
    }
    if (!startsStatement(tokens, index)) continue
    if (COMMANDS.has(word)) return word
    if (word === 'SHOW' && ![1, 2, 3].some((step) => SHOWN.has(wordAt(tokens, index + step)))) return `SHOW ${next}`
  }
  return null
}

/** A property, label, type, parameter, or the key of a map. */
function isName(tokens: readonly Token[], index: number): boolean {
  const before = signAt(tokens, index - 1)
  if (BEFORE_NAME.has(before)) return true
  return (before === '{' || before === ',') && signAt(tokens, index + 1) === ':'
}

function startsStatement(tokens: readonly Token[], index: number): boolean {
  if (index === 0 || signAt(tokens, index - 1) === ';' || signAt(tokens, index - 1) === '{') return true
  return (
    /^(?:EXPLAIN|PROFILE|UNION|ALL|DISTINCT|CYPHER)$/.test(wordAt(tokens, index - 1)) || afterVersion(tokens, index)
  )
}

/** `CYPHER 25 …`, `CYPHER runtime=slotted …` */
function afterVersion(tokens: readonly Token[], index: number): boolean {
  return wordAt(tokens, 0) === 'CYPHER' && index <= 8
}

/** Name of the procedure that is called; null for a subquery, `CALL {` or `CALL (x) {`. */
function procedureAt(tokens: readonly Token[], start: number): string | null {
  const sign = signAt(tokens, start)
  if (sign === '{' || sign === '(') return null
  const parts: string[] = []
  for (let index = start; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined || token.kind === 'literal' || (token.kind === 'sign' && token.text !== '.')) break
    // Two words without a point between them: the name has ended.
    if (token.kind !== 'sign' && parts.length > 0 && !parts.at(-1)?.endsWith('.')) break
    parts.push(token.text)
  }
  return parts.join('')
}

function wordAt(tokens: readonly Token[], index: number): string {
  const token = tokens[index]
  return token?.kind === 'word' ? token.text.toUpperCase() : ''
}

function signAt(tokens: readonly Token[], index: number): string {
  const token = tokens[index]
  return token?.kind === 'sign' ? token.text : ''
}

const WORD = /[\p{L}\p{Nl}_][\p{L}\p{N}\p{M}\p{Pc}]*/uy
const NUMBER = /\d[\w]*(?:\.(?!\.)\w*)?/y
const SPACE = /[\s\p{Z}\p{Cc}\p{Cf}]+/uy

/** Words, quoted names, literals and signs of a Cypher text, without comments. Never fails. */
export function tokenize(text: string, lineEnd = /\n/g): Token[] {
  const tokens: Token[] = []
  const ends = findEnds(text)
  const take = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  let at = 0
  while (at < text.length) {
    const skipped = take(SPACE, at)?.length ?? commentAt(text, at, lineEnd, ends)
    if (skipped > 0) {
      at += skipped
      continue
    }
    const quoted = quotedAt(text, at, ends)
    const word = take(WORD, at)
    const number = take(NUMBER, at)
    if (quoted !== undefined) {
      tokens.push({ text: quoted.slice(1, -1), start: at, kind: quoted.startsWith('`') ? 'quoted' : 'literal' })
      at += quoted.length
    } else if (word !== undefined) {
      tokens.push({ text: word, start: at, kind: 'word' })
      at += word.length
    } else if (number !== undefined) {
      tokens.push({ text: number, start: at, kind: 'literal' })
      at += number.length
    } else {
      tokens.push({ text: text.charAt(at), start: at, kind: 'sign' })
      at++
    }
  }
  return tokens
}

/**
 * Takes `EXPLAIN` or `PROFILE` off the beginning of a text, where only blanks and comments may stand before it; these
 * stay, so that lines keep their numbers. By hand, since a pattern with comments in it takes exponential time.
 */
export function splitMode(text: string): { readonly mode: 'EXPLAIN' | 'PROFILE' | null; readonly rest: string } {
  const ends = findEnds(text)
  let at = 0
  for (let skipped = 1; skipped > 0; at += skipped) {
    const blank = /\s*/y
    blank.lastIndex = at
    skipped = blank.exec(text)?.[0].length || commentAt(text, at, /\n/g, ends)
  }
  const word = /(?:EXPLAIN|PROFILE)\b/iy
  word.lastIndex = at
  const mode = word.exec(text)?.[0]
  if (mode === undefined) return { mode: null, rest: text }
  return {
    mode: mode.toUpperCase() as 'EXPLAIN' | 'PROFILE',
    rest: text.slice(0, at) + text.slice(at + mode.length),
  }
}

/** Where comments and strings of a text end, so that one that does not end is not looked through again and again. */
interface Ends {
  readonly lastComment: number
  /** One past the quote that closes a string with this content from `start` on, or 0. */
  readonly closing: (quote: string, start: number) => number
}

function findEnds(text: string): Ends {
  const closings = new Map<string, Uint32Array>()
  return {
    lastComment: text.lastIndexOf('*/'),
    closing(quote, start) {
      let ends = closings.get(quote)
      if (ends === undefined) closings.set(quote, (ends = closingsOf(text, quote)))
      return ends[start] ?? 0
    },
  }
}

/** For every place, {@link Ends.closing}: from the end on, each is found from those behind it. */
function closingsOf(text: string, quote: string): Uint32Array {
  const ends = new Uint32Array(text.length + 2)
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text.charAt(at)
    if (character === quote) ends[at] = at + 1
    else ends[at] = ends[at + (character === '\\' && quote !== '`' ? 2 : 1)] ?? 0
  }
  return ends
}

/** Length of the comment that begins here. One that does not end hides nothing: its words count. */
function commentAt(text: string, at: number, lineEnd: RegExp, { lastComment }: Ends): number {
  if (text.startsWith('//', at)) {
    lineEnd.lastIndex = at
    return (lineEnd.exec(text)?.index ?? text.length) - at
  }
  return text.startsWith('/*', at) && lastComment >= at + 2 ? text.indexOf('*/', at + 2) + 2 - at : 0
}

/** The string or backticked name that begins here, with its quotes. One that does not end hides nothing. */
function quotedAt(text: string, at: number, ends: Ends): string | undefined {
  const quote = text.charAt(at)
  if (quote !== "'" && quote !== '"' && quote !== '`') return undefined
  const end = ends.closing(quote, at + 1)
  return end === 0 ? undefined : text.slice(at, end)
}
