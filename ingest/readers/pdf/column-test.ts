import type { Segment } from './segments.ts'

/** Lines of prose have more letters than cells of a table. */
const PROSE_LETTERS = 16

/**
 * Columns run independently of each other, or are filled with prose; rows of a table have a cell on both sides, and
 * cells are short or end where they like.
 */
export function looksLikeColumns(left: readonly Segment[], right: readonly Segment[]): boolean {
  const leftRows = rowsOf(left)
  const rightRows = rowsOf(right)
  const [fewer, more] = leftRows.size <= rightRows.size ? [leftRows, rightRows] : [rightRows, leftRows]
  const shared = [...fewer.keys()].filter((row) => more.has(row)).length
  const level = [...fewer].filter(([row, one]) => Math.abs((more.get(row)?.baseline ?? -99) - one.baseline) < 1).length
  if (shared < fewer.size * 0.4) return true
  // Labels in the middle of high cells stand level with no line either, but there are few of them.
  if (level < fewer.size * 0.4 && fewer.size >= more.size * 0.5) return true
  // Cells that wrap leave rows without a partner on one side; on both sides, there is no common row.
  const alone = (rows: ReadonlyMap<number, Row>): number => (rows.size - shared) / rows.size
  if (Math.min(alone(leftRows), alone(rightRows)) >= 0.25) return true
  return isProse(leftRows) && isProse(rightRows)
}

interface Row {
  left: number
  right: number
  baseline: number
  letters: number
  cells: number
}

function rowsOf(segments: readonly Segment[]): Map<number, Row> {
  const rows = new Map<number, Row>()
  for (const { row, left, right, baseline, text } of segments) {
    const known = rows.get(row) ?? { left: Infinity, right: -Infinity, baseline, letters: 0, cells: 0 }
    rows.set(row, {
      left: Math.min(known.left, left),
      right: Math.max(known.right, right),
      baseline: known.baseline,
      letters: known.letters + text.length,
      cells: known.cells + 1,
    })
  }
  return rows
}

function isProse(rows: ReadonlyMap<number, Row>): boolean {
  const all = [...rows.values()]
  const left = Math.min(...all.map((row) => row.left))
  const right = Math.max(...all.map((row) => row.right))
  const full = all.filter(
    (row) => right - row.right < (right - left) * 0.15 && row.letters >= PROSE_LETTERS * row.cells,
  ).length
  return full >= all.length * 0.5
}
