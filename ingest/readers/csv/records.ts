import { CsvError, parse } from 'csv-parse/sync'
import type { GridRow } from '../tables/header.ts'

/** Longer records are what an open quote makes of the rest of the file. */
const MAX_RECORD = 1024 * 1024
/** Half a million rows of ten columns, with some room; more does not fit into the memory of a reader. */
export const MAX_CSV_CELLS = 6_000_000
/** After so many broken records, quotes mean something else in this file: every line is read by itself. */
const MAX_BREAKS = 20

/** The records of a CSV text with the line on which each begins. */
export interface Records {
  readonly rows: GridRow[]
  /** Lines whose quotes are broken; they were read as they stand. */
  readonly brokenLines: readonly number[]
}

/** Records whose quotes are broken cost one line, not the rest of the file. Blank lines are no records. */
export function readRecords(text: string, delimiter: string, firstLine: number, overLimit: () => Error): Records {
  const rows: GridRow[] = []
  const brokenLines: number[] = []
  let breaks = 0
  let budget = MAX_CSV_CELLS
  const add = (row: number, cells: string[]): void => {
    for (let index = 0; index < cells.length; index += 1) cells[index] = (cells[index] ?? '').trim()
    budget -= cells.length
    if (budget < 0) throw overLimit()
    if (cells.some((cell) => cell !== '')) rows.push({ row, cells })
  }
  let rest = text
  let line = firstLine
  while (rest !== '') {
    const byLine = breaks >= MAX_BREAKS
    const read = byLine ? { lines: 0, done: false } : readUntilBroken(rest, delimiter, line, add)
    if (read.done) break
    // What could not be read begins on the next line that is not blank.
    let start = offsetOfLine(rest, read.lines)
    line += read.lines
    let isDone = false
    for (; start < rest.length && !isDone; line += 1) {
      const newline = rest.indexOf('\n', start)
      const end = newline < 0 ? rest.length : newline
      const own = rest.slice(start, end)
      start = end + 1
      if (own.trim() === '') continue
      add(line, cellsOf(own, delimiter))
      isDone = !byLine
      // Without any quote it was only too long.
      if (isDone && own.includes('"')) brokenLines.push(line)
    }
    breaks += 1
    rest = rest.slice(start)
  }
  return { rows, brokenLines }
}

/** Reads records until one is broken. `lines` is where the last good one ends. */
function readUntilBroken(
  text: string,
  delimiter: string,
  firstLine: number,
  add: (row: number, cells: string[]) => void,
): { lines: number; done: boolean } {
  let lines = 0
  try {
    parse(text, {
      delimiter,
      trim: true,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD,
      record_delimiter: '\n',
      on_record: (cells: string[], context) => {
        // The parser counts the line on which a record ends.
        let breaks = 0
        for (const cell of cells) if (cell.includes('\n')) breaks += cell.split('\n').length - 1
        lines = context.lines
        add(firstLine + lines - 1 - breaks, cells)
        return null
      },
    })
    return { lines, done: true }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    return { lines, done: false }
  }
}

/** The cells of one line; a quoted cell counts as such only where its quotes are whole. */
function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = []
  for (let start = 0; start <= line.length;) {
    const close = closingQuote(line, start, delimiter)
    if (close !== null) {
      cells.push(line.slice(start, close.quote).trimStart().slice(1).replaceAll('""', '"'))
      start = close.end + 1
      continue
    }
    const next = line.indexOf(delimiter, start)
    const end = next < 0 ? line.length : next
    cells.push(line.slice(start, end))
    start = end + 1
  }
  return cells
}

/** Where the quoted cell that begins here is closed and ends, or null where it is no whole quoted cell. */
function closingQuote(line: string, start: number, delimiter: string): { quote: number; end: number } | null {
  let at = start
  while (line[at] === ' ') at += 1
  if (line[at] !== '"') return null
  let quote = line.indexOf('"', at + 1)
  while (quote >= 0 && line[quote + 1] === '"') quote = line.indexOf('"', quote + 2)
  if (quote < 0) return null
  let end = quote + 1
  while (line[end] === ' ') end += 1
  return end === line.length || line.startsWith(delimiter, end) ? { quote, end } : null
}

function offsetOfLine(text: string, lines: number): number {
  let offset = 0
  for (let line = 0; line < lines; line += 1) {
    const newline = text.indexOf('\n', offset)
    if (newline < 0) return text.length
    offset = newline + 1
  }
  return offset
}
