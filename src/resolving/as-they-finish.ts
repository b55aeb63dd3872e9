import { addNameChanges, NO_NAME_CHANGES, type NameChanges } from '../store/judged.ts'
import type { Store } from '../store/store.ts'
import { resolveAcrossDocuments, resolveNames, resolveWithinDocument, type GetReady } from './resolve-names.ts'

/** Resolves the names of documents while others are read. */
export interface Resolver {
  /** A chunk of a document is about to be reasoned about. */
  begin(documentId: string): void
  /** Nothing more is made of that chunk now; whether anything was, or had been left to be resolved. */
  end(documentId: string, isTouched: boolean): void
  /** Waits for what is under way, so that nothing is written behind the back of whoever gives up. */
  wait(): Promise<void>
  /** All chunks are done: waits for what is under way, and resolves what is left. */
  finish(): Promise<NameChanges>
}

/** Documents whose names are looked up among those of all at the same time: what many bear on is judged anew once for all. */
const AT_ONCE = 16

/**
 * Chunks come document by document: one is done when another has begun and none of its own is under way. Then its names are
 * resolved within it, one document after the other, beside those that are read; and across all, for several together.
 * What goes wrong with it is thrown at the end.
 */
export function createResolver(store: Store, signal: AbortSignal, getReady?: GetReady): Resolver {
  const open = new Map<string, number>()
  const touched = new Set<string>()
  const settled: string[] = []
  let current = ''
  let changes = NO_NAME_CHANGES
  let queue: Promise<void> = Promise.resolve()
  let failure: unknown = null

  const resolve = (documentId: string): void => {
    open.delete(documentId)
    if (!touched.delete(documentId)) return
    queue = queue.then(async () => {
      if (signal.aborted || failure !== null) return
      try {
        const within = await resolveWithinDocument(store, documentId, getReady)
        if (typeof within === 'string') return
        changes = addNameChanges(changes, within)
        settled.push(documentId)
        if (settled.length < AT_ONCE) return
        changes = addNameChanges(changes, await resolveAcrossDocuments(store, settled.splice(0), signal))
      } catch (error) {
        failure = error
      }
    })
  }
  return {
    begin(documentId) {
      const before = current
      current = documentId
      open.set(documentId, (open.get(documentId) ?? 0) + 1)
      if (before !== documentId && open.get(before) === 0) resolve(before)
    },
    end(documentId, isTouched) {
      if (isTouched) touched.add(documentId)
      const left = (open.get(documentId) ?? 1) - 1
      open.set(documentId, left)
      if (left === 0 && documentId !== current) resolve(documentId)
    },
    wait: () => queue,
    async finish() {
      await queue
      if (failure !== null) throw failure
      return addNameChanges(changes, await resolveNames(store, signal, { getReady }))
    },
  }
}
