import { joinRuns } from './run-text.ts'
import { rowsOf } from './rows.ts'
import type { Run } from './runs.ts'

/** Runs that follow each other on one baseline without a wide gap: a line of a column, a cell of a table. */
export interface Segment {
  readonly runs: readonly Run[]
  readonly text: string
  readonly left: number
  readonly right: number
  readonly baseline: number
  /** That of most of its letters. */
  readonly size: number
  /** Number of the row of the sheet that it stands in, from the top. */
  readonly row: number
}

/** Wider gaps, in heights of the font, part columns and cells; those between justified words stay below. */
const WIDE = 0.9
/** After the mark of a list item the text begins at a tab stop. */
const AFTER_MARK = 5

const MARK = /^(?:[-–—*+•‣◦▪▫●○■□➢➔➤✓✗§·o]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)])$/u

/** From the top of the sheet down, those of one row from left to right. */
export function findSegments(runs: readonly Run[]): Segment[] {
  return rowsOf(runs).flatMap((row, index) => splitRow(row, index))
}

/** One segment of some runs in order, as when a segment is cut in two. */
export function makeSegment(runs: readonly Run[], row: number): Segment {
  const sizes = new Map<number, number>()
  for (const run of runs) sizes.set(run.size, (sizes.get(run.size) ?? 0) + run.text.length)
  const size = [...sizes].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0]
  const main = runs.find((run) => run.size === size)
  return {
    runs,
    text: joinRuns(runs),
    left: runs.reduce((least, run) => Math.min(least, run.left), Infinity),
    right: runs.reduce((most, run) => Math.max(most, run.right), -Infinity),
    baseline: main?.baseline ?? 0,
    size,
    row,
  }
}

function splitRow(row: readonly Run[], index: number): Segment[] {
  const segments: Segment[] = []
  let current: Run[] = []
  let right = 0
  for (const run of row.toSorted((a, b) => a.left - b.left)) {
    const last = current.at(-1)
    // Bold is sometimes made by drawing a word twice.
    if (last !== undefined && isSameAgain(last, run)) continue
    const size = last === undefined ? 0 : Math.max(last.size, run.size)
    const reach = current.length === 1 && MARK.test(last?.text ?? '') ? AFTER_MARK : WIDE
    if (last !== undefined && run.left - right > reach * size) {
      segments.push(makeSegment(current, index))
      current = []
    }
    right = current.length === 0 ? run.right : Math.max(right, run.right)
    current.push(run)
  }
  if (current.length > 0) segments.push(makeSegment(current, index))
  return segments
}

function isSameAgain(one: Run, other: Run): boolean {
  return (
    one.text === other.text &&
    Math.abs(one.left - other.left) < one.size * 0.2 &&
    Math.abs(one.baseline - other.baseline) < one.size * 0.2
  )
}
