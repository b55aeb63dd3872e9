import type { Command } from 'commander'
import { counted } from '../../model/counted.ts'
import { UsageError } from '../../model/errors.ts'
import { printableJson } from '../../terminal/printable.ts'
import { policyOf, type TracePolicy } from '../../traces/policy.ts'
import { trim, type TrimSummary } from '../../traces/trim.ts'
import { type CommonFlags, type Context, withStoreToWrite } from '../context.ts'
import { progressPrinter } from '../progress.ts'

interface TrimFlags extends CommonFlags {
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** `traces trim`: what is stored is kept no longer than what comes. */
export function addTracesTrim(traces: Command, context: Context): void {
  traces
    .command('trim')
    .summary('cut stored traces as the setting traces says')
    .description(
      "Example: whygraph traces trim --dry-run, then the same with --yes\n\nApplies the setting 'traces' to the replies that are stored and taken into the graph, and to the steps on links. What is left out is marked, with its length and hash, and is gone for good: it is no part of the files of a local store any more, and 'rebuild --from replies' leaves the steps of such traces as they are. Answers, quotes and decisions stay, and so do steps that a person's fix took over. Long traces and answers are packed, or unpacked, as 'compress' says; where only that is to be done, nobody is asked.",
    )
    .option('--dry-run', 'say what would be cut; write nothing')
    .option('--yes', 'do it: nobody is asked')
    .action(async (_: unknown, command: Command) => {
      const flags: TrimFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const policy = policyOf(settings.values.traces)
      const onlyLook = flags.dryRun ?? false
      const isAllowed = flags.yes === true || !losesWords(policy)
      const { count, end } = progressPrinter(context)
      const progress = (what: string, done: number): void => count('traces', what, done)
      const { signal } = context
      const summary = await withStoreToWrite(context, settings, async (store) => {
        const looked = isAllowed && !onlyLook ? null : await trim(store, { dryRun: true, progress, signal })
        if (looked !== null && (onlyLook || looked.cut + looked.capped > 0)) return looked
        return trim(store, { dryRun: false, progress, signal })
      }).finally(end)
      context.print(flags.json ? printableJson(summary, 2) : render(summary, policy))
      if (summary.interrupted) context.exitCode = 130
      if (summary.dryRun && !onlyLook && !summary.interrupted)
        throw new UsageError('not-confirmed', 'nothing was cut: this cannot be undone', {
          hint: 'Give --yes to do it, or --dry-run to only look.',
        })
    })
}

function losesWords({ keep, perLink, perReply }: TracePolicy): boolean {
  return keep !== 'full' || perLink !== Infinity || perReply !== Infinity
}

function render(
  { replies, cut, capped, words, stored, dryRun, interrupted }: TrimSummary,
  policy: TracePolicy,
): string {
  const { keep, perLink, perReply } = policy
  const caps = [
    ...(perLink === Infinity ? [] : [`${perLink} bytes of steps per link`]),
    ...(perReply === Infinity ? [] : [`${perReply} bytes per reply`]),
  ]
  return [
    `policy   ${[`keep ${keep}`, ...caps].join(', ')}`,
    `replies  ${replies}, ${cut} with a trace that is longer`,
    `links    ${counted(capped, 'proposal')} with more steps than are kept`,
    `words    ${words.before} bytes of traces before, ${words.after} after`,
    `stored   ${stored.before} bytes of traces and answers before, ${stored.after} after`,
    ...(interrupted ? ['interrupted; what was done stands, and the same command goes on'] : []),
    dryRun ? 'nothing was written' : 'done',
  ].join('\n')
}
