import { BULLET, NUMBER, UNSURE } from './bullets.ts'
import { headingLength } from './headings.ts'
import {
  breaksBefore,
  changesStyle,
  hadRoom,
  isParted,
  isShort,
  isTerminal,
  startOf,
  startsSmall,
} from './line-breaks.ts'
import type { Line } from './lines.ts'
import type { Measures } from './measures.ts'
import { findTables } from './tables.ts'

/** What stands together: a paragraph, an item of a list, a heading, a row of a table. */
export interface Block {
  readonly kind: 'heading' | 'item' | 'row' | 'paragraph'
  readonly lines: readonly Line[]
  /** Cells of a row. */
  readonly cells?: readonly string[]
  /** Whether the last line ends only because it is full. */
  readonly full: boolean
  /** Whether the first line is set in further than those around. */
  readonly indented: boolean
}

/** Dots that lead to a page number in a table of contents. */
const LEADER = /\s*(?:\.\s?){4,}\s*|\s*…{2,}\s*/
/** A gap of so many heights of the font parts two things that share a line. */
const APART = 3

/** The text of an item without its sign; its number stays. */
export function withoutBullet(text: string): string {
  return text.replace(BULLET, '')
}

/** The blocks of one region. */
export function blocksOfRegion(lines: readonly Line[], titles: ReadonlySet<string>, measures: Measures): Block[] {
  const blocks: Block[] = []
  const tables = new Map(findTables(lines).map((table) => [table.from, table]))
  const margin = lines.reduce(
    (least, line) => (line.text.length > 20 ? Math.min(least, startOf(line)) : least),
    Infinity,
  )
  for (let index = 0; index < lines.length;) {
    const line = lines[index]
    if (line === undefined) break
    const heading = headingLength(lines, index, titles, measures)
    const table = tables.get(index)
    if (table !== undefined && (heading === 0 || table.rows[0]?.cells.length !== 2)) {
      for (const row of table.rows) blocks.push(blockOf('row', row.lines, row.cells))
      index = table.to
    } else if (heading > 0) {
      blocks.push(blockOf('heading', lines.slice(index, index + heading)))
      index += heading
    } else if (isRow(line)) {
      blocks.push(blockOf('row', [line], cellsOf(line)))
      index += 1
    } else {
      const kind = startsItem(lines, index, measures) ? 'item' : 'paragraph'
      let end = index + 1
      while (end < lines.length && !tables.has(end) && !endsBlock(lines, end, index, kind, titles, measures)) end += 1
      const full = end === lines.length && !isShort(lines, end - 1)
      const indented = startOf(line) > margin + line.size * 0.8
      blocks.push({ kind, lines: lines.slice(index, end), full, indented })
      index = end
    }
  }
  return blocks
}

function blockOf(kind: Block['kind'], lines: readonly Line[], cells?: readonly string[]): Block {
  return { kind, lines, ...(cells === undefined ? {} : { cells }), full: false, indented: false }
}

/** A line by itself whose parts have nothing to do with each other, or one of a table of contents. */
function isRow(line: Line): boolean {
  if (LEADER.test(line.text)) return /\d\s*$|[ivx]\s*$/.test(line.text)
  return line.cells.some((cell, index) => {
    const next = line.cells[index + 1]
    return next !== undefined && next.left - cell.right > APART * line.size
  })
}

function cellsOf(line: Line): string[] {
  const cells = LEADER.test(line.text) ? line.text.split(LEADER) : line.cells.map((cell) => cell.text)
  return cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
}

function startsItem(lines: readonly Line[], index: number, measures: Measures): boolean {
  const line = lines[index]
  // In small print a star is the mark of a footnote.
  if (line === undefined || (line.text.startsWith('*') && line.size < measures.bodySize * 0.92)) return false
  return BULLET.test(line.text) || NUMBER.test(line.text)
}

function endsBlock(
  lines: readonly Line[],
  index: number,
  first: number,
  kind: 'item' | 'paragraph',
  titles: ReadonlySet<string>,
  measures: Measures,
): boolean {
  const above = lines[index - 1]
  const line = lines[index]
  const start = lines[first]
  if (above === undefined || line === undefined || start === undefined) return true
  if (isRow(line) || headingLength(lines, index, titles, measures) > 0) return true
  if (startsItem(lines, index, measures)) {
    const prose =
      kind === 'paragraph' && UNSURE.test(line.text) && !isTerminal(above.text) && !isShort(lines, index - 1)
    // Within an item, a number that stands further in than the item's own belongs to its text.
    const inside =
      kind === 'item' &&
      NUMBER.test(line.text) &&
      !isTerminal(above.text) &&
      startOf(line) > startOf(start) + line.size * 0.5 &&
      /^\d{2,}/.test(line.text)
    if (!prose && !inside) return true
  }
  if (kind === 'paragraph') return breaksBefore(lines, index, first, measures)
  if (isParted(above, line, measures) || startOf(line) < startOf(start) - line.size * 0.5) return true
  if (changesStyle(above, line)) return true
  if (startsSmall(line.text) && !isTerminal(above.text)) return false
  // Lines of an item hang below its text; what begins further out, or after a line that ended early, is new.
  if (startOf(line) > startOf(start) + line.size * 0.4) return isShort(lines, index - 1) && hadRoom(lines, index)
  return isTerminal(above.text) || isShort(lines, index - 1)
}
