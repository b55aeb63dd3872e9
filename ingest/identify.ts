import type { Document, ParsedDocument } from '../src/model/document.ts'
import { contentId } from '../src/model/ids.ts'

/**
 * Gives what a reader made its identity: source and path when first seen. A file that moved keeps the id that it
 * got at its old path; that is for the plan, which knows what the store has, and gives it.
 */
export function toDocument(input: {
  source: string
  path: string
  contentHash: string
  parsed: ParsedDocument
  id?: string
}): Document {
  const { source, path, contentHash, parsed, id = documentId(source, path) } = input
  return { ...parsed, id, source, path, contentHash }
}

/** `number`: counts up from 0 where a document that was first seen at this path has moved and keeps the id. */
export function documentId(source: string, path: string, number = 0): string {
  return number === 0 ? contentId('document', source, path) : contentId('document', source, path, String(number))
}
