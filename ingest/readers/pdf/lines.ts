import { readingOrder } from './columns.ts'
import { isRightToLeft } from './run-text.ts'
import type { Run, Sheet } from './runs.ts'
import type { Segment } from './segments.ts'

/** A part of a line that a wide gap parts from the next. */
export interface Cell {
  readonly text: string
  readonly left: number
  readonly right: number
}

/** A line as one sees it, within its column. */
export interface Line {
  readonly page: number
  /** Its number on the page, from 1, in the order of reading. */
  readonly number: number
  /** Number of the stretch of lines that stand under each other, unique in the document. */
  readonly region: number
  readonly text: string
  readonly cells: readonly Cell[]
  readonly left: number
  readonly right: number
  readonly baseline: number
  readonly size: number
  readonly bold: boolean
  /** How its first and its last word are set: a line may begin in small print and end in bold. */
  readonly first: { readonly size: number; readonly bold: boolean }
  readonly last: { readonly size: number; readonly bold: boolean }
  readonly rtl: boolean
  /** Not so: along the side of the page, or across it. */
  readonly upright: boolean
}

/** A sheet with its segments, before it is known which of them repeat on other pages. */
export interface SegmentedSheet {
  readonly sheet: Sheet
  readonly segments: readonly Segment[]
}

/**
 * The lines of a page in the order of reading, numbered as a person counts them: running heads first, though they
 * are not among the lines that come back.
 */
export function linesOfPage(
  page: number,
  sheets: readonly SegmentedSheet[],
  isRunning: (segment: Segment) => boolean,
  firstRegion: number,
): Line[] {
  const lines: Line[] = []
  let number = 0
  let region = firstRegion
  for (const { sheet, segments } of sheets) {
    const body = segments.filter((segment) => !isRunning(segment))
    const bodyRows = new Set(body.map((segment) => segment.row))
    const running = segments.filter((segment) => !bodyRows.has(segment.row))
    const heads = running.filter((segment) => segment.baseline < sheet.height / 2)
    number += new Set(heads.map((segment) => segment.row)).size
    const rtl = isRightToLeft(body.flatMap((segment) => segment.runs))
    for (const part of readingOrder(body, rtl)) {
      for (const row of rowsOf(part)) {
        number += 1
        lines.push(makeLine(row, page, number, region, sheet === sheets[0]?.sheet))
      }
      region += 1
    }
    number += new Set(running.map((segment) => segment.row)).size - new Set(heads.map((one) => one.row)).size
  }
  return lines
}

function rowsOf(segments: readonly Segment[]): Segment[][] {
  const rows = new Map<number, Segment[]>()
  for (const segment of segments) {
    const row = rows.get(segment.row)
    if (row === undefined) rows.set(segment.row, [segment])
    else row.push(segment)
  }
  return [...rows.values()]
    .map((row) => row.toSorted((a, b) => a.left - b.left))
    .toSorted((a, b) => (a[0]?.row ?? 0) - (b[0]?.row ?? 0))
}

function makeLine(row: readonly Segment[], page: number, number: number, region: number, upright: boolean): Line {
  const runs = row.flatMap((segment) => segment.runs)
  const rtl = isRightToLeft(runs)
  const cells = rtl ? row.toReversed() : row
  const longest = row.reduce<Segment | undefined>(
    (best, segment) => (best === undefined || segment.text.length > best.text.length ? segment : best),
    undefined,
  )
  const letters = (run: { text: string }): number => run.text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  const all = runs.reduce((sum, run) => sum + letters(run), 0)
  const bold = runs.reduce((sum, run) => sum + (run.bold ? letters(run) : 0), 0)
  return {
    page,
    number,
    region,
    text: cells.map((cell) => cell.text).join(' '),
    cells: cells.map(({ text, left, right }) => ({ text, left, right })),
    left: row.reduce((least, segment) => Math.min(least, segment.left), Infinity),
    right: row.reduce((most, segment) => Math.max(most, segment.right), -Infinity),
    baseline: longest?.baseline ?? 0,
    size: longest?.size ?? 0,
    bold: all > 0 && bold >= all * 0.9,
    first: styleOf(rtl ? runs.at(-1) : runs[0]),
    last: styleOf(rtl ? runs[0] : runs.at(-1)),
    rtl,
    upright,
  }
}

function styleOf(run: Run | undefined): { size: number; bold: boolean } {
  return { size: run?.size ?? 0, bold: run?.bold ?? false }
}
