import type { Command } from 'commander'
import { describeWho } from '../../model/decision.ts'
import { UsageError } from '../../model/errors.ts'
import { decideLink, type Outcome, undoDecision } from '../../review/decide.ts'
import { findRecord } from '../../review/find-record.ts'
import { renderArrow } from '../../terminal/link-line.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import { type Context, withStoreToWrite } from '../context.ts'
import { followMapping } from '../mapped-rows.ts'
import { decideOptions, deciding, type DecidingFlags } from './reviewer.ts'
import { verdictOf } from './verdict-of.ts'

/** `review accept`, `review reject` and `review undo`: links that are named one by one. */
export function addVerdicts(review: Command, context: Context): void {
  for (const verdict of ['accept', 'reject'] as const) {
    deciding(review.command(verdict))
      .description(`Example: whygraph review ${verdict} k3vq7x --note "as discussed"`)
      .argument('<id...>', 'ids of links, or their first characters')
      .action(async (ids: string[], _: unknown, command: Command) => {
        const flags: DecidingFlags = command.optsWithGlobals()
        if (ids.length > 1 && (flags.expectRev !== undefined || flags.requestId !== undefined))
          throw new UsageError('one-at-a-time', '--expect-rev and --request-id are for one link at a time')
        const settings = context.settings(flags)
        const options = { ...decideOptions(flags, settings.values.reviewer, context), inBulk: ids.length > 1 }
        await withStoreToWrite(context, settings, async (store) => {
          // All are looked up before the first is decided, so that a slip of the finger costs nothing.
          const links = await Promise.all(ids.map((id) => findRecord(store, id, ['Link'])))
          for (const { id } of links) {
            const outcome = await decideLink(store, id, verdict, options, context.now())
            sayIfMerged(id, outcome, context)
            report(outcome, flags, context)
            await followMapping(store, outcome.link, settings, context)
          }
        })
      })
  }
  deciding(review.command('undo'))
    .description(
      'Example: whygraph review undo k3vq7x\n\nTakes back the last decision about a link, a decision, or your own last one.',
    )
    .argument('[id]', 'id of a link or decision; without it, your own last decision')
    .action(async (id: string | undefined, _: unknown, command: Command) => {
      const flags: DecidingFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const options = decideOptions(flags, settings.values.reviewer, context)
      await withStoreToWrite(context, settings, async (store) => {
        const outcome = await undoDecision(store, id, options, context.now())
        report(outcome, flags, context)
        await followMapping(store, outcome.link, settings, context)
      })
    })
}

/** Things were taken for one since the id was printed, or read. */
function sayIfMerged(id: string, { link }: Outcome, context: Context): void {
  if (link.id !== id) context.say(`link ${id.slice(0, 8)} has fallen into one with ${link.id.slice(0, 8)}`)
}

function report({ link, decision, unchanged, undone }: Outcome, flags: DecidingFlags, context: Context): void {
  if (flags.json) return context.print(printableJson({ version: 1, unchanged, decision, undone, link }, 2))
  const about = `${link.id.slice(0, 8)}  ${renderArrow(link)}`
  if (unchanged) return context.print(`${about}: ${verdictOf(link)} already, by ${printable(link.reviewedBy ?? '')}`)
  if (undone !== undefined)
    context.print(`took back the ${undone.verdict} of ${printable(describeWho(undone))}, decision ${undone.id}, about`)
  context.print(`${about}: ${verdictOf(link)}, revision ${link.rev}  saved ✓`)
}
