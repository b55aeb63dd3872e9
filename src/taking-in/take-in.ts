import { chunkDocument } from '../../ingest/chunk.ts'
import { documentId, toDocument } from '../../ingest/identify.ts'
import { ahead } from './ahead.ts'
import { withAttached } from './attached.ts'
import { withFlags } from '../extract/injection/flag-units.ts'
import { isPassedOver, type IngestTally } from '../ingest-summary.ts'
import { chunkMappedRows, mapRows, readMappedRows } from './map-rows.ts'
import type { Chunk } from '../model/chunk.ts'
import type { Document } from '../model/document.ts'
import { bytesId } from '../model/ids.ts'
import { prepare, type Prepared, type PreparedPart, type PrepareParts } from './prepare.ts'
import { rulesKey, underRules, type Incoming, type Route } from '../sources.ts'
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
}

/** A chunk that an engine may have to be asked about. */
export interface Task {
  readonly document: Pick<Document, 'path' | 'title' | 'kind' | 'date' | 'language'>
  readonly chunk: StoredChunk
  readonly route: Route
}

/**
 * file → documents → chunks in the store. Reads and plans file after file, and yields the chunks to reason about, those
 * of unchanged documents too. A file that cannot be read costs itself only.
 */
export async function* takeIn(
  files: AsyncIterable<Incoming>,
  parts: TakeInParts,
  options: TakeInOptions,
): AsyncGenerator<Task> {
  for await (const prepared of ahead(files, READ_AT_ONCE, (file) => prepare(file, parts, options.dryRun))) {
    if (prepared.change === 'unchanged') yield* again(prepared, parts, options)
    else yield* enter(prepared, parts, options)
  }
}

/** An unchanged document with all that was found inside it. */
async function* again({ file, known }: Prepared, parts: TakeInParts, options: TakeInOptions): AsyncGenerator<Task> {
  const { store, tables, tally } = parts
  if (known === null) return
  for await (const document of withAttached(store, known)) {
    if (document !== known && document.contentHash === EMPTY) continue
    if (document.tables > 0 && !options.dryRun && (await tables.has(document.id, document.contentHash))) {
      const changes = await mapRows(store, tables, document, { now: new Date().toISOString(), runId: options.runId })
      if (changes !== null) tally.mapped(document.path, changes)
    }
    const chunks = (await store.chunks(document.id)).filter((chunk) => chunk.holds !== 'rows')
    tally.document(document.path, 'unchanged', chunks.length)
    for (const chunk of chunks) yield { document, chunk, route: file.rules.route }
  }
}

/**
 * A new or changed document, part by part. One with files inside counts as read once all of them are in: until then it
 * is stored without its content's hash, so that a run that ends early, or a part that fails, is taken up by the next
 * run. What was inside before and is not any more says nothing any more.
 */
async function* enter(prepared: Prepared, parts: TakeInParts, options: TakeInOptions): AsyncGenerator<Task> {
  const { store, tally } = parts
  const { file, known } = prepared
  // What cannot be read now may be read next time, so it is tried again; what is passed over will be so again.
  const isWhole = prepared.parts.every(({ error }) => error === null || isPassedOver(error))
  const isAtOnce = isWhole && prepared.parts.length === 1
  for (const part of prepared.parts) {
    const isUnsettled = part.container === null && !isAtOnce
    if (part.document !== null)
      yield* put(isUnsettled ? { ...part, contentHash: UNSETTLED } : part, part.document, prepared, parts, options)
    else if (part.error !== null) {
      const before = part.container === null ? known : await store.document(documentId(file.rules.name, part.path))
      if (before !== null && part.error.code === 'empty-file' && !options.dryRun) await forgetText(parts, before)
      tally.unread(part.path, part.error, before !== null)
    }
  }
  if (options.dryRun) return
  if (known !== null && isWhole) await forgetGone(known, prepared, parts)
  const [outer] = prepared.parts
  if (isWhole && !isAtOnce && outer?.document != null)
    await store.settleDocument(documentId(file.rules.name, outer.path), outer.contentHash)
}

/** In the place of a content's hash, while not all that is inside has been stored. */
const UNSETTLED = ''

async function forgetGone(known: StoredDocument, { file, parts: read }: Prepared, parts: TakeInParts): Promise<void> {
  const stays = new Set(read.map((part) => documentId(file.rules.name, part.path)))
  for await (const document of withAttached(parts.store, known)) {
    if (stays.has(document.id) || document.contentHash === EMPTY) continue
    await forgetText(parts, document)
    parts.tally.gone(document.path)
  }
}

async function* put(
  part: PreparedPart,
  parsed: NonNullable<PreparedPart['document']>,
  { file, known, change, modifiedAt }: Prepared,
  parts: TakeInParts,
  options: TakeInOptions,
): AsyncGenerator<Task> {
  const { store, tables, tally } = parts
  const { path, contentHash, datasets } = part
  const { name: source, route } = file.rules
  const before = part.container === null ? known : await store.document(documentId(source, path))
  const rules = rulesKey(file.rules)
  const fate =
    before === null ? 'new' : before.contentHash === contentHash && before.rules === rules ? 'unchanged' : change
  const ruled = underRules(parsed, file.rules, { path, modifiedAt })
  const document = { ...toDocument({ source, path, contentHash, parsed: ruled }), ...ruled, rules }
  const plain = chunkDocument(document, { tokens: options.chunkTokens })
  for (const dataset of datasets) {
    if (dataset.columns.length < FEWEST_COLUMNS || dataset.rows === 0) continue
    const start = Math.max(document.text.length, plain.at(-1)?.end ?? 0) + 1
    plain.push(profileChunk(dataset, await tables.sample(dataset, SAMPLE_ROWS), { index: plain.length, start }))
  }
  const chunks = plain.map((chunk) => withFlags(chunk, document.title))
  if (options.dryRun) {
    if (datasets.length > 0) await tables.keepOnly(document.id, [])
    tally.document(path, fate, chunks.length, parsed.notes, datasets.length)
    for (const chunk of chunks) yield { document, chunk: asPending(chunk), route }
    return
  }
  const now = new Date().toISOString()
  const rows = await chunkMappedRows(store, tables, datasets, chunks)
  const container = part.container === null ? {} : { container: documentId(source, part.container) }
  const stored = await store.putDocument(document, [...chunks, ...rows.chunks], now, { datasets, ...container })
  if (datasets.length > 0) {
    const changes = await readMappedRows(store, document, datasets, rows, stored, { now, runId: options.runId })
    if (rows.chunks.length > 0) tally.mapped(path, changes)
  }
  if (datasets.length > 0 || (before?.tables ?? 0) > 0)
    await tables.keepOnly(
      document.id,
      datasets.map((dataset) => dataset.id),
    )
  tally.document(path, fate, chunks.length, parsed.notes, datasets.length)
  for (const chunk of stored) if (chunk.holds !== 'rows') yield { document, chunk, route }
}

const EMPTY = bytesId(new Uint8Array())

/** A file that was emptied, or is not in its container any more, says nothing any more. */
async function forgetText({ store, tables }: TakeInParts, known: StoredDocument): Promise<void> {
  await store.putDocument({ ...known, contentHash: EMPTY }, [], new Date().toISOString())
  if (known.tables > 0) await tables.keepOnly(known.id, [])
}

function asPending(chunk: Chunk): StoredChunk {
  return { ...chunk, state: 'pending', failure: null, replies: [], fingerprints: [] }
}
