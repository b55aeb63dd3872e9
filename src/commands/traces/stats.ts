import { type Command, Option } from 'commander'
import { printableJson } from '../../terminal/printable.ts'
import { traceStatsLines } from '../../terminal/trace-stats-lines.ts'
import { advise } from '../../traces/study/advice.ts'
import { GROUPINGS, readTraceStats, type Grouping } from '../../traces/study/read-stats.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'
import { progressPrinter } from '../progress.ts'

interface StatsFlags extends CommonFlags {
  readonly by: Grouping
}

/** `traces stats`: what the models' traces are like, and what came of them. */
export function addTracesStats(traces: Command, context: Context): void {
  traces
    .command('stats')
    .summary('what traces are like, and what came of them')
    .description(
      "Example: whygraph traces stats --by kind\n\nCounts in the traces of all replies that links came of. A step is a sentence. It serves no link where none was found to need it; it says again what was said where half of its three-word sequences stand in an earlier step of the same names, numbers and units (three times or more is a loop, and so is a long step that goes round in itself); it hedges (maybe, not sure, seems …) or turns (wait, actually, no, …) by English or German words outside of quotations. A unit of three telling words or more is looked at where a step names it (S4), quotes it, or has three of its telling words and half of them. Links that people decided about tell how often such traces were right, with Wilson's interval for 95%: people choose what they look at, so read it beside 'whygraph review stats'. Traces that are not kept whole are left out.",
    )
    .addOption(new Option('--by <what>', 'what replies are told apart by').choices(GROUPINGS).default('model'))
    .action(async (_: unknown, command: Command) => {
      const flags: StatsFlags = command.optsWithGlobals()
      const { count, end } = progressPrinter(context)
      const progress = (what: string, done: number): void => count('traces', what, done)
      const { signal } = context
      const stats = await withStore(context, context.settings(flags), (store) =>
        readTraceStats(store, flags.by, { progress, signal }),
      ).finally(end)
      const advice = advise(stats)
      const interrupted = signal.aborted
      if (interrupted) context.exitCode = 130
      if (flags.json) context.print(printableJson({ version: 1, by: flags.by, interrupted, ...stats, advice }, 2))
      else if (stats.total.replies === 0) context.say('no reply of a model was taken into the graph yet')
      else context.print(traceStatsLines(stats, advice, flags.by, context.printsToTerminal ? context.width : Infinity))
    })
}
