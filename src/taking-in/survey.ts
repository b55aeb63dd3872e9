import { lstat } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { extensionOf } from '../../ingest/extension.ts'
import { documentId } from '../../ingest/identify.ts'
import { planSource, type FoundFile, type KnownDocument, type SourcePlan } from '../../ingest/plan.ts'
import { unsupportedReason } from '../../ingest/unsupported.ts'
import { bytesId } from '../model/ids.ts'
import { InputError, UsageError } from '../model/errors.ts'
import type { IngestTally } from '../tally/ingest-tally.ts'
import type { GoneDocument, Incoming, SourceRules } from '../sources.ts'
import type { StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { ahead } from './ahead.ts'
import { judgeGone, refuseMass } from './mass-gone.ts'
import type { PrepareParts } from './prepare.ts'
import { isSilent } from './retire.ts'

/** Files whose content is compared with what the store has at the same time. */
const COMPARED_AT_ONCE = 4
const MARKED_AT_ONCE = 1000

/** A source that is files of this machine, listed. */
export interface ListedSource {
  readonly from: 'files'
  readonly rules: SourceRules
  readonly files: readonly Incoming[]
  /** Folder, absolute, that the documents' paths are counted from. */
  readonly base: string
  /** Files and folders, absolute, in which to look; null: wherever its documents lie. */
  readonly given: readonly string[] | null
  /** What was given, or named one by one, and is not there; `shown` is how it was written. */
  readonly missing: readonly { readonly absolute: string; readonly shown: string }[]
  /** Something went wrong while it was listed, so that what was not found need not be gone. */
  readonly isCut: boolean
}

/** A source whose documents a loader brings, one after the other. */
export interface LoadedSource {
  readonly from: 'loader'
  readonly rules: SourceRules
  readonly files: AsyncIterable<Incoming>
  /** To be asked when all have come: whether that is all that there is. */
  readonly isCut: () => boolean
}

export type SourceToRead = ListedSource | LoadedSource

export interface SurveyParts extends Pick<PrepareParts, 'readFile'> {
  readonly store: Store
  readonly tally: IngestTally
}

export interface SurveyOptions {
  readonly dryRun: boolean
  /** However many documents are gone, it is meant. */
  readonly allowGone: boolean
  readonly signal: AbortSignal
}

/** What is to be done about sources. */
export interface Surveyed {
  readonly items: AsyncIterable<Incoming | GoneDocument>
  /** There is no file, and no document goes. */
  readonly isEmpty: boolean
  /** The store has documents of where this run looks, gone by now or not. */
  readonly isKnown: boolean
}

type Known = KnownDocument & { readonly document: StoredDocument }
type Plan = SourcePlan<Known> & Pick<Surveyed, 'isKnown'>

/**
 * Compares sources with what the store has of them, before anything is read or written, and gives what is to be done:
 * the files with their plans, then the documents that are gone. Of a loader's documents it is known when all have come
 * which are gone; they are known by their paths.
 *
 * A document is gone where it was found in the same place of the same source before and nothing stands at its path now,
 * or what stands there is another. What is there and left out, by an ignore file or by patterns of the job, or cannot be
 * looked at, is not gone.
 *
 * @throws RefusedError where so many are gone that a drive may not be mounted; UsageError for a path that is not there
 * and of which the store knows nothing
 */
export async function surveySources(
  sources: readonly SourceToRead[],
  parts: SurveyParts,
  options: SurveyOptions,
): Promise<Surveyed> {
  const surveyed: { source: SourceToRead; plan: Plan | null }[] = []
  const refusals: string[] = []
  for (const source of sources) {
    const plan = source.from === 'loader' ? null : await surveyFiles(source, parts, options, refusals)
    surveyed.push({ source, plan })
  }
  refuseMass(refusals, parts.tally, options)
  const isEmpty = surveyed.every(({ plan }) => plan !== null && plan.files.length + plan.gone.length === 0)
  const isKnown = surveyed.some(({ plan }) => plan?.isKnown === true)
  return { items: itemsOf(surveyed, parts, options), isEmpty, isKnown }
}

async function* itemsOf(
  surveyed: readonly { readonly source: SourceToRead; readonly plan: Plan | null }[],
  parts: SurveyParts,
  options: SurveyOptions,
): AsyncGenerator<Incoming | GoneDocument> {
  const gone: StoredDocument[] = []
  for (const { source, plan } of surveyed) {
    if (source.from === 'loader') {
      gone.push(...(yield* loaded(source, parts, options)))
      continue
    }
    const planned = new Map(plan?.files.map((file) => [file.path, file]))
    for (const file of source.files) {
      const own = planned.get(file.path)
      yield own === undefined ? file : { ...file, planned: own }
    }
    gone.push(...(plan?.gone ?? []).map(({ document }) => document))
  }
  // Last, so that a link which another document says by now does not come and go.
  for (const document of gone) yield { gone: document }
}

async function surveyFiles(
  source: ListedSource,
  parts: SurveyParts,
  options: SurveyOptions,
  refusals: string[],
): Promise<Plan> {
  const { rules, files, base, given, missing } = source
  const { store, tally } = parts
  const found = new Set(files.map(({ path }) => path))
  const documents: StoredDocument[] = []
  for await (const document of store.documentsOf(rules.name)) documents.push(document)
  const absolute = ({ path }: StoredDocument): string => resolve(base, path)
  const isHere = ({ root }: StoredDocument): boolean => root === (rules.root ?? null)
  const isJudged = (document: StoredDocument): boolean =>
    !source.isCut && isHere(document) && (given === null || given.some((path) => lies(absolute(document), path)))
  for (const { absolute: path, shown } of missing) {
    const there = documents.filter((document) => isHere(document) && lies(absolute(document), path))
    // What was given by name is found to be gone once; what is named one by one is missing each time.
    if (there.some(({ gone }) => given !== null || gone === null)) continue
    if (given === null) tally.documents.passedOver(shown, 'missing')
    else throw missingPath(shown, source)
  }

  const hashes = await hashFiles(files, documents, parts, options)
  // What was not looked at any more would seem to be gone.
  options.signal.throwIfAborted()
  const newHashes = new Set(files.filter(({ path }) => hashes.has(path)).map(({ path }) => hashes.get(path)))
  const known: Known[] = []
  for (const document of documents) {
    const { id, path, contentHash, gone } = document
    const judged = isJudged(document)
    // Elsewhere in the source only what may have come here matters.
    const mayMatter = judged || newHashes.has(contentHash)
    const isLookedFor = !found.has(path) && gone === null && isHere(document) && mayMatter
    const isMissing = isLookedFor && (await isNotThere(absolute(document)))
    if (isLookedFor && !isMissing && judged && given !== null && !isSilent(document)) tally.documents.stays(path)
    // Empty files are all alike.
    const content = isSilent({ ...document, gone: null }) ? '' : contentHash
    known.push({ id, path, contentHash: content, isGone: gone !== null, isMissing, isJudged: judged, document })
  }
  const foundFiles = files.map(({ path }): FoundFile => ({ path, contentHash: hashes.get(path) ?? null }))
  const plan = planSource(foundFiles, known, (path, number) => documentId(rules.name, path, number))
  const judged = known.filter((one) => one.isJudged && !one.isGone).map(({ document }) => document)
  const gone = plan.gone.map(({ document }) => document)
  const empty = (given ?? []).filter((path) => !files.some((file) => lies(resolve(base, file.path), path)))
  const inEmpty = gone.filter((document) => empty.some((path) => lies(absolute(document), path, 'inside')))
  refusals.push(...judgeGone({ source: rules.name, known: judged, gone, inEmpty }))
  if (!options.dryRun) await markRoot(store, plan, known, rules)
  return { ...plan, isKnown: known.some(({ isJudged }) => isJudged) }
}

/** What was given by name and is not there, nor was. */
export function missingPath(path: string, { base, rules }: Pick<ListedSource, 'base' | 'rules'>): UsageError {
  // The folder of a source in a job, which has no other.
  const isOfJob = path === base
  return new UsageError('missing-path', `${path}: no such ${isOfJob ? 'folder' : 'file or folder'}`, {
    hint: isOfJob
      ? `It is the folder of source ${rules.name}: correct it in the job file, from whose own folder it is counted.`
      : `Paths are looked for from ${base}.`,
    place: path,
  })
}

/** Hashes of the files that the store may know, by path; of one that cannot be read there is none. */
async function hashFiles(
  files: readonly Incoming[],
  documents: readonly StoredDocument[],
  { readFile }: SurveyParts,
  { signal }: SurveyOptions,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Set(documents.map(({ path }) => path))
  const here = files.filter(({ path }) => paths.has(path)).length
  // Where all that is known stands where it stood, nothing can have come from elsewhere.
  const mayMove = documents.length > here
  const wanted = files.filter(
    ({ path }) => paths.has(path) || (mayMove && unsupportedReason(extensionOf(path)) === null),
  )
  const hashes = new Map<string, string>()
  const hash = async ({ path, absolute }: Incoming): Promise<[string, string] | null> => {
    try {
      return [path, bytesId((await readFile(absolute ?? path)).bytes)]
    } catch (error) {
      if (error instanceof InputError) return null
      throw error
    }
  }
  for await (const hashed of ahead(oneByOne(wanted, signal), COMPARED_AT_ONCE, hash))
    if (hashed !== null) hashes.set(...hashed)
  return hashes
}

async function* oneByOne(files: readonly Incoming[], signal: AbortSignal): AsyncGenerator<Incoming> {
  for (const file of files) {
    if (signal.aborted) return
    yield file
  }
}

/** Documents that were found under another root, or before roots were noted, are of this one now. */
async function markRoot(
  store: Store,
  { files }: SourcePlan<Known>,
  known: readonly Known[],
  { root }: SourceRules,
): Promise<void> {
  if (root === undefined) return
  const byId = new Map(known.map(({ id, document }) => [id, document]))
  const others = files.filter(({ id }) => byId.has(id) && byId.get(id)?.root !== root).map(({ id }) => id)
  for (let at = 0; at < others.length; at += MARKED_AT_ONCE)
    await store.setRoots(others.slice(at, at + MARKED_AT_ONCE), root)
}

/** The documents of a loader as they come; then those that did not come are found to be gone. */
async function* loaded(
  source: LoadedSource,
  { store, tally }: SurveyParts,
  options: SurveyOptions,
): AsyncGenerator<Incoming, StoredDocument[]> {
  const { rules, files, isCut } = source
  const seen = new Set<string>()
  for await (const file of files) {
    seen.add(file.path)
    yield file
  }
  if (isCut() || options.signal.aborted) return []
  const known: StoredDocument[] = []
  for await (const document of store.documentsOf(rules.name))
    if (document.gone === null && document.root === (rules.root ?? null)) known.push(document)
  const gone = known.filter(({ path }) => !seen.has(path))
  const inEmpty = seen.size === 0 ? gone : []
  const refusals = judgeGone({ source: rules.name, known, gone, inEmpty })
  // What the other sources hold has been read by now, so this one only is left as it is.
  return refuseMass(refusals, tally, options, 'later') ? [] : gone
}

/** Only where nothing is there; what cannot be looked at may be. */
async function isNotThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return false
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    return code === 'ENOENT' || code === 'ENOTDIR'
  }
}

/** Whether a path is, or is inside of, another. */
function lies(path: string, folder: string, how: 'at or inside' | 'inside' = 'at or inside'): boolean {
  const inside = relative(folder, path)
  if (inside === '') return how === 'at or inside'
  return inside !== '..' && !inside.startsWith(`..${sep}`) && resolve(folder, inside) === path
}
