import { InvalidArgumentError } from 'commander'
import { counted } from '../model/counted.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import { renderTable } from '../terminal/table.ts'
import type { Context } from './context.ts'

export const FORMATS = ['table', 'json', 'csv'] as const
/** For `--format`. Nobody can tell data from a formula but the spreadsheet that is told to take cells as text. */
export const FORMAT_HELP =
  'how to print the rows; csv (RFC 4180) has values as they are stored: import them into a spreadsheet as text, as it would run a cell that begins with = as a formula. What would act on a terminal is made visible there only'
export type Format = (typeof FORMATS)[number]

/** What `query` and `sql` give: values as JSON. */
export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

export function printRows(result: Rows, format: Format, context: Context): void {
  context.print(render(result, format, context))
  if (format === 'table') context.say(counted(result.rows.length, 'row'))
}

function render(result: Rows, format: Format, context: Context): string {
  if (format === 'json') return printableJson({ version: 1, ...result }, 2)
  const rows = result.rows.map((row) => row.map(asText))
  if (format === 'table') return renderTable(result.columns, rows, context.printsToTerminal ? context.width : Infinity)
  // A program that reads a pipe or a file gets what is stored; a terminal would act on it.
  const field = (text: string): string => csvField(context.printsToTerminal ? printable(text) : text)
  return [result.columns, ...rows].map((row) => row.map(field).join(',')).join('\r\n')
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** RFC 4180. Values stay as they are: a spreadsheet that runs cells as formulas has to be told not to. */
function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** For options that are a number of seconds. */
export function seconds(text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new InvalidArgumentError('It must be a number of seconds above 0.')
  return number
}
