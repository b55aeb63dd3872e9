import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { findFiles, findSourceFiles, type PassedOver } from '../../ingest/job.ts'
import { readJobFile, type Job, type Source } from '../../ingest/job/job-file.ts'
import { checkLoader, loadDocuments } from '../../ingest/loader.ts'
import type { IngestTally } from '../ingest-summary.ts'
import { InputError, UsageError } from '../model/errors.ts'
import type { Settings } from '../settings.ts'
import type { Incoming, Route, SourceRules } from '../sources.ts'
import type { CommonFlags, Context } from './context.ts'

/** What an ingest is to read, in order, and the routes of its sources. */
export interface Request {
  readonly files: AsyncIterable<Incoming>
  readonly routes: readonly [Route, ...Route[]]
  readonly settings: Settings
}

/** The files and folders of a command line: one source, named in the settings or by its folder. */
export async function fromPaths(
  paths: readonly string[],
  flags: CommonFlags,
  context: Context,
  tally: IngestTally,
): Promise<Request> {
  const settings = context.settings(flags)
  const route = await routeOf(settings, context)
  const rules = { name: settings.values.source ?? (basename(settings.base) || 'files'), route, labels: [] }
  const found = findFiles(
    paths.map((path) => resolve(context.cwd, path)),
    settings.base,
    { signal: context.signal, onPassedOver: (path, why) => tally.passedOver(path, why) },
  )
  return { files: under(rules, found), routes: [route], settings }
}

/** The sources of a job file, one after the other. All of them are checked before the first is read. */
export async function fromJob(
  path: string,
  flags: CommonFlags,
  context: Context,
  tally: IngestTally,
): Promise<Request> {
  const absolute = resolve(context.cwd, path)
  const job = readJobFile(await readText(absolute, context), absolute)
  const sources = await Promise.all(job.sources.map((source) => prepareSource(source, absolute, flags, context)))
  const [first, ...others] = sources
  if (first === undefined) throw new UsageError('empty-job', `${path} names no sources`)
  const routes = [first.rules.route, ...others.map(({ rules }) => rules.route)] as const
  return { files: inOrder(job, sources, context, tally), routes: [...routes], settings: first.settings }
}

interface PreparedSource {
  readonly source: Source
  readonly rules: SourceRules
  readonly settings: Settings
}

async function prepareSource(
  source: Source,
  job: string,
  flags: CommonFlags,
  context: Context,
): Promise<PreparedSource> {
  const values = { ...source.engine, ...(source.schema === undefined ? {} : { schema: source.schema }) }
  const origin = `${job}, source ${source.name}`
  for (const setting of Object.keys(source.engine ?? {}))
    if (!ENGINE_SETTINGS.has(setting))
      throw new UsageError('invalid-job', `${origin}: '${setting}' cannot be set for one source`, {
        hint: `engine takes: ${[...ENGINE_SETTINGS].join(', ')}.`,
      })
  const settings = context.settings(flags, { values, origin, folder: source.base })
  await checkSource(source, context)
  const { kind, date, language, labels, name } = source
  return { source, settings, rules: { name, kind, date, language, labels, route: await routeOf(settings, context) } }
}

/** Settings that may differ from source to source. */
const ENGINE_SETTINGS: ReadonlySet<string> = new Set([
  'engine',
  'align',
  'model',
  'baseUrl',
  'apiKeyVariable',
  'temperature',
  'topP',
  'maxOutputTokens',
  'reasoningEffort',
  'stream',
  'idleSeconds',
  'body',
  'options',
  'tokensInFlight',
  'requestsPerMinute',
  'tokensPerMinute',
  'replies',
])

/** What can be known to be wrong before anything is read. */
async function checkSource(source: Source, { environment, signal }: Context): Promise<void> {
  if (source.from === 'loader') return checkLoader(source, { environment, signal })
  const path = source.from === 'folder' ? source.folder : source.from === 'list' ? source.list : null
  if (path === null || existsSync(path)) return
  throw new UsageError('missing-path', `source ${source.name}: there is no ${source.from} ${path}`, {
    hint: 'Paths in a job are relative to the job file.',
    place: path,
  })
}

async function* inOrder(
  job: Job,
  sources: readonly PreparedSource[],
  context: Context,
  tally: IngestTally,
): AsyncGenerator<Incoming> {
  const stdin = { stream: context.stdin, cwd: context.cwd }
  const several = job.sources.length > 1
  for (const { source, rules } of sources) {
    const onPassedOver = (path: string, why: PassedOver): void =>
      tally.passedOver(several ? `${source.name}: ${path}` : path, why)
    try {
      if (source.from !== 'loader') {
        yield* under(rules, findSourceFiles(source, { signal: context.signal, onPassedOver, stdin }))
        continue
      }
      const { environment, signal } = context
      const onUnread = (path: string, error: InputError): void => tally.unread(path, error, false)
      for await (const { path, parsed, bytes } of loadDocuments(source, { environment, signal, onUnread }))
        yield { path, rules, absolute: null, loaded: { parsed, bytes } }
    } catch (error) {
      // What fails now costs its source; the others go on.
      if (!(error instanceof InputError || error instanceof UsageError)) throw error
      tally.unread(source.name, new InputError(error.code, error.message, { cause: error }), false)
    }
  }
}

async function* under(
  rules: SourceRules,
  files: AsyncIterable<{ path: string; absolute: string }>,
): AsyncGenerator<Incoming> {
  for await (const { path, absolute } of files) yield { path, absolute, rules }
}

async function routeOf(settings: Settings, context: Context): Promise<Route> {
  const [engine, aligner] = [await context.createEngine(settings), await context.createAligner(settings)]
  return { engine, aligner, schema: settings.schema }
}

async function readText(path: string, context: Context): Promise<string> {
  try {
    return Buffer.from((await context.readFile(path)).bytes).toString('utf8')
  } catch (cause) {
    throw new UsageError('unreadable-file', `${path} cannot be read`, { hint: 'Is the path right?', cause })
  }
}
