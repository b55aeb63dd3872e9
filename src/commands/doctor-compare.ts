import { compareDatabases, type Comparison, type Difference } from '../store/compare.ts'
import type { DatabaseInfo } from '../store/database.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import type { CommonFlags, Context } from './context.ts'
import { progressPrinter } from './progress.ts'
import { withTwoStores } from './two-stores.ts'

/** More would hide what they have in common. */
const MOST_DIFFERENCES = 20

/** `doctor --compare STORE`: the store in force against another. Ends with 1 where they differ. */
export async function compareStores(context: Context, flags: CommonFlags, store: string): Promise<void> {
  const { say, end } = progressPrinter(context)
  const stores = [
    { settings: context.settings(flags), suffix: '', mode: 'existing' },
    { settings: context.settings({ ...flags, store }), suffix: 'COMPARE', mode: 'existing' },
  ] as const
  const report = await withTwoStores(context, ...stores, async (one, other) => {
    const comparison = await compareDatabases(one.database, other.database, {
      signal: context.signal,
      most: MOST_DIFFERENCES,
      progress: ({ what, kind }, done) => {
        const which = what === 'node' ? kind : `relationships of ${kind}`
        say({ path: 'compare', message: `${done} × ${which}`, trouble: false })
      },
    })
    return { version: 1 as const, one: await one.database.info(), other: await other.database.info(), ...comparison }
  }).finally(end)
  context.print(flags.json ? printableJson(report, 2) : render(report))
  context.exitCode = report.interrupted ? 130 : report.equal ? 0 : 1
}

interface CompareReport extends Comparison {
  readonly one: DatabaseInfo
  readonly other: DatabaseInfo
}

function render({ one, other, kinds, differences, equal, interrupted }: CompareReport): string {
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
  return [
    `one    ${printable(`${one.kind} ${one.location}`)}`,
    `other  ${printable(`${other.kind} ${other.location}`)}`,
    ...rows,
    ...differences.map((difference) => `differs  ${printable(lineOf(difference))}`),
    ...(sum > differences.length ? [`         … ${sum - differences.length} more`] : []),
    interrupted ? 'interrupted: only a part was compared' : equal ? 'equal' : `${sum} differences`,
  ].join('\n')
}

function lineOf({ name, id, in: where, properties }: Difference): string {
  if (where === 'both') return `${name} ${id}: ${properties.join(', ')}`
  return `${name} ${id}: ${where === 'one' ? 'only in one' : 'only in the other'}`
}
