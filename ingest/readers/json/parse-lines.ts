import type { Note } from '../../../src/model/note.ts'
import { InputError } from '../../../src/model/errors.ts'
import { parseJson } from './parse-json.ts'
import type { ListValue, Value } from './value.ts'

/** JSON Lines: a value on every line; what cannot be read is counted. */
export function parseJsonLines(text: string, path: string): { list: ListValue; notes: Note[] } {
  const items: Value[] = []
  const count = { values: 0 }
  let bad = 0
  let firstBad = 0
  let number = 0
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    number += 1
    const line = text.slice(start, end)
    start = end + 1
    if (line.trim() === '') continue
    try {
      items.push(parseJson(line, path, number, count))
    } catch (error) {
      if (!(error instanceof InputError) || error.code !== 'corrupt') throw error
      bad += 1
      if (bad === 1) firstBad = number
    }
  }
  const message = `Lines left out because they are no JSON: ${bad}, first line ${firstBad}.`
  return {
    list: { kind: 'list', items, line: 1 },
    notes: bad === 0 ? [] : [{ code: 'bad-line', message, where: `line ${firstBad}` }],
  }
}

/** Whether the first two lines that are not blank are a record each: a .json that holds JSON Lines. */
export function looksLikeJsonLines(text: string, path: string): boolean {
  const lines = text
    .slice(0, 256 * 1024)
    .split('\n')
    .filter((line) => line.trim() !== '')
  if (lines.length < 2) return false
  try {
    return lines.slice(0, 2).every((line) => parseJson(line, path).kind === 'record')
  } catch {
    return false
  }
}
