import { type Command, Option } from 'commander'
import { ReadingRoom } from '../../ingest/reading-room.ts'
import type { IngestSummary } from '../ingest-summary.ts'
import { IngestTally } from '../tally/ingest-tally.ts'
import { InputError, NotFoundError, StoreError, UsageError } from '../model/errors.ts'
import { checkedBudget } from './budget.ts'
import { ingest } from '../pipeline.ts'
import type { Incoming } from '../sources.ts'
import type { Store } from '../store/store.ts'
import { missingPath, surveySources, type SourceToRead } from '../taking-in/survey.ts'
import { renderIngest } from '../terminal/ingest-lines.ts'
import { printableJson } from '../terminal/printable.ts'
import { type CommonFlags, type Context, withStoreToWrite } from './context.ts'
import { fromJob, fromPaths } from './incoming.ts'
import { retryHint } from './retry-hint.ts'
import { progressPrinter } from './progress.ts'
import { wholeNumber } from './whole-number.ts'

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
      'Example: whygraph ingest minutes/ charter.pdf\n\nReads files and folders, asks the engine about every chunk that it has not been asked about yet, and stores what it says; where whygraph.yaml has routes, rules choose the engine chunk by chunk. A file that moved is known by its content, and what is known of it goes along. Documents whose files are gone say nothing any more, and their links go with their last support; a link that a person accepted stays, marked unsupported. What is there but left out (ignore files, patterns of a job) is not gone. If more than a fifth of the documents of a source are gone, or all in a folder that is empty or missing, nothing is done without --allow-gone.',
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
    .option(
      '--effort <level>',
      'quick (default): one request a chunk; standard: malformed answers are asked for once more, and names without a link looked at again; thorough: several readings, and checks of each link',
    )
    .option('--align <who>', 'who maps steps of the trace to links: offline (default), "engine" or "engine MODEL"')
    .option(
      '--summarise <who>',
      'who sums documents up of what their chunks say: rules (default, nobody), "engine" or "engine MODEL"',
    )
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
      const summariser = await context.createSummariser(settings)
      const others = [judge, embedding?.engine, summariser].filter((engine) => engine != null)
      const budget = checkedBudget(settings.values.budget, prices, routes, others)
      // What failed is asked about without a look at the sources.
      const retry = flags.retry === undefined ? undefined : request.routeOf
      const sources = retry === undefined ? await Promise.all(request.sources.map(begin)) : []
      const [absent] = sources.flatMap(absentFrom)
      const isEmpty = sources.every((source) => source.isEmpty) && tally.summary().documents.failed === 0
      const nothing = new UsageError('nothing-to-read', `there are no files in ${flags.job ?? paths.join(', ')}`, {
        hint: 'Hidden files, node_modules and what an ignore file names are left out. Is the path right?',
      })
      const isByDefault = settings.values.engine === 'rules' && settings.origins.engine === 'default'
      if (isByDefault && routes.some(({ routed }) => routed === undefined)) context.say(ON_RULES)
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
        const asked = { route, judge, embedding, summariser }
        const options = { concurrency, chunkTokens, limit, dryRun, schemas, prices, budget, ...asked }
        if (retry !== undefined) return ingest(none(), parts, { ...options, retry }, signal)
        const survey = await surveySources(sources, parts, { dryRun, allowGone: flags.allowGone ?? false, signal })
        if (isEmpty && survey.isEmpty) {
          if (!survey.isKnown) throw nothing
          context.say(NOTHING_LEFT)
        }
        return ingest(survey.items, parts, options, signal)
      }
      const summary = await withStoreToWrite(context, settings, run, mode)
        .catch((error: unknown) => {
          if (retry === undefined && error instanceof NotFoundError && error.code === 'no-store')
            throw absent ?? nothing
          // What was done until then is still to be told.
          if (!(error instanceof StoreError) || tally.isUntouched) throw error
          tally.stop(error)
          return tally.summary()
        })
        .finally(async () => {
          room.close()
          journal.close()
          await tables.close()
        })
      progress.end()
      const isNothing = Object.values(summary.chunks).every((count) => count === 0)
      if (retry !== undefined && isNothing && summary.stopped === undefined)
        context.say('No chunk has failed: there was nothing to ask about again.')
      if (flags.json) context.print(printableJson(summary, 2))
      else
        context.print(
          renderIngest(
            summary,
            { store: settings.values.store, retry: retryHint(settings.values.engine) },
            context.width,
          ),
        )
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

const NOTHING_LEFT = 'There is no file to read, and no document left to retire: nothing to do.'

/** What is to be said where nobody has chosen an engine. */
export const ON_RULES =
  'No model is configured: using the built-in rules, which find little but need no model.\n' +
  'For a real one: --engine chat --model NAME --base-url http://localhost:11434/v1 (see docs/engines.md).'

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
  return source.missing.map(({ shown }) => missingPath(shown, source))
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
    (summary.summaries?.failed ?? 0) +
    (summary.embedded?.failed ?? 0) >
    0
    ? 1
    : 0
}
