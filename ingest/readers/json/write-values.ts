import type { Table } from '../../reading.ts'
import { addProse, addTableText, type CellCutter, SMALL_TABLE } from '../tables/table-text.ts'
import { splitSentences } from '../../sentences.ts'
import type { TextBuilder } from '../../text-builder.ts'
import { buildTable } from '../tables/build-table.ts'
import { findTable } from '../tables/find-table.ts'
import { addRecords, finishTable, holdsRecords, joinScalars, type RecordTables } from './record-table.ts'
import { isMatrix, isRecordListMap, isScalarList } from './shapes.ts'
import { type ListOf, type ListValue, type ScalarValue, type Value } from './value.ts'

/** A longer value is prose and stands below its name. */
const LONGEST_VALUE = 200

interface Target {
  readonly builder: TextBuilder
  readonly path: string
  readonly cutter: CellCutter
  readonly tables: Table[]
}

/** Writes a document's values: lists of records as tables, all else as `path: value`, in the order of the source. */
export function writeValues(target: Target, root: Value): void {
  write(target, '', root)
}

/** Calls itself, which is safe: parsers refuse what is nested deeper than `MAX_DEPTH`. */
function write(target: Target, path: string, value: Value): void {
  const { builder } = target
  // At the root, names are names of tables.
  if (holdsRecords(value) && !(path === '' && isRecordListMap(value))) writeTables(target, path, value)
  else if (value.kind === 'scalar') writeScalar(builder, path, value)
  else if (isScalarList(value)) writeList(builder, path, value)
  else if (value.kind === 'list') {
    if (isMatrix(value) && writeMatrix(target, path, value)) return
    for (const item of value.items) write(target, path, item)
  } else for (const { key, value: inner } of value.entries) write(target, path === '' ? key : `${path}.${key}`, inner)
}

function writeTables(target: Target, path: string, value: Value): void {
  const found: RecordTables = new Map()
  addRecords(found, path, value, [])
  for (const collected of found.values()) {
    const table = finishTable(collected, target.path, target.cutter)
    target.tables.push(table)
    const lines = new Map(table.rows.map(({ row }, index) => [row, collected.rows[index]?.line ?? row]))
    const place = (row: number) => ({ line: lines.get(row) ?? row, row })
    writeTable(target, table, table.columns, place, {
      line: collected.path === path ? value.line : (collected.rows[0]?.line ?? value.line),
    })
  }
}

function writeMatrix(target: Target, path: string, value: ListOf<ListValue>): boolean {
  const lines = value.items.map(({ line }) => line)
  const hasLines = lines.every((line, index) => index === 0 || line > (lines[index - 1] ?? 0))
  const rows = value.items.map((item, index) => ({
    row: hasLines ? item.line : index + 1,
    cells: item.items.map((cell) => (cell.kind === 'scalar' ? cell.text.trim() : '')),
  }))
  const found = findTable(rows)
  if (found === null || found.before.length > 0 || found.after.length > 0) return false
  const table = buildTable(found, {
    path: target.path,
    name: path === '' ? null : path,
    firstColumn: null,
    made: (index) => `column ${index + 1}`,
    cutter: target.cutter,
  })
  target.tables.push(table)
  const lineOf = new Map(rows.map(({ row }, index) => [row, lines[index] ?? row]))
  const place = (row: number) => ({ line: lineOf.get(row) ?? row, row })
  writeTable(target, table, found.header?.cells, place, { line: value.line })
  return true
}

function writeTable(
  { builder }: Target,
  table: Table,
  header: readonly string[] | undefined,
  place: (row: number) => { row: number; line?: number },
  above: { line: number },
): void {
  if (table.rows.length > SMALL_TABLE) return
  builder.block()
  if (table.name !== null) builder.add('heading', table.name, above)
  addTableText(builder, table, { header, headerPlace: table.headerRow === null ? above : undefined, place })
}

function writeScalar(builder: TextBuilder, path: string, { text, line, isLiteral = false }: ScalarValue): void {
  const value = text.trim()
  if (value === '') return
  builder.line()
  if (path === '') addProse(builder, text, (index) => ({ line: isLiteral ? line + index : line }))
  else if (!isProse(value)) builder.add('item', `${path}: ${value}`, { line })
  else {
    builder.add('item', `${path}:`, { line })
    addProse(builder, text, (index) => ({ line: isLiteral ? line + index : line }))
    builder.block()
  }
}

/** What is long, or says several things, is read sentence by sentence. */
function isProse(value: string): boolean {
  return value.length > LONGEST_VALUE || value.includes('\n') || (value.length > 80 && splitSentences(value).length > 1)
}

function writeList(builder: TextBuilder, path: string, { items, line }: ListOf<ScalarValue>): void {
  const joined = joinScalars(items)
  if (joined.replaceAll('; ', '') === '') return
  builder.line()
  if (path !== '' && joined.length <= LONGEST_VALUE) return builder.add('item', `${path}: ${joined}`, { line })
  if (path !== '') builder.add('item', `${path}:`, { line })
  for (const item of items) addProse(builder, item.text, () => ({ line: item.line }), 'item')
  builder.block()
}
