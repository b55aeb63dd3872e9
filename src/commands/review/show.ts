import type { Command } from 'commander'
import { findRecord } from '../../review/find-record.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'
import { showLink } from '../show.ts'
import { viewerOf } from './reviewer.ts'

/** `review show`: a link and all that speaks of it. */
export function addReviewShow(review: Command, context: Context): void {
  review
    .command('show')
    .description('Example: whygraph review show k3vq7x\n\nA link with its quotes, places, trace steps and decisions.')
    .argument('<id>', 'id of a link, or its first characters')
    .option('--reviewer <name>', "who looks; default WHYGRAPH_REVIEWER, else git's user")
    .action(async (id: string, _: unknown, command: Command) => {
      const flags: CommonFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      await withStore(context, settings, async (store) => {
        const viewer = viewerOf(settings.values.reviewer, context)
        await showLink(store, (await findRecord(store, id, ['Link'])).id, context, flags, viewer)
      })
    })
}
