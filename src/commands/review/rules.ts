import type { Command } from 'commander'
import { printable, printableJson } from '../../terminal/printable.ts'
import { renderRule } from '../../terminal/rule-line.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'

/** `review rules`: what people confirmed for replies to come. */
export function addReviewRules(review: Command, context: Context): void {
  review
    .command('rules')
    .summary('rules that fixes and rejections confirmed, by which replies are read')
    .description(
      "Example: whygraph review rules\n\nEach came with a fix or a rejection (review fix … --rule, review reject … --rule), holds for replies that come after it, also those of an ingest that runs, and goes with it: 'whygraph review undo DECISION'. What a rejection held waits then as if it had not been.",
    )
    .action(async (_: unknown, command: Command) => {
      const flags: CommonFlags = command.optsWithGlobals()
      await withStore(context, context.settings(flags), async (store) => {
        const confirmed = (await store.confirmedRules()).filter(({ stands }) => stands)
        if (flags.json) return context.print(printableJson({ version: 1, confirmed }, 2))
        if (confirmed.length === 0) return context.say('no rules')
        const lines = confirmed.flatMap(({ rules, decision, at, reviewer }) =>
          rules.map((rule) => `${decision}  ${at.slice(0, 19)}  ${printable(reviewer)}  ${renderRule(rule)}`),
        )
        context.print(lines.join('\n'))
      })
    })
}
