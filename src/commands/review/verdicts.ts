import type { Command } from 'commander'
import { StoreError, UsageError, WhygraphError } from '../../model/errors.ts'
import { decideLink, type Outcome } from '../../review/decide.ts'
import { MOST_UNSEEN } from '../../review/bulk-plan.ts'
import { findRecord } from '../../review/find-record.ts'
import { parseAlike, ruleOfRejection } from '../../review/rule-of-rejection.ts'
import { standsAgain } from '../../review/stands-again.ts'
import { redo, undo } from '../../review/undo-redo.ts'
import type { Store } from '../../store/store.ts'
import { printable } from '../../terminal/printable.ts'
import { renderRule } from '../../terminal/rule-line.ts'
import { type Context, withStoreToWrite } from '../context.ts'
import { followMapping, followMappings } from '../mapped-rows.ts'
import { besideTheirs } from './beside-theirs.ts'
import { decideInBulk, type BulkFlags } from './bulk.ts'
import { decideOptions, deciding } from './reviewer.ts'
import { report, sayIfMerged } from './report.ts'
import { tellLeases } from './tell-leases.ts'
import { reportTogether } from './together.ts'
import { foretell, foretoldOf, foretoldOfTurn } from './foretell.ts'

const RULE_FLAG =
  'such links are wrong wherever they are said: hold those of replies that come from now on. What they have in common with this one beside the type, joined by commas: subject, object, ends (types of both), model, document, folder, place (row, utterance, sentence …); or type: nothing else'

/** `review accept`, `review reject` and `review undo`: links that are named one by one. */
export function addVerdicts(review: Command, context: Context): void {
  for (const verdict of ['accept', 'reject'] as const) {
    const command = deciding(review.command(verdict))
    if (verdict === 'reject') command.option('--rule <alike>', RULE_FLAG)
    command
      .description(
        `Example: whygraph review ${verdict} k3vq7x --note "as discussed"\n\nOf several ids each is decided by itself: one that was refused is told (exit code as if it were alone), the others are decided. Many at once: --where 'type=OWNS confidence>=0.9' --dry-run shows a plan, and --plan HASH carries it out.`,
      )
      .argument('[id...]', 'ids of links, or their first characters')
      .option('--where <conditions>', 'all links of which all holds, as review list takes it; those that wait')
      .option('--dry-run', 'only show what would become of the graph; with --where: what would be decided')
      .option('--plan <hash>', 'with --where: carry out the plan that a dry run showed')
      .option('--seen', `with --where: the links that the dry run drew were looked at; for more than ${MOST_UNSEEN}`)
      .action(async (ids: string[], _: unknown, command: Command) => {
        const flags: BulkFlags = command.optsWithGlobals()
        const settings = context.settings(flags)
        if (flags.where !== undefined && ids.length === 0)
          return decideInBulk(verdict, flags.where.trim(), flags, settings, context)
        requireIds(ids, flags)
        const alike = flags.rule === undefined ? null : parseAlike(flags.rule)
        const own = { ...decideOptions(flags, settings.values.reviewer, context), inBulk: ids.length > 1 }
        await withStoreToWrite(context, settings, async (store) => {
          // All are looked up before the first is decided, so that a slip of the finger costs nothing.
          const links = await Promise.all(ids.map((id) => findRecord(store, id, ['Link'])))
          const rule = alike === null ? null : await ruleOfRejection(store, ids[0] ?? '', alike)
          const options = rule === null ? own : { ...own, rules: JSON.stringify([rule]) }
          if (flags.dryRun === true) {
            const outcomes: Outcome[] = []
            const decideOne = async (id: string, on: Store): Promise<void> =>
              void outcomes.push(await decideLink(on, id, verdict, options, context.now()))
            const fault = await store.trial(async (on) => {
              outcomes.length = 0
              return firstRefused(links, (id) => decideOne(id, on), context)
            })
            await foretell(store, foretoldOf(outcomes), flags, context, {
              reviewer: options.reviewer,
              rules: rule === null ? [] : [renderRule(rule)],
            })
            if (fault !== null) throw fault
            return
          }
          await tellLeases(store, options.reviewer, links, context)
          const decideOne = async (id: string): Promise<void> => {
            const outcome = await besideTheirs(store, id, { verdict, flags, context, options }, () =>
              decideLink(store, id, verdict, options, context.now()),
            )
            sayIfMerged(id, outcome, context)
            report(outcome, flags, context)
            if (rule !== null && !flags.json) context.print(`  rule for replies that come: ${renderRule(rule)}`)
            await followMapping(store, outcome.link, settings, context)
          }
          const fault = await firstRefused(links, decideOne, context)
          if (fault !== null) throw fault
        })
      })
  }
  for (const [name, turn, example, argument] of [
    [
      'undo',
      undo,
      'Example: whygraph review undo k3vq7x\n\nTakes back the last decision about a link, a decision, a batch as a whole, or what you decided last. Where somebody else decided since, theirs stands and is named.',
      'id of a link, decision or batch; without it, what you decided last',
    ],
    [
      'redo',
      redo,
      'Example: whygraph review redo\n\nDoes again what was undone of a link, a decision or a batch, or what you undid last. What was decided anew since stays.',
      'id of a link, decision or batch; without it, what you undid last',
    ],
  ] as const)
    deciding(review.command(name))
      .description(example)
      .argument('[id]', argument)
      .option('--dry-run', 'only show what would become of the graph')
      .action(async (id: string | undefined, _: unknown, command: Command) => {
        const flags: BulkFlags = command.optsWithGlobals()
        const settings = context.settings(flags)
        const options = decideOptions(flags, settings.values.reviewer, context)
        await withStoreToWrite(context, settings, async (store) => {
          const { now, signal } = context
          if (flags.dryRun === true) {
            const tried = await store.trial((on) => turn(on, id, options, { now, signal }))
            return foretell(store, foretoldOfTurn(tried), flags, context, { reviewer: options.reviewer })
          }
          await tellLeases(store, options.reviewer, [], context)
          const turned = await turn(store, id, options, { now, signal })
          if ('one' in turned) {
            report(turned.one, flags, context, await standsAgain(store, turned.one.undone))
            await followMapping(store, turned.one.link, settings, context)
            return
          }
          reportTogether(turned.all, flags, context)
          const links = turned.all.decided.map(({ link }) => link)
          await followMappings(store, links, settings, context)
        })
      })
}

/** One that cannot be decided keeps none of the others from it. Returns the first of what was refused, when all have had their turn. */
async function firstRefused(
  links: readonly { readonly id: string }[],
  decideOne: (id: string) => Promise<void>,
  context: Context,
): Promise<WhygraphError | null> {
  const refused: WhygraphError[] = []
  for (const { id } of links) {
    try {
      await decideOne(id)
    } catch (error) {
      // What ails the store ails all of them.
      if (!(error instanceof WhygraphError) || error instanceof StoreError) throw error
      refused.push(error)
    }
  }
  const [first = null, ...others] = refused
  for (const { message } of others) context.say(`not decided: ${printable(message)}`)
  return first
}

function requireIds(ids: readonly string[], flags: BulkFlags): void {
  const { where, plan, seen, expectRev, requestId, rule } = flags
  if (where !== undefined) throw new UsageError('ids-and-where', 'ids and --where do not go together')
  if (ids.length === 0) throw new UsageError('no-ids', 'nothing is named: give ids of links, or --where CONDITIONS')
  if (plan !== undefined || seen === true) throw new UsageError('only-in-bulk', '--plan and --seen are for --where')
  if (ids.length > 1 && (expectRev !== undefined || requestId !== undefined))
    throw new UsageError('one-at-a-time', '--expect-rev and --request-id are for one link at a time')
  if (ids.length > 1 && rule !== undefined) throw new UsageError('one-at-a-time', '--rule is for one link at a time')
}
