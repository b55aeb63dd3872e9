import { type Decision, isVerdict, standingDecisions, takesBack } from '../model/decision.ts'
import type { Store } from '../store/store.ts'

const PAGE = 200

/** The last decision of a reviewer that is such a one, by all that was decided about its link; null where none is. */
export async function lastOwn(
  store: Store,
  reviewer: string,
  isSuch: (decision: Decision, about: readonly Decision[]) => boolean,
): Promise<Decision | null> {
  for (let skip = 0; ; skip += PAGE) {
    const decisions = await store.decisions({ order: 'sequence', descending: true, limit: PAGE, skip })
    const own = decisions.filter((one) => one.reviewer === reviewer)
    const histories = await store.histories([...new Set(own.map(({ linkId }) => linkId))])
    const found = own.find((one) => isSuch(one, histories.get(one.linkId)?.decisions ?? []))
    if (found !== undefined) return found
    if (decisions.length < PAGE) return null
  }
}

/** Whether it says something of a link itself, and nobody took it back. */
export function isVerdictStanding(decision: Decision, about: readonly Decision[]): boolean {
  return decision.verdict !== 'undo' && standingDecisions(about).some(({ id }) => id === decision.id)
}

/** Whether it takes a verdict back, itself or by undoing a redo, and neither it was taken back nor anything decided since. */
export function isUndoInForce(decision: Decision, about: readonly Decision[]): boolean {
  if (!takesBack(decision, about)) return false
  for (const one of standingDecisions(about)) {
    if (one.id === decision.id) return true
    if (isVerdict(one)) return false
  }
  return false
}
