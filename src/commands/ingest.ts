import { type Command, InvalidArgumentError, Option } from 'commander'
import { ReadingRoom } from '../../ingest/reading-room.ts'
import { IngestTally, type DocumentChanges, type IngestSummary } from '../ingest-summary.ts'
import { withoutCredentials } from '../model/address.ts'
import { InputError, NotFoundError, StoreError, UsageError } from '../model/errors.ts'
import { checkedBudget } from './budget.ts'
import { ingest } from '../pipeline.ts'
import type { Settings } from '../settings.ts'
import type { Incoming } from '../sources.ts'
import type { Store } from '../store/store.ts'
import { missingPath, surveySources, type SourceToRead } from '../taking-in/survey.ts'
import { crowdedLine } from '../terminal/crowded-line.ts'
import { listed } from '../terminal/listed.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import { budgetLine, planLines, spendingLines } from '../terminal/spending.ts'
import { type CommonFlags, type Context, withStoreToWrite } from './context.ts'
import { fromJob, fromPaths } from './incoming.ts'
import { retryHint } from './retry-hint.ts'
import { progressPrinter } from './progress.ts'

interface IngestFlags extends CommonFlags {
  readonly job?: string
  readonly limit?: number
  readonly dryRun?: boolean
  readonly allowGone?: boolean
  readonly retry?: 'failed'
}

export function addIngest(program: Command, context: Context): void {
  program
    .command('ingest')
    .summary('read, chunk, reason, store; resumable')
    .description(
      'Example: whygraph ingest minutes/ charter.pdf\n\nReads files and folders, asks the engine about every chunk that it has not been asked about yet, and stores what it says. A file that moved is known by its content, and what is known of it goes along. Documents whose files are gone say nothing any more, and their links go with their last support; a link that a person accepted stays, marked unsupported. What is there but left out (ignore files, patterns of a job) is not gone. If more than a fifth of the documents of a source are gone and more than three, or all in a folder that is empty or missing, nothing is done without --allow-gone.',
    )
    .argument('[path...]', 'files and folders')
    .option('--job <file>', 'read the sources that a job file names, each by its own rules')
    .option(
      '--engine <name>',
      'rules (default, no model), chat (OpenAI-compatible endpoint), responses (OpenAI Responses API), langchain (Gemini, Anthropic …), replay (recorded replies)',
    )
    .option('--model <name>', 'the model to ask for; PROVIDER:MODEL with langchain')
    .option('--base-url <url>', 'address of the endpoint, usually ending in /v1')
    .option('--replies <folder>', 'recorded replies for --engine replay')
    .option('--schema <file>', 'entity and link types to look for')
    .option('--align <who>', 'who maps steps of the trace to links: offline (default), "engine" or "engine MODEL"')
    .option(
      '--resolve <who>',
      'who judges pairs of names that rules propose: rules (default, nobody), "engine" or "engine MODEL"',
    )
    .option('--ocr <command>', 'prints the text of a scanned PDF, pages ended by form feeds; {} stands for its path')
    .option('--concurrency <number>', 'requests in flight')
    .option('--limit <number>', 'ask at most so many times; the rest stays pending', wholeNumber)
    .option('--budget <amount>', 'spend at most so much (20usd, 2Mtokens); the rest stays pending')
    .addOption(
      new Option(
        '--retry <what>',
        'failed: ask again about the chunks that failed, of all sources or those of --job; reads no file',
      ).choices(['failed']),
    )
    .option(
      '--allow-gone',
      'more than a fifth of the documents of a source may be gone, or all of a folder: it is meant',
    )
    .option(
      '--dry-run',
      'read and plan: what is new, changed, moved and gone; requests, tokens, money and time; ask nothing, write nothing',
    )
    .action(async (paths: string[], _: unknown, command: Command) => {
      const flags: IngestFlags = command.optsWithGlobals()
      if (paths.some((path) => path.trim() === ''))
        throw new UsageError('empty-path', 'one of the paths is empty', { hint: 'Is a variable of the shell unset?' })
      checkWhatToRead(paths, flags)
      const progress = progressPrinter(context)
      const tally = new IngestTally(progress.say)
      const request =
        flags.job === undefined
          ? await fromPaths(paths, flags, context, tally)
          : await fromJob(flags.job, flags, context, tally)
      const { settings, routes } = request
      const prices = { currency: settings.values.currency, models: settings.values.prices }
      const [judge, embedding] = [await context.createJudge(settings), await context.createEmbedding(settings)]
      const others = [judge, embedding?.engine].filter((engine) => engine != null)
      const budget = checkedBudget(settings.values.budget, prices, routes, others)
      // What failed is asked about without a look at the sources.
      const retry = flags.retry === undefined ? undefined : request.routeOf
      const sources = retry === undefined ? await Promise.all(request.sources.map(begin)) : []
      const [absent] = sources.flatMap(absentFrom)
      const isEmpty = sources.every((source) => source.isEmpty) && tally.summary().documents.failed === 0
      const nothing = new UsageError('nothing-to-read', `there are no files in ${flags.job ?? paths.join(', ')}`, {
        hint: 'Hidden files, node_modules and what an ignore file names are left out. Is the path right?',
      })
      if (settings.values.engine === 'rules' && settings.origins.engine === 'default') context.say(ON_RULES)
      const dryRun = flags.dryRun ?? false
      // A slip in a path makes no store; but what one that is there knows may be gone.
      const isThere = retry !== undefined || isEmpty || absent !== undefined
      const mode = retry === undefined && dryRun ? 'trial' : isThere ? 'existing' : 'create'
      const tables = context.openTables(settings, dryRun ? 'trial' : 'create')
      const journal = context.openJournal(settings)
      const room = new ReadingRoom()
      const run = async (store: Store): Promise<IngestSummary> => {
        const { ocr: command } = settings.values
        const ocr = command === undefined ? undefined : (path: string) => context.runOcr(command, path, context.signal)
        const parts = { store, tables, room, journal, tally, ocr, readFile: reader(context) }
        const { concurrency, chunkTokens } = settings.values
        const limit = flags.limit ?? Infinity
        const [route] = routes
        const { signal } = context
        const schemas = routes.map(({ schema }) => schema)
        const options = { concurrency, chunkTokens, limit, dryRun, route, schemas, prices, budget, judge, embedding }
        if (retry !== undefined) return ingest(none(), parts, { ...options, retry }, signal)
        const survey = await surveySources(sources, parts, { dryRun, allowGone: flags.allowGone ?? false, signal })
        if (isEmpty && survey.isEmpty) throw nothing
        return ingest(survey.items, parts, options, signal)
      }
      const summary = await withStoreToWrite(context, settings, run, mode)
        .catch((error: unknown) => {
          if (retry === undefined && error instanceof NotFoundError && error.code === 'no-store')
            throw absent ?? nothing
          if (!(error instanceof StoreError)) throw error
          tally.stop(error) // what was done until then is still to be told
          return tally.summary()
        })
        .finally(async () => {
          room.close()
          journal.close()
          await tables.close()
        })
      progress.end()
      if (flags.json) context.print(printableJson(summary, 2))
      else context.print(renderSummary(summary, settings, context.width))
      context.exitCode = exitCodeFor(summary, context)
    })
}

async function* none(): AsyncGenerator<Incoming> {}

function checkWhatToRead(paths: readonly string[], { job, retry }: IngestFlags): void {
  if (retry !== undefined && paths.length > 0)
    throw new UsageError('what-to-read', '--retry failed reads no files, but paths were given', {
      hint: 'Leave the paths out, or --retry. To ask as a job does, give --job FILE.',
    })
  if (retry !== undefined || (paths.length === 0) !== (job === undefined)) return
  const message = paths.length === 0 ? 'nothing says what to read' : 'paths and a job were given'
  throw new UsageError('what-to-read', message, { hint: 'Give files and folders, or --job FILE.' })
}

const ON_RULES =
  'No model is configured: using the built-in rules, which find little but need no model.\n' +
  'For a real one: --engine chat --model NAME --base-url http://localhost:11434/v1 (see README.md, "Engines").'

/** The same source; a loader has been begun, so that it is known whether it brings anything. */
async function begin(source: SourceToRead): Promise<SourceToRead & { readonly isEmpty: boolean }> {
  if (source.from === 'files')
    // What is named one by one and not there is told.
    return { ...source, isEmpty: source.files.length === 0 && (source.given !== null || source.missing.length === 0) }
  const iterator = source.files[Symbol.asyncIterator]()
  const first = await iterator.next()
  async function* files(): AsyncGenerator<Incoming> {
    for (let next = first; !next.done; next = await iterator.next()) yield next.value
  }
  return { ...source, files: files(), isEmpty: first.done === true }
}

function absentFrom(source: SourceToRead): UsageError[] {
  if (source.from === 'loader' || source.given === null) return []
  return source.missing.map(({ shown }) => missingPath(shown, source.base))
}

function reader(context: Context): Context['readFile'] {
  return async (path) => {
    try {
      return await context.readFile(path)
    } catch (cause) {
      const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
      throw new InputError('unreadable-file', `cannot be read (${reason})`, { cause, hint: 'Check its permissions.' })
    }
  }
}

function exitCodeFor(summary: IngestSummary, context: Context): number {
  if (context.signal.aborted) return 130
  const code = summary.stopped?.code
  if (code === 'budget-too-small') return 2
  if (code === 'mass-disappearance') return 5
  // A budget that was reached is no fault: the run did what it was told, as with --limit.
  if (code !== undefined && code !== 'budget-reached') return 6
  return summary.documents.failed +
    summary.documents.forgotten +
    summary.chunks.failed +
    (summary.pairs?.failed ?? 0) +
    (summary.embedded?.failed ?? 0) >
    0
    ? 1
    : 0
}

/** What an engine said of names that may mean one thing; people decide. */
function pairsLine(pairs: NonNullable<IngestSummary['pairs']>): string {
  const words: Record<keyof typeof pairs, string> = {
    one: 'taken for one thing',
    two: 'for two',
    unsettled: 'unsettled',
    known: 'known before',
    left: 'left for the next ingest',
    failed: 'failed, and asked about again by the next ingest',
  }
  const some = (Object.keys(words) as (keyof typeof pairs)[]).filter((fate) => pairs[fate] > 0)
  return some.map((fate) => `${pairs[fate]} ${words[fate]}`).join(', ')
}

function renderSummary(summary: IngestSummary, settings: Settings, width: number): string {
  const { documents, chunks, replies } = summary
  const counted = (counts: Record<string, number>): string => {
    const some = Object.entries(counts).filter(([, count]) => count > 0)
    return some.length === 0 ? 'none' : some.map(([name, count]) => `${count} ${name}`).join(', ')
  }
  const lines = [
    `documents  ${counted(documents)}`,
    ...(summary.changes === undefined ? [] : changeLines(summary.changes)),
    ...(summary.tables > 0 ? [`tables     ${summary.tables} registered: whygraph sql "SHOW TABLES"`] : []),
    `chunks     ${counted(chunks)}`,
    `replies    ${replies.asked} asked${replies.reused > 0 ? `, ${replies.reused} reused` : ''}`,
    `links      ${summary.links} new from ${summary.proposals} proposal${summary.proposals === 1 ? '' : 's'}${summary.linksGone > 0 ? `, ${summary.linksGone} gone with the texts that spoke for them` : ''}`,
  ]
  const { joined, asked, crowded } = summary.names
  if (joined > 0) lines.push(`names      ${joined} pair${joined === 1 ? '' : 's'} joined: one thing, one node`)
  if (asked > 0)
    lines.push(
      `names      ${asked} pair${asked === 1 ? '' : 's'} may be one thing: whygraph review list --type SAME_AS`,
    )
  if (crowded > 0) lines.push(crowdedLine(crowded))
  if (summary.pairs !== undefined) lines.push(`pairs      ${pairsLine(summary.pairs)}`)
  if (summary.embedded !== undefined) {
    const { asked, left, failed, refused } = summary.embedded
    const rest = Object.entries({ left, failed, refused }).filter(([, count]) => count > 0)
    lines.push(
      `vectors    ${[`${asked} names asked about`, ...rest.map(([fate, count]) => `${count} ${fate}`)].join(', ')}`,
    )
  }
  const { contradictions, supersessions, retired } = summary.conflicts
  if (contradictions + supersessions > 0)
    lines.push(
      `conflicts  ${contradictions} contradictions, ${supersessions} supersessions${retired > 0 ? `, ${retired} of them by the schema's rule` : ''}: whygraph review list --type ${contradictions > 0 ? 'CONTRADICTS' : 'SUPERSEDES'}`,
    )
  const { ignored, excluded } = summary.leftOut
  if (ignored + excluded > 0)
    lines.push(
      `left out   ${[...(ignored > 0 ? [`${ignored} by ignore files`] : []), ...(excluded > 0 ? [`${excluded} by the job`] : [])].join(', ')}`,
    )
  for (const [model, spending] of Object.entries(summary.usage)) lines.push(...spendingLines(model, spending))
  const { budget, plan } = summary
  if (budget !== undefined && plan === undefined)
    lines.push(budgetLine(budget, { left: chunks.pending, asked: replies.asked }))
  if (plan !== undefined) lines.push(...planLines(plan, budget, width))
  const byCode = Map.groupBy(summary.notes, (note) => note.code)
  for (const [code, notes] of byCode) {
    const most = code.startsWith('file-') || MANY_LISTED.has(code) ? 20 : 2
    const remarks = notes.map((note) => [note.where, note.message].filter(Boolean).join(': '))
    lines.push(`note       ${notes.length} × ${code}`, ...listed(remarks, most))
  }
  if (summary.notesLeftOut > 0)
    lines.push(`note       ${summary.notesLeftOut} more remarks on links and chunks were not kept`)
  if (summary.stopped !== undefined) {
    lines.push(`stopped    ${printable(summary.stopped.message)}`)
    if (summary.stopped.hint) lines.push(`           ${printable(summary.stopped.hint)}`)
  }
  if (chunks.failed > 0) lines.push(`failed     ${retryHint(settings.values.engine)}`)
  if (chunks.pending > 0 && plan === undefined) lines.push('pending chunks are taken up by the next ingest')
  lines.push(`store      ${printable(withoutCredentials(settings.values.store))}`)
  return lines.join('\n')
}

const MANY_LISTED: ReadonlySet<string> = new Set(['chunk-failed', 'document-forgotten'])

/** The first paths of each kind; --json has them all. */
const MOST_PATHS = 5

function changeLines(changes: DocumentChanges): string[] {
  const { moved, ...others } = changes
  const kinds = { ...others, moved: moved.map(({ from, to }) => `${from} → ${to}`) }
  return Object.entries(kinds).flatMap(([kind, paths]) =>
    paths.length === 0 ? [] : [`  ${kind.padEnd(9)}${paths.length}`, ...listed(paths, MOST_PATHS)],
  )
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('It must be a whole number.')
  return number
}
