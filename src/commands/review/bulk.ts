import { UsageError } from '../../model/errors.ts'
import { OBSTACLES } from '../../model/obstacle.ts'
import { BECOMES, MOST_UNSEEN, planBulk, type BulkVerdict, type Planned } from '../../review/bulk-plan.ts'
import { carryOut } from '../../review/carry-out.ts'
import { viewLink } from '../../review/view-link.ts'
import type { Settings } from '../../settings.ts'
import type { StoredLink } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import { renderLinkCard } from '../../terminal/link-card.ts'
import { renderArrow } from '../../terminal/link-line.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import { type Context, withStore, withStoreToWrite } from '../context.ts'
import { followMappings } from '../mapped-rows.ts'
import { decideOptions, type DecidingFlags } from './reviewer.ts'
import { reportTogether, stepsOf } from './together.ts'

export interface BulkFlags extends DecidingFlags {
  readonly where?: string
  readonly dryRun?: boolean
  readonly plan?: string
  readonly seen?: boolean
  readonly rule?: string
}

/** `review accept|reject --where`: a dry run shows the plan, and its hash carries it out. */
export async function decideInBulk(
  verdict: BulkVerdict,
  where: string,
  flags: BulkFlags,
  settings: Settings,
  context: Context,
): Promise<void> {
  if (flags.expectRev !== undefined || flags.requestId !== undefined)
    throw new UsageError('one-at-a-time', '--expect-rev and --request-id are for one link at a time')
  if (flags.rule !== undefined) throw new UsageError('one-at-a-time', '--rule is for one link at a time')
  if (flags.dryRun === true) {
    if (flags.plan !== undefined) throw new UsageError('plan-and-dry-run', '--plan does not go with --dry-run')
    return withStore(context, settings, (store) => showPlan(store, verdict, where, flags, settings, context))
  }
  if (flags.plan === undefined)
    throw new UsageError('no-plan', `to ${verdict} in bulk takes the hash of a plan`, {
      hint: `The same command with --dry-run shows what would be decided, and prints the hash: then --plan HASH carries it out.`,
    })
  const plan = context.openPlans(settings).find(flags.plan)
  if (plan.verdict !== verdict || plan.where !== where)
    throw new UsageError('other-plan', `plan ${flags.plan} is to ${plan.verdict} links with --where '${plan.where}'`, {
      hint: 'Carry it out as it was made, or make another with --dry-run.',
    })
  if (verdict === 'accept' && plan.links.length > MOST_UNSEEN && flags.seen !== true)
    throw new UsageError('not-seen', `${plan.links.length} links are accepted only when some of them were looked at`, {
      hint: 'The dry run printed ten that chance chose. Where these are right, add --seen.',
    })
  const options = decideOptions(flags, settings.values.reviewer, context)
  await withStoreToWrite(context, settings, async (store) => {
    const done = await carryOut(store, plan, options, stepsOf(context, plan.links.length))
    reportTogether(done, flags, context, { plan: flags.plan, verdict })
    await followMappings(
      store,
      done.decided.map(({ link }) => link),
      settings,
      context,
    )
  })
}

async function showPlan(
  store: Store,
  verdict: BulkVerdict,
  where: string,
  flags: BulkFlags,
  settings: Settings,
  context: Context,
): Promise<void> {
  const planned = await planBulk(store, verdict, where)
  const { plan, hash, links, drawn } = planned
  const needsSeen = verdict === 'accept' && links.length > MOST_UNSEEN
  if (links.length > 0) context.openPlans(settings).keep(plan)
  if (flags.json) return context.print(printableJson(planAsJson(planned, needsSeen), 2))
  context.print(
    [
      `${links.length} links to ${verdict}; nothing was written`,
      ...links.map((link) => planLine(link, verdict)),
      ...leftOutLines(planned),
    ].join('\n'),
  )
  if (links.length === 0) return
  if (needsSeen) {
    context.print(`\nTen of them, drawn by chance: are they right?`)
    for (const { id } of drawn) context.print(`\n${renderLinkCard(await viewLink(store, id), context.width)}`)
  }
  const seen = needsSeen ? ' --seen' : ''
  context.print(`\nplan ${hash}`)
  context.say(`To carry it out: whygraph review ${verdict} --where ${quoted(printable(where))} --plan ${hash}${seen}`)
}

function planLine(link: StoredLink, verdict: BulkVerdict): string {
  const effect = `${link.status} → ${BECOMES[verdict]}`
  return `${link.id.slice(0, 8)}@${link.rev}  ${link.confidence.toFixed(2)}  ${effect}  ${renderArrow(link)}`
}

function leftOutLines({ leftOut, already, plan }: Planned): string[] {
  return [
    ...(already === 0 ? [] : [`${already} are ${BECOMES[plan.verdict]} already`]),
    ...(leftOut.count === 0 ? [] : [`${leftOut.count} are left out, as they are accepted only one by one:`]),
    ...[...leftOut.obstacles].map(([obstacle, count]) => `  ${count}: ${OBSTACLES[obstacle]}`),
  ]
}

function planAsJson({ plan, hash, links, leftOut, already, drawn }: Planned, needsSeen: boolean) {
  const after = BECOMES[plan.verdict]
  return {
    version: 1,
    dryRun: true,
    plan: links.length === 0 ? null : hash,
    verdict: plan.verdict,
    where: plan.where,
    links: links.map(({ id, rev, status, confidence, subject, type, object }) => {
      return { id, rev, before: status, after, confidence, subject, type, object }
    }),
    leftOut: { count: leftOut.count, obstacles: Object.fromEntries(leftOut.obstacles) },
    already,
    needsSeen,
    drawn: drawn.map(({ id, items }) => ({ id, items: items.slice(0, 1) })),
  }
}

/** As a shell takes it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
