import { ConflictError } from '../model/errors.ts'
import { readDocument, type StoredDocument } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/**
 * Notes that a person looked through a document for what it says and no link does; it holds until its content changes.
 * @throws ConflictError where it did so since it was read
 */
export async function noteSearched(
  store: Store,
  { id, path, contentHash }: Pick<StoredDocument, 'id' | 'path' | 'contentHash'>,
  reviewer: string,
  now: Date,
): Promise<void> {
  await store.database.write(async (writer) => {
    const [node] = await writer.lock('Document', [id])
    const document = node === undefined ? null : readDocument(node)
    if (document?.contentHash !== contentHash || document.gone !== null)
      throw new ConflictError('document-moved', `${path} was read anew meanwhile`, {
        hint: 'Look through it as it is now.',
      })
    const properties = { searchedBy: reviewer, searchedAt: now.toISOString() }
    await writer.patchNodes('Document', [{ id, properties }])
  })
}

/**
 * Takes that back: the document is asked about again. One of which nobody says it any more is left as it is.
 * @throws ConflictError where somebody else has said so since
 */
export async function forgetSearched(
  store: Store,
  documentId: string,
  reviewer: string,
): Promise<{ readonly path: string } | null> {
  return store.database.write(async (writer) => {
    const [node] = await writer.lock('Document', [documentId])
    if (node === undefined) return null
    const { path, searchedBy = reviewer } = readDocument(node)
    if (searchedBy !== reviewer)
      throw new ConflictError('searched-since', `${searchedBy} has looked through ${path} since`, {
        hint: 'Theirs stands.',
      })
    await writer.patchNodes('Document', [{ id: documentId, properties: { searchedBy: null, searchedAt: null } }])
    return { path }
  })
}
