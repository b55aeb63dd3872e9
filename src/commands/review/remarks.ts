import type { Command } from 'commander'
import { UsageError } from '../../model/errors.ts'
import { remarkOn } from '../../review/remark.ts'
import { findRecord } from '../../review/find-record.ts'
import { type Context, withStoreToWrite } from '../context.ts'
import { decideOptions, deciding, type DecidingFlags } from './reviewer.ts'
import { tellLeases } from './tell-leases.ts'
import { report, sayIfMerged } from './report.ts'

const DESCRIPTIONS = {
  skip: 'Example: whygraph review skip k3vq7x\n\nYou are not asked about a link again; others are. It changes nothing of the link, and is taken back like any decision.',
  flag: 'Example: whygraph review flag k3vq7x --note "ask legal"\n\nSays that somebody else has to look at a link: --status flagged lists it until a verdict about it. It changes nothing of the link.',
} as const

/** `review skip` and `review flag`: what a person says of a link without deciding about it. */
export function addRemarks(review: Command, context: Context): void {
  for (const remark of ['skip', 'flag'] as const) {
    deciding(review.command(remark), { revision: false })
      .description(DESCRIPTIONS[remark])
      .argument('<id...>', 'ids of links, or their first characters')
      .action(async (ids: string[], _: unknown, command: Command) => {
        const flags: DecidingFlags = command.optsWithGlobals()
        if (ids.length > 1 && flags.requestId !== undefined)
          throw new UsageError('one-at-a-time', '--request-id is for one link at a time')
        const settings = context.settings(flags)
        const options = decideOptions(flags, settings.values.reviewer, context)
        await withStoreToWrite(context, settings, async (store) => {
          const links = await Promise.all(ids.map((id) => findRecord(store, id, ['Link'])))
          await tellLeases(store, options.reviewer, [], context)
          for (const { id } of links) {
            const outcome = await remarkOn(store, id, remark, options, context.now())
            sayIfMerged(id, outcome, context)
            report(outcome, flags, context)
          }
        })
      })
  }
}
