import { type Command, Option } from 'commander'
import { nextBlock } from '../../desk/next-block.ts'
import { ORDERS, type Order } from '../../desk/order.ts'
import { UsageError } from '../../model/errors.ts'
import { findRecord } from '../../review/find-record.ts'
import { LEASE_MILLISECONDS, leaseBlock, leasedByOthers, leasesNow, release } from '../../review/lease.ts'
import type { Store } from '../../store/store.ts'
import { renderLinkLine } from '../../terminal/link-line.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import { type CommonFlags, type Context, withStoreToWrite } from '../context.ts'
import { reviewerOf } from './reviewer.ts'

interface ClaimFlags extends CommonFlags {
  readonly order?: Order
}

/** `review claim` and `review release`: which links this reviewer looks at, so that others are given others. */
export function addClaims(review: Command, context: Context): void {
  review
    .command('claim')
    .description(
      'Example: whygraph review claim\n\nLeases the next block of links, or those that are named, to you for five minutes; whatever you decide, and `review next`, renews it. Others are given other links; who decides about yours all the same is told, and not refused.',
    )
    .argument('[id...]', 'ids of links, or their first characters')
    .addOption(
      new Option('--order <order>', "of the block, where no links are named; default 'entity'").choices(ORDERS),
    )
    .option('--reviewer <name>', "whose they are; default WHYGRAPH_REVIEWER, else git's user")
    .action(async (ids: string[], _: unknown, command: Command) => {
      const flags: ClaimFlags = command.optsWithGlobals()
      if (ids.length > 0 && flags.order !== undefined)
        throw new UsageError('claim-what', 'links are claimed by their ids or as a block of an --order, not by both')
      const settings = context.settings(flags)
      const reviewer = reviewerOf(settings.values.reviewer, context)
      await withStoreToWrite(context, settings, async (store) => {
        const claimed =
          ids.length > 0
            ? await claimNamed(store, ids, reviewer, context.now())
            : { links: await nextBlock(store, { ...context, reviewer, order: flags.order ?? 'entity' }), taken: [] }
        const { links, taken } = claimed
        const until = links.length === 0 ? null : new Date(context.now().getTime() + LEASE_MILLISECONDS).toISOString()
        // What could not be claimed is listed, as everywhere.
        context.exitCode = taken.length > 0 ? 1 : 0
        if (flags.json) return context.print(printableJson({ version: 1, reviewer, until, links, taken }, 2))
        if (links.length + taken.length === 0) return context.say('nothing waits for you that others do not look at')
        if (until !== null)
          context.print([`yours until ${until.slice(11, 19)} UTC`, ...links.map(renderLinkLine)].join('\n'))
        for (const { id, reviewer: other } of taken)
          context.say(`link ${id.slice(0, 8)} is with ${printable(other)}, and stays there`)
      })
    })

  review
    .command('release')
    .description('Example: whygraph review release\n\nGives links that you claimed back, all or those that are named.')
    .argument('[id...]', 'ids of links, or their first characters')
    .option('--reviewer <name>', "whose they are; default WHYGRAPH_REVIEWER, else git's user")
    .action(async (ids: string[], _: unknown, command: Command) => {
      const flags: CommonFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const reviewer = reviewerOf(settings.values.reviewer, context)
      await withStoreToWrite(context, settings, async (store) => {
        const links = ids.length === 0 ? null : await findAll(store, ids)
        const released = await release(store, reviewer, links, context.now())
        if (flags.json) return context.print(printableJson({ version: 1, reviewer, released }, 2))
        context.print(released.length === 0 ? 'you had none' : `given back: ${released.length}`)
      })
    })
}

async function findAll(store: Store, ids: readonly string[]): Promise<string[]> {
  return Promise.all(ids.map(async (id) => (await findRecord(store, id, ['Link'])).id))
}

async function claimNamed(store: Store, ids: readonly string[], reviewer: string, now: Date) {
  const found = await Promise.all((await findAll(store, ids)).map((id) => store.standingLink(id)))
  const wanted = found.filter((link) => link !== null)
  const got = await leaseBlock(
    store,
    reviewer,
    wanted.map(({ id }) => id),
    now,
    { keep: true },
  )
  const others = leasedByOthers(await leasesNow(store, now), reviewer)
  const links = wanted.filter(({ id }) => got.includes(id))
  const taken = wanted.flatMap(({ id }) => {
    const other = others.get(id)
    return other === undefined ? [] : [{ id, reviewer: other }]
  })
  return { links, taken }
}
