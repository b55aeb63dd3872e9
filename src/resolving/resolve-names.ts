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
 * Resolves the names of all documents that are marked: within each, and then what is new in it among the names of all.
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
    for (const id of ids) {
      if (signal.aborted) break
      changes = addNameChanges(changes, await resolveDocument(store, id, getReady))
      done.add(id)
    }
  }
  return changes
}

function namesIn({ mentions }: Scene): string[] {
  return [...mentions.values()].flatMap((entities) => [...entities.values()].flatMap(({ forms }) => forms))
}

/** The same of one document; costs one look where it is not marked. */
export async function resolveDocument(store: Store, documentId: string, getReady?: GetReady): Promise<NameChanges> {
  let changes = NO_NAME_CHANGES
  for (let isSettled = false; !isSettled;) {
    const scene = await store.database.read((reader) => readScene(reader, documentId))
    if (scene === null || [scene.document, ...scene.chunks].every(({ mark }) => mark === undefined)) return changes
    if (getReady !== undefined && !(await getReady(namesIn(scene)))) return changes
    const said = judgeScene(scene, store.signatures)
    if (said.length > 0) await store.database.prepare([SAME_AS])
    const settled = await store.change((writer, derivation) => settleScene(writer, derivation, scene, said))
    isSettled = settled !== null
    changes = addNameChanges(changes, settled ?? NO_NAME_CHANGES)
  }
  for (let isMore = true; isMore;) {
    await store.database.prepare([SAME_AS])
    const step = await store.change((writer, derivation) => judgeAcross(writer, derivation, documentId))
    changes = addNameChanges(changes, step.changes)
    isMore = step.isMore
  }
  return changes
}
