import type { Note } from '../../src/model/note.ts'
import { findDateInPath, findStatedDate } from '../dates.ts'
import { foldSpace } from '../passage.ts'
import type { FileReader, Reading, SourceFile, Table } from '../reading.ts'
import { addCells, addLoneText, addTableText, CellCutter, SMALL_TABLE } from './tables/table-text.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { countFilled } from './tables/find-table.ts'
import { addComments, readCommentDates } from './xlsx/comments.ts'
import { columnLetter } from './xlsx/grid.ts'
import { findSheetParts, type SheetPart } from './xlsx/sheet-parts.ts'
import { openWorkbook, readSheet } from './xlsx/workbook.ts'

/** Names that a program gave. */
const UNNAMED = /^(?:sheet|tabelle|feuil|hoja|foglio|planilha|blad|ark|arkusz|list|лист|シート|工作表)\s?\d{0,3}$/i

const OLD_EXCEL = 'application/vnd.ms-excel'
const NEW_EXCEL = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  xlsm: 'application/vnd.ms-excel.sheet.macroEnabled.12',
}

/** Workbooks of Excel (new and old) and LibreOffice. Formulas give their last values; comments come after the cells. */
export const xlsxReader: FileReader = {
  name: 'xlsx',
  extensions: ['xlsx', 'xlsm', 'xls', 'ods'],
  read: readWorkbook,
}

async function readWorkbook({ path, bytes }: SourceFile): Promise<Reading> {
  const { book, zip } = await openWorkbook(bytes, path)
  const dates = zip === null ? new Map<string, string>() : await readCommentDates(zip, path)
  const builder = new TextBuilder()
  const cutter = new CellCutter()
  const tables: Table[] = []
  const notes: Note[] = []
  const taken = new Set<string>()
  let loose = 0
  for (const [index, name] of book.SheetNames.entries()) {
    const sheet = book.Sheets[name]
    if (sheet === undefined) continue
    const { rows, comments } = readSheet(sheet, path)
    delete book.Sheets[name]
    const hidden = book.Workbook?.Sheets?.[index]?.Hidden
    if (hidden !== undefined && hidden !== 0 && rows.length + comments.length > 0)
      notes.push({ code: 'hidden-sheet', message: `The sheet “${name}” is hidden; it was read.`, where: name })
    const parts = findSheetParts(rows, { path, sheet: name, taken, cutter })
    const saysSomething = comments.length > 0 || parts.some(hasUnits)
    builder.block()
    if (saysSomething && (book.SheetNames.length > 1 || !UNNAMED.test(name))) {
      builder.add('heading', name, { sheet: name })
      builder.block()
    }
    for (const part of parts) {
      if (part.kind === 'table') tables.push(part.table)
      else loose += part.rows.length
      addPart(builder, part, name, cutter)
    }
    if (comments.length > 0) addComments(builder, comments, name, dates)
  }
  const { units, text } = builder
  const head = units.slice(0, 20).map((unit) => text.slice(unit.start, unit.end).replace(' | ', ': '))
  const rowCount = tables.reduce((sum, { rows }) => sum + rows.length, 0)
  const author = foldSpace(book.Props?.Author ?? '')
  return {
    document: {
      title: foldSpace(book.Props?.Title ?? '') || titleFromPath(path),
      kind: rowCount > loose ? 'table' : 'document',
      mediaType: zip === null ? OLD_EXCEL : (MEDIA_TYPES[book.bookType ?? ''] ?? NEW_EXCEL),
      date: findStatedDate(head) ?? findDateInPath(path),
      text,
      units,
      notes: [...notes, ...cutter.notes],
      ...(author === '' ? {} : { metadata: { author } }),
    },
    ...(tables.length === 0 ? {} : { tables }),
  }
}

function hasUnits(part: SheetPart): boolean {
  return part.kind === 'text' || part.table.rows.length <= SMALL_TABLE
}

function addPart(builder: TextBuilder, part: SheetPart, sheet: string, cutter: CellCutter): void {
  if (part.kind === 'table')
    return addTableText(builder, part.table, { header: part.header, place: (row) => ({ sheet, row }) })
  builder.block()
  for (const line of part.rows) {
    const { row } = line
    const cells = line.cells.map((cell) => cutter.cut(cell, () => `${sheet} row ${row}`))
    if (countFilled(line) > 1) addCells(builder, cells, { sheet, row })
    else {
      const at = cells.findIndex((cell) => cell !== '')
      const place = { sheet, cell: `${columnLetter(part.left + at)}${row}` }
      addLoneText(builder, cells[at] ?? '', place, part.above)
    }
  }
  builder.block()
}
