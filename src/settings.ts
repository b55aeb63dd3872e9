import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { reviewSettings } from './desk/key-settings.ts'
import { EFFORT_LEVELS } from './model/effort.ts'
import { withoutCredentials } from './model/address.ts'
import { UsageError } from './model/errors.ts'
import { DEFAULT_SCHEMA, type Schema } from './model/schema.ts'
import { moneySettings } from './money/money-settings.ts'
import { readSchema } from './read-schema.ts'
import { routeProblem, routeSettings, routesOfOne } from './routes/route-settings.ts'
import { traceSettings } from './traces/policy.ts'
import { expectation, readSettingsFile, type SettingsFile } from './settings-file.ts'

/**
 * All settings, with what holds where nobody says otherwise. Each can stand in `whygraph.yaml`, in a variable
 * (`maxOutputTokens` is `WHYGRAPH_MAX_OUTPUT_TOKENS`) and, where a command has it, in a flag; the later wins.
 * The API key is not among them: it comes from the environment only.
 */
const settingsShape = z.strictObject({
  /** A folder for the local store, `neo4j` (then NEO4J_URI says where), or a `neo4j://` or `bolt://` address. */
  store: z.string().min(1).default('.whygraph'),
  engine: z.enum(['rules', 'replay', 'chat', 'responses', 'langchain']).default('rules'),
  /** The DuckDB file of the tables that were found; else `tables.duckdb` in the store's folder, or in `.whygraph`. */
  tables: z.string().min(1).optional(),
  /** A command that prints the text of a scanned PDF, pages ended by form feeds; `{}` stands for the file's path. */
  ocr: z.string().min(1).optional(),
  /** Name of the source that files belong to, which is part of a document's identity; else the base folder's name. */
  source: z.string().min(1).optional(),
  /** The model to ask for; with `replay`, whose recordings to play. */
  model: z.string().min(1).optional(),
  baseUrl: z.url({ protocol: /^https?$/ }).default('https://api.openai.com/v1'),
  /** Name of the variable that holds the API key. */
  apiKeyVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .default('OPENAI_API_KEY'),
  temperature: z.coerce.number().min(0).max(2).optional(),
  topP: z.coerce.number().gt(0).max(1).optional(),
  maxOutputTokens: z.coerce.number().int().positive().optional(),
  reasoningEffort: z.string().min(1).optional(),
  stream: z.union([z.stringbool(), z.boolean()], 'must be true or false').default(true),
  /** Seconds without a sign of life from the endpoint after which a request is given up. */
  idleSeconds: z.coerce.number().positive().default(300),
  /** Extra keys of the request's body, as the endpoint documents them. */
  body: z.record(z.string(), z.unknown()).optional(),
  /** With `langchain`: options of the provider's package, as it documents them. */
  options: z.record(z.string(), z.unknown()).optional(),
  /**
   * Who finds out which steps of a trace belong to which links: `offline`, or `engine`, followed by the kind of engine,
   * where it is not the configured one, and by the model, where it is another.
   */
  align: z
    .string()
    .regex(
      /^(?:offline|engine(?: (?:chat|responses|langchain))?(?: \S+)?)$/,
      'is neither offline nor engine, followed by chat, responses or langchain and a model where they are others than the configured ones',
    )
    .default('offline'),
  /**
   * Who is asked whether two names are one thing where rules only propose it: `rules`, nobody; or `engine`, followed as
   * with `align`, or by `replay`.
   */
  resolve: z
    .string()
    .regex(
      /^(?:rules|engine(?: (?:chat|responses|langchain|replay))?(?: \S+)?)$/,
      'is neither rules nor engine, followed by chat, responses, langchain or replay and a model where they are others than the configured ones',
    )
    .default('rules'),
  /** How much is asked about each chunk: `quick`, one request; `standard` and `thorough`, further steps too. */
  effort: z.enum(EFFORT_LEVELS, `must be one of ${EFFORT_LEVELS.join(', ')}`).default('quick'),
  /** Readings of each chunk in all, where the effort is thorough. */
  samples: z.coerce.number().int().min(1).max(9).default(3),
  /** Who checks what was said, where the effort is thorough: `engine`, the one that said it; or another, as with `align`. */
  verify: z
    .string()
    .regex(
      /^engine(?: (?:chat|responses|langchain))?(?: \S+)?$/,
      'is not engine, followed by chat, responses or langchain and a model where they are others than the configured ones',
    )
    .default('engine'),
  /** Who makes the summary of a document of those of its chunks: `rules`, nobody; or `engine`, followed as with `align`. */
  summarise: z
    .string()
    .regex(
      /^(?:rules|engine(?: (?:chat|responses|langchain))?(?: \S+)?)$/,
      'is neither rules nor engine, followed by chat, responses or langchain and a model where they are others than the configured ones',
    )
    .default('rules'),
  /** Embedding model that is asked about names, so that those are compared too that are spelt unlike. Absent: none is. */
  embed: z.string().min(1).optional(),
  /** Where it is, if not at `baseUrl`, and the variable that holds its key, if that is another one. */
  embedBaseUrl: z.url({ protocol: /^https?$/ }).optional(),
  embedApiKeyVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional(),
  /** From which cosine of their vectors on two names are proposed: a matter of the model. */
  embedLikeness: z.coerce.number().min(0.5).max(1).default(0.8),
  /** Folder of recorded replies for `replay`. */
  replies: z.string().min(1).optional(),
  /** Schema file; without one, entity types of general use and any link type. */
  schema: z.string().min(1).optional(),
  /** Decided links, as `review export --format few-shot` writes them, that prompts show as examples. Absent: none are. */
  examples: z.string().min(1).optional(),
  /** Tokens that they may take in each prompt, by estimate. Absent: what is left of 1,500. */
  exampleTokens: z.coerce.number().int().positive().optional(),
  /** Requests in flight, at most; fewer while the endpoint refuses them. */
  concurrency: z.coerce.number().int().min(1).max(256).default(4),
  /** Tokens of the requests in flight, by estimate. */
  tokensInFlight: z.coerce.number().int().positive().optional(),
  /** What the endpoint allows within any 60 seconds. */
  requestsPerMinute: z.coerce.number().int().positive().optional(),
  tokensPerMinute: z.coerce.number().int().positive().optional(),
  /** Size of a chunk in tokens, by estimate. */
  chunkTokens: z.coerce.number().int().min(50).max(100_000).default(1200),
  ...moneySettings,
  ...reviewSettings,
  /** Engines by name, and which of them reads a chunk. */
  ...routeSettings,
  ...traceSettings,
  /** Who decides; else git's user. */
  reviewer: z.string().trim().min(1).optional(),
})

export type SettingValues = z.infer<typeof settingsShape>
export type SettingName = keyof SettingValues

export interface Settings {
  readonly values: SettingValues
  /** Where each value is from: `default`, a file's path, a variable's or a flag's name. */
  readonly origins: Readonly<Record<SettingName, string>>
  /** Folder that relative paths of the settings and of documents are counted from. */
  readonly base: string
  readonly file: string | null
  readonly schema: Schema
}

/** Settings that a job file gives for one of its sources; flags win over them. */
export interface SourceSettings {
  readonly values: Readonly<Record<string, unknown>>
  /** Path of the job file and name of the source, for messages. */
  readonly origin: string
  /** Folder that its relative paths are counted from. */
  readonly folder: string
}

const FILE_NAME = 'whygraph.yaml'

/** Those that are no single value. */
const IN_FILE_ONLY: ReadonlySet<string> = new Set([
  'body',
  'options',
  'prices',
  'review',
  'engines',
  'routes',
  'traces',
])

type Environment = Readonly<Record<string, string | undefined>>

/** Reads settings from file, environment and flags. @throws UsageError naming the setting, its origin and the mend. */
export function loadSettings(
  cwd: string,
  environment: Environment,
  flags: Readonly<Record<string, unknown>> & { config?: string },
  source?: SourceSettings,
): Settings {
  const file = flags.config === undefined ? findUpwards(cwd, FILE_NAME) : resolve(cwd, flags.config)
  const store = findUpwards(cwd, '.whygraph')
  const base = file !== null ? dirname(file) : store !== null ? dirname(store) : cwd
  const merged: Record<string, unknown> = {}
  const origins: Record<string, string> = {}
  const content: SettingsFile | null = file === null ? null : readSettingsFile(file)
  /** The line too, where it stands in the file. */
  const placeOf = (origin: string, path: readonly PropertyKey[]): string =>
    content !== null && origin === file ? content.placeOf(path) : origin
  const take = (values: Readonly<Record<string, unknown>>, originOf: (name: string) => string): void => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined || value === null) continue
      if (!(name in settingsShape.shape)) throw unknownSetting(name, placeOf(originOf(name), [name]))
      merged[name] = value
      origins[name] = originOf(name)
    }
  }
  if (file !== null && content !== null) take(content.values, () => file)
  take(fromEnvironment(environment), variableName)
  if (source !== undefined) take(source.values, () => source.origin)
  // A switch is its command's own, whatever its name: `review log --verify`, `review export --traces`.
  const known = Object.entries(flags).filter(([name, flag]) => name in settingsShape.shape && typeof flag !== 'boolean')
  take(Object.fromEntries(known), flagName)

  const parsed = settingsShape.safeParse(merged)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = String(issue?.path[0] ?? '')
    throw new UsageError(
      'invalid-setting',
      `${issue?.path.join('.') ?? ''} (${placeOf(origins[name] ?? 'default', issue?.path ?? [])}) ${expectation(issue)}`,
      {
        hint:
          name === 'reviewer'
            ? 'Give a name, or leave it out: then it is WHYGRAPH_REVIEWER, or as git knows you.'
            : `Correct it there; 'whygraph doctor' prints the settings in force.`,
      },
    )
  }
  const { engines } = parsed.data
  // Whoever is named otherwise is asked.
  const isSaidOtherwise = origins['engine'] !== undefined || ![undefined, file].includes(origins['model'])
  const ofOne = parsed.data.routes === undefined && !isSaidOtherwise ? routesOfOne(engines) : null
  if (ofOne !== null) {
    parsed.data.routes = ofOne
    origins['routes'] = placeOf(origins['engines'] ?? 'default', ['engines'])
  }
  const { routes } = parsed.data
  const problem = routes === undefined ? null : routeProblem(routes, engines)
  if (problem !== null) {
    const path = ['routes', ...problem.path]
    const place = placeOf(origins['routes'] ?? 'default', path)
    throw new UsageError('invalid-setting', `${path.join('.')} (${place}) ${problem.message}`, {
      hint: "docs/engines.md, 'Several engines', shows how rules and engines go together.",
    })
  }
  for (const name of Object.keys(settingsShape.shape)) origins[name] ??= 'default'
  // Paths in the file are counted from the file; those on the command line and in variables from where one stands.
  const values = { ...parsed.data }
  for (const name of ['schema', 'replies', 'store', 'tables', 'examples'] as const) {
    const value = values[name]
    if (value === undefined || (name === 'store' && isAddress(value))) continue
    if (name === 'store' && /^[a-z][a-z\d+.-]*:\/\//i.test(value))
      throw new UsageError(
        'invalid-setting',
        `${withoutCredentials(value)} is no store: neither a folder nor a Neo4j that speaks Bolt`,
        {
          hint: 'Name a folder, or neo4j://HOST:7687 (bolt://HOST:7687 for one server).',
        },
      )
    const isOfSource = source !== undefined && origins[name] === source.origin
    const isOfFile = origins[name] === 'default' || origins[name] === file
    values[name] = resolve(isOfSource ? source.folder : isOfFile ? base : cwd, value)
  }
  return {
    values,
    origins: origins as Record<SettingName, string>,
    base,
    file,
    schema: values.schema === undefined ? DEFAULT_SCHEMA : readSchema(values.schema),
  }
}

/** Whether a store setting names a Neo4j server rather than a folder. */
export function isAddress(store: string): boolean {
  return store === 'neo4j' || /^(?:neo4j|bolt)(?:\+s|\+ssc)?:\/\//.test(store)
}

function fromEnvironment(environment: Environment): Record<string, unknown> {
  const names = Object.keys(settingsShape.shape).filter((name) => !IN_FILE_ONLY.has(name))
  return Object.fromEntries(names.map((name) => [name, environment[variableName(name)] || undefined]))
}

function variableName(name: string): string {
  return `WHYGRAPH_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function unknownSetting(name: string, origin: string): UsageError {
  return new UsageError('unknown-setting', `${origin}: there is no setting '${name}'`, {
    hint: `Settings are: ${Object.keys(settingsShape.shape).join(', ')}.`,
  })
}

function findUpwards(from: string, name: string): string | null {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, name)
    if (existsSync(path)) return path
    if (dirname(folder) === folder) return null
  }
}
