/** The two highest values of each row, so that the best besides any one column is known without looking again. */
export interface TopTwo {
  readonly best: Float64Array
  readonly column: Int32Array
  readonly second: Float64Array
}

/** Values of 0 and less do not count. */
export function topTwo(rows: number): TopTwo {
  return { best: new Float64Array(rows), column: new Int32Array(rows).fill(-1), second: new Float64Array(rows) }
}

export function offer(top: TopTwo, row: number, column: number, value: number): void {
  const best = top.best[row] ?? 0
  if (value > best) {
    top.second[row] = best
    top.best[row] = value
    top.column[row] = column
  } else if (value > (top.second[row] ?? 0)) top.second[row] = value
}

export function bestBesides(top: TopTwo, row: number, column: number): number {
  return (top.column[row] === column ? top.second : top.best)[row] ?? 0
}
