import { readSource } from '../../ingest/reader.ts'
import type { SourceFile } from '../../ingest/reading.ts'
import type { ParsedDocument } from '../../src/model/document.ts'

export async function readDocument(file: SourceFile): Promise<ParsedDocument> {
  return (await readSource(file)).document
}
