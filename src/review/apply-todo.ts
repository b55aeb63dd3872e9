import { ulid } from 'ulid'
import { isRemark } from '../model/decision.ts'
import { ConflictError, UsageError, WhygraphError } from '../model/errors.ts'
import { contentId } from '../model/ids.ts'
import { describeObstacles } from '../model/obstacle.ts'
import type { DecisionDraft } from '../store/decision-draft.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { batchBegun, decideInSteps, type Settled, type StepOptions } from './decide-in-steps.ts'
import { findRecord } from './find-record.ts'
import { remarkInForce } from './remark.ts'
import { parseTodo, type BadLine, type TodoLine, type TodoVerdict } from './todo.ts'

/** A line that says something, with its link as it is now. */
export interface Meant extends TodoLine {
  readonly verdict: TodoVerdict
  readonly link: StoredLink
}

/** A list that can be applied. */
export interface Todo {
  readonly meant: readonly Meant[]
  /** How many lines say to leave a link alone. */
  readonly left: number
}

/** What became of a list; `batch` names all decisions that it came to, by whichever try. */
export interface Applied extends Settled {
  readonly batch: string
  /** Links of which the same reviewer had said the same. */
  readonly already: number
}

const LOOKED_UP_AT_ONCE = 32

/**
 * Reads a whole list and looks up its links; nothing is decided.
 * @throws UsageError that names every line that cannot be followed
 */
export async function readTodo(store: Store, text: string, name: string): Promise<Todo> {
  const { lines, bad } = parseTodo(text)
  const meant: Meant[] = []
  const wrong: BadLine[] = [...bad]
  const first = new Map<string, number>()
  const deciding = lines.filter(({ verdict }) => verdict !== null)
  for (let at = 0; at < deciding.length; at += LOOKED_UP_AT_ONCE) {
    const some = deciding.slice(at, at + LOOKED_UP_AT_ONCE)
    const found = await Promise.all(some.map((line) => lookUp(store, line)))
    for (const one of found) {
      if ('what' in one) wrong.push(one)
      else if (first.has(one.link.id))
        wrong.push({ number: one.number, what: `the link is named before, in line ${first.get(one.link.id)}` })
      else {
        first.set(one.link.id, one.number)
        meant.push(one)
      }
    }
  }
  if (wrong.length === 0) return { meant, left: lines.length - deciding.length }
  const listed = wrong.toSorted((a, b) => a.number - b.number).map(({ number, what }) => `  line ${number}: ${what}`)
  const lineOrLines = wrong.length === 1 ? 'a line' : `${wrong.length} lines`
  throw new UsageError('bad-list', `${name} has ${lineOrLines} that cannot be followed:\n${listed.join('\n')}`, {
    hint: 'Nothing was decided. Mend them, and apply the list again.',
  })
}

async function lookUp(store: Store, line: TodoLine): Promise<Meant | BadLine> {
  const { number, id, rev, verdict } = line
  try {
    const link = await store.link((await findRecord(store, id, ['Link'])).id)
    if (link === null || verdict === null) return { number, what: `there is no link ${id}` }
    const isBarred = verdict === 'accept' && link.rev === rev && link.obstacles.length > 0
    if (!isBarred) return { ...line, verdict, link }
    return { number, what: `it can be accepted by itself only: ${describeObstacles(link.obstacles)}` }
  } catch (error) {
    if (!(error instanceof WhygraphError)) throw error
    return { number, what: error.message }
  }
}

/**
 * Decides what a list says, at the revisions that it names; what moved since is refused. The same list again makes nothing
 * again.
 */
export async function applyTodo(store: Store, { meant }: Todo, reviewer: string, steps: StepOptions): Promise<Applied> {
  const said = meant.map(({ verdict, link, rev, reason = '', note = '' }) =>
    contentId(verdict, link.id, `${rev}`, reason, note),
  )
  const list = contentId('list', reviewer, said.join('\n'))
  const requestOf = ({ link }: Meant): string => contentId('apply', list, link.id)
  const batch = (await batchBegun(store, meant.map(requestOf))) ?? ulid(steps.now().getTime())
  const merged = meant.filter(({ link }) => link.into !== null)
  const drafts = new Map(
    meant.map((line) => {
      const { link, verdict, rev, reason, note } = line
      const words = { ...(reason === undefined ? {} : { reason }), ...(note === undefined ? {} : { note }) }
      // A remark is about a link at whatever revision.
      const seen = isRemark(line) ? {} : { expectedRev: rev }
      const draft = { requestId: requestOf(line), linkId: link.id, verdict, reviewer, ...seen, batch }
      return [line, { ...draft, inBulk: true, ...words } satisfies DecisionDraft] as const
    }),
  )
  const remarked = await remarkedAlready(store, meant, requestOf, reviewer)
  const isLeftOut = (line: Meant): boolean => merged.includes(line) || remarked.has(line)
  const settled = await decideInSteps(
    store,
    [...drafts].flatMap(([line, draft]) => (isLeftOut(line) ? [] : [draft])),
    steps,
  )
  const fallen = merged.flatMap((line) => {
    const draft = drafts.get(line)
    return draft === undefined ? [] : [{ draft, error: fellInto(line.link) }]
  })
  const moved = settled.refused.filter(({ error }) => error.code === 'revision-moved')
  const now = new Map((await store.linksById(moved.map(({ draft }) => draft.linkId))).map((link) => [link.id, link]))
  const isSo = ({ draft }: (typeof moved)[number]): boolean => {
    const link = now.get(draft.linkId)
    return link?.reviewedBy === reviewer && link.status === (draft.verdict === 'accept' ? 'accepted' : 'rejected')
  }
  const already = moved.filter(isSo)
  const refused = [...fallen, ...settled.refused.filter((one) => !already.includes(one))]
  return { ...settled, batch, refused, already: already.length + remarked.size }
}

/** Lines with a remark that the same reviewer has made already, by another request than this list's. */
async function remarkedAlready(
  store: Store,
  meant: readonly Meant[],
  requestOf: (line: Meant) => string,
  reviewer: string,
): Promise<ReadonlySet<Meant>> {
  const remarks = meant.filter((line) => isRemark(line) && line.link.into === null)
  const made = new Set((await store.decisionsByRequests(remarks.map(requestOf))).map(({ requestId }) => requestId))
  const histories = await store.histories(remarks.map(({ link }) => link.id))
  const isSaid = ({ link, verdict, note }: Meant): boolean => {
    const last = remarkInForce(link, histories.get(link.id)?.decisions ?? [], reviewer)
    return last?.verdict === verdict && (note === undefined || last.note === note)
  }
  return new Set(remarks.filter((line) => !made.has(requestOf(line)) && isSaid(line)))
}

function fellInto({ id, into }: StoredLink): ConflictError {
  return new ConflictError('status-moved', `link ${id} has fallen into one with ${into} since`, {
    hint: `Look at it with 'whygraph review show ${into}'.`,
  })
}
