import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { didYouMean } from '../../src/model/did-you-mean.ts'
import type { DocumentKind } from '../../src/model/document.ts'
import { DATE_SOURCES, type DateRule } from './date-rule.ts'
import { MAX_GLOBS, parseGlob } from './glob.ts'
import { type JobText, parseJobText } from './job-problem.ts'

/** What `whygraph ingest --job` is to read. */
export interface Job {
  readonly sources: readonly Source[]
}

interface SourceSettings {
  /** Unique in the job; with a document's path, its identity. */
  readonly name: string
  /** Folder of the job file, absolute. */
  readonly base: string
  /** Holds in place of what the reader says. */
  readonly kind?: Exclude<DocumentKind, 'archive'> | undefined
  /** Without one, the date is what the reader finds. */
  readonly date?: DateRule | undefined
  /** BCP 47, in its canonical form. */
  readonly language?: string | undefined
  /** Settings that hold for this source only, not checked yet. */
  readonly engine?: Readonly<Record<string, string | number | boolean>> | undefined
  /** Absolute path of a schema file. */
  readonly schema?: string | undefined
  readonly labels: readonly string[]
}

export interface FolderSource extends SourceSettings {
  readonly from: 'folder'
  /** Absolute. */
  readonly folder: string
  /** Patterns for paths inside the folder; null: all. */
  readonly include: readonly string[] | null
  readonly exclude: readonly string[]
}

export interface FilesSource extends SourceSettings {
  readonly from: 'files'
  /** Relative to the job file's folder, or absolute. */
  readonly files: readonly string[]
}

export interface ListSource extends SourceSettings {
  readonly from: 'list'
  /** Absolute path of the list; null is stdin. */
  readonly list: string | null
}

export interface LoaderSource extends SourceSettings {
  readonly from: 'loader'
  /** A package's module, or a path that begins with `.` or `/`. */
  readonly loader: string
  /** Which of the module's exports. */
  readonly export?: string | undefined
  /** What it is called with before the options. `{env: NAME}` in here and in the options stands for a variable. */
  readonly arguments: readonly unknown[]
  readonly options?: Readonly<Record<string, unknown>> | undefined
  /** What the loader's texts are written in. */
  readonly format: 'text' | 'markdown' | 'html'
}

/** A source that is files of this machine. */
export type FileSource = FolderSource | FilesSource | ListSource
export type Source = FileSource | LoaderSource

const MAX_SOURCES = 1000
/** Options deeper and more than this are no options. */
const MAX_OPTION_DEPTH = 20
const MAX_OPTIONS = 10_000

const path = z
  .string()
  .min(1)
  .refine((text) => text.trim() !== '' && !text.includes('\0'), 'must be a path')
const strings = z.array(path).min(1)
const dateSource = z.enum(DATE_SOURCES)

/** All keys of all sorts of source; which go together is checked afterwards, so that it can be said in words. */
const sourceShape = z.strictObject({
  name: z.string().regex(/^[^\p{C}\s](?:[^\p{C}]{0,98}[^\p{C}\s])?$/u, 'must be 1 to 100 characters on one line'),
  folder: path.optional(),
  files: strings.optional(),
  list: path.optional(),
  loader: path.optional(),
  include: z.array(z.string()).min(1).max(MAX_GLOBS, `holds more than ${MAX_GLOBS} patterns`).optional(),
  exclude: z.array(z.string()).max(MAX_GLOBS, `holds more than ${MAX_GLOBS} patterns`).optional(),
  export: z.string().min(1).optional(),
  arguments: z.array(z.unknown()).optional(),
  options: z.record(z.string(), z.unknown()).optional(),
  format: z.enum(['text', 'markdown', 'html']).optional(),
  kind: z.enum(['document', 'transcript', 'chat', 'table', 'mail']).optional(),
  date: z.union([z.literal('none'), dateSource, z.array(dateSource).min(1)]).optional(),
  language: z.string().optional(),
  engine: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  schema: path.optional(),
  labels: z.array(z.string().regex(/^[^\p{C}]{1,200}$/u, 'must be 1 to 200 characters on one line')).optional(),
})
const jobShape = z.strictObject({ sources: z.array(sourceShape).min(1).max(MAX_SOURCES) })

type RawSource = z.infer<typeof sourceShape>

const SORTS = ['folder', 'files', 'list', 'loader'] as const
/** Keys that mean something for one sort of source only. */
const BELONGS_TO: Partial<Record<keyof RawSource, (typeof SORTS)[number]>> = {
  include: 'folder',
  exclude: 'folder',
  export: 'loader',
  arguments: 'loader',
  options: 'loader',
  format: 'loader',
}

const EXAMPLES: Readonly<Record<string, string>> = {
  sources: "A job holds 'sources:' and below it a list: - name: minutes, folder: ../minutes.",
  name: 'Give every source a short name of its own, as in name: minutes.',
  folder: 'Write one folder, relative to the job file: folder: ../minutes.',
  files: 'Write a list of files, relative to the job file: files: [a.pdf, docs/b.docx].',
  list: "Write the path of a list with one path on each line, or '-' for stdin.",
  loader: 'Write one module: a package, or ./my-loader.mjs beside the job file.',
  include: "Write a list of patterns: include: ['**/*.md', 'minutes/**'].",
  exclude: "Write a list of patterns: exclude: ['drafts/**'].",
  options: 'Write what the loader takes as options: {baseUrl: …, accessToken: {env: NAME}}.',
  arguments: 'Write what the loader is called with, as a list.',
  format: 'One of text, markdown, html.',
  kind: 'One of document, transcript, chat, table, mail.',
  date: 'Write none, one of path, front-matter, file-time, or several of these as a list, the first to look at first.',
  language: 'Write a language tag as in en, de-CH or zh-Hant.',
  engine: 'Write settings with one value each: engine: {engine: chat, model: big-one}.',
  schema: 'Write the path of one schema file, relative to the job file.',
  labels: 'Write a list of words: labels: [HR, internal].',
}

/**
 * Reads a job file. Nothing is looked up on disk or in the environment yet.
 *
 * @param path absolute: folders and files in the job are counted from there
 * @throws UsageError `invalid-job` naming file, line and key
 */
export function readJobFile(text: string, path: string): Job {
  const job = parseJobText(text, path)
  const parsed = jobShape.safeParse(job.value)
  if (!parsed.success) throw firstProblem(parsed.error, job)
  const base = dirname(resolve(path))
  const seen = new Map<string, number>()
  let readsStdin = false
  const sources = parsed.data.sources.map((raw, index): Source => {
    const problem: Problem = (keys, what, hint) => job.problem(['sources', index, ...keys], what, hint)
    const before = seen.get(raw.name)
    if (before !== undefined)
      throw problem(
        ['name'],
        `is the name of source ${before + 1} too`,
        'Names tell documents apart: give each its own.',
      )
    seen.set(raw.name, index)
    const source = toSource(raw, base, problem)
    if (source.from === 'list' && source.list === null) {
      if (readsStdin) throw problem(['list'], 'is stdin, which another source reads', 'Only one source can read stdin.')
      readsStdin = true
    }
    return source
  })
  return { sources }
}

type Problem = (keys: readonly PropertyKey[], what: string, hint: string) => Error

function toSource(raw: RawSource, base: string, problem: Problem): Source {
  const sorts = SORTS.filter((sort) => raw[sort] !== undefined)
  const [sort] = sorts
  if (sort === undefined)
    throw problem([], 'says not where its documents are', 'Give it one of folder, files, list or loader.')
  if (sorts.length > 1)
    throw problem(
      [sorts[1] ?? ''],
      `stands beside ${sort}`,
      'A source has one of folder, files, list and loader: make two sources.',
    )
  for (const key of Object.keys(BELONGS_TO) as (keyof RawSource)[])
    if (raw[key] !== undefined && BELONGS_TO[key] !== sort)
      throw problem([key], `means nothing beside ${sort}`, `It goes with ${BELONGS_TO[key] ?? ''}: leave it out.`)
  for (const key of ['include', 'exclude'] as const)
    for (const [index, pattern] of (raw[key] ?? []).entries()) checkGlob(pattern, [key, index], problem)
  checkOptions(raw, problem)
  const settings: SourceSettings = {
    name: raw.name,
    base,
    kind: raw.kind,
    date: typeof raw.date === 'string' && raw.date !== 'none' ? [raw.date] : raw.date,
    language: raw.language === undefined ? undefined : canonicalLanguage(raw.language, problem),
    engine: raw.engine,
    schema: raw.schema === undefined ? undefined : resolve(base, raw.schema),
    labels: [...new Set(raw.labels)],
  }
  if (raw.folder !== undefined) {
    const { include = null, exclude = [] } = raw
    return { ...settings, from: 'folder', folder: resolve(base, raw.folder), include, exclude }
  }
  if (raw.files !== undefined) return { ...settings, from: 'files', files: raw.files }
  if (raw.list !== undefined)
    return { ...settings, from: 'list', list: raw.list === '-' ? null : resolve(base, raw.list) }
  const { loader = '', arguments: args = [], options, format = 'text' } = raw
  return { ...settings, from: 'loader', loader, export: raw.export, arguments: args, options, format }
}

function checkGlob(pattern: string, keys: readonly PropertyKey[], problem: Problem): void {
  try {
    parseGlob(pattern)
  } catch (error) {
    throw problem(keys, error instanceof Error ? error.message : 'is no pattern', EXAMPLES['include'] ?? '')
  }
}

function checkOptions(raw: RawSource, problem: Problem): void {
  for (const key of ['options', 'arguments'] as const)
    if (!isModest(raw[key])) throw problem([key], 'is nested too deeply, or holds too many values', EXAMPLES[key] ?? '')
}

/** An alias in YAML may stand inside of what it stands for, so both depth and number are counted. */
function isModest(value: unknown): boolean {
  let level = [value]
  for (let depth = 0, count = 0; level.length > 0; depth += 1) {
    count += level.length
    if (depth > MAX_OPTION_DEPTH || count > MAX_OPTIONS) return false
    const next: unknown[] = []
    for (const one of level)
      if (typeof one === 'object' && one !== null && next.length <= MAX_OPTIONS) next.push(...Object.values(one))
    level = next
  }
  return true
}

function canonicalLanguage(tag: string, problem: Problem): string {
  try {
    const [language] = Intl.getCanonicalLocales(tag)
    if (language !== undefined) return language
  } catch {
    // Said below.
  }
  throw problem(['language'], 'is no language tag', EXAMPLES['language'] ?? '')
}

/** The first thing that is wrong, with the mend of its key. */
function firstProblem(error: z.ZodError, job: JobText): Error {
  // What is missing is often only misspelt.
  const issue = error.issues.find((one) => one.code === 'unrecognized_keys') ?? error.issues[0]
  if (issue === undefined) return error
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    const known = Object.keys(issue.path.length === 0 ? jobShape.shape : sourceShape.shape)
    return job.problem(
      [...issue.path, key],
      'is no key of a job.',
      `${didYouMean(key, known)} Keys are: ${known.join(', ')}.`.trim(),
    )
  }
  const key = issue.path.findLast((part) => typeof part === 'string' && Object.hasOwn(EXAMPLES, part))
  const hint = EXAMPLES[String(key ?? 'sources')] ?? ''
  const isEmpty = issue.path.length === 0 && (job.value === null || job.value === undefined)
  return job.problem(issue.path, isEmpty ? 'is empty' : plain(issue.message), hint)
}

/** zod's words as the end of a sentence that begins with the key. */
function plain(message: string): string {
  return message
    .replace(/^Invalid (?:input|option): expected (.*), received undefined$/s, 'is missing')
    .replace(/^Invalid input: expected (.*), received (.*)$/s, 'must be $1, not $2')
    .replace(/^Invalid option: expected (.*)$/s, 'must be $1')
    .replace(/^Invalid input$/, 'is not of the right form')
    .replace(/^Too small: expected .*$/s, 'is empty')
    .replace(/^Too big: expected .*$/s, 'is too long')
}
