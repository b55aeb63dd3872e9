import type { Command } from 'commander'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { counted } from '../model/counted.ts'
import { NotFoundError, UsageError } from '../model/errors.ts'
import type { StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { finishForgetting, forget, type ForgetSummary } from '../taking-in/forget.ts'
import { renderLinkLine } from '../terminal/link-line.ts'
import { listed } from '../terminal/listed.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import { type CommonFlags, type Context, withStoreToWrite } from './context.ts'
import { storedPaths } from './stored-path.ts'

interface ForgetFlags extends CommonFlags {
  readonly source?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
}

export function addForget(program: Command, context: Context): void {
  program
    .command('forget')
    .summary('remove documents and all that was made of them, for good')
    .description(
      "Example: whygraph forget minutes/2025-03-18.vtt --dry-run, then the same with --yes\n\nRemoves documents (by path, folder or id), what was inside them, their chunks, tables, replies with their traces, and proposals with their quotes. A link that nothing else speaks of goes, also one that a person accepted; what was decided stays in the log, and counts again should another source say the same. Nothing of the text is left in the files of a local store: they are written anew, which takes a while where they are large, and needs as much room again. Neo4j keeps what was removed in its transaction logs as long as its setting db.tx_log.rotation.retention_policy says, and in its own backups, and the names of link types in its schema. Backups and copies of yours are yours to remove. What the replies cost is not in the totals of 'whygraph status' any more. An ingest beside it that reads one of the documents keeps nothing of it either: it names the document and ends with exit code 1. What an earlier version left of forgotten documents goes with the next forget.",
    )
    .argument('<path...>', 'paths of files or folders as the store has them, or from here; or ids of documents')
    .option('--source <name>', 'only documents of this source')
    .option('--dry-run', 'list what would go; remove nothing')
    .option('--yes', 'do it: nobody is asked')
    .action(async (paths: string[], _: unknown, command: Command) => {
      const flags: ForgetFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const dryRun = flags.dryRun === true || flags.yes !== true
      const tables = context.openTables(settings, 'create')
      const journal = context.openJournal(settings)
      const prices = { currency: settings.values.currency, models: settings.values.prices }
      const work = async (store: Store): Promise<ForgetSummary> => {
        const finished = dryRun ? 0 : await finishForgetting({ store, tables })
        if (finished > 0)
          context.say('what an earlier forget that was broken off had left in the files is out of them now')
        const documents = await findDocuments(
          store,
          paths,
          (path) => storedPaths(path, settings, context),
          flags.source,
        )
        return forget(documents, { store, tables, journal, prices }, { dryRun, now: context.now().toISOString() })
      }
      const summary = await withStoreToWrite(context, settings, work).finally(async () => {
        journal.close()
        await tables.close()
      })
      context.print(flags.json ? printableJson(summary, 2) : render(summary))
      const still = summary.documents.filter(({ path }) => existsSync(resolve(settings.base, path)))
      if (still.length > 0)
        context.say(
          `${still.length === 1 ? 'Its file is' : `${still.length} files are`} still there (${printable(still[0]?.path ?? '')}${still.length > 1 ? ' …' : ''}): the next ingest that finds ${still.length === 1 ? 'it reads it again. Delete it, or name it' : 'them reads them again. Delete them, or name them'} in .whygraphignore.`,
        )
      const [kept, ...others] = context.replacedStores(settings)
      if (kept !== undefined)
        context.say(
          `What a restore replaced is kept as it was, with all its text, in ${printable(kept)}${others.length > 0 ? ` and ${others.length} more beside it` : ''}. Delete it yourself.`,
        )
      if (dryRun && flags.dryRun !== true)
        throw new UsageError('not-confirmed', 'nothing was removed: this cannot be undone', {
          hint: 'Give --yes to do it, or --dry-run to only look.',
        })
    })
}

/**
 * Documents at the paths, those of a folder where a path is one, or with the ids.
 * @throws NotFoundError where there is none; UsageError where documents of several sources stand at a path
 */
async function findDocuments(
  store: Store,
  paths: readonly string[],
  namesOf: (path: string) => readonly string[],
  source: string | undefined,
): Promise<StoredDocument[]> {
  const wanted = paths.map((given) => {
    return {
      given,
      names: new Set(namesOf(given)),
      exact: [] as StoredDocument[],
      inside: [] as StoredDocument[],
    }
  })
  for await (const document of store.allDocuments()) {
    if (source !== undefined && document.source !== source) continue
    for (const { names, exact, inside } of wanted) {
      if (names.has(document.path) || names.has(document.id)) exact.push(document)
      else if ([...names].some((name) => name === '' || document.path.startsWith(`${name}/`))) inside.push(document)
    }
  }
  return wanted.flatMap(({ given, exact, inside }) => {
    const found = exact.length > 0 ? exact : inside
    if (found.length === 0)
      throw new NotFoundError('unknown-document', `the store has no document at ${given}`, {
        hint: "Give the path as 'whygraph query \"MATCH (d:Document) RETURN d.path\"' lists it, or a document's id.",
      })
    const sources = [...new Set(found.map((document) => document.source))]
    if (sources.length > 1)
      throw new UsageError('several-sources', `${given} is in several sources: ${sources.join(', ')}`, {
        hint: 'Say which with --source NAME.',
      })
    return found.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  })
}

/** The first of them; --json has them all. */
const MOST_LISTED = 20

function render(summary: ForgetSummary): string {
  const { documents, replies, proposals, links, decided, leftovers, leftAlone, dryRun } = summary
  const accepted = decided.filter(({ status }) => status === 'accepted').length
  return [
    `documents  ${documents.length}`,
    ...listed(
      documents.map(({ path }) => path),
      MOST_LISTED,
    ),
    `replies    ${replies}, with their traces`,
    `proposals  ${proposals}, with their quotes`,
    `links      ${links} of which nothing else speaks`,
    ...(decided.length > 0
      ? [
          `decided    ${decided.length} of them${accepted > 0 ? `, ${accepted} accepted` : ''}: the decisions stay in the log, without the links`,
          ...listed(
            decided.map((link) => renderLinkLine(link)),
            MOST_LISTED,
          ),
        ]
      : []),
    ...(leftovers > 0
      ? [`leftovers  ${leftovers} replies and proposals about documents that were forgotten before`]
      : []),
    ...(leftAlone > 0
      ? [
          `journal    ${counted(leftAlone, 'reply', 'replies')} in it ${leftAlone === 1 ? 'is' : 'are'} damaged or for another store: left there for you to look at`,
        ]
      : []),
    ...(decided.length > 0
      ? ["notes      reasons and notes of these decisions stay too, and may quote the text: see 'whygraph review log'"]
      : []),
    dryRun ? 'nothing was removed' : 'removed',
  ].join('\n')
}
