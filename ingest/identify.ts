import type { Document, ParsedDocument } from '../src/model/document.ts'
import { contentId } from '../src/model/ids.ts'

/**
 * Gives what a reader made its identity: source and path when first seen. A file that moved keeps the id that it
 * got at its old path; that is for the plan, which knows what the store has.
 */
export function toDocument(input: {
  source: string
  path: string
  contentHash: string
  parsed: ParsedDocument
}): Document {
  const { source, path, contentHash, parsed } = input
  return { ...parsed, id: documentId(source, path), source, path, contentHash }
}

export function documentId(source: string, path: string): string {
  return contentId('document', source, path)
}
