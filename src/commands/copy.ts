import { type Command, Option } from 'commander'
import { copyDatabase, type CopySummary } from '../store/copy.ts'
import type { DatabaseInfo } from '../store/database.ts'
import { assertNoOtherTables, copyTables, type CopiedTables } from '../tables/copy-tables.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import type { CommonFlags, Context } from './context.ts'
import { progressPrinter } from './progress.ts'
import { settingsFor, withTwoStores } from './two-stores.ts'

interface CopyFlags extends CommonFlags {
  readonly from?: string
  readonly to: string
}

/** The JSON of `copy --json`. */
export interface CopyReport extends CopySummary {
  readonly version: 1
  readonly from: DatabaseInfo
  readonly to: DatabaseInfo
  /** Null where the copy was interrupted before their turn. */
  readonly tables: CopiedTables | null
}

export function addCopy(program: Command, context: Context): void {
  program
    .command('copy')
    .summary('a whole store into an empty one, local or Neo4j')
    .description(
      'Example: whygraph copy --from .whygraph --to neo4j://HOST:7687\n\nCopies everything: graph, record, decisions with their chain, tables. Interrupted, the same command goes on where it was. Once it is finished, it says that there is nothing to do, or what differs by now. It ends when a whole pass over both stores has found no difference; what is written to the source during that pass may be missing. Where two Neo4j servers want different variables, NEO4J_PASSWORD_FROM and NEO4J_PASSWORD_TO (and so on) go before NEO4J_PASSWORD.',
    )
    .addOption(new Option('--from <store>', 'the store to copy; else the one in force'))
    .requiredOption('--to <store>', 'an empty store, or an unfinished copy of the same')
    .action(async (_: unknown, command: Command) => {
      const flags: CopyFlags = command.optsWithGlobals()
      const report = await copy(context, flags)
      context.print(flags.json ? printableJson(report, 2) : render(report))
      context.exitCode = report.interrupted ? 130 : 0
    })
}

async function copy(context: Context, flags: CopyFlags): Promise<CopyReport> {
  const [from, to] = [settingsFor(context, flags, 'FROM', flags.from), settingsFor(context, flags, 'TO', flags.to)]
  const paths = [context.tablesPath(from), context.tablesPath(to)] as const
  await assertNoOtherTables(...paths)
  const { count, end } = progressPrinter(context)
  const stores = [
    { settings: from, suffix: 'FROM', mode: 'existing' },
    { settings: to, suffix: 'TO', mode: 'create' },
  ] as const
  return withTwoStores(context, ...stores, async (source, target) => {
    let tables: CopiedTables | null = null
    const summary = await copyDatabase(source.database, target.database, {
      signal: context.signal,
      now: context.now,
      progress: (pass, { what, kind }, done) => {
        const which = what === 'node' ? kind : `relationships of ${kind}`
        count(pass === 1 ? 'copy' : `pass ${pass}`, which, done)
      },
      finish: async () => {
        tables = await copyTables(...paths)
        await target.names.updateAll({
          signal: context.signal,
          progress: (_, done) => count('index', 'names', done),
        })
      },
    })
    // Those of a copy that was finished are the same, or were refused.
    if (summary.copiedBefore) tables = await copyTables(...paths)
    return {
      version: 1 as const,
      from: await source.database.info(),
      to: await target.database.info(),
      ...summary,
      tables,
    }
  }).finally(end)
}

function render(report: CopyReport): string {
  const { from, to, added, changed, removed, passes, tables, copiedBefore, resumed, interrupted } = report
  const afterwards = changed + removed > 0 ? `, ${changed} changed and ${removed} removed as the source was` : ''
  return [
    `from    ${printable(`${from.kind} ${from.location}`)}`,
    `to      ${printable(`${to.kind} ${to.location}`)}`,
    `copied  ${added} nodes and relationships${afterwards}${resumed ? ', going on with an unfinished copy' : ''}`,
    ...(tables === null || tables === 'none' ? [] : [`tables  ${tables === 'copied' ? 'copied' : 'the same'}`]),
    copiedBefore
      ? 'equal   it was copied before, and nothing differs: there was nothing to do'
      : interrupted
        ? 'interrupted; what was copied stands, and the same command goes on'
        : `equal   the last of ${passes} passes found no difference`,
  ].join('\n')
}
