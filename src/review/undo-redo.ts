import type { Decision } from '../model/decision.ts'
import { NotFoundError, UsageError } from '../model/errors.ts'
import type { Store } from '../store/store.ts'
import { findBatch, takeBackAll, type TakenBack } from './batch.ts'
import { madeBefore, type DecideOptions, type Outcome } from './decide.ts'
import type { StepOptions } from './decide-in-steps.ts'
import { findRecord } from './find-record.ts'
import { isUndoInForce, isVerdictStanding, lastOwn } from './last-own.ts'
import { nothingToUndo, undoDecision } from './undo.ts'

/** One decision that was taken back, or given again, or all of a batch. */
export type Turned = { readonly one: Outcome } | { readonly all: TakenBack }

/**
 * Takes back a batch, the verdict in force about a link, a certain decision, or, without an id, the last standing verdict
 * of this reviewer with all that was decided together with it.
 * @throws NotFoundError where nothing of it stands
 */
export async function undo(
  store: Store,
  id: string | undefined,
  options: DecideOptions,
  steps: StepOptions,
): Promise<Turned> {
  if (id === undefined) {
    const last = await lastOf(store, options, isVerdictStanding)
    if (last === null) return nothingToUndo(options.reviewer)
    if (last.batch !== undefined) return undoBatch(store, last.batch, options, steps)
    return { one: await undoDecision(store, last.id, options, steps.now()) }
  }
  const batch = await findBatch(store, id)
  if (batch !== null) return undoBatch(store, batch, options, steps)
  return { one: await undoDecision(store, id, options, steps.now()) }
}

/**
 * What a reviewer did last; what the same request has done already is found by it.
 * @throws UsageError where a request would take back a batch, as its retry would mean what was done before that
 */
async function lastOf(
  store: Store,
  { reviewer, requestId }: DecideOptions,
  isSuch: (decision: Decision, about: readonly Decision[]) => boolean,
): Promise<Decision | null> {
  const repeated = await madeBefore(store, requestId)
  if (repeated !== null) return repeated
  const last = await lastOwn(store, reviewer, isSuch)
  if (requestId === undefined || last?.batch === undefined) return last
  throw new UsageError('batch-unnamed', `the last of ${reviewer} is a batch: with --request-id it has to be named`, {
    hint: `Name it: ${last.batch}.`,
  })
}

async function undoBatch(store: Store, batch: string, options: DecideOptions, steps: StepOptions): Promise<Turned> {
  requireNoRevision(options)
  const all = await takeBackAll(store, await store.decisionsOfBatch(batch), options, steps)
  return isNothing(all) ? nothingToUndo(`batch ${batch}`) : { all }
}

/**
 * Does again what was undone: of a link or a decision, of all of a batch (named by its own id or by that of its undo), or,
 * without an id, what this reviewer undid last. What was decided anew since stays.
 * @throws NotFoundError where no undo is in force
 */
export async function redo(
  store: Store,
  id: string | undefined,
  options: DecideOptions,
  steps: StepOptions,
): Promise<Turned> {
  if (id === undefined) {
    const last = (await lastOf(store, options, isUndoInForce)) ?? nothingToRedo(options.reviewer)
    if (last.batch !== undefined) return redoBatch(store, last.batch, options, steps)
    return { one: await undoDecision(store, last.id, options, steps.now()) }
  }
  const batch = await findBatch(store, id)
  if (batch !== null) return redoBatch(store, batch, options, steps)
  const key = await findRecord(store, id, ['Link', 'Decision'])
  const linkId = key.kind === 'Link' ? key.id : ((await store.decision(key.id))?.linkId ?? '')
  const about = await store.decisionsAbout(linkId)
  const isMeant = (one: Decision): boolean => key.kind === 'Link' || one.id === key.id || one.undoes === key.id
  const inForce = about.find((one) => isMeant(one) && isUndoInForce(one, about)) ?? nothingToRedo(id)
  return { one: await undoDecision(store, inForce.id, options, steps.now()) }
}

async function redoBatch(store: Store, batch: string, options: DecideOptions, steps: StepOptions): Promise<Turned> {
  requireNoRevision(options)
  const own = await store.decisionsOfBatch(batch)
  const histories = await store.histories([...new Set(own.map(({ linkId }) => linkId))])
  const undos = own.flatMap((decision) => {
    const about = histories.get(decision.linkId)?.decisions ?? []
    return about.filter((one) => (one.id === decision.id || one.undoes === decision.id) && isUndoInForce(one, about))
  })
  const all = await takeBackAll(store, [...new Map(undos.map((one) => [one.id, one])).values()], options, steps)
  return isNothing(all) ? nothingToRedo(`batch ${batch}`) : { all }
}

function requireNoRevision({ expectedRev }: DecideOptions): void {
  if (expectedRev !== undefined) throw new UsageError('one-at-a-time', '--expect-rev is for one link at a time')
}

function isNothing({ decided, repeated, refused, left }: TakenBack): boolean {
  return decided.length + repeated.length + refused.length + left === 0
}

function nothingToRedo(whose: string): never {
  throw new NotFoundError('nothing-to-redo', `no undo of ${whose} is in force`, {
    hint: "'whygraph review log' lists the decisions. What was decided anew since an undo stays.",
  })
}
