import type { IngestTally } from '../tally/ingest-tally.ts'
import { bytesId } from '../model/ids.ts'
import type { StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Tables } from '../tables/tables.ts'

const EMPTY = bytesId(new Uint8Array())

/** Whether a document says nothing any more: its file was emptied, or it is gone. */
export function isSilent({ contentHash, gone }: StoredDocument): boolean {
  return gone !== null || contentHash === EMPTY
}

/**
 * Retires all that a document says: its chunks and tables go, its proposals count no more, links go with their last
 * support. Its replies stay, so that it costs nothing if it comes back. One that is gone keeps the hash of its content,
 * by which it is known wherever it comes back.
 */
export async function silence(
  document: StoredDocument,
  { store, tables, tally }: { readonly store: Store; readonly tables: Tables; readonly tally: IngestTally },
  why: { readonly gone: string } | { readonly emptied: true },
): Promise<void> {
  const now = 'gone' in why ? why.gone : new Date().toISOString()
  const left = 'gone' in why ? { ...document, gone: why.gone } : { ...document, contentHash: EMPTY }
  const placed = await store.putDocument(left, [], now, { onlyIfThere: true })
  tally.support.changed(document.path, placed)
  if (document.tables > 0) await tables.keepOnly(document.id, [])
}
