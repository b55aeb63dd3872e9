import { locateName } from '../resolve/identity/locate-name.ts'
import type { Sighting } from '../resolve/identity/propose.ts'
import { mentionsOf, type Birth } from '../store/births.ts'
import type { GraphReader } from '../store/database.ts'
import { formsIn } from '../store/mention-line.ts'
import { readChunk, readDocument } from '../store/records.ts'

/** A name that is in none of so many chunks which mention its entity so stands in no text: a model made it up. */
const MOST_LOOKED_AT = 200

/**
 * A function that finds where a name of an entity stands: of all chunks that mention it so, in the one with the least id,
 * whichever was read first.
 */
export function createSight(reader: GraphReader): (birth: Birth, form: string) => Promise<Sighting | null> {
  const seen = new Map<string, Sighting | null>()
  return async (birth, form) => {
    const key = `${birth.id} ${form}`
    const known = seen.get(key)
    if (known !== undefined) return known
    const sighting = await findSighting(reader, birth, form)
    seen.set(key, sighting)
    return sighting
  }
}

async function findSighting(reader: GraphReader, birth: Birth, form: string): Promise<Sighting | null> {
  let looked = 0
  for await (const mention of mentionsOf(reader, birth)) {
    if (!formsIn(mention).some(({ id, name }) => id === birth.id && name === form)) continue
    const sighting = await lookIn(reader, mention.to.id, form)
    if (sighting !== null) return sighting
    if (++looked >= MOST_LOOKED_AT) break
  }
  return null
}

async function lookIn(reader: GraphReader, chunkId: string, form: string): Promise<Sighting | null> {
  const [node] = await reader.get('Chunk', [chunkId])
  if (node === undefined) return null
  const chunk = readChunk(node)
  const [found] = await reader.get('Document', [chunk.documentId])
  if (found === undefined) return null
  const { path, date } = readDocument(found)
  const evidence = locateName(form, chunk, path)
  return evidence === null ? null : { chunkId, documentId: chunk.documentId, saidOn: date, evidence }
}
