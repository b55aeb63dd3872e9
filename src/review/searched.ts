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
