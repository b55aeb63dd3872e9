import { type Command, InvalidArgumentError, Option } from 'commander'
import type { QueryResult } from '../store/database.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import { renderTable } from '../terminal/table.ts'
import { type CommonFlags, type Context, withStore } from './context.ts'

interface QueryFlags extends CommonFlags {
  readonly format: 'table' | 'json' | 'csv'
  readonly param: Readonly<Record<string, unknown>>
  readonly timeout: number
}

export function addQuery(program: Command, context: Context): void {
  program
    .command('query')
    .summary('read-only Cypher; table, json, csv')
    .description(
      "Example: whygraph query 'MATCH (a)-[r:OWNS]->(b) RETURN a.name, b.name, r.evidence[0]'\n\nRuns a Cypher query that reads; cypher/README.md describes the graph. With - the query is read from standard input.",
    )
    .argument('<cypher>', 'the query, or -')
    .addOption(
      new Option('--format <format>', 'how to print the rows').choices(['table', 'json', 'csv']).default('table'),
    )
    .option(
      '--param <name=value>',
      'a $parameter; the value is JSON where it parses as such, else text',
      addParameter,
      {},
    )
    .option('--timeout <seconds>', 'give up after so many seconds', seconds, 60)
    .action(async (cypher: string, _: unknown, command: Command) => {
      const flags: QueryFlags = command.optsWithGlobals()
      const text = cypher === '-' ? await context.readInput() : cypher
      await withStore(context, context.settings(flags), async (store) => {
        const result = await store.database.query(text, flags.param, { seconds: flags.timeout })
        context.print(render(result, flags.json ? 'json' : flags.format, context))
        if (flags.format === 'table' && !flags.json)
          context.say(`${result.rows.length} row${result.rows.length === 1 ? '' : 's'}`)
      })
    })
}

function render(result: QueryResult, format: QueryFlags['format'], context: Context): string {
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

function addParameter(text: string, before: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const at = text.indexOf('=')
  const name = text.slice(0, at)
  if (at < 1 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new InvalidArgumentError('It is written as name=value.')
  return { ...before, [name]: jsonOrText(text.slice(at + 1)) }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function seconds(text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new InvalidArgumentError('It must be a number of seconds above 0.')
  return number
}
