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

/** How often a run looks at the same document: others may mark it again and again, which is for them, or for the next run. */
const MOST_VISITS = 20

/**
 * How often a run judges the same name because of others. What is joined may leave so few bearers of a key that they are
 * looked at again; among them may be a rival that undoes the join, and there are too many again. A name that was judged so
 * often stays as it was judged last: whatever marks whom, each step judges one that was judged less often, so there is an end.
 */
const MOST_TIMES = 4

/** By the ids of names, how often they were judged. */
type Times = Map<string, number>

/**
 * Resolves the names of all documents that are marked: within each, and then what is new in them among the names of all;
 * and again, where what was joined marks others. What stands in the end does not depend on the order in which documents
 * came; it may be stopped anywhere, run again, and run by several at the same time. Documents to `leave` are for others.
 * Returns what became of `SAME_AS` links.
 */
export async function resolveNames(
  store: Store,
  signal: AbortSignal,
  {
    getReady,
    leave = new Set(),
  }: { readonly getReady?: GetReady | undefined; readonly leave?: ReadonlySet<string> } = {},
): Promise<NameChanges> {
  let changes = NO_NAME_CHANGES
  const visits = new Map([...leave].map((id) => [id, MOST_VISITS]))
  // Only of names that are judged again: of all that are new there may be any number.
  const times: Times = new Map()
  while (!signal.aborted) {
    const marked = await store.unresolved(AT_ONCE + visits.size)
    const ids = marked.filter((id) => (visits.get(id) ?? 0) < MOST_VISITS)
    if (ids.length === 0) break
    const isFirst = (id: string): boolean => !visits.has(id)
    for (const [some, judged] of [
      [ids.filter(isFirst), new Map()],
      [ids.filter((id) => !isFirst(id)), times],
    ] as const) {
      const step = await resolveMarked(store, some, { signal, getReady }, judged)
      changes = addNameChanges(changes, step.changes)
      for (const id of some) visits.set(id, step.unready.has(id) ? MOST_VISITS : (visits.get(id) ?? 0) + 1)
    }
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
  options: ResolveOptions = {},
): Promise<NameChanges> {
  return (await resolveMarked(store, documentIds, options, new Map())).changes
}

/** `unready`: those that cannot be got ready now. One that another run has resolved meanwhile may be marked again. */
async function resolveMarked(
  store: Store,
  documentIds: readonly string[],
  { signal, getReady }: ResolveOptions,
  times: Times,
): Promise<{ readonly changes: NameChanges; readonly unready: ReadonlySet<string> }> {
  let changes = NO_NAME_CHANGES
  const settled: string[] = []
  const unready = new Set<string>()
  for (const id of documentIds) {
    if (signal?.aborted === true) return { changes, unready }
    const within = await resolveWithinDocument(store, id, getReady)
    if (within === 'unready') unready.add(id)
    if (within === 'unready' || within === 'unmarked') continue
    settled.push(id)
    changes = addNameChanges(changes, within)
  }
  const across = await resolveAcrossDocuments(store, settled, signal, times)
  return { changes: addNameChanges(changes, across), unready }
}

/** Within one document, unless it is not marked (any more), or cannot be got ready now. */
export async function resolveWithinDocument(
  store: Store,
  documentId: string,
  getReady?: GetReady,
): Promise<NameChanges | 'unmarked' | 'unready'> {
  for (;;) {
    const scene = await store.database.read((reader) => readScene(reader, documentId))
    if (scene === null || [scene.document, ...scene.chunks].every(({ mark }) => mark === undefined)) return 'unmarked'
    if (getReady !== undefined && !(await getReady(namesIn(scene)))) return 'unready'
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
  times: Times = new Map(),
): Promise<NameChanges> {
  let changes = NO_NAME_CHANGES
  if (documentIds.length === 0) return changes
  await store.database.prepare([SAME_AS])
  const isOver = (id: string): boolean => (times.get(id) ?? 0) >= MOST_TIMES
  for (let isMore = true; isMore;) {
    if (signal?.aborted === true) break
    const step = await store
      .change((writer, derivation) => judgeAcross(writer, derivation, documentIds, { isOver, signal }))
      .catch((error: unknown) => {
        if (signal?.aborted === true && error === signal.reason) return null
        throw error
      })
    if (step === null) break
    for (const id of step.judged) times.set(id, (times.get(id) ?? 0) + 1)
    changes = addNameChanges(changes, step.changes)
    isMore = step.isMore
  }
  return changes
}
