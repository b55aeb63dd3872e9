import { InputError } from '../../../src/model/errors.ts'
import type { Table, TableRow } from '../../reading.ts'
import { type CellCutter, columnNames } from './table-text.ts'
import { type FoundTable, lastFilled } from './find-table.ts'

/** So many cells of one file are kept, empty ones included. */
export const MAX_CELLS = 2_000_000

interface TableOptions {
  readonly path: string
  readonly name: string | null
  readonly firstColumn: string | null
  /** Name for a column without one, by its index in the table from 0. */
  readonly made: (index: number) => string
  readonly cutter: CellCutter
  readonly maxCells?: number
}

/** Every row brought to the same length, the columns named. */
export function buildTable(found: FoundTable, options: TableOptions): Table {
  const { path, name, firstColumn, made, cutter, maxCells = MAX_CELLS } = options
  const header = found.header?.cells ?? []
  let width = lastFilled(header)
  for (const { cells } of found.rows) width = Math.max(width, lastFilled(cells))
  if (width * found.rows.length > maxCells) throw tooManyCells(path, maxCells)
  const rows = found.rows.map((line): TableRow => {
    const fits = line.cells.length === width && line.cells.every((cell) => cell.length <= 1024)
    if (fits) return line
    const cells = Array.from({ length: width }, (_, index) =>
      cutter.cut(line.cells[index] ?? '', () => `row ${line.row}, ${made(index)}`),
    )
    return { row: line.row, cells }
  })
  return { name, columns: columnNames(header, width, made), headerRow: found.header?.row ?? null, firstColumn, rows }
}

export function tooManyCells(path: string, most: number): InputError {
  return new InputError('limit', `${path}: its tables have more than ${most.toLocaleString('en')} cells`, {
    place: path,
    hint: 'Split it, or leave out the columns that are of no interest.',
  })
}
