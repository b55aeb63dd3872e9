import { type Command, Option } from 'commander'
import type { CommonFlags, Context } from './context.ts'
import { FORMAT_HELP, FORMATS, printRows, seconds, type Format } from './rows.ts'

interface SqlFlags extends CommonFlags {
  readonly format: Format
  readonly timeout: number
}

export function addSql(program: Command, context: Context): void {
  program
    .command('sql')
    .summary('read-only SQL over the tables that were found')
    .description(
      'Example: whygraph sql "SELECT owner, count(*) FROM billing_metrics GROUP BY owner"\n\nRuns one DuckDB query that reads. SHOW TABLES lists the tables, DESCRIBE and SUMMARIZE tell about one; the column _row is the row\'s number in its file. With - the query is read from standard input.',
    )
    .argument('<sql>', 'the query, or -')
    .addOption(new Option('--format <format>', FORMAT_HELP).choices(FORMATS).default('table'))
    .option('--timeout <seconds>', 'give up after so many seconds', seconds, 60)
    .action(async (sql: string, _: unknown, command: Command) => {
      const flags: SqlFlags = command.optsWithGlobals()
      const text = sql === '-' ? await context.readInput() : sql
      const result = await context.askTables(context.settings(flags), text, { seconds: flags.timeout })
      printRows(result, flags.json ? 'json' : flags.format, context)
    })
}
