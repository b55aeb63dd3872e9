import { isRead, type Chunk } from '../model/chunk.ts'
import type { Dataset } from '../model/dataset.ts'
import { addChanges, NO_CHANGES, type LinkChanges } from '../store/derivation.ts'
import type { StoredChunk, StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { mappingsKey, readRows, type Mapping } from '../tables/read-rows.ts'
import { rowChunk, ROWS_A_CHUNK } from '../tables/row-chunks.ts'
import type { Tables } from '../tables/tables.ts'

/** The rows of a document's tables that accepted mappings read. */
export interface MappedRows {
  readonly chunks: readonly Chunk[]
  /** By dataset: the mappings, none where its rows are not read. */
  readonly mappings: ReadonlyMap<string, readonly Mapping[]>
}

/** Cuts the rows of all tables that have an accepted mapping into chunks that follow `after`. */
export async function chunkMappedRows(
  store: Store,
  tables: Tables,
  datasets: readonly Dataset[],
  after: readonly Chunk[],
): Promise<MappedRows> {
  const chunks: Chunk[] = []
  const mappings = new Map<string, readonly Mapping[]>()
  let start = Math.max(0, ...after.map((chunk) => chunk.end + 1))
  for (const dataset of datasets) {
    const own = await mappingsOf(store, dataset)
    mappings.set(dataset.id, own)
    if (own.length === 0) continue
    for (let last = -1; ;) {
      const rows = await tables.rows(dataset, last, ROWS_A_CHUNK)
      if (rows.length === 0) break
      const chunk = rowChunk(dataset, rows, { index: after.length + chunks.length, start })
      if (chunk.units.length > 0) chunks.push(chunk)
      start = chunk.end + 1
      last = rows.at(-1)?.row ?? Infinity
    }
  }
  return { chunks, mappings }
}

/** Lets the mappings read those chunks of rows that they have not read yet. Safe to stop anywhere and to run again. */
export async function readMappedRows(
  store: Store,
  document: Pick<StoredDocument, 'id' | 'path'>,
  datasets: readonly Dataset[],
  rows: MappedRows,
  stored: readonly StoredChunk[],
  context: { readonly now: string; readonly runId: string },
): Promise<LinkChanges> {
  let changes = NO_CHANGES
  for (const chunk of stored) {
    if (isRead(chunk)) continue
    const name = chunk.units[0]?.place.sheet ?? null
    const dataset = datasets.find((one) => one.name === name)
    const mappings = rows.mappings.get(dataset?.id ?? '') ?? []
    if (mappings.length === 0 || chunk.fingerprints.includes(mappingsKey(mappings))) continue
    const { reply, mentions, proposals } = readRows(chunk, document.path, mappings, {
      at: context.now,
      runId: context.runId,
    })
    await store.saveReply(reply)
    changes = addChanges(changes, await store.takeReply(reply, { mentions, proposals, notes: [] }, reply.fingerprint))
  }
  for (const dataset of datasets) {
    const mappings = rows.mappings.get(dataset.id) ?? []
    // One that was just put counts as read by none.
    if (mappings.length > 0) await store.markMapped(dataset.id, mappingsKey(mappings))
  }
  return changes
}

/**
 * Brings the links of a document's rows to what its accepted mappings say now: after a mapping was accepted, rejected
 * or undone, or a run was killed in the midst of it. Null where nothing was to be done.
 */
export async function mapRows(
  store: Store,
  tables: Tables,
  document: StoredDocument,
  context: { readonly now: string; readonly runId: string },
): Promise<LinkChanges | null> {
  const datasets = await store.datasetsOf(document.id)
  const isCurrent = await Promise.all(
    datasets.map(async (dataset) => {
      const mappings = await mappingsOf(store, dataset)
      return dataset.mappedBy === (mappings.length === 0 ? null : mappingsKey(mappings))
    }),
  )
  if (isCurrent.every(Boolean)) return null
  const others = (await store.chunks(document.id)).filter(isRead)
  const rows = await chunkMappedRows(store, tables, datasets, others)
  const { chunks: stored } = await store.putDocument(document, [...others, ...rows.chunks], context.now, { datasets })
  return readMappedRows(store, document, datasets, rows, stored, context)
}

async function mappingsOf(store: Store, dataset: Dataset): Promise<Mapping[]> {
  const names = new Map(dataset.columns.map((column) => [column.id, column.name]))
  return (await store.acceptedMappings(dataset)).map((link) => ({
    link,
    subject: names.get(link.subjectId) ?? '',
    object: names.get(link.objectId) ?? '',
  }))
}
