import type { Command } from 'commander'
import type { Context } from './context.ts'
import { addTracesStats } from './traces/stats.ts'
import { addTracesTrim } from './traces/trim.ts'

export function addTraces(program: Command, context: Context): void {
  const traces = program
    .command('traces')
    .summary("models' traces: what they are like, and how much of them is kept")
    .description('Example: whygraph traces stats')
  addTracesStats(traces, context)
  addTracesTrim(traces, context)
}
