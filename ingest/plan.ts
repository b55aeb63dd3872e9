export type PlannedDocument = 'new' | 'changed' | 'unchanged'

/** What is to be done about a file that was found, given what the store has under the same id. */
export function planDocument(
  found: { readonly id: string; readonly contentHash: string },
  stored: { readonly contentHash: string } | undefined,
): PlannedDocument {
  if (stored === undefined) return 'new'
  return stored.contentHash === found.contentHash ? 'unchanged' : 'changed'
}
