import type { Table } from '../../reading.ts'
import { type CellCutter, columnNames } from '../tables/table-text.ts'
import { MAX_CELLS, tooManyCells } from '../tables/build-table.ts'
import { isRecordList, isRecordListMap, isRecordMap, isScalarList } from './shapes.ts'
import { compact, type RecordValue, type ScalarValue, type Value } from './value.ts'

/** Beyond this the parts of records are data, not names. */
const MAX_COLUMNS = 300
/** Records in records are flattened so deep: `activation.block.hash`. */
const MAX_FLAT = 4
/** What a record may be called by. */
const NAMES = ['name', 'title', 'label', 'id', 'key', 'slug', 'code', 'number']

/** Names by which the records around one are known: `sigs.name` is `API Machinery`. */
export type Surroundings = readonly (readonly [column: string, text: string])[]

/** A table while its records are collected. */
export interface RecordTable {
  /** Path inside the document; '' at its root. */
  readonly path: string
  readonly columns: Map<string, number>
  readonly rows: { readonly line: number; readonly cells: string[] }[]
}

/** The tables of a document in order of their first record, by their paths. */
export type RecordTables = Map<string, RecordTable>

/** Adds the records of a list or map; lists of records inside them become tables of their own. */
export function addRecords(tables: RecordTables, path: string, value: Value, around: Surroundings): void {
  if (isRecordList(value)) {
    // What is sorted under headings in one record is so in all, even where there is but one heading.
    const sorted = new Set<string>()
    for (const { entries } of value.items)
      for (const { key, value: inner } of entries) if (isRecordListMap(inner)) sorted.add(key)
    for (const record of value.items) addRecord(tables, path, record, around, sorted)
  } else if (value.kind === 'record') {
    const name = lastName(path) || 'key'
    for (const { key, value: inner } of value.entries) addRecords(tables, path, asList(inner), [...around, [name, key]])
  }
}

/** Whether {@link addRecords} takes it. */
export function holdsRecords(value: Value): boolean {
  return isRecordList(value) || isRecordMap(value) || isRecordListMap(value)
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

function isSorted(value: Value): boolean {
  return value.kind === 'record' && value.entries.every(({ value }) => isRecordList(value))
}

function asList(value: Value): Value {
  return value.kind === 'record' ? { kind: 'list', items: [value], line: value.line } : value
}

function addRecord(
  tables: RecordTables,
  path: string,
  record: RecordValue,
  around: Surroundings,
  sorted: ReadonlySet<string>,
): void {
  const table: RecordTable = tables.get(path) ?? { path, columns: new Map(), rows: [] }
  tables.set(path, table)
  const cells: string[] = []
  const named: (readonly [string, string])[] = []
  const inner: (readonly [name: string, value: Value])[] = []
  const put = (column: string, text: string): void => {
    let index = table.columns.get(column)
    if (index === undefined) {
      index = table.columns.size
      table.columns.set(column, index)
    }
    while (cells.length < index) cells.push('')
    cells[index] = text
  }
  for (const [column, text] of around) put(`\0${column}`, text)
  const flatten = ({ entries }: RecordValue, prefix: string, depth: number): void => {
    for (const { key, value } of entries) {
      const column = `${prefix}${key}`
      if (value.kind === 'scalar') {
        put(column, value.text.trim())
        if (value.text !== '') named.push([column, value.text])
      } else if (isScalarList(value)) {
        if (value.items.length > 0) put(column, joinScalars(value.items))
      } else if (holdsRecords(value) || (depth === 1 && sorted.has(key) && isSorted(value))) inner.push([column, value])
      else if (value.kind === 'record' && depth < MAX_FLAT && table.columns.size + value.entries.length <= MAX_COLUMNS)
        flatten(value, `${column}.`, depth + 1)
      else put(column, compact(value))
    }
  }
  flatten(record, '', 1)
  table.rows.push({ line: record.line, cells })
  const own = nameOf(named)
  const inside: Surroundings =
    own === undefined ? around : [...around, [`${lastName(path) || 'record'}.${own[0]}`, own[1]]]
  for (const [name, value] of inner) addRecords(tables, path === '' ? name : `${path}.${name}`, value, inside)
}

export function joinScalars(items: readonly ScalarValue[]): string {
  return items.map(({ text }) => text.trim()).join('; ')
}

/** What a record goes by: its name, else the first short thing that it says. */
function nameOf(named: readonly (readonly [string, string])[]): readonly [string, string] | undefined {
  for (const name of NAMES) {
    const found = named.find(([column]) => column.toLowerCase() === name)
    if (found !== undefined) return found
  }
  return named.find(([, text]) => text.length <= 200 && !text.includes('\n'))
}

/** The table with every row of the same length. Rows go by their lines, or by their numbers where lines do not tell. */
export function finishTable(table: RecordTable, documentPath: string, cutter: CellCutter): Table {
  const width = table.columns.size
  if (width * table.rows.length > MAX_CELLS) throw tooManyCells(documentPath, MAX_CELLS)
  const hasLines = table.rows.every(({ line }, index) => index === 0 || line > (table.rows[index - 1]?.line ?? 0))
  const names = columnNames(
    [...table.columns.keys()].map((name) => name.replace('\0', '')),
    width,
    (index) => `column ${index + 1}`,
  )
  return {
    name: table.path === '' ? null : table.path,
    columns: names,
    headerRow: null,
    firstColumn: null,
    rows: table.rows.map(({ line, cells }, index) => {
      const row = hasLines && (table.rows.length > 1 || line > 1) ? line : index + 1
      const where = (column: number) => () => `${table.path} row ${row}, ${names[column]}`
      return { row, cells: names.map((_, column) => cutter.cut(cells[column] ?? '', where(column))) }
    }),
  }
}
