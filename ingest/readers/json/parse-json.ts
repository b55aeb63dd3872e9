import { brokenAt, tooDeep, tooManyValues } from './errors.ts'
import { type Entry, MAX_DEPTH, MAX_VALUES, type Value } from './value.ts'

interface Open {
  readonly line: number
  readonly items: Value[] | null
  readonly entries: Entry[] | null
  key: string
}

const SPACE = /[\s\ufeff]*/y
const COMMENT = /\/\/[^\n]*|\/\*[^]*?\*\//y
const NUMBER = /[-+]?[\d.][\d.eE+-]*/y
const WORD = /[A-Za-z_$][\w$]*/y
const PLAIN_STRING = /"[^"\\\n]*"/y

/**
 * JSON with the line of every value and numbers as they are written, which `JSON.parse` loses. Comments and commas
 * before a closing bracket, as settings files have them, are passed over.
 *
 * @throws InputError `corrupt` with the line, `limit`; `count` goes on over the texts of one file
 */
export function parseJson(text: string, path: string, firstLine = 1, count = { values: 0 }): Value {
  let at = 0
  let line = firstLine
  let nextBreak = text.indexOf('\n')
  const lineHere = (): number => {
    while (nextBreak >= 0 && nextBreak < at) {
      line += 1
      nextBreak = text.indexOf('\n', nextBreak + 1)
    }
    return line
  }
  const fail = (what: string) => brokenAt(path, lineHere(), what, 'JSON')
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found === undefined) return null
    at += found.length
    return found
  }
  const skip = (): void => {
    take(SPACE)
    while (text[at] === '/' && take(COMMENT) !== null) take(SPACE)
  }
  const readString = (): string => {
    const plain = take(PLAIN_STRING)
    if (plain !== null) return plain.slice(1, -1)
    const start = at
    at += 1
    while (at < text.length && text[at] !== '"' && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1
    at += 1
    try {
      return JSON.parse(text.slice(start, at)) as string
    } catch {
      at = start
      throw fail('a string is not closed, or has a wrong escape')
    }
  }
  const readScalar = (): Value => {
    const here = lineHere()
    if (text[at] === '"') return { kind: 'scalar', text: readString(), isString: true, line: here }
    const word = take(NUMBER) ?? take(WORD)
    const known = word !== null && (/^[-+\d.]/.test(word) || /^(?:true|false|null|NaN|Infinity)$/.test(word))
    if (!known) throw fail(at < text.length ? `“${text.slice(at, at + 12).trim()}” is no value` : 'it ends too early')
    return { kind: 'scalar', text: word === 'null' ? '' : word, isString: false, line: here }
  }

  const open: Open[] = []
  let done: Value | null = null
  while (done === null) {
    skip()
    const top = open.at(-1)
    const closing = top === undefined ? null : top.items === null ? '}' : ']'
    let value: Value
    if (closing !== null && text[at] === closing && top !== undefined) {
      at += 1
      open.pop()
      value =
        top.items === null
          ? { kind: 'record', entries: top.entries ?? [], line: top.line }
          : { kind: 'list', items: top.items, line: top.line }
    } else {
      if (top !== undefined && top.entries !== null) {
        if (text[at] !== '"') throw fail(at < text.length ? 'a name in quotes is missing' : 'it ends too early')
        top.key = readString()
        skip()
        if (text[at] !== ':') throw fail(`“:” is missing after “${top.key.slice(0, 40)}”`)
        at += 1
        skip()
      }
      count.values += 1
      if (count.values > MAX_VALUES) throw tooManyValues(path)
      if (text[at] === '{' || text[at] === '[') {
        if (open.length >= MAX_DEPTH) throw tooDeep(path)
        const isList = text[at] === '['
        open.push({ line: lineHere(), items: isList ? [] : null, entries: isList ? null : [], key: '' })
        at += 1
        continue
      }
      value = readScalar()
    }
    const parent = open.at(-1)
    if (parent === undefined) {
      done = value
      break
    }
    parent.items?.push(value)
    parent.entries?.push({ key: parent.key, value })
    skip()
    if (text[at] === ',') at += 1
    else if (text[at] !== (parent.items === null ? '}' : ']'))
      throw fail(at < text.length ? 'a comma or a closing bracket is missing' : 'it ends too early')
  }
  skip()
  if (at < text.length) throw fail('more follows after the end of the value')
  return done
}
