import { NotFoundError, UsageError } from '../model/errors.ts'
import type { NodeKey, NodeKind } from '../store/database.ts'
import { noSuchLink } from '../store/decision-draft.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'

const SHORTEST = 4

/**
 * The one record whose id starts with the prefix, of one of the kinds.
 * @throws NotFoundError, or UsageError with the candidates where several do
 */
export async function findRecord(store: Store, prefix: string, kinds?: readonly NodeKind[]): Promise<NodeKey> {
  const wanted = prefix.trim()
  if (wanted.length < SHORTEST)
    throw new UsageError('short-id', `'${wanted}' is too short for an id`, {
      hint: `Give at least ${SHORTEST} characters.`,
    })
  const found = await store.database.read((reader) => reader.byPrefix(wanted, 20))
  const fitting = kinds === undefined ? found : found.filter((key) => kinds.includes(key.kind))
  const exact = fitting.find((key) => key.id === wanted)
  const [first] = fitting
  if (exact !== undefined) return exact
  if (first === undefined) {
    const what = kinds === undefined ? 'nothing' : `no ${kinds.join(' or ').toLowerCase()}`
    const instead = found[0] === undefined ? '' : ` It is the id of a ${found[0].kind.toLowerCase()}.`
    throw new NotFoundError('unknown-id', `${what} has an id that starts with '${wanted}'`, {
      hint: `${instead.trim()} 'whygraph search WORDS' and 'whygraph review list' print ids.`.trim(),
    })
  }
  if (fitting.length > 1) {
    const listed = fitting.slice(0, 5).map((key) => `${key.id} (${key.kind})`)
    throw new UsageError('ambiguous-id', `'${wanted}' fits ${fitting.length} ids: ${listed.join(', ')}`, {
      hint: 'Give more of its characters.',
    })
  }
  return first
}

/**
 * The document at one of some paths; null where there is none.
 * @throws UsageError with the candidates where documents of several sources stand there
 */
export async function findDocumentAt(store: Store, paths: readonly string[]): Promise<NodeKey | null> {
  const found = new Map(
    (await Promise.all(paths.map((path) => store.documentsAt(path)))).flat().map((one) => [one.id, one]),
  )
  if (found.size > 1) {
    const listed = [...found.values()].map(({ id, source }) => `${id} (${source})`)
    throw new UsageError('ambiguous-path', `${paths[0]} is in several sources: ${listed.join(', ')}`, {
      hint: 'Give the id of one.',
    })
  }
  const [id] = found.keys()
  return id === undefined ? null : { kind: 'Document', id }
}

/**
 * A link by its whole id.
 * @throws NotFoundError where there is none, or nothing is left of it but what was decided
 */
export async function findLink(store: Store, id: string): Promise<StoredLink> {
  const link = await store.link(id)
  if (link !== null) return link
  const { length } = await store.decisionsAbout(id)
  if (length === 0) throw noSuchLink(id)
  const decided = length === 1 ? 'A decision' : `${length} decisions`
  throw new NotFoundError('forgotten-link', `link ${id} went when all that spoke of it was forgotten`, {
    hint: `${decided} about it in 'whygraph review log' will count again should a source say the same.`,
  })
}
