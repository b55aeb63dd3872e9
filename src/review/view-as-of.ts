import { holdsAsOf } from '../model/link.ts'
import { isSaidBy } from '../model/said-on.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { shownProposals, type LinkView } from './view-link.ts'

/** What of a link had been said by a day. */
export interface LinkAsOf {
  /** An ISO date. */
  readonly day: string
  /** Whether it is known today to hold on that day. */
  readonly holds: boolean
  /** Whether it had been said by then; of what is between links, whether both of them had. */
  readonly isSaid: boolean
  /** How many proposals, of those that are shown or wait, had been said by then. */
  readonly said: number
  /** What was said later. */
  readonly leftOut: { readonly proposals: number; readonly conflicts: number }
}

/**
 * A view of a link without what was said later than on a day: quotes, steps and contradictions. What the link is and what
 * people decided about it stay as they are today: a day is about what documents had said. Two links contradict each other
 * once both have been said, whichever of their quotes shows it today.
 */
export async function viewAsOf(
  store: Store,
  view: LinkView,
  day: string,
): Promise<{ readonly view: LinkView; readonly asOf: LinkAsOf }> {
  const { link, conflicts } = view
  const between = [...(link.betweenLinks === true ? [link] : []), ...conflicts.map((conflict) => conflict.link)]
  const later = await endsSaidLater(store, between, day)
  const isKnown = ({ subjectId, objectId }: StoredLink): boolean => !later.has(subjectId) && !later.has(objectId)
  const shown = shownProposals(view)
  const kept = isKnown(link) ? shown.filter((proposal) => isSaidBy(proposal, day)) : []
  const ids = new Set(kept.map(({ id }) => id))
  const waiting = view.waiting.filter((proposal) => isSaidBy(proposal, day))
  const known = conflicts.flatMap((conflict) =>
    isKnown(conflict.link)
      ? [{ ...conflict, proposals: conflict.proposals.filter(({ proposal }) => isSaidBy(proposal, day)) }]
      : [],
  )
  const said = kept.length + waiting.length
  const leftOut = {
    proposals: shown.length + view.waiting.length - said,
    conflicts: conflicts.length - known.length,
  }
  return {
    view: {
      ...view,
      link: { ...link, items: link.items.filter(({ proposalId }) => ids.has(proposalId)) },
      proposals: view.proposals.filter(({ proposal }) => ids.has(proposal.id)),
      waiting,
      traces: new Map([...view.traces].filter(([id]) => ids.has(id))),
      conflicts: known,
    },
    asOf: {
      day,
      holds: holdsAsOf(link, day),
      isSaid: said > 0 || (link.betweenLinks === true && isKnown(link)),
      said,
      leftOut,
    },
  }
}

/** Of the links that some links are between, the ids of those that nothing had said by the day. */
async function endsSaidLater(store: Store, between: readonly StoredLink[], day: string): Promise<ReadonlySet<string>> {
  const ids = [...new Set(between.flatMap(({ subjectId, objectId }) => [subjectId, objectId]))]
  const ends = ids.length === 0 ? [] : await store.linksById(ids)
  return new Set(ends.filter(({ items }) => !items.some((item) => isSaidBy(item, day))).map(({ id }) => id))
}
