import { SAME_AS } from '../model/link.ts'
import { addNameChanges, NO_NAME_CHANGES, type NameChanges } from '../store/judged.ts'
import { readScene, type Scene } from '../store/scene.ts'
import type { Store } from '../store/store.ts'
import { judgeAcross } from './across.ts'
import { settleScene } from './settle.ts'
import { judgeScene } from './within.ts'

/**
 * Finds out what is to be known of names before they are judged. False: that cannot be had now, so their document stays
 * marked, for the next run.
 */
export type GetReady = (names: Iterable<string>) => Promise<boolean>

/** Documents whose marks are looked for in one go. */
const AT_ONCE = 100

/**
 * Resolves the names of all documents that are marked: within each, and then what is new in them among the names of all.
 * What stands in the end does not depend on the order in which documents came; it may be stopped anywhere, run again, and
 * run by several at the same time. Returns what became of `SAME_AS` links.
 */
export async function resolveNames(store: Store, signal: AbortSignal, getReady?: GetReady): Promise<NameChanges> {
  let changes = NO_NAME_CHANGES
  const done = new Set<string>()
  while (!signal.aborted) {
    // What others mark again meanwhile is for them, or for the next run.
    const ids = (await store.unresolved(AT_ONCE + done.size)).filter((id) => !done.has(id))
    if (ids.length === 0) break
    changes = addNameChanges(changes, await resolveDocuments(store, ids, { signal, getReady }))
    for (const id of ids) done.add(id)
  }
  return changes
}

export interface ResolveOptions {
  readonly signal?: AbortSignal
  readonly getReady?: GetReady | undefined
}

/** The same of some documents; costs one look at each that is not marked. */
export async function resolveDocuments(
  store: Store,
  documentIds: readonly string[],
  { signal, getReady }: ResolveOptions = {},
): Promise<NameChanges> {
  let changes = NO_NAME_CHANGES
  const settled: string[] = []
  for (const id of documentIds) {
    if (signal?.aborted === true) return changes
    const within = await resolveWithinDocument(store, id, getReady)
    if (within === null) continue
    settled.push(id)
    changes = addNameChanges(changes, within)
  }
  return addNameChanges(changes, await resolveAcrossDocuments(store, settled, signal))
}

/** Within one document. Null: it is not marked, or cannot be got ready now. */
export async function resolveWithinDocument(
  store: Store,
  documentId: string,
  getReady?: GetReady,
): Promise<NameChanges | null> {
  for (;;) {
    const scene = await store.database.read((reader) => readScene(reader, documentId))
    if (scene === null || [scene.document, ...scene.chunks].every(({ mark }) => mark === undefined)) return null
    if (getReady !== undefined && !(await getReady(namesIn(scene)))) return null
    const { said, crowded } = judgeScene(scene, store.signatures)
    if (said.length > 0) await store.database.prepare([SAME_AS])
    const settled = await store.change((writer, derivation) => settleScene(writer, derivation, scene, said))
    if (settled !== null) return { ...settled, crowded }
  }
}

function namesIn({ mentions }: Scene): string[] {
  return [...mentions.values()].flatMap((entities) => [...entities.values()].flatMap(({ forms }) => forms))
}

/** What is new in some documents that were resolved within, among the names of all: the more at a time, the less is judged twice. */
export async function resolveAcrossDocuments(
  store: Store,
  documentIds: readonly string[],
  signal?: AbortSignal,
): Promise<NameChanges> {
  let changes = NO_NAME_CHANGES
  if (documentIds.length === 0) return changes
  await store.database.prepare([SAME_AS])
  for (let isMore = true; isMore;) {
    if (signal?.aborted === true) break
    const step = await store.change((writer, derivation) => judgeAcross(writer, derivation, documentIds))
    changes = addNameChanges(changes, step.changes)
    isMore = step.isMore
  }
  return changes
}
