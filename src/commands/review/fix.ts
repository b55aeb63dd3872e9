import type { Command } from 'commander'
import type { Decision } from '../../model/decision.ts'
import { UsageError } from '../../model/errors.ts'
import { findLink } from '../../review/find-record.ts'
import { asForeseenBy, foresee } from '../../review/fix-foresee.ts'
import { planFix, type FixAsked, type Revision } from '../../review/fix.ts'
import { isMadeOf, requestUsed } from '../../store/decision-draft.ts'
import type { Store } from '../../store/store.ts'
import type { Schema } from '../../model/schema.ts'
import { noteLines, renderChange } from '../../terminal/fix-lines.ts'
import { renderArrow } from '../../terminal/link-line.ts'
import { printableJson } from '../../terminal/printable.ts'
import { renderRule } from '../../terminal/rule-line.ts'
import { type Context, withStoreToWrite } from '../context.ts'
import { decideOptions, deciding, type DecidingFlags } from './reviewer.ts'
import { schemaFor } from './schema-for.ts'
import { readSetFlag } from './set-flag.ts'

interface FixFlags extends DecidingFlags {
  readonly type?: string
  readonly flip?: boolean
  readonly subject?: string
  readonly subjectType?: string
  readonly object?: string
  readonly objectType?: string
  readonly evidence?: readonly string[]
  readonly set?: readonly string[]
  readonly rule?: boolean
  readonly dryRun?: boolean
}

/** `review fix`: what a model said nearly right. */
export function addReviewFix(review: Command, context: Context): void {
  deciding(review.command('fix'))
    .summary('put right what a link says: its type, direction, ends, quotes, time')
    .description(
      "Example: whygraph review fix k3vq7x --type REPORTS_TO --flip --dry-run\n\nWhat the model said stays as it is: the link is rejected, and what you say accepted in its place, with its quotes and trace steps unless you choose others. Both stay in the history of both, and one 'whygraph review undo' takes back the whole.",
    )
    .argument('<id>', 'id of a link, or its first characters')
    .option('--type <type>', 'a type of the schema')
    .option('--flip', 'the other way round')
    .option('--subject <name|id>', 'what it goes from')
    .option('--object <name|id>', 'what it goes to')
    .option('--subject-type <type>', 'type of the subject; so a name that nothing has is a new entity')
    .option('--object-type <type>', 'the same of the object')
    .option('--evidence <quote...>', "the source's own words that say so, in place of those that it has")
    .option(
      '--set <property=value...>',
      'when=2024-03, or when= where nobody knows; confidence=0.6, how sure you are; support=stated or inferred',
    )
    .option('--rule', 'the same is wrong wherever it is said: read all replies so that come from now on')
    .option('--schema <file>', 'entity and link types; default: those that the link was asked for with')
    .option('--dry-run', 'only say what would become of the graph')
    .action(async (id: string, _: unknown, command: Command) => {
      const flags: FixFlags = command.optsWithGlobals()
      const asked = readAsked(flags)
      const settings = context.settings(flags)
      const options = decideOptions(flags, settings.values.reviewer, context)
      await withStoreToWrite(context, settings, async (store) => {
        const schema: Schema = await schemaFor(store, settings, id)
        await carryOutOrSay(store, (retried) => planFix(store, id, asked, schema, options, retried), flags, context)
      })
    })
}

/**
 * Plans and, unless it is a dry run, carries out; says what becomes of the graph. The same request again only says it: it is
 * planned as before its batch, to see whether it is the same.
 * @throws ConflictError where the request was another
 */
export async function carryOutOrSay(
  store: Store,
  plan: (retried?: string) => Promise<Revision>,
  flags: DecidingFlags & { readonly dryRun?: boolean },
  context: Context,
): Promise<void> {
  const made = flags.requestId === undefined ? null : await store.decisionByRequest(flags.requestId)
  if (made !== null) {
    await checkRequest(made, plan)
    const link = await findLink(store, made.linkId)
    if (flags.json) return context.print(printableJson({ version: 1, unchanged: true, decisions: [made], link }, 2))
    return context.print(`${link.id.slice(0, 8)}  ${renderArrow(link)}: ${link.status} by this request already`)
  }
  const revision = await plan()
  const change = await foresee(store, revision, context.now())
  const rules = revision.rules ?? []
  const notes = revision.notes ?? []
  const said = [...rules.map((rule) => `  rule for replies that come: ${renderRule(rule)}`), ...noteLines(revision)]
  if (flags.dryRun === true) {
    const links = await asForeseenBy(store, revision.drafts[0]?.reviewer ?? null, change.links)
    const told = { ...change, links }
    if (flags.json) return context.print(printableJson({ version: 1, dryRun: true, ...told, rules, notes }, 2))
    return context.print(['would become of the graph; nothing was written', ...renderChange(told), ...said].join('\n'))
  }
  const decided = await store.decideTogether(revision.proposals, revision.drafts, context.now().toISOString())
  const link = decided.at(-1)?.link
  const decisions = decided.map(({ decision }) => decision)
  if (flags.json)
    return context.print(printableJson({ version: 1, unchanged: false, decisions, link, ...change, rules, notes }, 2))
  context.print(
    [...renderChange(change), ...said, `${link?.id.slice(0, 8)}, revision ${link?.rev}  saved ✓`].join('\n'),
  )
}

/** @throws ConflictError where what is planned is not what the request did */
export async function checkRequest(made: Decision, plan: (retried?: string) => Promise<Revision>): Promise<void> {
  const { drafts } = await plan(made.batch)
  const draft = drafts.find(({ requestId }) => requestId === made.requestId)
  if (draft === undefined || !isMadeOf(made, draft)) throw requestUsed(made)
}

function readAsked(flags: FixFlags): FixAsked {
  const { type, flip, subject, subjectType, object, objectType, evidence } = flags
  const asked: FixAsked = {
    ...readSetFlag(flags.set),
    ...(type === undefined ? {} : { type }),
    ...(flip === undefined ? {} : { flip }),
    ...endAsked('subject', subject, subjectType),
    ...endAsked('object', object, objectType),
    ...(evidence === undefined ? {} : { evidence }),
  }
  if (Object.keys(asked).length > 0) return flags.rule === true ? { ...asked, isRule: true } : asked
  throw new UsageError('nothing-to-fix', 'nothing is said of what is wrong', {
    hint: "Give --type, --flip, --subject, --object, --evidence or --set; 'whygraph review fix --help' has an example.",
  })
}

function endAsked(side: 'subject' | 'object', named: string | undefined, type: string | undefined) {
  if (named === undefined && type !== undefined)
    throw new UsageError('type-alone', `--${side}-type is the type of what --${side} names`, {
      hint: `Give --${side} too.`,
    })
  return named === undefined ? {} : { [side]: { named, ...(type === undefined ? {} : { type }) } }
}
