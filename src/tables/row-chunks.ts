import type { Chunk, ChunkUnit } from '../model/chunk.ts'
import { cellName, type Dataset } from '../model/dataset.ts'
import { contentId } from '../model/ids.ts'
import type { DataRow } from './tables.ts'

/** Rows of one chunk: what one transaction takes in. */
export const ROWS_A_CHUNK = 50

/**
 * Rows as mappings read them: each cell that is not empty is a unit, with its row, cell and column as its place. Tabs
 * stand between the cells of a row, line breaks between rows.
 */
export function rowChunk(
  dataset: Dataset,
  rows: readonly DataRow[],
  position: { readonly index: number; readonly start: number },
): Chunk {
  const units: ChunkUnit[] = []
  const lines: string[] = []
  let offset = position.start
  for (const { row, cells } of rows) {
    const texts: string[] = []
    for (const column of dataset.columns) {
      const text = (cells[column.position] ?? '').replace(/[\t\r\n\u0085\u2028\u2029]/gu, ' ').trim()
      if (text === '') continue
      const cell = cellName(dataset, column.position, row)
      const place = {
        ...(dataset.name === null ? {} : { sheet: dataset.name }),
        row,
        column: column.name,
        ...(cell === null ? {} : { cell }),
      }
      units.push({ s: units.length + 1, kind: 'cell', start: offset, end: offset + text.length, place, text })
      texts.push(text)
      offset += text.length + 1
    }
    lines.push(texts.join('\t'))
    // An empty row has a line break of its own.
    if (texts.length === 0) offset += 1
  }
  const text = lines.join('\n')
  const first = String(rows[0]?.row ?? 0)
  const names = dataset.columns.map((column) => column.name)
  return {
    // The first row's number keeps equal blocks of a table apart; which cell stands in which column is what it says.
    id: contentId(
      'chunk',
      dataset.documentId,
      'rows',
      dataset.name ?? '',
      first,
      ...names,
      ...rows.flatMap((row) => row.cells),
    ),
    documentId: dataset.documentId,
    index: position.index,
    start: position.start,
    end: position.start + text.length,
    text,
    units,
    holds: 'rows',
  }
}
