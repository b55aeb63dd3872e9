import { randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { standingDecisions, type Decision } from '../model/decision.ts'
import type { Decided, DecisionDraft } from '../store/decision-draft.ts'
import type { Store } from '../store/store.ts'

/** Who takes it back, and why. */
type Undoing = Pick<DecisionDraft, 'reviewer' | 'reason' | 'note' | 'expectedRev'> & { readonly requestId?: string }

/**
 * Takes back a decision of a fix with the others that were made by it, the last first: of an undo of one, too, so that the
 * whole fix stands again.
 */
export async function undoTogether(
  store: Store,
  target: Decision,
  { reviewer, reason, note, requestId = randomUUID(), expectedRev }: Undoing,
  now: Date,
): Promise<Decided[]> {
  const together = await madeTogether(store, target)
  const batch = ulid()
  const drafts = together.map((one) => ({
    requestId: one.id === target.id ? requestId : `${requestId} ${one.linkId}`,
    linkId: one.linkId,
    verdict: 'undo' as const,
    undoes: one.id,
    reviewer,
    batch,
    ...(one.revision === undefined ? {} : { revision: one.revision }),
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    ...(one.id === target.id && expectedRev !== undefined ? { expectedRev } : {}),
  }))
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
