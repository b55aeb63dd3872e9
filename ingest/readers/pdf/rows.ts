import type { Run } from './runs.ts'

/** How much of the height of a run must lie beside a row for it to belong there. */
const BESIDE = 0.45
/** Of raised and lowered signs less, but these touch a word of the row. */
const BESIDE_RAISED = 0.15
const RAISED_SIZE = 0.82
const LONGEST_RAISED = 6
/** A row with more runs than this is one of its own. */
const MOST_RAISED = 60

interface Row {
  largest: Run
  runs: Run[]
}

/** Runs that stand on one line across the sheet, from the top down; those of a row in no order. */
export function rowsOf(runs: readonly Run[]): Run[][] {
  const rows: Row[] = []
  for (const run of runs.toSorted((a, b) => a.baseline - b.baseline || a.left - b.left)) {
    const row = rows
      .slice(-3)
      .findLast(({ largest }) => overlap(largest, run) >= BESIDE * Math.min(largest.size, run.size))
    if (row === undefined) rows.push({ largest: run, runs: [run] })
    else {
      row.runs.push(run)
      if (run.size > row.largest.size) row.largest = run
    }
  }
  takeInRaised(rows)
  return rows.filter((row) => row.runs.length > 0).map((row) => row.runs)
}

/** How far two runs lie beside each other, from the height of capitals to just below the line. */
function overlap(one: Run, other: Run): number {
  const top = Math.max(one.baseline - one.size * 0.7, other.baseline - other.size * 0.7)
  const bottom = Math.min(one.baseline + one.size * 0.2, other.baseline + other.size * 0.2)
  return bottom - top
}

/** Exponents, indices and marks of footnotes that stand too high or low go to the row of the word they touch. */
function takeInRaised(rows: readonly Row[]): void {
  for (const [index, row] of rows.entries()) {
    const near = [...rows.slice(Math.max(0, index - 2), index), ...rows.slice(index + 1, index + 3)]
    if (row.runs.length > MOST_RAISED || !near.some((other) => row.largest.size < other.largest.size * RAISED_SIZE))
      continue
    row.runs = row.runs.filter((run) => {
      if (run.text.length > LONGEST_RAISED) return true
      let best: { row: Row; overlap: number } | null = null
      for (const other of near) {
        const depth = overlap(other.largest, run)
        if (depth < BESIDE_RAISED * run.size || (best !== null && depth <= best.overlap)) continue
        if (other.runs.some((word) => touches(word, run))) best = { row: other, overlap: depth }
      }
      best?.row.runs.push(run)
      return best === null
    })
  }
}

function touches(word: Run, run: Run): boolean {
  const gap = Math.max(run.left - word.right, word.left - run.right)
  return run.size < word.size * RAISED_SIZE && gap < word.size * 0.35 && gap > -word.size * 0.5
}
