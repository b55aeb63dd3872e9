import type { Settled, StepOptions } from '../../review/decide-in-steps.ts'
import { PAST } from '../../terminal/past.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import type { CommonFlags, Context } from '../context.ts'
import { verdictOf } from './verdict-of.ts'

type Made = Settled & { readonly batch: string }

/** From so many on it takes long enough to wonder. */
const SLOW = 1000
/** Up to so many are told with what to do about each. */
const FEW = 3

/** How many decisions are made on a terminal: with a line that counts, and until Ctrl-C. */
export function stepsOf(context: Context, count: number): StepOptions {
  const { now, signal } = context
  if (!context.isTerminal || count < SLOW) return { now, signal }
  return { now, signal, progress: (settled) => context.write(`\r${settled} of ${count}${settled < count ? '' : '\n'}`) }
}

/** Prints what became of several decisions, and how they are taken back; the exit code says whether all were made. */
export function reportTogether(
  made: Made,
  flags: CommonFlags,
  context: Context,
  about: Readonly<Record<string, unknown>> = {},
): void {
  if (made.refused.length > 0) context.exitCode = 1
  if (made.left > 0) context.exitCode = 130
  if (flags.json) return context.print(printableJson({ version: 1, ...about, ...toJson(made) }, 2))
  const { batch, decided, repeated, refused, left } = made
  for (const { draft, error } of refused) {
    context.say(`skipped ${draft.linkId.slice(0, 8)}: ${printable(error.message)}`)
    if (refused.length <= FEW && error.hint !== undefined) context.say(`  ${printable(error.hint)}`)
  }
  const counts = [...Map.groupBy(decided, doneOf)].map(([as, some]) => `${some.length} ${as}`)
  const said = [
    ...counts,
    ...(repeated.length === 0 ? [] : [`${repeated.length} decided before by the same request`]),
    ...(refused.length === 0 ? [] : [`${refused.length} skipped`]),
    ...(left === 0 ? [] : [`${left} left: the same command goes on`]),
  ]
  context.print(said.length === 0 ? 'nothing to decide' : said.join(', '))
  if (decided.length + repeated.length > 0)
    context.print(`batch ${batch}  saved ✓  'whygraph review undo ${batch}' takes it back`)
}

function doneOf({ decision: { verdict }, link }: Made['decided'][number]): string {
  return verdict === 'skip' || verdict === 'flag' ? PAST[verdict] : verdictOf(link)
}

function toJson({ batch, decided, repeated, refused, left }: Made) {
  const named = decided.map(({ decision, link }) => ({
    id: link.id,
    decision: decision.id,
    before: decision.before,
    after: decision.after,
    rev: link.rev,
  }))
  return {
    batch: decided.length + repeated.length === 0 ? null : batch,
    decided: named,
    repeated: repeated.length,
    skipped: refused.map(({ draft, error }) => ({ id: draft.linkId, code: error.code, message: error.message })),
    left,
  }
}
