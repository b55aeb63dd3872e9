import { resolve } from 'node:path'
import type { Command } from 'commander'
import { counted } from '../../model/counted.ts'
import { isRemark } from '../../model/decision.ts'
import { UsageError } from '../../model/errors.ts'
import { applyTodo, readTodo, type Meant, type Todo } from '../../review/apply-todo.ts'
import { BECOMES } from '../../review/bulk-plan.ts'
import { renderArrow } from '../../terminal/link-line.ts'
import { PAST } from '../../terminal/past.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import { type CommonFlags, type Context, withStore, withStoreToWrite } from '../context.ts'
import { followMappings } from '../mapped-rows.ts'
import { reviewerOf, viewerOf } from './reviewer.ts'
import { reportTogether, stepsOf } from './together.ts'

interface ApplyFlags extends CommonFlags {
  readonly reviewer?: string
  readonly dryRun?: boolean
}

/** `review apply`: decides what an edited list says. */
export function addReviewApply(review: Command, context: Context): void {
  review
    .command('apply')
    .description(
      'Example: whygraph review list --format todo > todo.txt, edit it, then whygraph review apply todo.txt\n\nDecides what the list says, at the revisions that it names: what moved since is named (exit code 4). A line that cannot be followed stops all of it. A list that says nothing of any link ends with exit code 1. All is one batch, and applying the same list again changes nothing.',
    )
    .argument('<file>', 'the edited list; - for standard input')
    .option('--reviewer <name>', "who decides; default WHYGRAPH_REVIEWER, else git's user")
    .option('--dry-run', 'only check the list, and say what would be decided')
    .action(async (file: string, _: unknown, command: Command) => {
      const flags: ApplyFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const name = file === '-' ? 'the list' : printable(file)
      const text = await readList(file, context)
      if (flags.dryRun === true)
        return withStore(context, settings, async (store) => {
          const reviewer = viewerOf(settings.values.reviewer, context)
          showTodo(await readTodo(store, text, name), name, flags, context, reviewer)
        })
      const reviewer = reviewerOf(settings.values.reviewer, context)
      await withStoreToWrite(context, settings, async (store) => {
        const todo = await readTodo(store, text, name)
        if (todo.meant.length === 0) return sayNothingMeant(todo, name, flags, context)
        const applied = await applyTodo(store, todo, reviewer, stepsOf(context, todo.meant.length))
        const { already } = applied
        reportTogether(applied, flags, context, { already, leftLines: todo.left })
        if (already > 0 && !flags.json) context.print(`${already} decided so before, by ${printable(reviewer)}`)
        if (applied.refused.length > 0) context.exitCode = 4
        await followMappings(
          store,
          applied.decided.map(({ link }) => link),
          settings,
          context,
        )
      })
    })
}

async function readList(file: string, context: Context): Promise<string> {
  if (file === '-') return context.readInput()
  try {
    const { bytes } = await context.readFile(resolve(context.cwd, file))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new UsageError('unreadable-list', `${file} cannot be read: ${(cause as Error).message}`, {
      hint: "'whygraph review list --format todo' prints a list to edit.",
      cause,
    })
  }
}

/** A list that was not edited is probably a slip: that nothing was done is no success. */
function sayNothingMeant({ left }: Todo, name: string, flags: CommonFlags, context: Context): void {
  context.exitCode = 1
  if (flags.json) return context.print(printableJson({ version: 1, batch: null, decided: [], leftLines: left }, 2))
  context.say(`nothing to decide: no line of ${name} says accept, reject, flag or skip; ${left} leave their link alone`)
}

/** What applying it would do, as far as it is known before. */
function showTodo(
  { meant, left }: Todo,
  name: string,
  flags: CommonFlags,
  context: Context,
  reviewer: string | null,
): void {
  const fateOf = (line: Meant): Fate => (!isMoved(line) ? 'decided' : isSaid(line, reviewer) ? 'already' : 'moved')
  const { decided = [], already = [], moved = [] } = Object.groupBy(meant, fateOf)
  if (moved.length > 0) context.exitCode = 4
  if (flags.json) {
    const lines = meant.map(({ number, verdict, link, rev, reason, note }) => {
      return { line: number, id: link.id, verdict, rev, reason, note, before: link.status, now: link.rev }
    })
    const counts = { toDecide: decided.length, already: already.length, moved: moved.length, leftLines: left }
    return context.print(printableJson({ version: 1, dryRun: true, lines, ...counts }, 2))
  }
  const counts = [
    `${counted(decided.length, 'link')} to decide`,
    ...(already.length === 0 ? [] : [`${already.length} decided so before`]),
    ...(moved.length === 0 ? [] : [`${moved.length} moved since and would be refused`]),
    `${left} left alone; nothing was written`,
  ]
  context.print([counts.join(', '), ...meant.map((line) => meantLine(line, fateOf(line)))].join('\n'))
  if (meant.length === 0) context.say(`no line of ${name} says accept, reject, flag or skip`)
}

type Fate = 'decided' | 'already' | 'moved'

function isMoved({ link, rev, verdict }: Meant): boolean {
  return (link.rev !== rev && !isRemark({ verdict })) || link.into !== null
}

/** It stands so by this person's word. */
function isSaid({ link, verdict }: Meant, reviewer: string | null): boolean {
  if (verdict === 'flag' || verdict === 'skip' || link.into !== null) return false
  return link.reviewedBy === reviewer && link.status === BECOMES[verdict]
}

function meantLine({ link, verdict, rev, reason, note }: Meant, fate: Fate): string {
  const becomes = verdict === 'flag' || verdict === 'skip' ? PAST[verdict] : `${link.status} → ${BECOMES[verdict]}`
  const effect = { decided: becomes, already: `${link.status} already`, moved: `moved to revision ${link.rev}` }[fate]
  const said = [reason, note].filter((text) => text !== undefined).join(': ')
  return `${link.id.slice(0, 8)}@${rev}  ${effect}  ${renderArrow(link)}${said === '' ? '' : `  (${printable(said)})`}`
}
