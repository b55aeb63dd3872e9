import { randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { standingDecisions, type Decision } from '../model/decision.ts'
import type { Decided } from '../store/decision-draft.ts'
import type { Store } from '../store/store.ts'
import { undoDraft, type Undoing } from './undo-draft.ts'

/**
 * Takes back a decision of a fix with the others that were made by it, the last first: of an undo of one, too, so that the
 * whole fix stands again.
 */
export async function undoTogether(store: Store, target: Decision, undoing: Undoing, now: Date): Promise<Decided[]> {
  const { requestId = randomUUID(), expectedRev: _, ...told } = undoing
  const together = await madeTogether(store, target)
  const batch = ulid()
  const drafts = together.map((one) => {
    const own = one.id === target.id ? { ...undoing, requestId } : { ...told, requestId: `${requestId} ${one.linkId}` }
    return { ...undoDraft(one, { ...own, batch }), ...(one.revision === undefined ? {} : { revision: one.revision }) }
  })
  return store.decideTogether([], drafts, now.toISOString())
}

/** A decision with those of the same fix that stand, the last first. */
async function madeTogether(store: Store, target: Decision): Promise<Decision[]> {
  const other = await otherLinkOf(store, target)
  const others = other === undefined ? [] : await store.decisionsAbout(other)
  const same = standingDecisions(others).filter(({ batch, id }) => batch === target.batch && id !== target.id)
  return [target, ...same].toSorted((a, b) => b.sequence - a.sequence)
}

/** Of a decision of a fix, or an undo of one, or of that, and so on: id of the other link that it is about. */
export async function otherLinkOf(store: Store, { revision, undoes }: Decision): Promise<string | undefined> {
  if (revision !== undefined || undoes === null) return revision
  const undone = await store.decision(undoes)
  return undone === null ? undefined : otherLinkOf(store, undone)
}
