import type { Unit } from '../../../src/model/document.ts'
import type { Note } from '../../../src/model/note.ts'
import type { Place } from '../../../src/model/place.ts'
import { foldSpace } from '../../passage.ts'
import type { Table } from '../../reading.ts'
import { splitSentences } from '../../sentences.ts'
import type { TextBuilder } from '../../text-builder.ts'

/** A table of at most so many rows is read as text, whole; larger ones are profiled and sampled later. */
export const SMALL_TABLE = 50
/** No person reads more of one cell, and a model could not. */
const MAX_CELL = 32 * 1024
/** What stands alone in its row and is longer than this is prose, not a title. */
const LONGEST_TITLE = 100

/** How the rows of one table find their way into units. */
export interface TableTextOptions {
  /** What the header says in the source, where that differs from the names of the columns. */
  readonly header?: readonly string[] | undefined
  /** Place of a header that is no row of its own. */
  readonly headerPlace?: Place | undefined
  /** Place of a row by its number. */
  readonly place: (row: number) => Place
}

/** Writes a small table as units, the header first; of a larger one nothing. */
export function addTableText(
  builder: TextBuilder,
  table: Table,
  { header, headerPlace, place }: TableTextOptions,
): void {
  const first = table.rows[0]
  if (table.rows.length > SMALL_TABLE || first === undefined) return
  builder.block()
  if (header !== undefined) addCells(builder, header, headerPlace ?? place(table.headerRow ?? first.row))
  for (const { row, cells } of table.rows) addCells(builder, cells, place(row))
  builder.block()
}

/** One row as a unit: cells joined by ` | `, empty ones at the end left away. */
export function addCells(builder: TextBuilder, cells: readonly string[], place: Place): void {
  builder.line()
  const filled = cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1)
  builder.add('row', filled.map(foldSpace).join(' | '), place)
}

/** What stands alone in its row: a title above a table, or prose. */
export function addLoneText(builder: TextBuilder, text: string, place: Place, above: boolean): void {
  builder.line()
  const isTitle = above && text.length <= LONGEST_TITLE && !text.includes('\n') && !/[.!?:;]$/.test(text)
  if (isTitle) builder.add('heading', foldSpace(text), place)
  else addProse(builder, text, () => place)
}

/** Words of a cell or value sentence by sentence; `place` is asked with the number of the line inside, from 0. */
export function addProse(
  builder: TextBuilder,
  text: string,
  place: (line: number) => Place,
  kind: Unit['kind'] = 'sentence',
): void {
  for (const [index, line] of text.split('\n').entries()) {
    const folded = foldSpace(line)
    if (folded === '') continue
    builder.line()
    for (const { start, end } of splitSentences(folded)) builder.add(kind, folded.slice(start, end), place(index))
  }
}

/** Names for columns: unique and not empty. `made` gives the name of a column that has none. */
export function columnNames(header: readonly string[], width: number, made: (index: number) => string): string[] {
  const used = new Set<string>()
  return Array.from({ length: width }, (_, index) => {
    const name = foldSpace(header[index] ?? '') || made(index)
    let unique = name
    for (let count = 2; used.has(unique); count += 1) unique = `${name} ${count}`
    used.add(unique)
    return unique
  })
}

/** Cuts what is too long for a cell, and counts how often it had to. */
export class CellCutter {
  #count = 0
  #first = ''

  cut(cell: string, where: () => string): string {
    if (cell.length <= MAX_CELL) return cell
    this.#count += 1
    if (this.#count === 1) this.#first = where()
    // Not between the halves of a surrogate pair.
    const end = (cell.charCodeAt(MAX_CELL - 1) & 0xfc00) === 0xd800 ? MAX_CELL - 1 : MAX_CELL
    return cell.slice(0, end)
  }

  get notes(): Note[] {
    if (this.#count === 0) return []
    const message = `Cells cut after ${MAX_CELL / 1024} KB: ${this.#count}.`
    return [{ code: 'long-cell', message, where: this.#first }]
  }
}
