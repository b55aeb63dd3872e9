import type { Note } from '../../src/model/note.ts'
import { findDateInPath, findStatedDate } from '../dates.ts'
import type { Reading, SourceText, TextReader } from '../reading.ts'
import { CSV } from './late-formats.ts'
import { addCells, addLoneText, addTableText, CellCutter } from './tables/table-text.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { guessDialect } from './csv/delimiter.ts'
import { MAX_CSV_CELLS, readRecords } from './csv/records.ts'
import { buildTable, tooManyCells } from './tables/build-table.ts'
import { countFilled, findTable, type FoundTable } from './tables/find-table.ts'
import type { GridRow } from './tables/header.ts'

/** Cells beyond the header get columns of their own, up to so many. */
const MAX_MADE_COLUMNS = 100

/** Comma (or semicolon, tab, bar) separated values: one table, with what stands above and below it as text. */
export const csvReader: TextReader = { ...CSV, read: readCsv }

function readCsv({ path, text, notes }: SourceText): Reading {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  const { delimiter, skippedLines } = guessDialect(text, extension)
  const body = skippedLines === 1 ? text.slice(text.indexOf('\n') + 1) : text
  const { rows, brokenLines } = readRecords(body, delimiter ?? ',', 1 + skippedLines, () =>
    tooManyCells(path, MAX_CSV_CELLS),
  )
  const found = findTable(rows)
  const cutter = new CellCutter()
  const builder = new TextBuilder()
  const ragged: Note[] = []
  if (found === null) addText(builder, rows, true, cutter)
  let table
  if (found !== null) {
    const width = usualWidth(found)
    ragged.push(...raggedRows(found, width))
    table = buildTable(
      { ...found, rows: foldLongRows(found.rows, width + MAX_MADE_COLUMNS, delimiter ?? ',') },
      {
        path,
        name: null,
        firstColumn: null,
        made: (index) => `column ${index + 1}`,
        cutter,
        maxCells: MAX_CSV_CELLS,
      },
    )
    addText(builder, found.before, true, cutter)
    addTableText(builder, table, { header: found.header?.cells, place: (row) => ({ row }) })
    addText(builder, found.after, false, cutter)
  }
  const units = builder.units
  const whole = builder.text
  const head = units.slice(0, 20).map((unit) => whole.slice(unit.start, unit.end).replace(' | ', ': '))
  return {
    document: {
      title: titleFromPath(path),
      kind: table === undefined ? 'document' : 'table',
      mediaType: delimiter === '\t' ? 'text/tab-separated-values' : 'text/csv',
      date: findStatedDate(head) ?? findDateInPath(path),
      text: whole,
      units,
      notes: [...notes, ...brokenNote(brokenLines), ...ragged, ...cutter.notes],
    },
    ...(table === undefined ? {} : { tables: [table] }),
  }
}

function addText(builder: TextBuilder, rows: readonly GridRow[], above: boolean, cutter: CellCutter): void {
  for (const line of rows) {
    const cells = line.cells.map((cell) => cutter.cut(cell, () => `row ${line.row}`))
    const place = { row: line.row }
    if (countFilled(line) > 1) addCells(builder, cells, place)
    else addLoneText(builder, cells.find((cell) => cell !== '') ?? '', place, above)
  }
}

/** Cells of the header, or else of most rows. */
function usualWidth({ header, rows }: FoundTable): number {
  if (header !== null) return header.cells.length
  const counts = new Map<number, number>()
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? 0
}

function raggedRows({ rows }: FoundTable, width: number): Note[] {
  const ragged = rows.filter(({ cells }) => cells.length !== width)
  const [first] = ragged
  if (first === undefined) return []
  const message = `Rows with more or fewer than ${width} cells: ${ragged.length}, first on line ${first.row}.`
  return [{ code: 'ragged-rows', message, where: `row ${first.row}` }]
}

/** What goes far beyond the header stays together in the last column: one wild row must not widen all others. */
function foldLongRows(rows: readonly GridRow[], most: number, delimiter: string): readonly GridRow[] {
  if (rows.every(({ cells }) => cells.length <= most)) return rows
  return rows.map((line) =>
    line.cells.length <= most
      ? line
      : { row: line.row, cells: [...line.cells.slice(0, most - 1), line.cells.slice(most - 1).join(delimiter)] },
  )
}

function brokenNote(lines: readonly number[]): Note[] {
  const [first] = lines
  if (first === undefined) return []
  const message = `Lines with broken quotes, read as they stand: ${lines.length}, first on line ${first}.`
  return [{ code: 'broken-quotes', message, where: `row ${first}` }]
}
