import { profileChunkId, type Chunk, type ChunkUnit } from '../model/chunk.ts'
import type { Column, Dataset } from '../model/dataset.ts'
import type { Place } from '../model/place.ts'
import type { DataRow } from './tables.ts'

/** Rows that are shown with a profile; a table that is no longer is shown whole. */
export const SAMPLE_ROWS = 12
/** Wider tables are shown by their first columns; hardly any model looks at more. */
const MOST_COLUMNS = 60
/** Longer cells are shown by their beginning. */
const LONGEST_CELL = 120

/** How readers name a column that has no name. */
const MADE_UP = /^column (?:\d+|[A-Z]{1,3})$/

/**
 * What an engine is shown of a table: a unit for each column that tells what its values look like (written by
 * whygraph: part `profile`), then the header and some rows as they stand in the source.
 */
export function profileChunk(
  dataset: Dataset,
  sample: readonly DataRow[],
  position: { readonly index: number; readonly start: number },
): Chunk {
  const sheet: Place = dataset.name === null ? {} : { sheet: dataset.name }
  const columns = dataset.columns.slice(0, MOST_COLUMNS)
  const parts: Omit<ChunkUnit, 's' | 'start' | 'end'>[] = columns.map((column) => ({
    kind: 'profile',
    place: { ...sheet, column: column.name, part: 'profile' },
    text: describeColumn(column, dataset.rows),
  }))
  // The names of records' fields stand in every record; names that were made up stand nowhere.
  if (dataset.headerRow !== null || !columns.some((column) => MADE_UP.test(column.name))) {
    const text = columns.map((column) => oneLine(column.name)).join(' | ')
    const place: Place =
      dataset.headerRow === null ? { ...sheet, part: 'header' } : { ...sheet, row: dataset.headerRow }
    parts.push({ kind: 'row', place, text })
  }
  for (const { row, cells } of sample) {
    const text = cells
      .slice(0, MOST_COLUMNS)
      .map((cell) => shorten(oneLine(cell)))
      .join(' | ')
    if (/[^|\s]/.test(text)) parts.push({ kind: 'row', place: { ...sheet, row }, text: text.trim() })
  }
  let offset = position.start
  const units = parts.map((part, index) => {
    const start = offset
    offset += part.text.length + 1
    return { ...part, s: index + 1, start, end: start + part.text.length }
  })
  const text = parts.map((part) => part.text).join('\n')
  return {
    id: profileChunkId(dataset.documentId, dataset.name, text),
    documentId: dataset.documentId,
    index: position.index,
    start: position.start,
    end: position.start + text.length,
    text,
    units,
    holds: 'profile',
  }
}

/** `owner: text, 12 rows, none empty, 2 different values, names; Tevita Fonua; Zuzana Křížová`. */
function describeColumn(column: Column, rows: number): string {
  const { name, type, empty, distinct, isKey, looksLikeNames, examples, least, greatest } = column
  const facts = [
    type,
    empty === 0 ? `${rows} rows` : `${rows} rows, ${empty} empty`,
    isKey ? 'all different' : `${distinct} different`,
    ...(looksLikeNames ? ['names'] : []),
    ...(type !== 'text' && type !== 'boolean' && least !== null ? [`${least} to ${greatest}`] : []),
  ]
  const shown = type === 'text' ? examples.map(oneLine).join('; ') : ''
  return `${oneLine(name)}: ${facts.join(', ')}${shown === '' ? '' : `; e.g. ${shown}`}`
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\u0085\u2028\u2029]+/gu, ' ')
}

function shorten(cell: string): string {
  return cell.length > LONGEST_CELL ? `${cell.slice(0, LONGEST_CELL)} …` : cell
}
