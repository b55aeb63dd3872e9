import { counted } from '../model/counted.ts'
import { compareDatabases, type Comparison, type Difference } from '../store/compare.ts'
import type { DatabaseInfo } from '../store/database.ts'
import { compareTables, type ComparedTables, type TableDifference } from '../tables/compare-tables.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import type { CommonFlags, Context } from './context.ts'
import { progressPrinter } from './progress.ts'
import { settingsFor, withTwoStores } from './two-stores.ts'

/** More would hide what they have in common. */
const MOST_DIFFERENCES = 20
const MOST_SOURCES = 5

/** `doctor --compare STORE`: the store in force against another. Ends with 1 where they differ. */
export async function compareStores(context: Context, flags: CommonFlags, store: string): Promise<void> {
  const { count, end } = progressPrinter(context)
  const [first, second] = [settingsFor(context, flags, ''), settingsFor(context, flags, 'COMPARE', store)]
  const stores = [
    { settings: first, suffix: '', mode: 'existing' },
    { settings: second, suffix: 'COMPARE', mode: 'existing' },
  ] as const
  const report = await withTwoStores(context, ...stores, async (one, other): Promise<CompareReport> => {
    const tables = await compareTables(context.tablesPath(first), context.tablesPath(second))
    const comparison = await compareDatabases(one.database, other.database, {
      signal: context.signal,
      most: MOST_DIFFERENCES,
      progress: ({ what, kind }, done) => {
        const which = what === 'node' ? kind : `relationships of ${kind}`
        count('compare', which, done)
      },
    })
    const equal = comparison.equal && tables.equal
    const [here, there] = [await one.database.info(), await other.database.info()]
    return { version: 1, one: here, other: there, ...comparison, equal, tables }
  }).finally(end)
  context.print(flags.json ? printableJson(report, 2) : render(report))
  context.exitCode = report.interrupted ? 130 : report.equal ? 0 : 1
}

/** The JSON of `doctor --compare STORE --json`. */
export interface CompareReport extends Comparison {
  readonly version: 1
  readonly one: DatabaseInfo
  readonly other: DatabaseInfo
  readonly tables: ComparedTables
}

function render(report: CompareReport): string {
  const { one, other, kinds, differences, ofRuns, tables, equal, interrupted } = report
  const rows = kinds.map(({ what, name, one, other, missing, extra, different }) => {
    const left = what === 'node' ? `(:${name})` : `-[:${name}]->`
    const counts = [
      ...(missing > 0 ? [`${missing} only in one`] : []),
      ...(extra > 0 ? [`${extra} only in the other`] : []),
      ...(different > 0 ? [`${different} with other properties`] : []),
    ]
    const amount = one === other ? String(one) : `${one} and ${other}`
    return `  ${printable(left).padEnd(24)} ${amount}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`
  })
  const sum = kinds.reduce((total, { missing, extra, different }) => total + missing + extra + different, 0)
  const total = sum + tables.differences.length
  const lines = [...differences.map(lineOf), ...tables.differences.slice(0, MOST_DIFFERENCES).map(lineOfTable)]
  return [
    `one    ${printable(`${one.kind} ${one.location}`)}`,
    `other  ${printable(`${other.kind} ${other.location}`)}`,
    ...sourceLines(report),
    ...rows,
    ...(tables.one.tables + tables.other.tables === 0 ? [] : [rowOfTables(tables)]),
    ...lines.map((line) => `differs  ${printable(line)}`),
    ...(total > lines.length ? [`         … ${total - lines.length} more`] : []),
    interrupted ? 'interrupted: only a part was compared' : equal ? 'equal' : verdict(total, ofRuns),
  ].join('\n')
}

/** Two stores that read the same by themselves differ in nothing else than runs; a copy does not even in these. */
function verdict(total: number, ofRuns: number): string {
  const all = counted(total, 'difference')
  if (ofRuns === 0) return all
  return ofRuns === total
    ? `${all}, only in when and in which run the same was read`
    : `${all}, ${ofRuns} of them only in when and in which run the same was read`
}

/** The same files under another name are other documents, with other ids in all that is made of them. */
function sourceLines({ sources: { one, other } }: Comparison): string[] {
  if (one.length === 0 || other.length === 0 || one.join('\n') === other.join('\n')) return []
  const [here, there] = [one, other].map((names) => names.slice(0, MOST_SOURCES).map(printable).join(', '))
  return [
    `sources  named otherwise: ${here} in one, ${there} in the other. Documents go by their source and path: the same files`,
    '         under another name are others. A source is named by its job, by `source` in whygraph.yaml, or by its folder.',
  ]
}

function rowOfTables({ one, other }: ComparedTables): string {
  const amounts = [one, other].map(({ tables, rows }) => `${tables} with ${counted(rows, 'row')}`)
  return `  ${'tables'.padEnd(24)} ${[...new Set(amounts)].join(' and ')}`
}

function lineOfTable({ table, in: where, what }: TableDifference): string {
  return `table ${table}: ${where === 'both' ? what.join(', ') : whereOnly(where)}`
}

function lineOf({ name, id, in: where, properties }: Difference): string {
  if (where === 'both') return `${name} ${id}: ${properties.join(', ')}`
  return `${name} ${id}: ${whereOnly(where)}`
}

function whereOnly(where: 'one' | 'other'): string {
  return where === 'one' ? 'only in one' : 'only in the other'
}
