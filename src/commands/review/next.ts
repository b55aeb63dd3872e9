import { type Command, Option } from 'commander'
import { nextBlock } from '../../desk/next-block.ts'
import { ORDERS, type Order } from '../../desk/order.ts'
import type { Proposal } from '../../model/proposal.ts'
import { stepTexts } from '../../model/trace.ts'
import { nextOfLease } from '../../review/next.ts'
import { shownProposals, viewLink, type LinkView } from '../../review/view-link.ts'
import { renderLinkCard } from '../../terminal/link-card.ts'
import { printableJson } from '../../terminal/printable.ts'
import { type CommonFlags, type Context, withStoreToWrite } from '../context.ts'
import { reviewerOf } from './reviewer.ts'

interface NextFlags extends CommonFlags {
  readonly order: Order
}

/** `review next`: what the desk shows, for scripts and other front ends, one link at a time. */
export function addNext(review: Command, context: Context): void {
  review
    .command('next')
    .description(
      'Example: whygraph review next --json\n\nThe next link that waits for you, with its quotes, and the commands that decide. The block that it is of is leased to you (see `review claim`); what you skipped or flagged, and what others look at, is passed over.',
    )
    .addOption(new Option('--order <order>', 'of the queue').choices(ORDERS).default('entity' satisfies Order))
    .option('--reviewer <name>', "who asks; default WHYGRAPH_REVIEWER, else git's user")
    .action(async (_: unknown, command: Command) => {
      const flags: NextFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const reviewer = reviewerOf(settings.values.reviewer, context)
      await withStoreToWrite(context, settings, async (store) => {
        const { now, signal } = context
        const link =
          (await nextOfLease(store, reviewer, now())) ??
          (await nextBlock(store, { reviewer, now, signal, order: flags.order }))[0] ??
          null
        if (link === null) {
          if (flags.json) return context.print(printableJson({ version: 1, card: null }, 2))
          return context.say('nothing waits for you that others do not look at')
        }
        const view = await viewLink(store, link.id, reviewer)
        if (flags.json) return context.print(printableJson({ version: 1, card: cardOf(view) }, 2))
        const keys = Object.values(keysOf(view)).map((words) => ` whygraph ${words.join(' ')}`)
        context.print([renderLinkCard(view, context.width), ...keys].join('\n'))
      })
    })
}

/** All that a front end shows of a link, quote first, and what decides about it. */
function cardOf(view: LinkView) {
  const { link, subject, object, waiting, otherHalf, chunks, traces, decisions, conflicts } = view
  const proposals = shownProposals(view)
  const said = (proposal: Proposal): object => ({
    proposal: proposal.id,
    polarity: proposal.polarity,
    model: proposal.model,
    confidence: proposal.confidence,
    quotes: proposal.evidence.map(({ quote, grounding, placeText, s }) => {
      const text = chunks.get(proposal.chunkId)?.units.find((unit) => unit.s === s)?.text ?? null
      return { quote, grounding, place: placeText, unit: text }
    }),
    traceKind: proposal.traceKind,
    steps: stepTexts(proposal.steps),
    // Words that are not kept are one item, however many steps they were.
    stepNumbers: proposal.steps.some(({ leftOut }) => leftOut !== undefined)
      ? null
      : (traces.get(proposal.id)?.numbers() ?? null),
    why: proposal.why,
  })
  const isFor = ({ polarity }: Proposal): boolean => polarity === 'asserted'
  return {
    link,
    subject,
    object,
    rev: link.rev,
    for: proposals.filter(isFor).map(said),
    against: proposals.filter((one) => !isFor(one)).map(said),
    waiting: waiting.map(said),
    otherHalf,
    conflicts: conflicts.map((one) => one.link),
    decisions,
    keys: keysOf(view),
  }
}

/** Each key of the desk as the arguments of a command that names the revision that was shown. */
function keysOf({ link: { id, rev } }: LinkView): Readonly<Record<string, readonly string[]>> {
  const onThis = ['--expect-rev', String(rev)]
  return {
    a: ['review', 'accept', id, ...onThis],
    x: ['review', 'reject', id, ...onThis],
    s: ['review', 'skip', id],
    F: ['review', 'flag', id],
  }
}
