import { contentId } from './ids.ts'

/** What all filled cells of a column are, judged by their text; `text` where they differ. */
export type ColumnType = 'integer' | 'number' | 'date' | 'timestamp' | 'boolean' | 'text'

/** One column of a dataset and what its values look like. */
export interface Column {
  readonly id: string
  readonly datasetId: string
  readonly name: string
  /** From 0. */
  readonly position: number
  readonly type: ColumnType
  /** Number of cells that are empty. */
  readonly empty: number
  /** Number of different values. */
  readonly distinct: number
  /** The least and greatest value, as text; of text the first and last in order. Null where all cells are empty. */
  readonly least: string | null
  readonly greatest: string | null
  /** Every row has a value and no two the same: it may tell the rows apart. */
  readonly isKey: boolean
  /** Most of its values are written like names of people or things. */
  readonly looksLikeNames: boolean
  /** Some values, the most frequent first. */
  readonly examples: readonly string[]
}

/** One table of a file, registered in the tables' database under the name `table`. */
export interface Dataset {
  readonly id: string
  readonly documentId: string
  /** Sheet or path inside the file; null where the file is one table. */
  readonly name: string | null
  /** The view to ask for in SQL. */
  readonly table: string
  readonly rows: number
  /** Row number of the header, or null. */
  readonly headerRow: number | null
  /** Letter of the first column where cells have names. */
  readonly firstColumn: string | null
  /** Of the file that it was read from. */
  readonly contentHash: string
  readonly columns: readonly Column[]
}

export function datasetId(documentId: string, name: string | null): string {
  return contentId('dataset', documentId, name ?? '')
}

export function columnId(dataset: string, name: string): string {
  return contentId('column', dataset, name)
}

/** `C12` for the third column from `firstColumn` `A`; null where cells have no names. */
export function cellName(dataset: Pick<Dataset, 'firstColumn'>, position: number, row: number): string | null {
  return dataset.firstColumn === null ? null : `${letters(numberOf(dataset.firstColumn) + position)}${row}`
}

/** `A` is 1, `AA` 27. */
function numberOf(column: string): number {
  return [...column].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
}

function letters(number: number): string {
  let name = ''
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name
  return name
}
