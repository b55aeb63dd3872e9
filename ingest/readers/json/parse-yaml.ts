import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { InputError } from '../../../src/model/errors.ts'
import { brokenAt, tooDeep, tooManyValues } from './errors.ts'
import { type Entry, MAX_DEPTH, MAX_VALUES, type Value } from './value.ts'

const MAX_LENGTH = 2 * 1024 * 1024
/** Letters that may be marks of YAML. The parser makes up to a kilobyte of each. */
const MAX_MARKS = 300_000
const MAX_ALIASES = 1000

/**
 * Every document of a YAML file. Tags mean nothing; aliases are written out, so far as they are no bomb.
 *
 * @throws InputError `corrupt` with the line, `limit`
 */
export function parseYaml(text: string, path: string): Value[] {
  if (text.length > MAX_LENGTH)
    throw new InputError('limit', `${path}: YAML of more than ${MAX_LENGTH / 1024 / 1024} MB is not read`, {
      place: path,
      hint: 'Split it, or save it as JSON.',
    })
  if (countMarks(text) > MAX_MARKS)
    throw new InputError('limit', `${path}: has more structure than a reader has memory for`, {
      place: path,
      hint: 'Split it, or save it as JSON.',
    })
  const lines = new LineCounter()
  const documents = parse(text, path, lines)
  const count = { values: 0, aliases: 0 }
  const found: Value[] = []
  for (const document of documents) {
    const [error] = document.errors
    if (error !== undefined) {
      // The parser calls itself for every level, and takes the end of the stack for a fault of the document.
      if (error.message.includes('call stack')) throw tooDeep(path)
      const line = error.linePos?.[0].line ?? 1
      throw brokenAt(path, line, error.message.split('\n')[0]?.replace(/ at line.*$/, '') ?? 'cannot be read', 'YAML')
    }
    if (document.contents === null) continue
    found.push(convert(document.contents, { path, text, lines, anchors: new Map(), depth: 0, count }))
  }
  return found
}

function countMarks(text: string): number {
  let count = 0
  for (const _ of text.matchAll(/[-?:,[\]{}#&*!|>'"\n]/g)) count += 1
  return count
}

function parse(text: string, path: string, lineCounter: LineCounter) {
  try {
    const documents = parseAllDocuments(text, {
      lineCounter,
      logLevel: 'silent',
      customTags: [],
      resolveKnownTags: false,
      uniqueKeys: false,
      keepSourceTokens: false,
    })
    return Array.isArray(documents) ? documents : []
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep(path)
    throw brokenAt(path, 1, cause instanceof Error ? cause.message : 'cannot be read', 'YAML')
  }
}

interface Context {
  readonly path: string
  readonly text: string
  readonly lines: LineCounter
  readonly anchors: Map<string, Node>
  readonly depth: number
  readonly count: { values: number; aliases: number }
}

function convert(node: Node | null, context: Context): Value {
  const { path, lines, anchors, depth, count, text } = context
  const start = node?.range?.[0] ?? 0
  const line = Math.max(1, lines.linePos(start).line)
  count.values += 1
  if (count.values > MAX_VALUES) throw tooManyValues(path)
  if (depth > MAX_DEPTH) throw tooDeep(path)
  if (isAlias(node)) {
    count.aliases += 1
    const target = anchors.get(node.source)
    if (target === undefined || count.aliases > MAX_ALIASES) throw tooManyAliases(path, line, node.source, target)
    return { ...convert(target, { ...context, depth: depth + 1 }), line }
  }
  if (node !== null && 'anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node)
  const below = { ...context, depth: depth + 1 }
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => convert(item as Node | null, below)), line }
  if (isMap(node)) {
    const own: Entry[] = []
    const merged: Entry[] = []
    for (const { key, value } of node.items) {
      const name = keyOf(key as Node | null, below)
      const inner = convert(value as Node | null, below)
      if (name === '<<') merged.push(...entriesOf(inner))
      else own.push({ key: name, value: inner })
    }
    // What is written beside a merge goes before it.
    const names = new Set(own.map(({ key }) => key))
    return { kind: 'record', entries: [...merged.filter(({ key }) => !names.has(key)), ...own], line }
  }
  if (!isScalar(node)) return { kind: 'scalar', text: '', isString: false, line }
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
  const isString = typeof node.value === 'string'
  return {
    kind: 'scalar',
    text: isString ? (node.value as string) : node.value === null ? '' : (node.source ?? String(node.value)),
    isString,
    line: isBlock ? lineAfter(text, start, line) : line,
    ...(node.type === 'BLOCK_LITERAL' ? { isLiteral: true } : {}),
  }
}

function entriesOf(value: Value): Entry[] {
  const records = value.kind === 'list' ? value.items : [value]
  return records.flatMap((record) => (record.kind === 'record' ? record.entries : []))
}

function keyOf(key: Node | null, context: Context): string {
  if (isScalar(key)) return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
  const value = convert(key, context)
  return value.kind === 'scalar' ? value.text : JSON.stringify(value.kind)
}

/** The words of a block begin on the first line after its mark (`>`, `|`) that is not blank. */
function lineAfter(text: string, start: number, line: number): number {
  const newline = text.indexOf('\n', start)
  if (newline < 0) return line
  const blank = /(?:[ \t]*\n)*/y
  blank.lastIndex = newline + 1
  return line + 1 + ((blank.exec(text)?.[0] ?? '').split('\n').length - 1)
}

function tooManyAliases(path: string, line: number, name: string, target: Node | undefined): InputError {
  if (target === undefined) return brokenAt(path, line, `nothing is named “&${name}” before this`, 'YAML')
  return new InputError('limit', `${path}: more than ${MAX_ALIASES} aliases`, {
    place: path,
    hint: 'Write them out, or save it as JSON.',
  })
}
