import { performance } from 'node:perf_hooks'
import { planBulk } from '../../src/review/bulk-plan.ts'
import { carryOut } from '../../src/review/carry-out.ts'
import { undo } from '../../src/review/undo-redo.ts'
import type { Store } from '../../src/store/store.ts'

/** Seconds that a bulk took, step by step. */
export interface BulkTimes {
  readonly links: number
  readonly plan: number
  readonly accept: number
  readonly undo: number
}

/**
 * Accepts at most so many links of a document's folder in bulk and takes all of it back, which leaves the store's graph as
 * it was. To ask for the folder has the proposals read too.
 */
export async function measureBulk(store: Store, most: number): Promise<BulkTimes> {
  const now = (): Date => new Date()
  const steps = { now, signal: new AbortController().signal }
  const options = { reviewer: 'rita' }
  const started = performance.now()
  const { plan } = await planBulk(store, 'accept', 'status=proposed confidence>=0 doc=reports/**')
  const planned = performance.now()
  const some = { ...plan, links: plan.links.slice(0, most) }
  const { batch, decided } = await carryOut(store, some, options, steps)
  const accepted = performance.now()
  if (decided.length !== some.links.length) throw new Error(`${decided.length} of ${some.links.length} were accepted`)
  const turned = await undo(store, batch, options, steps)
  const undone = performance.now()
  if (!('all' in turned) || turned.all.decided.length !== decided.length) throw new Error('not all was taken back')
  const seconds = (from: number, to: number): number => (to - from) / 1000
  return {
    links: decided.length,
    plan: seconds(started, planned),
    accept: seconds(planned, accepted),
    undo: seconds(accepted, undone),
  }
}
