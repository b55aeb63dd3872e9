import { existsSync } from 'node:fs'
import { basename, relative, resolve, sep } from 'node:path'
import { findFiles, findSourceFiles, type PassedOver } from '../../ingest/job.ts'
import { readJobFile, type FileSource, type LoaderSource, type Source } from '../../ingest/job/job-file.ts'
import { checkLoader, loadDocuments } from '../../ingest/loader.ts'
import type { Engine } from '../engines/engine.ts'
import { readExamples } from '../examples-file.ts'
import type { Examples } from '../extract/examples.ts'
import { createRouted } from '../routes/create-routed.ts'
import type { IngestTally } from '../tally/ingest-tally.ts'
import { InputError, UsageError } from '../model/errors.ts'
import type { Settings } from '../settings.ts'
import type { Incoming, Route, SourceRules } from '../sources.ts'
import type { ListedSource, SourceToRead } from '../taking-in/survey.ts'
import type { CommonFlags, Context } from './context.ts'

/** What an ingest is to read, in order, and the routes of its sources. Files are listed and not yet read. */
export interface Request {
  readonly sources: readonly SourceToRead[]
  readonly routes: readonly [Route, ...Route[]]
  readonly settings: Settings
  /** Whom to ask about what came from a source; null where this does not name it. */
  readonly routeOf: (source: string) => Route | null
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
  const { base } = settings
  const rules = { name: settings.values.source ?? (basename(base) || 'files'), root: '', route, labels: [] }
  const given = paths.map((path) => resolve(context.cwd, path))
  const found = findFiles(given.filter(existsSync), base, {
    signal: context.signal,
    onPassedOver: (path, why) => tally.documents.passedOver(path, why),
  })
  const missing = given.filter((path) => !existsSync(path)).map((absolute) => ({ absolute, shown: absolute }))
  const files: Incoming[] = []
  for await (const file of under(rules, found)) files.push(file)
  const source: ListedSource = { from: 'files', rules, files, base, given, missing, isCut: false }
  return { sources: [source], routes: [route], settings, routeOf: () => route }
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
  const several = job.sources.length > 1
  const listed: SourceToRead[] = []
  for (const source of sources) listed.push(await listSource(source, several, context, tally))
  const bySource = new Map(sources.map(({ rules }) => [rules.name, rules.route]))
  const routeOf = (source: string): Route | null => bySource.get(source) ?? null
  return { sources: listed, routes: [...routes], settings: first.settings, routeOf }
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
  const route = await routeOf(settings, context)
  return { source, settings, rules: { name, root: rootOf(source, settings), kind, date, language, labels, route } }
}

/** As the folder of the settings sees it, so that it is the same wherever the whole project lies. */
function rootOf(source: Source, { base }: Settings): string {
  if (source.from === 'loader') return source.loader
  const folder = relative(base, source.from === 'folder' ? source.folder : source.base)
  return sep === '/' ? folder : folder.split(sep).join('/')
}

/** Settings that may differ from source to source. */
const ENGINE_SETTINGS: ReadonlySet<string> = new Set([
  'engine',
  'align',
  'effort',
  'samples',
  'verify',
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
  'examples',
  'exampleTokens',
])

/** What can be known to be wrong before anything is read. */
async function checkSource(source: Source, { environment, signal }: Context): Promise<void> {
  if (source.from === 'loader') return checkLoader(source, { environment, signal })
  // A folder that is not there may be on a drive that is not: the store knows.
  const path = source.from === 'list' ? source.list : null
  if (path === null || existsSync(path)) return
  throw new UsageError('missing-path', `source ${source.name}: there is no list ${path}`, {
    hint: 'Paths in a job are relative to the job file.',
    place: path,
  })
}

/** The files of a source; of a loader what it will bring. What fails costs its source, and the others go on. */
async function listSource(
  { source, rules }: PreparedSource,
  several: boolean,
  context: Context,
  tally: IngestTally,
): Promise<SourceToRead> {
  if (source.from === 'loader') return fromLoader(source, rules, context, tally)
  const shown = (path: string): string => (several ? `${source.name}: ${path}` : path)
  const files: Incoming[] = []
  const missing: ListedSource['missing'][number][] = []
  const { base, given } = whereOf(source)
  const list = (isCut: boolean): ListedSource => ({ from: 'files', rules, files, base, given, missing, isCut })
  if (source.from === 'folder' && !existsSync(source.folder)) {
    missing.push({ absolute: source.folder, shown: source.folder })
    return list(false)
  }
  const onPassedOver = (path: string, why: PassedOver): void => {
    if (why === 'missing') missing.push({ absolute: resolve(namedFrom(source, context), path), shown: shown(path) })
    else tally.documents.passedOver(shown(path), why)
  }
  const stdin = { stream: context.stdin, cwd: context.cwd }
  try {
    const found = findSourceFiles(source, { signal: context.signal, onPassedOver, stdin })
    for await (const file of under(rules, found)) files.push(file)
    return list(false)
  } catch (error) {
    unread(source, error, tally)
    return list(true)
  }
}

/** Where documents' paths are counted from, and where to look for them. */
function whereOf(source: FileSource): Pick<ListedSource, 'base' | 'given'> {
  return source.from === 'folder' ? { base: source.folder, given: [source.folder] } : { base: source.base, given: null }
}

/** Where the names of a list are counted from. */
function namedFrom(source: FileSource, { cwd }: Context): string {
  return source.from === 'list' && source.list === null ? cwd : source.base
}

function fromLoader(source: LoaderSource, rules: SourceRules, context: Context, tally: IngestTally): SourceToRead {
  const { environment, signal } = context
  let isCut = false
  const onUnread = (path: string, error: InputError): void => {
    isCut = true // nobody can tell which document it would have been
    tally.documents.unread(path, error, false)
  }
  async function* files(): AsyncGenerator<Incoming> {
    try {
      for await (const { path, parsed, bytes } of loadDocuments(source, { environment, signal, onUnread }))
        yield { path, rules, absolute: null, loaded: { parsed, bytes } }
    } catch (error) {
      isCut = true
      unread(source, error, tally)
    }
  }
  return { from: 'loader', rules, files: files(), isCut: () => isCut }
}

function unread({ name }: Source, error: unknown, tally: IngestTally): void {
  if (!(error instanceof InputError || error instanceof UsageError)) throw error
  tally.documents.unread(name, new InputError(error.code, error.message, { cause: error }), false)
}

async function* under(
  rules: SourceRules,
  files: AsyncIterable<{ path: string; absolute: string }>,
): AsyncGenerator<Incoming> {
  for await (const { path, absolute } of files) yield { path, absolute, rules }
}

async function routeOf(settings: Settings, context: Context): Promise<Route> {
  const aligner = await context.createAligner(settings)
  let shown: Examples | null | undefined
  // Of one of several engines, the effort is its own; who checks is who the settings of all say.
  const toRoute = async (engine: Engine, { values: { effort: level, samples } }: Settings): Promise<Route> => {
    const verifier = await context.createVerifier({ ...settings, values: { ...settings.values, effort: level } })
    const effort = level === 'quick' ? {} : { effort: { level, samples, verifier } }
    const bare = { engine, aligner, schema: settings.schema, ...effort }
    // What needs no model learns nothing from them.
    if (engine.offline) return bare
    if (shown === undefined) shown = readExamples(settings.values)
    return { ...bare, ...(shown === null ? {} : { examples: shown }) }
  }
  const routed = await createRouted(settings, (own) => context.createEngine(own), toRoute)
  return routed ?? toRoute(await context.createEngine(settings), settings)
}

async function readText(path: string, context: Context): Promise<string> {
  try {
    return Buffer.from((await context.readFile(path)).bytes).toString('utf8')
  } catch (cause) {
    throw new UsageError('unreadable-file', `${path} cannot be read`, { hint: 'Is the path right?', cause })
  }
}
