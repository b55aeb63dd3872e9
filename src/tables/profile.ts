import { columnId, type Column, type ColumnType } from '../model/dataset.ts'
import { isDay } from '../model/interval.ts'

/** How many values of a column are shown. */
const EXAMPLES = 8
/** Longer values are cut where they are shown. */
const LONGEST_EXAMPLE = 80
/** Different values that are counted here; columns with more are counted by the database. */
const MOST_COUNTED = 5000
/** Names have a capital at each word but small ones (`of`, `van der`) and no digits. */
const NAME =
  /^\p{Lu}[\p{L}\p{M}'’.-]*(?: (?:\p{Lu}[\p{L}\p{M}'’.-]*|of|and|the|for|de|da|di|van|von|der|den|la|le|y|&)){0,5}$/u

/**
 * What must hold of every value for a column to be of a type. By the text: as numbers, 4.7 is also the whole number 5
 * to the database, and 007 is 7.
 */
const TYPES: readonly (readonly [type: ColumnType, test: (cell: string) => boolean])[] = [
  ['integer', (cell) => /^[+-]?(?:0|[1-9]\d{0,17})$/.test(cell)],
  ['number', (cell) => /^[+-]?(?:(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?$/.test(cell)],
  ['date', isDay],
  ['timestamp', (cell) => /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(cell) && isDay(cell.slice(0, 10))],
  ['boolean', (cell) => /^(?:true|false)$/i.test(cell)],
]

/** What the type is called in SQL. */
export const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  boolean: 'BOOLEAN',
  text: 'VARCHAR',
}

/** Looks once at every cell of a table, row by row, in memory that does not grow with the table. */
export class Profiler {
  readonly #columns: Counts[]
  #rows = 0

  constructor(width: number) {
    this.#columns = Array.from({ length: width }, () => new Counts())
  }

  add(cells: readonly string[]): void {
    this.#rows += 1
    for (const [position, counts] of this.#columns.entries()) counts.add(cells[position] ?? '')
  }

  get rows(): number {
    return this.#rows
  }

  /** Positions of the columns with too many different values to count here. */
  get uncounted(): number[] {
    return [...this.#columns.keys()].filter((position) => this.#columns[position]?.values === null)
  }

  /** `distinct` gives the number of different values of the uncounted columns by position. */
  columns(datasetId: string, names: readonly string[], distinct: ReadonlyMap<number, number>): Column[] {
    return names.map((name, position) => {
      const counts = this.#columns[position] ?? new Counts()
      const different = counts.values?.size ?? distinct.get(position) ?? 0
      const examples = counts.examples()
      return {
        id: columnId(datasetId, name),
        datasetId,
        name,
        position,
        type: counts.type,
        empty: this.#rows - counts.filled,
        distinct: different,
        ...counts.ends(),
        isKey: this.#rows > 1 && counts.filled === this.#rows && different === this.#rows,
        looksLikeNames: counts.type === 'text' && areNames(examples),
        examples: examples.map(shorten),
      }
    })
  }
}

/** What is known of one column so far. */
class Counts {
  filled = 0
  /** How often each value came; null once there are too many. */
  values: Map<string, number> | null = new Map()
  /** Types that all values so far have. */
  #possible = [...TYPES]
  #frequent: string[] = []
  #first: string | null = null
  #last: string | null = null
  #least = Infinity
  #greatest = -Infinity

  add(cell: string): void {
    if (cell === '') return
    this.filled += 1
    if (this.#possible.length > 0) {
      if (!this.#possible.every(([, test]) => test(cell)))
        this.#possible = this.#possible.filter(([, test]) => test(cell))
      const number = Number(cell)
      if (number < this.#least) this.#least = number
      if (number > this.#greatest) this.#greatest = number
    }
    if (this.#first === null || cell < this.#first) this.#first = cell
    if (this.#last === null || cell > this.#last) this.#last = cell
    if (this.values === null) return
    this.values.set(cell, (this.values.get(cell) ?? 0) + 1)
    if (this.values.size <= MOST_COUNTED) return
    this.#frequent = this.examples()
    this.values = null
  }

  get type(): ColumnType {
    return this.filled === 0 ? 'text' : (this.#possible[0]?.[0] ?? 'text')
  }

  /** The most frequent first, then as they came. */
  examples(): string[] {
    if (this.values === null) return this.#frequent
    return [...this.values]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, EXAMPLES)
      .map(([value]) => value)
  }

  ends(): { least: string | null; greatest: string | null } {
    if (this.#first === null || this.#last === null) return { least: null, greatest: null }
    const isNumeric = this.type === 'integer' || this.type === 'number'
    return isNumeric
      ? { least: String(this.#least), greatest: String(this.#greatest) }
      : { least: shorten(this.#first), greatest: shorten(this.#last) }
  }
}

function areNames(values: readonly string[]): boolean {
  const names = values.filter((value) => value.length <= LONGEST_EXAMPLE && NAME.test(value))
  return names.length > 0 && names.length >= values.length * 0.6
}

function shorten(text: string): string {
  return text.length > LONGEST_EXAMPLE ? `${text.slice(0, LONGEST_EXAMPLE - 1)}…` : text
}
