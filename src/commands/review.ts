import { type Command, InvalidArgumentError, Option } from 'commander'
import { execFileSync } from 'node:child_process'
import { describeWho } from '../model/decision.ts'
import { UsageError } from '../model/errors.ts'
import { PENDING, type LinkStatus } from '../model/link.ts'
import { decideLink, type DecideOptions, type Outcome, undoDecision } from '../review/decide.ts'
import { findRecord } from '../review/find-record.ts'
import { verifyChain } from '../review/verify-chain.ts'
import type { StoredLink } from '../store/records.ts'
import { renderArrow } from '../terminal/link-line.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import { fit } from '../terminal/table.ts'
import { type CommonFlags, type Context, withStore, withStoreToWrite } from './context.ts'
import { followMapping } from './mapped-rows.ts'
import { addDesk } from './review-desk.ts'
import { addReviewEntity } from './review-entity.ts'
import { showLink } from './show.ts'

interface ReviewFlags extends CommonFlags {
  readonly reviewer?: string
  readonly reason?: string
  readonly note?: string
  readonly expectRev?: number
  readonly requestId?: string
  readonly status?: string
  readonly type?: string
  readonly limit?: number
  readonly verify?: boolean
}

export function addReview(program: Command, context: Context): void {
  const review = program
    .command('review')
    .summary('accept, reject and undo links; works while an ingest runs')
    .description(
      'Example: whygraph review list --limit 5, then whygraph review accept k3vq7x --reason "seen the minutes"',
    )
  addDesk(review, context, (flags: ReviewFlags, reviewer) => decideOptions(flags, reviewer, context).reviewer)
  addList(review, context)
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
  for (const verdict of ['accept', 'reject'] as const) {
    deciding(review.command(verdict))
      .description(`Example: whygraph review ${verdict} k3vq7x --note "as discussed"`)
      .argument('<id...>', 'ids of links, or their first characters')
      .action(async (ids: string[], _: unknown, command: Command) => {
        const flags: ReviewFlags = command.optsWithGlobals()
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
      const flags: ReviewFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const options = decideOptions(flags, settings.values.reviewer, context)
      await withStoreToWrite(context, settings, async (store) => {
        const outcome = await undoDecision(store, id, options, context.now())
        report(outcome, flags, context)
        await followMapping(store, outcome.link, settings, context)
      })
    })
  addReviewEntity(review, context, deciding, (flags: ReviewFlags, reviewer) => decideOptions(flags, reviewer, context))
  addLog(review, context)
}

const LISTED: readonly LinkStatus[] = [...PENDING, 'accepted', 'rejected', 'gone', 'merged']

function addList(review: Command, context: Context): void {
  review
    .command('list')
    .description(
      'Example: whygraph review list --status held\n\nLinks that wait for a person: proposed ones, and held ones which the source denies or hedges. --status unsupported lists those that somebody accepted and that no source says any more.',
    )
    .addOption(
      new Option('--status <status>', 'which links')
        .choices([...LISTED, 'unsupported', 'pending', 'all'])
        .default('pending', 'proposed and held'),
    )
    .option('--type <type>', 'only links of this type')
    .option('--limit <number>', 'at most so many', positive, 20)
    .action(async (_: unknown, command: Command) => {
      const flags: ReviewFlags = command.optsWithGlobals()
      const isUnsupported = flags.status === 'unsupported'
      const statuses = statusesOf(flags.status)
      await withStore(context, context.settings(flags), async (store) => {
        const page = {
          order: 'confidence',
          descending: true,
          ...(flags.type === undefined && !isUnsupported ? { limit: flags.limit ?? 20 } : {}),
        }
        const found = await store.links(statuses, page)
        // Pairs that somebody took for one thing are in the record with what fell together.
        if (flags.status === 'accepted')
          found.push(...(await store.links(['merged'])).filter((link) => verdictOf(link) === 'accepted'))
        const isWanted = (link: StoredLink): boolean =>
          (flags.type === undefined || link.type === flags.type) && (!isUnsupported || link.unsupported)
        const links = found.filter(isWanted).slice(0, flags.limit)
        if (flags.json) return context.print(printableJson({ version: 1, links }, 2))
        if (links.length === 0) return context.say('no links')
        const lines = links.map((link) => {
          const marks = [
            link.mapsFrom === null ? '' : `columns of a table: ${link.mapsFrom} → ${link.mapsTo}`,
            link.disputed ? 'disputed' : '',
            link.conflictsWith === undefined ? '' : 'contradicted',
            link.supersededOn === undefined ? '' : `superseded on ${link.supersededOn}`,
            link.unsupported ? 'no source says it any more' : '',
            link.obstacles.includes('addresses-model') ? 'its source speaks to the model' : '',
            link.items[0]?.grounding === 'exact' ? '' : (link.items[0]?.grounding ?? ''),
          ]
          const standing = link.status === 'held' ? whyHeld(link) : verdictOf(link)
          const text = `${link.id.slice(0, 8)}  ${link.confidence.toFixed(2)}  ${standing.padEnd(8)}  ${renderArrow(link)}`
          return fit(
            [text, ...marks.filter((mark) => mark !== '')].join('  '),
            context.printsToTerminal ? context.width : Infinity,
          )
        })
        context.print(lines.join('\n'))
      })
    })
}

function whyHeld({ denials, hedges }: StoredLink): string {
  if (denials > 0) return 'denied'
  return hedges > 0 ? 'hedged' : 'held'
}

/** As a person would say it: what was decided about two names stands, though it is no line of the graph any more. */
function verdictOf({ status, into, bond }: StoredLink): string {
  if (status !== 'merged' || into !== null || bond == null) return status
  return bond.kind === 'automatic' ? 'joined' : bond.kind
}

function statusesOf(status: string | undefined): readonly LinkStatus[] {
  if (status === 'pending') return PENDING
  if (status === 'unsupported') return ['accepted']
  return status === 'all' ? LISTED : [status as LinkStatus]
}

function addLog(review: Command, context: Context): void {
  review
    .command('log')
    .description('Example: whygraph review log --verify\n\nThe decisions, newest first.')
    .option('--limit <number>', 'at most so many', positive, 50)
    .option('--verify', 'check the hash chain of all decisions')
    .action(async (_: unknown, command: Command) => {
      const flags: ReviewFlags = command.optsWithGlobals()
      await withStore(context, context.settings(flags), async (store) => {
        if (flags.verify) {
          const decisions = await store.decisions({ order: 'sequence' })
          const problems = verifyChain(decisions, await store.chainHead())
          context.exitCode = problems.length > 0 ? 1 : 0
          if (flags.json) return context.print(printableJson({ version: 1, decisions: decisions.length, problems }, 2))
          return context.print([`${decisions.length} decisions, ${problems.length} problems`, ...problems].join('\n'))
        }
        const decisions = await store.decisions({ order: 'sequence', descending: true, limit: flags.limit ?? 50 })
        if (flags.json) return context.print(printableJson({ version: 1, decisions }, 2))
        if (decisions.length === 0) return context.say('no decisions yet')
        const links = new Map(
          (await Promise.all([...new Set(decisions.map((one) => one.linkId))].map((id) => store.link(id)))).map(
            (link) => [link?.id, link],
          ),
        )
        const lines = decisions.map((one) => {
          const link = links.get(one.linkId)
          const about = link ? renderArrow(link) : `${one.linkId} (forgotten)`
          const said = [one.reason, one.note].filter((text) => text !== null).join(': ')
          return printable(
            `${one.sequence}  ${one.at.slice(0, 19)}  ${one.reviewer}  ${one.verdict}  ${about}${said === '' ? '' : `  (${said})`}`,
          )
        })
        context.print(lines.join('\n'))
      })
    })
}

function deciding(command: Command): Command {
  return command
    .option('--reviewer <name>', "who decides; default WHYGRAPH_REVIEWER, else git's user")
    .option('--reason <text>', 'why, in a word or two')
    .option('--note <text>', 'anything else')
    .option('--expect-rev <number>', 'refuse if the link is not at this revision any more', revision)
    .option('--request-id <id>', 'makes a retry of the same request harmless')
}

function decideOptions(flags: ReviewFlags, configured: string | undefined, context: Context): DecideOptions {
  const { reason, note, expectRev, requestId } = flags
  return {
    reviewer: configured ?? gitUser(context),
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    ...(expectRev === undefined ? {} : { expectedRev: expectRev }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}

function gitUser(context: Context): string {
  try {
    const name = execFileSync('git', ['config', 'user.name'], {
      cwd: context.cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    if (name.trim() !== '') return name.trim()
  } catch {
    // No git, or no name in it: asked for below.
  }
  throw new UsageError('no-reviewer', 'nobody is named as the reviewer', {
    hint: 'Set WHYGRAPH_REVIEWER, or give --reviewer NAME.',
  })
}

/** Things were taken for one since the id was printed, or read. */
function sayIfMerged(id: string, { link }: Outcome, context: Context): void {
  if (link.id !== id) context.say(`link ${id.slice(0, 8)} has fallen into one with ${link.id.slice(0, 8)}`)
}

function report({ link, decision, unchanged, undone }: Outcome, flags: ReviewFlags, context: Context): void {
  if (flags.json) return context.print(printableJson({ version: 1, unchanged, decision, undone, link }, 2))
  const about = `${link.id.slice(0, 8)}  ${renderArrow(link)}`
  if (unchanged) return context.print(`${about}: ${verdictOf(link)} already, by ${printable(link.reviewedBy ?? '')}`)
  if (undone !== undefined)
    context.print(`took back the ${undone.verdict} of ${printable(describeWho(undone))}, decision ${undone.id}, about`)
  context.print(`${about}: ${verdictOf(link)}, revision ${link.rev}  saved ✓`)
}

function positive(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number above 0.')
  return number
}

function revision(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number.')
  return number
}
