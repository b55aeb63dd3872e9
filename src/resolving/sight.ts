import { locateName } from '../resolve/identity/locate-name.ts'
import type { Sighting } from '../resolve/identity/propose.ts'
import { mentionsOf, type Birth } from '../store/births.ts'
import type { GraphReader } from '../store/database.ts'
import { formsIn } from '../store/mention-line.ts'
import { readChunk, readDocument, type StoredChunk, type StoredDocument } from '../store/records.ts'

/** A name that is in none of so many chunks which mention its entity so stands in no text: a model made it up. */
const MOST_LOOKED_AT = 200

/**
 * A function that finds where a name of an entity stands: of all chunks that mention it so, in the one with the least id,
 * whichever was read first.
 */
export function createSight(reader: GraphReader): (birth: Birth, form: string) => Promise<Sighting | null> {
  const seen = new Map<string, Sighting | null>()
  const pages = new Map<string, Promise<Page | null>>()
  const documents = new Map<string, Promise<StoredDocument | null>>()
  const documentOf = (id: string): Promise<StoredDocument | null> => {
    const document = documents.get(id) ?? openDocument(reader, id)
    documents.set(id, document)
    return document
  }
  const open = (chunkId: string): Promise<Page | null> => {
    const page = pages.get(chunkId) ?? openPage(reader, chunkId, documentOf)
    pages.set(chunkId, page)
    return page
  }
  return async (birth, form) => {
    const key = `${birth.id} ${form}`
    const known = seen.get(key)
    if (known !== undefined) return known
    const sighting = await findSighting(reader, open, birth, form)
    seen.set(key, sighting)
    return sighting
  }
}

/** A chunk, and the document that it is of. */
interface Page {
  readonly chunk: StoredChunk
  readonly document: StoredDocument
}

async function openPage(
  reader: GraphReader,
  chunkId: string,
  documentOf: (id: string) => Promise<StoredDocument | null>,
): Promise<Page | null> {
  const [node] = await reader.get('Chunk', [chunkId])
  if (node === undefined) return null
  const chunk = readChunk(node)
  const document = await documentOf(chunk.documentId)
  return document === null ? null : { chunk, document }
}

async function openDocument(reader: GraphReader, id: string): Promise<StoredDocument | null> {
  const [node] = await reader.get('Document', [id])
  return node === undefined ? null : readDocument(node)
}

async function findSighting(
  reader: GraphReader,
  open: (chunkId: string) => Promise<Page | null>,
  birth: Birth,
  form: string,
): Promise<Sighting | null> {
  let looked = 0
  for await (const mention of mentionsOf(reader, birth)) {
    if (!formsIn(mention).some(({ id, name }) => id === birth.id && name === form)) continue
    const page = await open(mention.to.id)
    const evidence = page === null ? null : locateName(form, page.chunk, page.document.path)
    if (page !== null && evidence !== null) {
      const { id: chunkId, documentId } = page.chunk
      return { chunkId, documentId, saidOn: page.document.date, evidence }
    }
    if (++looked >= MOST_LOOKED_AT) break
  }
  return null
}
