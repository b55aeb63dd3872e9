import type { Cell, Line } from './lines.ts'

/** One row of a table: its cells, and the line on which it begins. */
export interface TableRowLines {
  readonly cells: readonly string[]
  readonly lines: readonly Line[]
}

/** A table among the lines of a region, `from` inclusive, `to` exclusive. */
export interface FoundTable {
  readonly from: number
  readonly to: number
  readonly rows: readonly TableRowLines[]
}

/** Between two columns, in heights of the font. */
const COLUMN_GAP = 0.6
/** Rows further apart than this, in heights of the font, are no part of one table. */
const MAX_ROW_GAP = 6
/** Lines closer than this, in heights of the font, may be the lines of one cell. */
const TIGHT = 1.5

interface Column {
  readonly left: number
  readonly right: number
}

/** Successive lines that leave the same space free between their cells. */
export function findTables(lines: readonly Line[]): FoundTable[] {
  const tables: FoundTable[] = []
  let index = 0
  while (index < lines.length) {
    const line = lines[index]
    const table = line !== undefined && line.cells.length > 1 ? growTable(lines, index) : null
    if (table === null) index += 1
    else {
      tables.push(table)
      index = table.to
    }
  }
  return tables
}

function growTable(lines: readonly Line[], from: number): FoundTable | null {
  const first = lines[from]
  if (first === undefined) return null
  let columns: Column[] = first.cells.map((cell) => widen(cell, first.size))
  let widest = columns.length
  let to = from + 1
  let rows = 1
  for (let index = from + 1; index < lines.length; index += 1) {
    const line = lines[index]
    const above = lines[index - 1]
    if (line === undefined || above === undefined) break
    if (line.baseline - above.baseline > MAX_ROW_GAP * Math.max(line.size, above.size)) break
    const next = merge([...columns, ...line.cells.map((cell) => widen(cell, line.size))])
    const isRow = line.cells.length > 1
    // A line of prose below fills the gaps; a long cell may fill one of several.
    if (next.length < 2 || (isRow && next.length < Math.min(widest, line.cells.length) - 1)) break
    if (!isRow && next.length < columns.length) break
    columns = next
    widest = Math.max(widest, columns.length)
    if (isRow) {
      rows += 1
      to = index + 1
    } else if (isTight(above, line) && (line.left > (columns[0]?.right ?? 0) || to === index)) to = index + 1
    else if (index > to) break
  }
  // The last line of a table may be the second line of a cell, but no line further below.
  while (to - 1 > from && lines[to - 1]?.cells.length === 1 && (lines[to - 1]?.left ?? 0) <= (columns[0]?.right ?? 0))
    to -= 1
  if (rows < 2) return null
  return { from, to, rows: joinWrapped(lines.slice(from, to), columns) }
}

function widen(cell: Cell, size: number): Column {
  return { left: cell.left, right: cell.right + COLUMN_GAP * size }
}

/** Columns that overlap become one. */
function merge(columns: readonly Column[]): Column[] {
  const merged: Column[] = []
  for (const column of columns.toSorted((a, b) => a.left - b.left)) {
    const last = merged.at(-1)
    if (last !== undefined && column.left < last.right)
      merged[merged.length - 1] = { left: last.left, right: Math.max(last.right, column.right) }
    else merged.push(column)
  }
  return merged
}

/** The lines of one row as one: a line that leaves columns empty goes on with the cells above it. */
function joinWrapped(lines: readonly Line[], columns: readonly Column[]): TableRowLines[] {
  const gaps = lines.slice(1).map((line, index) => line.baseline - (lines[index]?.baseline ?? 0))
  const least = gaps.reduce((smallest, gap) => Math.min(smallest, gap), Infinity)
  // Where rows stand further apart than lines, a tight line goes on even if its first cell does.
  const parted = gaps.some((gap) => gap > least * 1.3)
  const rows: { cells: string[]; lines: Line[] }[] = []
  for (const [index, line] of lines.entries()) {
    const cells = cellsByColumn(line, columns)
    const above = lines[index - 1]
    const row = rows.at(-1)
    const goesOn =
      row !== undefined &&
      above !== undefined &&
      isTight(above, line) &&
      row.cells.length === cells.length &&
      cells.every((cell, column) => cell === '' || row.cells[column] !== '') &&
      cells.includes('') &&
      (cells[0] === '' || (parted && line.baseline - above.baseline <= least * 1.15))
    if (goesOn) {
      row.cells = row.cells.map((cell, column) => join(cell, cells[column] ?? ''))
      row.lines.push(line)
    } else rows.push({ cells, lines: [line] })
  }
  return rows
}

function cellsByColumn(line: Line, columns: readonly Column[]): string[] {
  const cells = columns.map(() => '')
  for (const cell of line.cells) {
    const column = columns.findIndex(({ left, right }) => cell.left < right && cell.right > left)
    // Cells that share a column of other rows still are two.
    if (column < 0 || cells[column] !== '') return line.cells.map(({ text }) => text)
    cells[column] = cell.text
  }
  return line.rtl ? cells.toReversed() : cells
}

function isTight(above: Line, line: Line): boolean {
  return line.baseline - above.baseline <= TIGHT * Math.max(line.size, above.size)
}

function join(cell: string, more: string): string {
  if (cell === '' || more === '') return cell + more
  return /\p{L}[-\u00ad]$/u.test(cell) && /^\p{Ll}/u.test(more) ? cell.slice(0, -1) + more : `${cell} ${more}`
}
