import { NotFoundError, RefusedError, WhygraphError } from '../../src/model/errors.ts'
import { planBulk } from '../../src/review/bulk-plan.ts'
import { carryOut } from '../../src/review/carry-out.ts'
import { decideLink } from '../../src/review/decide.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import { redo, undo, type Turned } from '../../src/review/undo-redo.ts'
import type { Store } from '../../src/store/store.ts'
import { actorId } from '../scripted-engine.ts'

/** What a reviewer did: its kind, and the decision or the batch by which it is taken back. */
export interface Done {
  readonly kind: string
  readonly id: string
}

const now = (): Date => new Date()
const STEPS = { now, signal: new AbortController().signal }
const REVIEWER = { reviewer: 'rita' }
const CONDITIONS = ['type=LEADS', 'type=KNOWS', 'type=OWNS', 'confidence>=0', 'status=accepted', 'status=rejected']

/** Does something at random; null where that could not be done, and nothing was. */
export async function doSomething(
  store: Store,
  names: readonly string[],
  next: (below: number) => number,
): Promise<Done | null> {
  const pick = <T>(items: readonly T[]): T => items[next(items.length)] as T
  const kind = pick(['one', 'one', 'one', 'bulk', 'same', 'same', 'undo', 'redo'])
  const verdict = pick(['accept', 'reject'] as const)
  const anyLink = async (): Promise<string> => {
    const links = await store.links(['proposed', 'held', 'accepted', 'rejected', 'merged'])
    return pick(links).id
  }
  const operations: Record<string, () => Promise<Done | null>> = {
    one: async () => {
      const { decision } = await decideLink(store, await anyLink(), verdict, REVIEWER, now())
      return decision === null ? null : { kind: verdict, id: decision.id }
    },
    bulk: async () => {
      const { plan } = await planBulk(store, verdict, pick(CONDITIONS))
      const { batch, decided } = await carryOut(store, plan, REVIEWER, STEPS)
      return decided.length === 0 ? null : { kind: `bulk ${verdict}`, id: batch }
    },
    same: async () => {
      const one = pick(names)
      const pair = await findPair(store, actorId(one), actorId(pick(names.filter((name) => name !== one))))
      const { decision } = await decideSame(store, pair, verdict, REVIEWER, now())
      return decision === null ? null : { kind: verdict === 'accept' ? 'merge' : 'split', id: decision.id }
    },
    undo: async () => doneBy('undo', await undo(store, next(2) === 0 ? undefined : await anyLink(), REVIEWER, STEPS)),
    redo: async () => doneBy('redo', await redo(store, next(2) === 0 ? undefined : await anyLink(), REVIEWER, STEPS)),
  }
  try {
    return (await operations[kind]?.()) ?? null
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof RefusedError) return null
    throw error
  }
}

/** Takes back what was done, be it a decision, a batch, or an undo of either. */
export async function takeBack(store: Store, { kind, id }: Done): Promise<void> {
  const turned = await undo(store, id, REVIEWER, STEPS)
  if ('one' in turned) return
  const [first] = turned.all.refused
  if (first !== undefined) throw new WhygraphError('not-taken-back', `${kind} ${id}: ${first.error.message}`)
}

function doneBy(kind: string, turned: Turned): Done | null {
  if ('all' in turned) return turned.all.decided.length === 0 ? null : { kind, id: turned.all.batch }
  return turned.one.decision === null ? null : { kind, id: turned.one.decision.id }
}
