/** The cells of a sheet that hold something, row by row; a far corner costs no more than any other cell. */
export interface SheetRow {
  /** Number of the row, from 1. */
  readonly row: number
  /** Columns from 0, ascending, and the text of each. */
  readonly columns: readonly number[]
  readonly texts: readonly string[]
}

/** Rows that belong together: a table with its title, or text. */
export interface Region {
  readonly rows: readonly SheetRow[]
  readonly left: number
  readonly right: number
}

/** Nobody lays out a sheet in more steps than this. */
const MAX_CUTS = 8
/** In wider sheets every empty column is a border. */
const MAX_SPACED = 200
/** So many rows tell whether columns go together. */
const SAMPLE = 500

/** Cuts a sheet at its empty rows, then columns, then corners, until nothing can be cut. In reading order. */
export function findRegions(rows: readonly SheetRow[]): Region[] {
  const regions: Region[] = []
  const open: { rows: readonly SheetRow[]; cuts: number }[] = [{ rows, cuts: 0 }]
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const pieces = part.cuts < MAX_CUTS ? cut(part.rows) : [part.rows]
    const cuts = part.cuts + 1
    if (pieces.length === 1) regions.push(measure(part.rows))
    else for (const piece of pieces.toReversed()) open.push({ rows: piece, cuts })
  }
  return regions
    .filter(({ rows }) => rows.length > 0)
    .toSorted((a, b) => (a.rows[0]?.row ?? 0) - (b.rows[0]?.row ?? 0) || a.left - b.left)
}

/** Number of a column as a spreadsheet writes it: 0 is `A`. */
export function columnLetter(index: number): string {
  let name = ''
  for (let rest = index; rest >= 0; rest = Math.floor(rest / 26) - 1)
    name = String.fromCharCode(65 + (rest % 26)) + name
  return name
}

function cut(rows: readonly SheetRow[]): (readonly SheetRow[])[] {
  const bands = cutRows(rows)
  if (bands.length > 1) return bands
  const blocks = cutColumns(rows)
  return blocks.length > 1 ? blocks : cutCorners(rows)
}

function cutRows(rows: readonly SheetRow[]): (readonly SheetRow[])[] {
  const bands: (readonly SheetRow[])[] = []
  let start = 0
  for (let index = 1; index <= rows.length; index += 1) {
    if (index < rows.length && (rows[index]?.row ?? 0) - (rows[index - 1]?.row ?? 0) <= 1) continue
    bands.push(rows.slice(start, index))
    start = index
  }
  return bands
}

/** Blocks side by side. A column by itself that goes along with a block, row by row, is part of that table. */
function cutColumns(rows: readonly SheetRow[]): (readonly SheetRow[])[] {
  if (rows.length < 2) return [rows]
  const filled = new Set<number>()
  for (const { columns } of rows) for (const column of columns) filled.add(column)
  const columns = [...filled].toSorted((a, b) => a - b)
  const blockOf = new Map<number, number>()
  let block = 0
  let first = columns[0] ?? 0
  let last = first
  for (const column of columns) {
    const isNext = column - last <= 1
    if (!isNext && !(columns.length <= MAX_SPACED && goesAlong(rows, filled, first, last, column))) {
      block += 1
      first = column
    }
    blockOf.set(column, block)
    last = column
  }
  return block === 0 ? [rows] : distribute(rows, blockOf, block + 1)
}

/** One of both sides is a single column, one empty column lies between, and both are filled in the same rows. */
function goesAlong(
  rows: readonly SheetRow[],
  filled: ReadonlySet<number>,
  first: number,
  last: number,
  column: number,
): boolean {
  if (column - last !== 2 || (first !== last && filled.has(column + 1))) return false
  let both = 0
  let either = 0
  for (const row of rows.slice(0, SAMPLE)) {
    const left = row.columns.some((one) => one >= first && one <= last)
    const right = row.columns.includes(column)
    if (left || right) either += 1
    if (left && right) both += 1
  }
  return both >= 2 && both >= either * 0.8
}

function distribute(rows: readonly SheetRow[], blockOf: ReadonlyMap<number, number>, count: number): SheetRow[][] {
  const blocks: SheetRow[][] = Array.from({ length: count }, () => [])
  for (const { row, columns, texts } of rows) {
    for (let from = 0; from < columns.length;) {
      const block = blockOf.get(columns[from] ?? 0) ?? 0
      let to = from + 1
      while (to < columns.length && blockOf.get(columns[to] ?? 0) === block) to += 1
      blocks[block]?.push({ row, columns: columns.slice(from, to), texts: texts.slice(from, to) })
      from = to
    }
  }
  return blocks
}

/** Tables that touch at a corner: all cells above lie to one side of all below. */
function cutCorners(rows: readonly SheetRow[]): (readonly SheetRow[])[] {
  const leftBelow: number[] = []
  const rightBelow: number[] = []
  for (let index = rows.length - 1, left = Infinity, right = -1; index >= 0; index -= 1) {
    left = Math.min(left, rows[index]?.columns[0] ?? left)
    right = Math.max(right, rows[index]?.columns.at(-1) ?? right)
    leftBelow[index] = left
    rightBelow[index] = right
  }
  const pieces: (readonly SheetRow[])[] = []
  let start = 0
  let left = Infinity
  let right = -1
  for (let index = 0; index + 1 < rows.length; index += 1) {
    left = Math.min(left, rows[index]?.columns[0] ?? left)
    right = Math.max(right, rows[index]?.columns.at(-1) ?? right)
    const isCorner = right < (leftBelow[index + 1] ?? 0) || left > (rightBelow[index + 1] ?? 0)
    if (!isCorner || index + 1 - start < 2 || rows.length - index - 1 < 2) continue
    pieces.push(rows.slice(start, index + 1))
    start = index + 1
    left = Infinity
    right = -1
  }
  pieces.push(rows.slice(start))
  return pieces
}

function measure(rows: readonly SheetRow[]): Region {
  let left = Infinity
  let right = 0
  for (const { columns } of rows) {
    left = Math.min(left, columns[0] ?? left)
    right = Math.max(right, columns.at(-1) ?? right)
  }
  return { rows, left: left === Infinity ? 0 : left, right }
}
