import type { StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** A document and everything that was found inside it, however deep, the outer before the inner. */
export async function* withAttached(store: Store, document: StoredDocument): AsyncGenerator<StoredDocument> {
  const seen = new Set([document.id])
  const open = [document]
  for (let next = open.pop(); next; next = open.pop()) {
    yield next
    for (const id of (await store.attachmentsOf(next.id)).toReversed()) {
      const attached = seen.has(id) ? null : await store.document(id)
      seen.add(id)
      if (attached !== null) open.push(attached)
    }
  }
}
