import { kindOf } from './cell-kind.ts'

/** So many rows below are asked what they look like. */
const SAMPLE = 200
const LONGEST_LABEL = 200

/** One row as a reader found it; rows of one table may differ in length. Cells are trimmed. */
export interface GridRow {
  readonly row: number
  readonly cells: readonly string[]
}

/**
 * Whether a row names the columns of those below: text in (nearly) every column, and nothing that comes again in its
 * own column. Where some column goes from words to numbers, gaps and doubles in the header are forgiven.
 */
export function isHeader(cells: readonly string[], below: readonly GridRow[], width: number): boolean {
  const sample = below.slice(0, SAMPLE)
  if (sample.length === 0) return false
  const labels = cells.filter((cell) => cell !== '')
  if (labels.length === 0 || labels.some((cell) => cell.length > LONGEST_LABEL)) return false
  const periods = countPeriods(cells, sample)
  if (labels.some((cell) => kindOf(cell) !== 'text') && periods === 0) return false
  if (recursBelow(cells, sample)) return false
  const missing = Math.max(0, Math.min(width, longest(sample)) - labels.length)
  const doubles = labels.length - new Set(labels).size
  if (missing === 0 && doubles === 0) return true
  if (contrasts(cells, sample)) return missing <= width / 3
  return labels.length >= 2 && missing <= width / 4 && (doubles === 0 || areDoubled(cells, doubles, sample))
}

/** `site, site`: the same label twice over columns that never say the same. */
function areDoubled(cells: readonly string[], doubles: number, below: readonly GridRow[]): boolean {
  const pairs = cells.flatMap((cell, index) => {
    const before = cell === '' ? -1 : cells.lastIndexOf(cell, index - 1)
    return index > 0 && before >= 0 ? [[before, index] as const] : []
  })
  const differ = below.every(({ cells: row }) => pairs.every(([a, b]) => (row[a] ?? '') !== (row[b] ?? '') || !row[a]))
  return doubles <= cells.length / 3 && differ
}

/** `Region | 2023 | 2024 | 2025`: years or months in a row are labels too, if no such column holds years. */
function countPeriods(cells: readonly string[], below: readonly GridRow[]): number {
  const at = cells.flatMap((cell, index) => (/^(?:19|20)\d{2}(?:-\d{2}){0,2}$/.test(cell) ? [index] : []))
  const others = cells.filter((cell) => cell !== '' && kindOf(cell) !== 'text').length
  if (at.length < 3 || others > at.length || at.includes(0)) return 0
  const rises = at.every((index, k) => k === 0 || (cells[at[k - 1] ?? 0] ?? '') < (cells[index] ?? ''))
  const falls = at.every((index, k) => k === 0 || (cells[at[k - 1] ?? 0] ?? '') > (cells[index] ?? ''))
  const again = below.some(({ cells: row }) => at.every((index) => /^(?:19|20)\d{2}(?:-|$)/.test(row[index] ?? '')))
  return (rises || falls) && !again ? at.length : 0
}

/** A label that is also a value of its column is a value itself, unless now and then the whole header is repeated. */
function recursBelow(cells: readonly string[], below: readonly GridRow[]): boolean {
  const labels = cells.filter((cell) => cell !== '').length
  let repeated = 0
  for (const row of below) {
    const same = cells.filter((cell, index) => cell !== '' && cell === row.cells[index]).length
    if (same === labels) repeated += 1
    else if (same > 0) return true
  }
  return repeated > below.length / 10
}

function contrasts(cells: readonly string[], below: readonly GridRow[]): boolean {
  return cells.some((cell, index) => {
    if (cell === '') return false
    const kinds = below.map((row) => kindOf(row.cells[index] ?? '')).filter((kind) => kind !== 'empty')
    return kinds.length > 0 && kinds.filter((kind) => kind !== 'text').length >= kinds.length * 0.8
  })
}

function longest(rows: readonly GridRow[]): number {
  return rows.reduce((most, { cells }) => Math.max(most, cells.findLastIndex((cell) => cell !== '') + 1), 0)
}
