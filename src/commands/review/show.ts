import type { Command } from 'commander'
import { findRecord } from '../../review/find-record.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'
import { showLink } from '../show.ts'

/** `review show`: a link and all that speaks of it. */
export function addReviewShow(review: Command, context: Context): void {
  review
    .command('show')
    .description('Example: whygraph review show k3vq7x\n\nA link with its quotes, places, trace steps and decisions.')
    .argument('<id>', 'id of a link, or its first characters')
    .action(async (id: string, _: unknown, command: Command) => {
      const flags: CommonFlags = command.optsWithGlobals()
      await withStore(context, context.settings(flags), async (store) => {
        await showLink(store, (await findRecord(store, id, ['Link'])).id, context, flags)
      })
    })
}
