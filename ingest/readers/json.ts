import { InputError } from '../../src/model/errors.ts'
import type { Note } from '../../src/model/note.ts'
import { findDate, findDateInPath, findStatedDate } from '../dates.ts'
import { foldSpace } from '../passage.ts'
import type { Reading, SourceText, Table, TextReader } from '../reading.ts'
import { CellCutter, SMALL_TABLE } from './tables/table-text.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { parseJson } from './json/parse-json.ts'
import { looksLikeJsonLines, parseJsonLines } from './json/parse-lines.ts'
import type { Value } from './json/value.ts'
import { writeValues } from './json/write-values.ts'

const MEDIA_TYPES = {
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  yaml: 'application/yaml',
} as const

/** A longer text is not read twice to find out what it is. */
const MAX_TRIED = 5 * 1024 * 1024

/** JSON and JSON Lines: lists of records become tables, everything else `path: value`. */
export const jsonReader: TextReader = {
  name: 'json',
  extensions: ['json', 'jsonl', 'ndjson'],
  recognises: isJson,
  read: readJson,
}

/** A whole document counts, or one too long to try that begins like one: much that is text begins with a bracket. */
function isJson(text: string): boolean {
  if (!/^\s*(?:\{\s*(?:["}]|\/[/*])|\[\s*(?:[[{"\]]|-?\d))/.test(text)) return false
  if (text.length > MAX_TRIED) return /^\s*(?:\[\s*)?\{\s*"[^"\n]{0,200}"\s*:/.test(text)
  try {
    parseJson(text, '')
    return true
  } catch {
    return looksLikeJsonLines(text, '')
  }
}

function readJson(source: SourceText): Reading {
  const { path, text } = source
  return readValues(source, parse(text, path, path.slice(path.lastIndexOf('.') + 1).toLowerCase()))
}

/** What a notation of values holds, once it has been taken apart. */
export interface Parsed {
  readonly root: Value
  readonly format: keyof typeof MEDIA_TYPES
  readonly ownNotes: readonly Note[]
}

export function readValues({ path, notes }: SourceText, { root, format, ownNotes }: Parsed): Reading {
  const builder = new TextBuilder()
  const cutter = new CellCutter()
  const tables: Table[] = []
  writeValues({ builder, path, cutter, tables }, root)
  const units = builder.units
  const whole = builder.text
  const head = units.slice(0, 20).map((unit) => whole.slice(unit.start, unit.end))
  const isTable = tables.some(({ name, rows }) => name === null || rows.length > SMALL_TABLE)
  return {
    document: {
      title: stringOf(root, ['title', 'name', 'meeting', 'subject'])?.slice(0, 200) ?? titleFromPath(path),
      kind: isTable ? 'table' : 'document',
      mediaType: MEDIA_TYPES[format],
      date: findDate(stringOf(root, ['date']) ?? '') ?? findStatedDate(head) ?? findDateInPath(path),
      text: whole,
      units,
      notes: [...notes, ...ownNotes, ...cutter.notes],
    },
    ...(tables.length === 0 ? {} : { tables }),
  }
}

function parse(text: string, path: string, extension: string): Parsed {
  if (extension === 'jsonl' || extension === 'ndjson') {
    const { list, notes } = parseJsonLines(text, path)
    // A document over several lines that was only named so.
    if (list.items.length > 0) return { root: list, format: 'jsonl', ownNotes: notes }
  }
  try {
    return { root: parseJson(text, path), format: 'json', ownNotes: [] }
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'corrupt' || !looksLikeJsonLines(text, path)) throw error
    const { list, notes } = parseJsonLines(text, path)
    return { root: list, format: 'jsonl', ownNotes: notes }
  }
}

/** What the document says of itself under one of these names. */
function stringOf(root: Value, names: readonly string[]): string | null {
  if (root.kind !== 'record') return null
  for (const name of names) {
    const value = root.entries.find(({ key }) => key.toLowerCase() === name)?.value
    if (value?.kind === 'scalar' && value.isString && value.text.trim() !== '') return foldSpace(value.text)
  }
  return null
}
