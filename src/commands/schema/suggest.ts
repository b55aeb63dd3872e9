import { writeFileSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import type { Command } from 'commander'
import { ReadingRoom } from '../../../ingest/reading-room.ts'
import { counted } from '../../model/counted.ts'
import { NotFoundError, RefusedError, UsageError } from '../../model/errors.ts'
import { contentId } from '../../model/ids.ts'
import { DEFAULT_SCHEMA, type Schema } from '../../model/schema.ts'
import { ingest } from '../../pipeline.ts'
import type { IngestSummary } from '../../ingest-summary.ts'
import { withSchema } from '../../routes/create-routed.ts'
import { gatherSaid, isKnown, type Gathered } from '../../schema/gather.ts'
import { suggestSchema, type Suggestion } from '../../schema/suggest.ts'
import { suggestionYaml } from '../../schema/suggestion-yaml.ts'
import type { Incoming } from '../../sources.ts'
import type { StoredDocument } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import { IngestTally } from '../../tally/ingest-tally.ts'
import { renderIngest } from '../../terminal/ingest-lines.ts'
import { printableJson } from '../../terminal/printable.ts'
import { checkedBudget } from '../budget.ts'
import { type CommonFlags, type Context, withStoreToWrite } from '../context.ts'
import { fromJob, fromPaths, type Request } from '../incoming.ts'
import { ON_RULES } from '../ingest.ts'
import { progressPrinter } from '../progress.ts'
import { retryHint } from '../retry-hint.ts'
import { positive } from '../review/positive.ts'
import { wholeNumber } from '../whole-number.ts'

interface SuggestFlags extends CommonFlags {
  readonly job?: string
  readonly sample: number
  readonly least: number
  readonly limit?: number
  readonly out?: string
  readonly dryRun?: boolean
}

export function addSchemaSuggest(schema: Command, context: Context): void {
  schema
    .command('suggest')
    .summary('propose a schema from a sample of documents, and say why for each type')
    .description(
      'Example: whygraph schema suggest minutes/ --sample 20 --out schema.yaml\n\nDraws documents by a hash of their paths, takes what the store’s replies say about them, which costs nothing, and asks the engine about the others, with the built-in schema that allows any type. These are then in the store as after an ingest: what was paid for is kept, and with the schema that you make of it, whygraph rebuild --from replies --by-schema reads it for nothing. Near-synonyms are joined as aliases, what is told from the other end as an inverse; comments say of each type how often it was seen, where, and what was joined.',
    )
    .argument('[path...]', 'files and folders')
    .option('--job <file>', 'the sources that a job file names')
    .option('--sample <number>', 'documents to look at', positive, 20)
    .option('--least <number>', 'propose types that were seen so often', positive, 2)
    .option('--engine <name>', 'who is asked about documents that the store knows nothing of; as for ingest')
    .option('--model <name>', 'the model to ask for')
    .option('--base-url <url>', 'address of the endpoint')
    .option('--replies <folder>', 'recorded replies for --engine replay')
    .option('--concurrency <number>', 'requests in flight')
    .option('--limit <number>', 'ask at most so many times', wholeNumber)
    .option('--budget <amount>', 'spend at most so much (20usd, 2Mtokens)')
    .option('--out <file>', 'a new file to write the schema to; else it is printed')
    .option('--dry-run', 'say what would be asked and what that is likely to take; ask nothing, write nothing')
    .action(async (paths: string[], _: unknown, command: Command) => {
      const flags: SuggestFlags = command.optsWithGlobals()
      if ((paths.length === 0) === (flags.job === undefined))
        throw new UsageError('what-to-read', 'nothing says what to read, or both paths and a job do', {
          hint: 'Give files and folders, or --job FILE.',
        })
      const { say, end } = progressPrinter(context)
      const tally = new IngestTally(say)
      const request =
        flags.job === undefined
          ? await fromPaths(paths, flags, context, tally)
          : await fromJob(flags.job, flags, context, tally)
      const sample = draw(filesOf(request), flags.sample)
      const done = await suggest(sample, request, flags, context, tally).finally(end)
      if (done.asked !== null) {
        const where = { store: request.settings.values.store, retry: retryHint(request.settings.values.engine) }
        const lines = renderIngest(done.asked, where, context.width)
        if (flags.dryRun !== true) context.say(lines)
        else context.print(flags.json ? printableJson(done.asked, 2) : lines)
      }
      context.exitCode = exitCodeOf(done.asked, context)
      if (flags.dryRun === true) return
      tell(done, request.settings.schema, flags, context)
    })
}

interface Done {
  /** What came of asking; null: all were known. */
  readonly asked: IngestSummary | null
  readonly gathered: Gathered
}

function tell({ gathered }: Done, inForce: Schema, { least, out, json }: SuggestFlags, context: Context): void {
  if (gathered.heard.length === 0)
    throw new NotFoundError('nothing-said', 'no reply tells of links in these documents', {
      hint: 'What was asked, and what failed, is told above. Are there words in them, and is the engine right?',
    })
  const suggestion = suggestSchema(gathered, least, inForce)
  if (suggestion.linkTypes.length === 0) throw nothingToPropose(suggestion, gathered, least)
  const yaml = suggestionYaml(suggestion, gathered)
  if (out !== undefined) writeNew(resolve(context.cwd, out), yaml)
  if (json) context.print(printableJson(reportOf(suggestion, gathered), 2))
  else if (out === undefined) context.print(yaml.trimEnd())
  const { entityTypes, linkTypes } = suggestion
  const what = `${counted(entityTypes.length, 'entity type')} and ${counted(linkTypes.length, 'link type')}`
  context.say(`${what} proposed${out === undefined ? '' : `, written to ${out}: set schema: ${out}`}`)
}

/** A schema without link types would steer nobody, and reads as if there were something in it. */
function nothingToPropose({ seldom }: Suggestion, { documents, models }: Gathered, least: number): NotFoundError {
  const seen = seldom.linkTypes.map(({ name, count }) => `${name} ${count}`)
  const what = seen.length === 0 ? 'no links were found' : `no link type was seen ${counted(least, 'time')}`
  const isOnRules = [...models.keys()].every((model) => model.startsWith(RULES))
  const hint =
    seen.length > 0
      ? `Seen more seldom: ${seen.slice(0, MOST_TOLD).join(', ')}${seen.length > MOST_TOLD ? ', …' : ''}. Give --least 1, or more documents with --sample.`
      : isOnRules
        ? 'Rules find only links that are said plainly, and few in talk: give --engine and --model, or other documents.'
        : 'Give other documents, or more of them with --sample.'
  const message = `${what} in ${counted(documents, 'document')}: there is nothing to propose, and nothing was written`
  return new NotFoundError('nothing-to-propose', message, { hint })
}

/** As the model of the built-in rules begins. */
const RULES = 'rules'
const MOST_TOLD = 10

function reportOf({ schema, ...reasons }: Suggestion, { documents, chunks, models, closed }: Gathered) {
  return { version: 1, documents, chunks, replies: Object.fromEntries(models), closed, schema, reasons }
}

/** Reads what the store knows nothing of, and gathers what is said about all. */
async function suggest(
  sample: readonly Incoming[],
  request: Request,
  flags: SuggestFlags,
  context: Context,
  tally: IngestTally,
): Promise<Done> {
  const { settings } = request
  const dryRun = flags.dryRun ?? false
  const prices = { currency: settings.values.currency, models: settings.values.prices }
  const routes = sample.map(({ rules }) => withSchema(rules.route, DEFAULT_SCHEMA))
  const budget = checkedBudget(settings.values.budget, prices, routes, [])
  const tables = context.openTables(settings, dryRun ? 'trial' : 'create')
  const journal = context.openJournal(settings)
  const room = new ReadingRoom()
  const work = async (store: Store): Promise<Done> => {
    const known = await knownAmong(store, sample)
    const unknown = sample.filter((file) => !known.has(placeOf(file)))
    context.say(
      `${counted(sample.length, 'document')} drawn: ${known.size} that the store has replies about, ${unknown.length} to be asked about`,
    )
    const { engine } = settings.origins
    if (unknown.length > 0 && settings.values.engine === 'rules' && engine === 'default') context.say(ON_RULES)
    let asked: IngestSummary | null = null
    const [route] = routes
    if (unknown.length > 0 && route !== undefined) {
      const { concurrency, chunkTokens } = settings.values
      const { ocr: command } = settings.values
      const ocr = command === undefined ? undefined : (path: string) => context.runOcr(command, path, context.signal)
      const parts = { store, tables, room, journal, tally, ocr, readFile: context.readFile }
      const limit = flags.limit ?? Infinity
      const options = { concurrency, chunkTokens, limit, dryRun, route, prices, budget }
      asked = await ingest(openly(unknown), parts, options, context.signal)
    }
    const documents = dryRun ? [] : [...(await knownAmong(store, sample)).values()]
    return { asked, gathered: await gatherSaid(store, await withInner(store, documents)) }
  }
  return withStoreToWrite(context, settings, work, dryRun ? 'trial' : 'create').finally(async () => {
    room.close()
    journal.close()
    await tables.close()
  })
}

/** With a schema that steers nobody. */
async function* openly(files: readonly Incoming[]): AsyncGenerator<Incoming> {
  for (const file of files)
    yield { ...file, rules: { ...file.rules, route: withSchema(file.rules.route, DEFAULT_SCHEMA) } }
}

/**
 * Documents that the store has replies about, by where they lie: a job may have brought one whose path it counts from
 * elsewhere.
 */
async function knownAmong(store: Store, files: readonly Incoming[]): Promise<ReadonlyMap<string, StoredDocument>> {
  const wanted = new Set(files.map(placeOf))
  const known = new Map<string, StoredDocument>()
  for await (const document of store.allDocuments()) {
    const place = posix.join(document.root ?? '', document.path)
    if (wanted.has(place) && document.gone === null && (await saysAnything(store, document))) known.set(place, document)
  }
  return known
}

function placeOf({ rules, path }: Incoming): string {
  return posix.join(rules.root ?? '', path)
}

async function saysAnything(store: Store, document: StoredDocument): Promise<boolean> {
  for (const { id } of await withInner(store, [document])) if (await isKnown(store, id)) return true
  return false
}

/** With what was found inside of them. */
async function withInner(store: Store, documents: readonly StoredDocument[]): Promise<StoredDocument[]> {
  const inner = await Promise.all(
    documents.map(async ({ id }) => {
      const attached = await Promise.all((await store.attachmentsOf(id)).map((one) => store.document(one)))
      return withInner(
        store,
        attached.filter((one) => one !== null),
      )
    }),
  )
  return [...documents, ...inner.flat()]
}

/** What a loader would bring is not known before it is brought. */
function filesOf({ sources }: Request): Incoming[] {
  const files: Incoming[] = []
  for (const source of sources) {
    if (source.from === 'loader')
      throw new UsageError('loader', `source ${source.rules.name} is a loader, of which no sample can be drawn`, {
        hint: 'Ingest some of it with --limit; then a job without the loader, or paths, may be looked at.',
      })
    const [missing] = source.missing
    if (missing !== undefined)
      throw new UsageError('missing-path', `there is no file or folder ${missing.shown}`, {
        hint: 'Is the path right?',
      })
    files.push(...source.files)
  }
  if (files.length === 0)
    throw new UsageError('nothing-to-read', 'there are no files to draw from', { hint: 'Is the path right?' })
  return files
}

/** The same of the same files, wherever they come in the list; a hash of its place prefers nothing. */
function draw(files: readonly Incoming[], count: number): Incoming[] {
  const keyed = files.map((file) => ({ file, key: contentId('sample', placeOf(file)) }))
  const drawn = keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, count)
  return drawn.map(({ file }) => file).toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    throw new RefusedError('file-exists', `${path} is there already`, { hint: 'Give --out a new file.', cause })
  }
}

function exitCodeOf(asked: IngestSummary | null, { signal }: Context): number {
  if (signal.aborted) return 130
  const code = asked?.stopped?.code
  if (code !== undefined && code !== 'budget-reached') return code === 'budget-too-small' ? 2 : 6
  return (asked?.documents.failed ?? 0) + (asked?.chunks.failed ?? 0) > 0 ? 1 : 0
}
