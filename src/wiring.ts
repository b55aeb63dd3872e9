import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keptStores } from './backup/kept-stores.ts'
import type { Embedding } from './asking/embed-names.ts'
import type { BackupSummary } from './backup/back-up.ts'
import type { RestoreSummary } from './backup/restore.ts'
import type { Engine } from './engines/engine.ts'
import { Limiters } from './engines/limiter.ts'
import { createReplayEngine } from './engines/replay.ts'
import { REAL_CLOCK } from './engines/request/retry.ts'
import { createRulesEngine } from './engines/rules/engine.ts'
import { FileJournal } from './journal/file-journal.ts'
import { withoutCredentials } from './model/address.ts'
import { NotFoundError, type StoreError, UsageError } from './model/errors.ts'
import { contentId } from './model/ids.ts'
import { derivation, derivationWith } from './resolve/derivation.ts'
import { PlanFiles } from './review/plan-files.ts'
import { isAddress, type Settings } from './settings.ts'
import { SIGNATURE_FILE, SignatureFile } from './signatures/signature-file.ts'
import type { Database } from './store/database.ts'
import type { Derivation } from './store/derivation.ts'
import { backupIn, backupNoStore, isBackup, restoreHint } from './store/local/backup-header.ts'
import { hasLocalDatabase, openLocalDatabase } from './store/local.ts'
import type { Waiting } from './store/neo4j.ts'
import { Store } from './store/store.ts'
import { Tables } from './tables/tables.ts'
import { keepingOf } from './traces/keeping.ts'

/**
 * Settings → store and engine. The only place that knows them all; secrets are taken from the environment here. What
 * brings a large SDK is imported when it is chosen.
 */
type Environment = Readonly<Record<string, string | undefined>>

/**
 * `create`: makes a local store that is not there. `existing`: refuses one that is not there. `trial`: one that is not
 * there is made in a temporary folder and goes when it is closed.
 */
export type OpenMode = 'create' | 'existing' | 'trial'

export async function openStore(
  settings: Settings,
  environment: Environment,
  mode: OpenMode = 'create',
  waiting: Waiting = {},
): Promise<Store> {
  return new Store(await openDatabase(settings.values.store, environment, mode, waiting), derivationOf(settings))
}

async function openDatabase(
  store: string,
  environment: Environment,
  mode: OpenMode,
  waiting: Waiting,
): Promise<Database> {
  if (!isAddress(store)) {
    if (mode === 'create' || hasLocalDatabase(store)) return openLocalDatabase(store)
    if (mode === 'trial') return openTrialDatabase()
    throw noStore(store)
  }
  const uri = store === 'neo4j' ? environment['NEO4J_URI'] : store
  if (!uri)
    throw new UsageError('no-address', 'the store is neo4j, but nothing says where it is', {
      hint: 'Set NEO4J_URI, or give --store neo4j://HOST:7687.',
    })
  const password = environment['NEO4J_PASSWORD']
  if (!password)
    throw new UsageError('no-password', `there is no password for ${withoutCredentials(uri)}`, {
      hint: 'Set NEO4J_PASSWORD (and NEO4J_USERNAME, where it is not neo4j).',
    })
  const username = environment['NEO4J_USERNAME'] || 'neo4j'
  const database = environment['NEO4J_DATABASE']
  const { openNeo4jDatabase } = await import('./store/neo4j.ts')
  return openNeo4jDatabase({ uri, username, password, ...(database ? { database } : {}), ...waiting })
}

/** The DuckDB file of the tables: beside a local store, else in the folder of the settings. */
export function tablesPath({ values, base }: Settings): string {
  if (values.tables !== undefined) return values.tables
  return isAddress(values.store) ? join(base, '.whygraph', 'tables.duckdb') : join(values.store, 'tables.duckdb')
}

/** Where plans of decisions in bulk are kept until they are carried out: beside a local store, else in the folder of the settings. */
export function openPlans({ values, base }: Settings): PlanFiles {
  return new PlanFiles(join(isAddress(values.store) ? join(base, '.whygraph') : values.store, 'plans'))
}

/** Where replies are kept until they are in the store: beside a local one, else in the folder of the settings. */
export function openJournal(settings: Settings, environment: Environment, say: (text: string) => void): FileJournal {
  const { store } = settings.values
  // A local store's journal goes wherever its folder goes; a server's says which server it is for.
  if (!isAddress(store)) return new FileJournal(localReplies(store), LOCAL_NAME, say)
  const address = withoutCredentials((store === 'neo4j' ? environment['NEO4J_URI'] : store) ?? '')
  const database = environment['NEO4J_DATABASE'] ?? ''
  return new FileJournal(join(settings.base, '.whygraph', 'replies'), `${address} ${database}`.trim(), say)
}

const LOCAL_NAME = 'local'

function localReplies(folder: string): string {
  return join(folder, 'replies')
}

/** Where the parts of a local store are. */
function localParts(settings: Settings, what: string) {
  const { store: folder } = settings.values
  if (!isAddress(folder)) return { folder, tables: tablesPath(settings), repliesFolder: localReplies(folder) }
  throw new UsageError('not-local', `the store is in Neo4j, and whygraph cannot ${what}`, {
    hint: "Use 'neo4j-admin database dump' or, where you have it, 'neo4j-admin database backup' there; or copy the graph into a local store with 'whygraph copy'.",
  })
}

export async function backUpStore(
  settings: Settings,
  request: { readonly file: string; readonly force: boolean; readonly version: string },
): Promise<BackupSummary> {
  const parts = localParts(settings, 'back it up')
  if (!hasLocalDatabase(parts.folder)) throw noStore(parts.folder)
  const { backUp } = await import('./backup/back-up.ts')
  return backUp({ ...parts, ...request, storeName: LOCAL_NAME, now: new Date() })
}

export async function restoreStore(
  settings: Settings,
  request: { readonly file: string; readonly force: boolean },
): Promise<RestoreSummary> {
  const parts = localParts(settings, 'restore it')
  const { restore } = await import('./backup/restore.ts')
  return restore({ ...parts, ...request, now: new Date() })
}

/** Folders of stores that were replaced, beside the local one. */
export function replacedStores({ values }: Settings): string[] {
  return isAddress(values.store) ? [] : keptStores(values.store)
}

function noStore(folder: string): NotFoundError | StoreError {
  if (isBackup(folder)) return backupNoStore(folder)
  const backup = backupIn(folder)
  if (backup !== null)
    return new NotFoundError('no-store', `there is no store at ${folder}, but a backup of one: ${backup}`, {
      hint: restoreHint(backup),
    })
  return new NotFoundError('no-store', `there is no store at ${folder}`, {
    hint: "'whygraph ingest PATH' makes one; --store names another.",
  })
}

/** In a trial the tables are kept in memory. */
export function openTables(settings: Settings, mode: 'create' | 'trial'): Tables {
  return new Tables(mode === 'trial' ? null : tablesPath(settings))
}

async function openTrialDatabase(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'whygraph-trial-'))
  const database = await openLocalDatabase(folder)
  const close = database.close.bind(database)
  database.close = async () => {
    await close()
    await rm(folder, { recursive: true, force: true })
  }
  return database
}

export function createLimiters(): Limiters {
  return new Limiters(REAL_CLOCK)
}

/** What the engines of one job share. */
export interface Shared {
  /** Without one, each engine has limits of its own. */
  readonly limiters?: Limiters
  /** Folder in which the user works: packages of the user's are looked for from there first. */
  readonly cwd?: string
}

export async function createEngine(
  settings: Settings,
  environment: Environment,
  say: (message: string) => void,
  shared: Shared = {},
): Promise<Engine> {
  const { values } = settings
  if (values.engine === 'rules') return createRulesEngine()
  if (values.engine === 'replay') {
    if (values.replies === undefined)
      throw new UsageError('no-replies', 'the engine is replay, but nothing says which replies to play', {
        hint: 'Give --replies FOLDER, or set replies in whygraph.yaml.',
      })
    return createReplayEngine({
      folder: values.replies,
      ...(values.model === undefined ? {} : { model: values.model }),
    })
  }
  if (values.model === undefined)
    throw new UsageError('no-model', `the engine is ${values.engine}, but no model is named`, {
      hint: MODEL_HINTS[values.engine],
    })
  return createRemoteEngine(values.engine, values.model, settings, environment, say, shared)
}

/** Who is asked which steps of a trace belong to which links, as `align` says; null: nobody. */
export async function createAligner(...parts: Parameters<typeof createEngine>): Promise<Engine | null> {
  return createOther('align', [], ...parts)
}

/** Who is asked whether two names are one thing, as `resolve` says; null: nobody. */
export async function createJudge(...parts: Parameters<typeof createEngine>): Promise<Engine | null> {
  return createOther('resolve', ['replay'], ...parts)
}

/** Who checks what was said, as `verify` says, where the effort calls for it; null: the engine that said it. */
export async function createVerifier(...parts: Parameters<typeof createEngine>): Promise<Engine | null> {
  const [{ values }] = parts
  return values.effort === 'thorough' && values.verify !== 'engine' ? createOther('verify', [], ...parts) : null
}

/** Who is asked what a document says as a whole, as `summarise` says; null: nobody. */
export async function createSummariser(...parts: Parameters<typeof createEngine>): Promise<Engine | null> {
  return createOther('summarise', [], ...parts)
}

/** An engine beside the one that is asked about chunks. */
async function createOther(
  setting: 'align' | 'resolve' | 'verify' | 'summarise',
  offline: readonly 'replay'[],
  settings: Settings,
  environment: Environment,
  say: (message: string) => void,
  shared: Shared = {},
): Promise<Engine | null> {
  const { values } = settings
  const [who, ...named] = values[setting].split(' ')
  if (who !== 'engine') return null
  const kinds = [...(Object.keys(MODEL_HINTS) as (keyof typeof MODEL_HINTS)[]), ...offline]
  const engine = kinds.find((kind) => kind === (kinds.some((one) => one === named[0]) ? named[0] : values.engine))
  if (engine === undefined)
    throw new UsageError(
      'invalid-setting',
      `${setting} is '${values[setting]}', but the engine ${values.engine} cannot be asked`,
      {
        hint: `Say which engine to ask: ${setting}: engine chat MODEL.`,
      },
    )
  const model = named.findLast((name) => name !== engine) ?? values.model
  const own = { ...settings, values: { ...values, engine, ...(model === undefined ? {} : { model }) } }
  return createEngine(own, environment, say, shared)
}

/** Who is asked about names, as `embed` says; null: nobody. */
export async function createEmbedding(
  settings: Settings,
  environment: Environment,
  say: (message: string) => void,
  { limiters = createLimiters() }: Shared = {},
): Promise<Embedding | null> {
  const { values } = settings
  const signatures = openSignatures(settings)
  if (values.embed === undefined || signatures === null) return null
  const baseUrl = values.embedBaseUrl ?? values.baseUrl
  const host = URL.parse(baseUrl)?.host
  // The key of one endpoint is not for another.
  const isElsewhere = host !== URL.parse(values.baseUrl)?.host
  const apiKeyName = values.embedApiKeyVariable ?? (isElsewhere ? null : keyVariable(settings, environment))
  const limiter = limiters.for(`${host} ${apiKeyName ?? ''}`, limitsOf(values))
  const apiKey = apiKeyName === null ? null : environment[apiKeyName] || null
  const { idleSeconds } = values
  const { createEmbeddingEngine } = await import('./engines/embeddings.ts')
  const common = { model: values.embed, baseUrl, apiKey, idleSeconds, say, limiter }
  const engine = createEmbeddingEngine({ ...common, ...(apiKeyName === null ? {} : { apiKeyName }) })
  return { engine, signatures }
}

/** What is kept of names by the embedding model of the settings: beside a local store, else in the folder of the settings. */
function openSignatures({ values, base }: Settings): SignatureFile | null {
  if (values.embed === undefined) return null
  const folder = isAddress(values.store) ? join(base, '.whygraph') : values.store
  const address = withoutCredentials(values.embedBaseUrl ?? values.baseUrl)
  return new SignatureFile(join(folder, SIGNATURE_FILE), contentId('embedding', address, values.embed))
}

/** The rules that a store derives by, and keeps traces by: with the keys that an embedding model gives names, where one is configured. */
function derivationOf(settings: Settings): Derivation {
  const { embed: model, embedLikeness: least, traces: kept } = settings.values
  const traces = keepingOf(kept)
  const signatures = openSignatures(settings)
  if (model === undefined || signatures === null) return { ...derivation, traces }
  return { ...derivationWith({ model, least, of: (name) => signatures.of(name) }), traces }
}

const MODEL_HINTS = {
  chat: 'Give --model NAME as the endpoint lists it (ollama list, GET /v1/models), or set model in whygraph.yaml.',
  responses: 'Give --model NAME as the endpoint lists it (GET /v1/models), or set model in whygraph.yaml.',
  langchain: 'Give --model PROVIDER:MODEL (google:…, anthropic:…, mistralai:…), or set model in whygraph.yaml.',
}

async function createRemoteEngine(
  engine: keyof typeof MODEL_HINTS,
  model: string,
  { values, origins, base }: Settings,
  environment: Environment,
  say: (message: string) => void,
  { limiters = createLimiters(), cwd = base }: Shared,
): Promise<Engine> {
  const { temperature, topP, maxOutputTokens, reasoningEffort, stream, idleSeconds, body, options } = values
  const isNamed = origins.apiKeyVariable !== 'default'
  const apiKeyName = keyVariable({ values, origins }, environment)
  // What nobody has set is OpenAI's, and not meant for LangChain's providers.
  const isForAny = engine !== 'langchain'
  const isOwnKey = isForAny || isNamed || apiKeyName !== values.apiKeyVariable
  const baseUrl = isForAny || origins.baseUrl !== 'default' ? values.baseUrl : null
  const apiKey = isOwnKey ? environment[apiKeyName] || null : null
  const address = baseUrl === null ? model.split(':')[0] : URL.parse(baseUrl)?.host
  const limiter = limiters.for(`${address} ${isOwnKey ? apiKeyName : ''}`, limitsOf(values))
  const common = {
    model,
    apiKey,
    apiKeyName,
    stream,
    idleSeconds,
    say,
    limiter,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
  }
  if (engine === 'langchain') {
    const { createLangChainEngine } = await import('./engines/langchain.ts')
    const own = options === undefined ? {} : { options }
    return createLangChainEngine({ ...common, ...own, baseUrl, folders: [cwd, base], environment })
  }
  const create =
    engine === 'chat'
      ? (await import('./engines/chat.ts')).createChatEngine
      : (await import('./engines/responses.ts')).createResponsesEngine
  return create({ ...common, baseUrl: values.baseUrl, ...(body === undefined ? {} : { body }) })
}

/** A variable that was named is for this endpoint; WHYGRAPH_API_KEY may be for another of the job's. */
function keyVariable({ values, origins }: Pick<Settings, 'values' | 'origins'>, environment: Environment): string {
  const isNamed = origins.apiKeyVariable !== 'default'
  return environment['WHYGRAPH_API_KEY'] && !isNamed ? 'WHYGRAPH_API_KEY' : values.apiKeyVariable
}

function limitsOf({ concurrency, tokensInFlight, requestsPerMinute, tokensPerMinute }: Settings['values']) {
  return { requests: concurrency, tokens: tokensInFlight, requestsPerMinute, tokensPerMinute }
}
