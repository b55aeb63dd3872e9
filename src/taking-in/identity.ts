import { documentId } from '../../ingest/identify.ts'
import type { StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { withAttached } from './attached.ts'

/** Which document something is: one that the store has, or the id that it is to get. */
export interface Identity {
  readonly id: string
  readonly known: StoredDocument | null
}

/** The document of a source that stands at a path, one that is not gone before one that is. */
export async function identify(store: Store, source: string, path: string): Promise<Identity> {
  const here = (await store.documentsAt(path)).filter((document) => document.source === source)
  const [known] = here.toSorted((a, b) => Number(a.gone !== null) - Number(b.gone !== null) || (a.id < b.id ? -1 : 1))
  if (known !== undefined) return { id: known.id, known }
  // One that was first seen here may have moved since, and has kept the id.
  for (let number = 0; ; number += 1) {
    const id = documentId(source, path, number)
    if ((await store.document(id)) === null) return { id, known: null }
  }
}

/**
 * The same for what is inside a file. Where the file has moved, what is inside went with it: it is the one that was
 * found in there under the same name, with the same content.
 */
export async function identifyInside(
  store: Store,
  file: { readonly source: string; readonly path: string; readonly known: StoredDocument | null },
  part: { readonly path: string; readonly contentHash: string },
): Promise<Identity> {
  const inside = await identify(store, file.source, part.path)
  if (inside.known !== null || file.known === null) return inside
  const name = part.path.slice(file.path.length)
  let nearest: StoredDocument | null = null
  for await (const document of withAttached(store, file.known)) {
    const isIt = document.contentHash === part.contentHash && document.path.endsWith(name)
    if (isIt && (nearest === null || document.path.length < nearest.path.length)) nearest = document
  }
  return nearest === null ? inside : { id: nearest.id, known: nearest }
}
