import { type Command, Option } from 'commander'
import { describeForgotten, describeLeftAlone } from '../extract/journal.ts'
import { counted } from '../model/counted.ts'
import { UsageError } from '../model/errors.ts'
import { rebuild, type RebuildSummary } from '../rebuild/rebuild.ts'
import type { ReplyPlace } from '../rebuild/replies-again.ts'
import type { LinkChanges } from '../store/derivation.ts'
import { crowdedLine } from '../terminal/crowded-line.ts'
import { listed } from '../terminal/listed.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import { ruleLines } from '../terminal/rule-lines.ts'
import { type CommonFlags, type Context, withStoreToWrite } from './context.ts'
import { progressPrinter } from './progress.ts'

interface RebuildFlags extends CommonFlags {
  readonly schema?: string
  readonly from: 'proposals' | 'replies'
  readonly dryRun?: boolean
  readonly bySchema?: boolean
  readonly force?: boolean
}

export function addRebuild(program: Command, context: Context): void {
  program
    .command('rebuild')
    .summary('make the graph anew from the record, without a model call')
    .description(
      'Example: whygraph rebuild --from replies --dry-run\n\nDerives links and names anew from proposals and decisions; or, from replies, parses, grounds and aligns every stored reply again, as after an update of whygraph, each by the schema that it was asked with, or with --by-schema all by the one in force. Which names are one thing is judged anew too, except in a dry run. Decisions stay. What is the same is not written.',
    )
    .addOption(
      new Option('--from <what>', 'proposals: what was made of replies; replies: the replies themselves')
        .choices(['proposals', 'replies'])
        .default('proposals'),
    )
    .option('--schema <file>', 'for replies whose own schema the store does not hold; links are compared by its rules')
    .option(
      '--by-schema',
      'with --from replies: read all replies by the schema in force (--schema, else the setting), whatever they were asked with',
    )
    .option('--dry-run', 'say what would change, or why it would be refused; write nothing')
    .option(
      '--force',
      'also where decisions, chunks, proposals or schemas that links rest on are missing, or a date or decision was altered: make them of what is there',
    )
    .action(async (_: unknown, command: Command) => {
      const flags: RebuildFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const dryRun = flags.dryRun ?? false
      if (flags.bySchema === true && flags.from !== 'replies')
        throw new UsageError('by-schema', '--by-schema reads replies, but the graph would be made from proposals', {
          hint: 'Give --from replies too.',
        })
      const journal = context.openJournal(settings)
      const tables = context.openTables(settings, 'create')
      const { count, end } = progressPrinter(context)
      const options = {
        fromReplies: flags.from === 'replies',
        dryRun,
        force: flags.force ?? false,
        schema: settings.schema,
        isSchemaGiven: flags.schema !== undefined,
        ...(flags.bySchema === true ? { readBy: settings.schema } : {}),
        ...(settings.values.schema === undefined ? {} : { ruledBy: settings.schema }),
        journal,
        tables,
        prices: { currency: settings.values.currency, models: settings.values.prices },
        progress: (what: string, done: number) => count('rebuild', what, done),
      }
      const summary = await withStoreToWrite(context, settings, (store) =>
        rebuild(store, options, context.signal),
      ).finally(async () => {
        end()
        journal.close()
        await tables.close()
      })
      const schema = settings.values.schema ?? 'the built-in schema'
      context.print(flags.json ? printableJson(summary, 2) : render(summary, schema))
      context.exitCode = summary.interrupted ? 130 : (summary.replies?.unreadable.length ?? 0) > 0 ? 1 : 0
    })
}

/** More are listed with --json. */
const MOST_PLACES = 20

function render(summary: RebuildSummary, schema: string): string {
  const { replies, links, outside, entities, mentions, standing, conflicts, relationships } = summary
  const { rules, leftovers, names, pairs, changed, dryRun, interrupted } = summary
  const lines: string[] = []
  if (replies !== null) {
    const { recovered, waiting } = replies
    const { whole, partial, forgotten } = recovered
    if (whole + partial > 0)
      lines.push(
        `recovered  ${counted(whole, 'reply', 'replies')} of a run that was broken off, and ${partial} that had not ended`,
      )
    if (forgotten > 0) lines.push(`replies    ${describeForgotten(forgotten)}`)
    lines.push(...describeLeftAlone(recovered).map((left) => `replies    ${printable(left)}`))
    if (waiting > 0)
      lines.push(
        `waiting    ${waiting} in the journal, of runs that were broken off or go on; without --dry-run the former are stored first`,
      )
    const rows = replies.rows > 0 ? `, ${replies.rows} of table rows, which mappings read, left as they are` : ''
    lines.push(
      `chunks     ${replies.chunks}${rows}`,
      `replies    ${replies.read} read again, ${replies.changed} changed`,
      `proposals  ${changesOf(replies.proposals)}`,
    )
    if (replies.cutTraces > 0)
      lines.push(
        `kept       ${counted(replies.cutTraces, 'reply', 'replies')} whose trace is not whole any more: the steps stay as they were found`,
      )
    if (replies.otherSchema > 0)
      lines.push(
        `schema     ${counted(replies.otherSchema, 'reply', 'replies')} read under ${printable(schema)}: the store does not hold the schema that was asked with`,
      )
    if (replies.retaken > 0)
      lines.push(
        `schema     ${counted(replies.retaken, 'reply', 'replies')} read under ${printable(schema)} and not the schema that they were taken by`,
      )
    if (replies.otherPairs > 0)
      lines.push(
        `kept       ${counted(replies.otherPairs, 'reply', 'replies')} about pairs of names that would be asked about otherwise now: what was made of it stays`,
      )
  }
  if (leftovers > 0)
    lines.push(
      `leftovers  ${counted(leftovers, 'reply or proposal', 'replies and proposals')} about documents that are not there: out of the store`,
    )
  lines.push(...ruleLines(rules, dryRun), `links      ${changesOf(links)}`)
  if (outside > 0) lines.push(`held back  ${counted(outside, 'link')} outside of the graph changed`)
  if (entities + mentions > 0)
    lines.push(`entities   ${entities} named otherwise or gone, in ${counted(mentions, 'chunk')} mentioned otherwise`)
  if (summary.copies > 0)
    lines.push(
      `copies     ${counted(summary.copies, 'record')} showed something else to queries than they say, or were of another day than their document`,
    )
  if (standing > 0)
    lines.push(`standing   ${counted(standing, 'proposal')} counted and should not, or the other way round`)
  if (conflicts > 0) lines.push(`conflicts  ${counted(conflicts, 'link')} held against others than before`)
  if (relationships > 0)
    lines.push(`drawn      ${counted(relationships, 'relationship')} otherwise than the record says`)
  if (summary.summaries > 0)
    lines.push(`summaries  ${counted(summary.summaries, 'document')} with another summary, or labels by it`)
  if (pairs !== null && pairs.links > 0) lines.push(`pairs      ${pairsOf(pairs)}`)
  if (pairs !== null && pairs.crowded > 0) lines.push(crowdedLine(pairs.crowded))
  if (names > 0)
    lines.push(
      `names      ${counted(names, 'entity', 'entities')} missing in the index of names, or there by other names`,
    )
  if (replies !== null) {
    lines.push(...places('readable', 'readable now', replies.readable))
    lines.push(...places('unreadable', 'not readable any more; what was made of it before is kept', replies.unreadable))
    if (replies.neverReadable > 0)
      lines.push(`unread     ${counted(replies.neverReadable, 'reply', 'replies')} of which nothing can be made yet`)
  }
  if (interrupted) lines.push('interrupted; what was done stands, and the same command goes on')
  lines.push(dryRun ? `${changed} would be changed; nothing was written` : `${changed} changed`)
  return lines.join('\n')
}

function pairsOf({ links, joined, asked }: NonNullable<RebuildSummary['pairs']>): string {
  const more = (count: number, what: string): string => `${Math.abs(count)} ${count < 0 ? 'fewer' : 'more'} ${what}`
  return `${links} of names judged otherwise: ${more(joined, 'joined')}, ${more(asked, 'wait for review')}`
}

function changesOf({ added, changed, removed }: LinkChanges): string {
  return `${added} added, ${changed} changed, ${removed} removed`
}

function places(name: string, what: string, found: readonly ReplyPlace[]): string[] {
  if (found.length === 0) return []
  const lines = found.map(({ where, reply, message }) => {
    return `${where}, reply ${reply.slice(0, 8)}${message === '' ? '' : `: ${message}`}`
  })
  return [`${name.padEnd(10)} ${found.length} ${what}`, ...listed(lines, MOST_PLACES)]
}
