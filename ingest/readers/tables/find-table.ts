import { kindOf } from './cell-kind.ts'
import { type GridRow, isHeader } from './header.ts'

/** A run of rows taken apart. What stands before and after the table is text. */
export interface FoundTable {
  readonly before: readonly GridRow[]
  readonly header: GridRow | null
  readonly rows: readonly GridRow[]
  readonly after: readonly GridRow[]
}

/** So many rows tell how wide a table is. */
const SAMPLE = 200
/** A list of this many short lines is no text that anybody reads from end to end. */
const LONG_LIST = 50

/** Finds the one table in rows that belong together. Null where they are text: a form, prose, a list. */
export function findTable(rows: readonly GridRow[]): FoundTable | null {
  const filled = rows.map(countFilled)
  const wide = rows.slice(0, SAMPLE).filter((_, index) => (filled[index] ?? 0) >= 2)
  if (wide.length === 0) return isLongList(rows) ? listOf(rows) : null
  const width = medianWidth(wide)
  const least = Math.max(2, Math.ceil(width / 2))
  const start = filled.findIndex((count) => count >= least)
  if (start < 0) return null
  const top = findHeader(rows, filled, start, width)
  const end = findEnd(rows, filled, width, top ?? start)
  const body = rows.slice(top === null ? start : top + 1, end)
  // One row alone is no table, and neither is a column of labels with a column of values.
  if (body.length < (top === null ? 2 : 1) || isForm(rows, filled)) return null
  return {
    before: rows.slice(0, top ?? start),
    header: top === null ? null : (rows[top] ?? null),
    rows: body,
    after: rows.slice(end),
  }
}

export function countFilled({ cells }: GridRow): number {
  let count = 0
  for (const cell of cells) if (cell !== '') count += 1
  return count
}

/** The first full row, or one soon after it that is fuller than all above: these are a form over the table. */
function findHeader(rows: readonly GridRow[], filled: readonly number[], start: number, width: number): number | null {
  let fullest = 0
  for (let index = start; index < Math.min(rows.length, start + 8); index += 1) {
    const count = filled[index] ?? 0
    if (count > fullest) {
      const below = rows.slice(index + 1, index + 1 + SAMPLE)
      if (isHeader(rows[index]?.cells ?? [], below, width)) return index
      fullest = count
    }
  }
  return null
}

/** Notes below the table: rows with nothing but a sentence in one cell. */
function findEnd(rows: readonly GridRow[], filled: readonly number[], width: number, start: number): number {
  let end = rows.length
  if (width < 2) return end
  while (end > start + 2 && filled[end - 1] === 1 && isRemark(rows[end - 1])) end -= 1
  return end
}

function isRemark(row: GridRow | undefined): boolean {
  const text = row?.cells.find((cell) => cell !== '') ?? ''
  return (
    /^(?:\*|\(|\[|notes?\b|sources?\b|nb\b|n\.b\.|legend\b|quelle\b|hinweis)/i.test(text) ||
    /\S+(?:\s+\S+){4}/.test(text)
  )
}

/** Two columns, labels on the left: most end in a colon, or the values on the right are of all kinds. */
function isForm(rows: readonly GridRow[], filled: readonly number[]): boolean {
  if (rows.length > 30 || rows.some(({ cells }, index) => (filled[index] ?? 0) > 2 || lastFilled(cells) > 2))
    return false
  const pairs = rows.filter((_, index) => filled[index] === 2)
  const labels = rows.map(({ cells }) => cells.find((cell) => cell !== '') ?? '')
  if (pairs.length < rows.length / 2 || new Set(labels).size < labels.length) return false
  if (labels.some((label) => label.length > 60 || kindOf(label) !== 'text')) return false
  if (labels.filter((label) => label.endsWith(':')).length >= labels.length / 2) return true
  const kinds = new Set(pairs.map(({ cells }) => kindOf(cells.findLast((cell) => cell !== '') ?? '')))
  const first = pairs[0]?.cells.findLast((cell) => cell !== '') ?? ''
  return kinds.size >= 3 && !/^(?:value|wert|answer|amount|count|date|owner|description|name)s?$/i.test(first)
}

function isLongList(rows: readonly GridRow[]): boolean {
  if (rows.length <= LONG_LIST) return false
  const total = rows.reduce((sum, { cells }) => sum + (cells.find((cell) => cell !== '')?.length ?? 0), 0)
  return total / rows.length <= 60
}

function listOf(rows: readonly GridRow[]): FoundTable {
  const [first] = rows
  const named = first !== undefined && isHeader(first.cells, rows.slice(1), 1)
  return { before: [], header: named ? first : null, rows: named ? rows.slice(1) : rows, after: [] }
}

function medianWidth(rows: readonly GridRow[]): number {
  const widths = rows.map(({ cells }) => lastFilled(cells)).toSorted((a, b) => a - b)
  return widths[Math.floor(widths.length / 2)] ?? 0
}

/** Number of cells up to the last that is not empty. */
export function lastFilled(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell !== '') + 1
}
