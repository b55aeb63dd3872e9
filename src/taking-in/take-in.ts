import { chunkDocument } from '../../ingest/chunk.ts'
import { toDocument } from '../../ingest/identify.ts'
import { ahead } from './ahead.ts'
import { withAttached } from './attached.ts'
import { isSilent, silence } from './retire.ts'
import type { Change } from '../../ingest/plan.ts'
import { withFlags } from '../extract/injection/flag-units.ts'
import { isPassedOver } from '../tally/document-tally.ts'
import type { IngestTally } from '../tally/ingest-tally.ts'
import { chunkMappedRows, mapRows, readMappedRows } from './map-rows.ts'
import { isRead, type Chunk } from '../model/chunk.ts'
import { hashDate, type Document } from '../model/document.ts'
import { prepare, type Prepared, type PreparedPart, type PrepareParts } from './prepare.ts'
import type { Routed } from '../routes/routing.ts'
import { rulesKey, underRules, type GoneDocument, type Incoming, type Route } from '../sources.ts'
import { countLost } from '../store/check/lost-chunks.ts'
import type { StoredChunk, StoredDocument } from '../store/records.ts'
import { profileChunk, SAMPLE_ROWS } from '../tables/profile-chunk.ts'

/** Files that are read at the same time. */
const READ_AT_ONCE = 2
/** A table with less than this says nothing about what its columns mean. */
const FEWEST_COLUMNS = 2

export interface TakeInParts extends PrepareParts {
  readonly tally: IngestTally
}

export interface TakeInOptions {
  readonly chunkTokens: number
  readonly dryRun: boolean
  readonly runId: string
  /** ISO time of the run, by which documents that are gone are marked. */
  readonly now: string
}

/** A chunk that an engine may have to be asked about. */
export interface Task {
  readonly document: Pick<Document, 'path' | 'title' | 'kind' | 'date' | 'language'>
  readonly chunk: StoredChunk
  readonly route: Route
  /** Where rules have chosen the engine of the route. */
  readonly routed?: Routed
  /** Of a document that has not changed: it and all its chunks, as they were stored when it was looked at. */
  readonly stored?: { readonly document: StoredDocument; readonly chunks: readonly StoredChunk[] }
}

/**
 * file → documents → chunks in the store. Reads and plans file after file, and yields the chunks to reason about, those
 * of unchanged documents too. A file that cannot be read costs itself only; a document that is gone says nothing any more.
 */
export async function* takeIn(
  files: AsyncIterable<Incoming | GoneDocument>,
  parts: TakeInParts,
  options: TakeInOptions,
): AsyncGenerator<Task> {
  const look = async (file: Incoming | GoneDocument): Promise<Prepared | GoneDocument> =>
    'gone' in file ? file : prepare(file, parts, options.dryRun)
  for await (const prepared of ahead(files, READ_AT_ONCE, look)) {
    if ('gone' in prepared) await retire(prepared.gone, parts, options)
    else if (prepared.change !== 'unchanged') yield* enter(prepared, parts, options)
    else {
      const { whole, isAll } = yield* again(prepared, parts, options)
      if (isAll) continue
      yield* enter(await prepare(prepared.file, parts, options.dryRun, { anyway: true }), parts, options, whole)
    }
  }
}

/**
 * An unchanged document with all that was found inside it. Returns the ids of those that are whole, and whether that is all:
 * the others lost chunks or their date was altered, so they are to be read again.
 */
async function* again(
  { file, known }: Prepared,
  parts: TakeInParts,
  options: TakeInOptions,
): AsyncGenerator<Task, { readonly whole: ReadonlySet<string>; readonly isAll: boolean }> {
  const { store, tables, tally } = parts
  const whole = new Set<string>()
  let isAll = true
  if (known === null) return { whole, isAll }
  for await (const document of withAttached(store, known)) {
    if (document !== known && isSilent(document)) continue
    // Before its rows are read, as they are said on its day.
    const isRedated = await store.isRedated(document)
    if (!isRedated && document.tables > 0 && !options.dryRun && (await tables.has(document.id, document.contentHash))) {
      const changes = await mapRows(store, tables, document, { now: new Date().toISOString(), runId: options.runId })
      if (changes !== null) tally.mapped(document.path, changes)
    }
    const stored = { document, chunks: await store.chunks(document.id) }
    const lost = countLost(document, stored.chunks)
    if (lost > 0) tally.documents.lackedChunks(document.path, lost)
    if (isRedated) tally.documents.wasRedated(document.path)
    if (lost > 0 || isRedated) {
      isAll = false
      continue
    }
    whole.add(document.id)
    // Of one that an older whygraph put.
    if (document.dateHash === undefined && !options.dryRun) await store.keepDate(document)
    const chunks = stored.chunks.filter(isRead)
    tally.documents.add(document.path, 'unchanged', chunks.length)
    for (const chunk of chunks) yield { document, chunk, route: file.rules.route, stored }
  }
  return { whole, isAll }
}

/**
 * A new or changed document, part by part. One with files inside counts as read once all of them are in: until then it
 * is stored without its content's hash, so that a run that ends early, or a part that fails, is taken up by the next
 * run. What was inside before and is not any more says nothing any more. Parts that are `done` are left as they are.
 */
async function* enter(
  prepared: Prepared,
  parts: TakeInParts,
  options: TakeInOptions,
  done: ReadonlySet<string> = new Set(),
): AsyncGenerator<Task> {
  const { store, tally } = parts
  const { known } = prepared
  // What cannot be read now may be read next time, so it is tried again; what is passed over will be so again.
  const isWhole = prepared.parts.every(({ error }) => error === null || isPassedOver(error))
  const isAtOnce = isWhole && prepared.parts.length === 1
  for (const part of prepared.parts) {
    if (done.has(part.id)) continue
    const isUnsettled = part.container === null && !isAtOnce
    if (part.document !== null)
      yield* put(isUnsettled ? { ...part, contentHash: UNSETTLED } : part, part.document, prepared, parts, options)
    else if (part.error !== null) {
      if (part.known !== null && part.error.code === 'empty-file' && !options.dryRun)
        await silence(part.known, parts, { emptied: true })
      tally.documents.unread(part.path, part.error, part.known !== null)
    }
  }
  if (options.dryRun) return
  if (known !== null && isWhole) await retireInside(known, prepared, parts, options)
  const [outer] = prepared.parts
  if (isWhole && !isAtOnce && outer?.document != null) await store.settleDocument(outer.id, outer.contentHash)
}

/** In the place of a content's hash, while not all that is inside has been stored. */
const UNSETTLED = ''

/** What was inside a file and is not any more. */
async function retireInside(
  known: StoredDocument,
  { parts: read }: Prepared,
  parts: TakeInParts,
  { now }: TakeInOptions,
): Promise<void> {
  const stays = new Set(read.map(({ id }) => id))
  for await (const document of withAttached(parts.store, known)) {
    if (stays.has(document.id) || isSilent(document)) continue
    await silence(document, parts, { gone: now })
    parts.tally.documents.goneInside(document.path)
  }
}

/** A document that is not in its source any more, and what is inside it; itself last, so that it is done again if not. */
async function retire(gone: StoredDocument, parts: TakeInParts, { dryRun, now }: TakeInOptions): Promise<void> {
  const all: StoredDocument[] = []
  for await (const document of withAttached(parts.store, gone)) if (document.gone === null) all.unshift(document)
  for (const document of all) {
    if (!dryRun) await silence(document, parts, { gone: now })
    parts.tally.documents.gone(document.path)
  }
}

async function* put(
  part: PreparedPart,
  parsed: NonNullable<PreparedPart['document']>,
  { file, parts: all, modifiedAt }: Prepared,
  parts: TakeInParts,
  options: TakeInOptions,
): AsyncGenerator<Task> {
  const { store, tables, tally } = parts
  const { id, path, contentHash, datasets, known: before } = part
  const { name: source, route, root = null } = file.rules
  const rules = rulesKey(file.rules)
  const ruled = underRules(parsed, file.rules, { path, modifiedAt })
  const document = { ...toDocument({ source, path, contentHash, parsed: ruled, id }), ...ruled, rules, root }
  const fate = fateOf(before, document)
  const plain = chunkDocument(document, { tokens: options.chunkTokens })
  for (const dataset of datasets) {
    if (dataset.columns.length < FEWEST_COLUMNS || dataset.rows === 0) continue
    const start = Math.max(document.text.length, plain.at(-1)?.end ?? 0) + 1
    plain.push(profileChunk(dataset, await tables.sample(dataset, SAMPLE_ROWS), { index: plain.length, start }))
  }
  const chunks = plain.map((chunk) => withFlags(chunk, document.title))
  if (options.dryRun) {
    if (datasets.length > 0) await tables.keepOnly(document.id, [])
    tally.documents.add(path, fate, chunks.length, parsed.notes, datasets.length, before?.path)
    for (const chunk of chunks) yield { document, chunk: asPending(chunk), route }
    return
  }
  const now = new Date().toISOString()
  const rows = await chunkMappedRows(store, tables, datasets, chunks)
  const around = all.find((other) => other.path === part.container)
  const container = around === undefined ? {} : { container: around.id }
  const dated = { ...document, dateHash: hashDate(document) }
  const placed = await store.putDocument(dated, [...chunks, ...rows.chunks], now, { datasets, ...container })
  const { chunks: stored } = placed
  tally.support.changed(path, placed)
  if (datasets.length > 0) {
    const changes = await readMappedRows(store, document, datasets, rows, stored, { now, runId: options.runId })
    if (rows.chunks.length > 0) tally.mapped(path, changes)
  }
  if (datasets.length > 0 || (before?.tables ?? 0) > 0)
    await tables.keepOnly(
      document.id,
      datasets.map((dataset) => dataset.id),
    )
  tally.documents.add(path, fate, chunks.length, parsed.notes, datasets.length, before?.path)
  for (const chunk of stored.filter(isRead)) yield { document, chunk, route }
}

function fateOf(before: StoredDocument | null, now: Pick<StoredDocument, 'path' | 'contentHash' | 'rules'>): Change {
  if (before === null) return 'new'
  if (before.path !== now.path) return 'moved'
  if (before.gone !== null) return 'returned'
  return before.contentHash === now.contentHash && before.rules === now.rules ? 'unchanged' : 'changed'
}

function asPending(chunk: Chunk): StoredChunk {
  return { ...chunk, state: 'pending', failure: null, replies: [], fingerprints: [] }
}
