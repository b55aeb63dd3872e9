import type { IngestTally } from '../tally/ingest-tally.ts'
import type { Route } from '../sources.ts'
import type { Store } from '../store/store.ts'
import type { Task } from './take-in.ts'

/** Whom to ask about the documents of a source; null: this run has nothing to do with it. */
export type RouteOf = (source: string) => Route | null

/**
 * The chunks that could not be reasoned about, whichever source they came from, as they are stored: no file is read.
 * What fails again meanwhile is not given twice.
 */
export async function* takeFailed(store: Store, tally: IngestTally, routeOf: RouteOf): AsyncGenerator<Task> {
  for (const id of await store.failedChunks()) {
    const chunk = await store.chunk(id)
    const document = chunk === null ? null : await store.document(chunk.documentId)
    // Another run may have seen to it by now.
    if (chunk === null || document === null || chunk.state !== 'failed') continue
    const route = routeOf(document.source)
    if (route === null) tally.leftFailed(document)
    else yield { document, chunk, route }
  }
}
