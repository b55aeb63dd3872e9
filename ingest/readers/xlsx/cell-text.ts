import type { CellObject } from '@e965/xlsx'

/** Day 0 of spreadsheets; a time of day or a duration lies before the first day that anybody writes. */
const FIRST_DAY = Date.UTC(1900, 0, 2)

/**
 * What a person sees in the cell: numbers as formatted, dates as ISO. Only where the format hides digits (`1.23E+14`,
 * `#####`) it is the number itself.
 */
export function cellText(cell: CellObject): string {
  const shown = cell.w?.trim() ?? ''
  const { v: value } = cell
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? shown : dateText(value, shown)
  if (cell.t === 's')
    return String(value ?? shown)
      .replace(/\r\n?/g, '\n')
      .trim()
  if (cell.t === 'n' && typeof value === 'number')
    return shown === '' || hidesDigits(shown, cell.z) ? numberText(value) : shown
  if (cell.t === 'b') return shown || (value === true ? 'TRUE' : 'FALSE')
  return shown || (value === undefined || value === null || cell.t === 'z' ? '' : String(value).trim())
}

function hidesDigits(shown: string, format: unknown): boolean {
  if (/^#+$/.test(shown) || /\dE[+-]?\d+$/i.test(shown)) return true
  // "General" shows what fits into a column, eleven letters at most.
  return (format === undefined || format === 'General') && shown.length >= 10 && shown.includes('.')
}

/** Fractions with as many digits as a spreadsheet keeps: 0.1 + 0.2 is 0.3. */
function numberText(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(15))).replace('e+', 'E+')
}

function dateText(value: Date, shown: string): string {
  const milliseconds = Math.round(value.getTime() / 1000) * 1000
  const iso = new Date(milliseconds).toISOString()
  if (milliseconds < FIRST_DAY) return /^\d{1,4}:\d{2}/.test(shown) ? shown : iso.slice(11, 19)
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19)
}
