import type { Decision } from '../model/decision.ts'
import { asSeenBy, type SeenDecision } from '../model/withheld.ts'
import type { Store } from '../store/store.ts'

/** Decisions about whatever links as a person may see them; null is nobody known. */
export async function seenDecisions(
  store: Store,
  viewer: string | null,
  decisions: readonly Decision[],
): Promise<readonly SeenDecision[]> {
  // The others are what they are without all that was decided about their links.
  const isOpen = ({ needsSecond, reviewer, undoes }: Decision): boolean =>
    undoes !== null || (needsSecond === true && reviewer !== viewer)
  const seen = new Map<string, SeenDecision>()
  for (const linkId of new Set(decisions.filter(isOpen).map((one) => one.linkId)))
    for (const one of asSeenBy(viewer, await store.decisionsAbout(linkId))) seen.set(one.id, one)
  return decisions.map((decision) => seen.get(decision.id) ?? decision)
}
