import type { GraphReader } from './database.ts'
import { UNRESOLVED } from './marks.ts'
import { UNCOMPARED } from './records.ts'

/** What was read, and is still to be worked out: by an ingest that goes on, or by the next one. */
export interface Waiting {
  /** Documents whose names are to be resolved. */
  readonly names: number
  /** Links that are to be held against others, which they may contradict. */
  readonly conflicts: number
}

export async function findWaiting(reader: GraphReader): Promise<Waiting> {
  const links = await reader.find('Link', UNCOMPARED, ['yes'], { only: ['id'] })
  return { names: (await findUnresolved(reader)).length, conflicts: links.length }
}

/** Ids of documents whose names are to be resolved, or those of their chunks, sorted; at most so many that are marked are looked at. */
export async function findUnresolved(reader: GraphReader, limit?: number): Promise<string[]> {
  const page = limit === undefined ? {} : { limit }
  const documents = await reader.find('Document', 'unresolved', [UNRESOLVED], { ...page, only: ['id'] })
  const chunks = await reader.find('Chunk', 'unresolved', [UNRESOLVED], { ...page, only: ['id', 'documentId'] })
  const ids = [...documents.map(({ id }) => id), ...chunks.map(({ properties }) => String(properties['documentId']))]
  return [...new Set(ids)].toSorted()
}
