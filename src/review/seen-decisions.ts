import type { Decision } from '../model/decision.ts'
import { withheldFrom, withhold, type SeenDecision } from '../model/withheld.ts'
import type { Store } from '../store/store.ts'

/** Decisions about whatever links as a person may see them; null is nobody known. */
export async function seenDecisions(
  store: Store,
  viewer: string | null,
  decisions: readonly Decision[],
): Promise<readonly SeenDecision[]> {
  const doubtful = decisions.filter(({ needsSecond, reviewer }) => needsSecond === true && reviewer !== viewer)
  const withheld = new Set<string>()
  for (const linkId of new Set(doubtful.map((one) => one.linkId)))
    for (const id of withheldFrom(viewer, await store.decisionsAbout(linkId))) withheld.add(id)
  return decisions.map((decision) => (withheld.has(decision.id) ? withhold(decision) : decision))
}
