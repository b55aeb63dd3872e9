import type { Settings } from '../settings.ts'
import type { CheckResult } from '../store/check/checks.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import { renderTable } from '../terminal/table.ts'
import { type CommonFlags, type Context, withStore } from './context.ts'
import { progressPrinter } from './progress.ts'

/** What `doctor --deep` found: the JSON of `doctor --deep --json`. */
interface DeepReport {
  readonly version: 1
  readonly store: { readonly kind: string; readonly location: string; readonly version: string }
  /** Stopped before its end; what was looked at until then is told. */
  readonly interrupted: boolean
  readonly wrong: number
  readonly checks: readonly CheckResult[]
}

/** Reads the whole store, says what is wrong with it and what to do. */
export async function checkDeeply(settings: Settings, flags: CommonFlags, context: Context): Promise<void> {
  const { count, end } = progressPrinter(context)
  const { signal } = context
  const report = await withStore(context, settings, async (store): Promise<DeepReport> => {
    const info = await store.database.info()
    const progress = (what: string, done: number): void => count('doctor', what, done)
    const checks = await store.check({ progress, signal })
    const wrong = checks.reduce((sum, check) => sum + check.wrong, 0)
    return { version: 1, store: info, interrupted: signal.aborted, wrong, checks }
  }).finally(end)
  context.print(flags.json ? printableJson(report, 2) : render(report, context.width))
  context.exitCode = report.interrupted ? 130 : report.wrong > 0 ? 1 : 0
}

function render({ store, checks, wrong, interrupted }: DeepReport, width: number): string {
  const rows = checks.map(({ says, checked, wrong: count }) => [
    count > 0 ? 'FAIL' : checked === null ? '–' : 'ok',
    checked === null ? '–' : String(checked),
    String(count),
    says,
  ])
  const lines = [`store      ${store.kind} ${printable(store.version)} at ${printable(store.location)}`, '']
  lines.push(renderTable(['', 'checked', 'wrong', 'what is checked'], rows, width))
  for (const { check, wrong: count, offenders, remedy } of checks) {
    if (count === 0) continue
    lines.push('', `${check}: ${remedy}`)
    for (const { what, message } of offenders) lines.push(`  ${printable(what)}: ${printable(message)}`)
    if (count > offenders.length) lines.push(`  … ${count - offenders.length} more`)
  }
  lines.push('')
  if (interrupted) lines.push('interrupted: what was looked at until then is told above')
  lines.push(wrong === 0 ? 'nothing wrong was found' : `${wrong} things are not as they should be`)
  return lines.join('\n')
}
