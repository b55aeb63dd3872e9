import { type CellObject, type Range, read, set_cptable, type WorkBook, type WorkSheet } from '@e965/xlsx'
import * as codepages from '@e965/xlsx/dist/cpexcel'
import { InputError } from '../../../src/model/errors.ts'
import { MAX_CELLS, tooManyCells } from '../tables/build-table.ts'
import { openZip, type Zip } from '../../zip.ts'
import { cellText } from './cell-text.ts'
import { type CellComment, commentsOf } from './comments.ts'
import { columnLetter, type SheetRow } from './grid.ts'

const MAX_SHEETS = 500
/** Merged cells that are minded; larger areas are decoration. */
const MAX_MERGED = 100_000

// Old .xls files are written in the code page of their country.
set_cptable(codepages)

/** @throws InputError `corrupt`, `encrypted`, `limit` */
export async function openWorkbook(bytes: Uint8Array, path: string): Promise<{ book: WorkBook; zip: Zip | null }> {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b
  const zip = isZip ? await openZip(bytes, path) : null
  if (zip !== null) await checkSize(zip, path)
  const book = parse(bytes, path)
  if (book.SheetNames.length > MAX_SHEETS)
    throw new InputError('limit', `${path}: has ${book.SheetNames.length} sheets, at most ${MAX_SHEETS} are read`, {
      place: path,
      hint: 'Split the workbook.',
    })
  return { book, zip }
}

/** Counts cells before the library makes objects of them. */
async function checkSize(zip: Zip, path: string): Promise<void> {
  let cells = 0
  for (const name of zip.names.filter((one) => /^xl\/worksheets\/[^/]+\.xml$/i.test(one))) {
    const part = Buffer.from(await zip.read(name))
    for (let at = part.indexOf('<c '); at >= 0; at = part.indexOf('<c ', at + 3)) cells += 1
    if (cells > MAX_CELLS) throw tooManyCells(path, MAX_CELLS)
  }
}

function parse(bytes: Uint8Array, path: string): WorkBook {
  try {
    return read(bytes, {
      type: 'array',
      dense: true,
      cellDates: true,
      UTC: true,
      cellNF: true,
      cellHTML: false,
      cellFormula: false,
      bookVBA: false,
    })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : ''
    if (/password|encrypt/i.test(message))
      throw new InputError('encrypted', `${path}: is protected by a password`, {
        place: path,
        hint: 'Save a copy without the password.',
        cause,
      })
    throw new InputError('corrupt', `${path}: the workbook is damaged`, {
      place: path,
      hint: 'Open it in the program that wrote it and save it again.',
      cause,
    })
  }
}

/** The cells of a sheet that exist. Never by its range: a lone cell in the far corner spans 17 thousand million. */
export function readSheet(sheet: WorkSheet, path: string): { rows: SheetRow[]; comments: CellComment[] } {
  const rows: SheetRow[] = []
  const comments: CellComment[] = []
  let count = 0
  const data = (sheet['!data'] ?? []) as (CellObject[] | undefined)[]
  data.forEach((line, rowIndex) => {
    if (line === undefined) return
    const columns: number[] = []
    const texts: string[] = []
    const take = (cell: CellObject | undefined, column: number): void => {
      if (cell === undefined) return
      count += 1
      if (count > MAX_CELLS) throw tooManyCells(path, MAX_CELLS)
      const text = cellText(cell)
      if (text !== '') {
        columns.push(column)
        texts.push(text)
      }
      if (cell.c !== undefined) comments.push(...commentsOf(cell, `${columnLetter(column)}${rowIndex + 1}`))
    }
    // Holes are passed over by both kinds of loop; where there may be many, keys are the quicker way.
    if (line.length > 256) for (const key of Object.keys(line)) take(line[Number(key)], Number(key))
    else line.forEach(take)
    if (columns.length > 0) rows.push({ row: rowIndex + 1, columns, texts })
  })
  const merges = sheet['!merges'] ?? []
  return { rows: merges.length === 0 ? rows : fillMerged(rows, merges), comments }
}

/** Merged cells are no gap between others, though only the first holds a text. */
function fillMerged(rows: readonly SheetRow[], merges: readonly Range[]): SheetRow[] {
  const byRow = new Map(
    rows.map((line) => [line.row, new Map(line.columns.map((column, at) => [column, line.texts[at] ?? '']))]),
  )
  let area = 0
  for (const { s: from, e: to } of merges) {
    area += (to.r - from.r + 1) * (to.c - from.c + 1)
    if (!byRow.get(from.r + 1)?.has(from.c)) continue
    if (area > MAX_MERGED) break
    for (let row = from.r + 1; row <= to.r + 1; row += 1) {
      const cells = byRow.get(row) ?? new Map<number, string>()
      byRow.set(row, cells)
      for (let column = from.c; column <= to.c; column += 1) if (!cells.has(column)) cells.set(column, '')
    }
  }
  return [...byRow]
    .toSorted(([a], [b]) => a - b)
    .map(([row, cells]) => {
      const sorted = [...cells].toSorted(([a], [b]) => a - b)
      return { row, columns: sorted.map(([column]) => column), texts: sorted.map(([, text]) => text) }
    })
}
