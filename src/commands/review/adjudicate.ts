import { Argument, type Command } from 'commander'
import { adjudicate } from '../../review/adjudicate.ts'
import { findRecord } from '../../review/find-record.ts'
import { type Context, withStoreToWrite } from '../context.ts'
import { followMapping } from '../mapped-rows.ts'
import { besideTheirs } from './beside-theirs.ts'
import { decideOptions, deciding, type DecidingFlags } from './reviewer.ts'
import { tellLeases } from './tell-leases.ts'
import { report, sayIfMerged } from './report.ts'

/** `review adjudicate`: decides between two people who differ. */
export function addAdjudicate(review: Command, context: Context): void {
  deciding(review.command('adjudicate'))
    .description(
      'Example: whygraph review adjudicate k3vq7x accept --note "the minutes settle it"\n\nDecides where two people differ about a link of a type that takes two (`fourEyes` of the schema). A third person does. `review list --status disagreed` lists such links.',
    )
    .argument('<id>', 'id of a link, or its first characters')
    .addArgument(new Argument('<verdict>', 'what becomes of it').choices(['accept', 'reject']))
    .action(async (id: string, verdict: 'accept' | 'reject', _: unknown, command: Command) => {
      const flags: DecidingFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const options = decideOptions(flags, settings.values.reviewer, context)
      await withStoreToWrite(context, settings, async (store) => {
        const { id: linkId } = await findRecord(store, id, ['Link'])
        await tellLeases(store, options.reviewer, [{ id: linkId }], context)
        const outcome = await besideTheirs(store, linkId, { verdict, flags, context, options }, () =>
          adjudicate(store, linkId, verdict, options, context.now()),
        )
        sayIfMerged(linkId, outcome, context)
        report(outcome, flags, context)
        await followMapping(store, outcome.link, settings, context)
      })
    })
}
