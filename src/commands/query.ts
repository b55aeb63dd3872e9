import { type Command, InvalidArgumentError, Option } from 'commander'
import { type CommonFlags, type Context, withStore } from './context.ts'
import { day } from './day.ts'
import { foundNothing, missingNames } from '../store/names-in-query.ts'
import type { Store } from '../store/store.ts'
import { printable } from '../terminal/printable.ts'
import { unpackRows } from './unpack-rows.ts'
import { FORMATS, FORMAT_HELP, printRows, seconds, type Format } from './rows.ts'

interface QueryFlags extends CommonFlags {
  readonly format: Format
  readonly param: Readonly<Record<string, unknown>>
  readonly timeout: number
  readonly asOf?: string
  readonly unpack?: boolean
}

export function addQuery(program: Command, context: Context): void {
  program
    .command('query')
    .summary('read-only Cypher; table, json, csv')
    .description(
      "Example: whygraph query 'MATCH (a)-[r:OWNS]->(b) RETURN a.name, b.name, r.evidence[0]'\n\nRuns a Cypher query that reads; cypher/README.md describes the graph. With - the query is read from standard input.",
    )
    .argument('<cypher>', 'the query, or -')
    .addOption(new Option('--format <format>', FORMAT_HELP).choices(FORMATS).default('table'))
    .option(
      '--param <name=value>',
      'a $parameter; the value is JSON where it parses as such, else text',
      addParameter,
      {},
    )
    .option('--as-of <date>', 'the $parameter asOf, an ISO date; see "As of a day" in cypher/README.md', day)
    .option('--unpack', 'make packed texts readable also where a query gives no whole reply: r.reasoning, r.content')
    .option('--timeout <seconds>', 'give up after so many seconds', seconds, 60)
    .action(async (cypher: string, _: unknown, command: Command) => {
      const flags: QueryFlags = command.optsWithGlobals()
      const text = cypher === '-' ? await context.readInput() : cypher
      await withStore(context, context.settings(flags), async (store) => {
        const parameters = flags.asOf === undefined ? flags.param : { ...flags.param, asOf: flags.asOf }
        const result = await store.database.query(text, parameters, { seconds: flags.timeout })
        printRows(unpackRows(result, flags.unpack ?? false), flags.json ? 'json' : flags.format, context)
        if (foundNothing(result)) for (const line of await hintsFor(text, store)) context.say(printable(line))
      })
    })
}

/** What a query may have meant that asks for labels or types which the graph does not have. */
async function hintsFor(text: string, store: Store): Promise<string[]> {
  const list = async (procedure: string): Promise<string[]> => {
    const { rows } = await store.database.query(`CALL ${procedure}()`, {}, { seconds: 60 })
    return rows.map(([name]) => String(name))
  }
  return missingNames(text, { labels: await list('db.labels'), types: await list('db.relationshipTypes') })
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
