import { holdsAsOf } from '../model/link.ts'
import { isSaidBy } from '../model/said-on.ts'
import { shownProposals, type LinkView } from './view-link.ts'

/** What of a link had been said by a day. */
export interface LinkAsOf {
  /** An ISO date. */
  readonly day: string
  /** Whether it is known today to hold on that day. */
  readonly holds: boolean
  /** How many proposals, of those that are shown or wait, had been said by then. */
  readonly said: number
  /** What was said later. */
  readonly leftOut: { readonly proposals: number; readonly conflicts: number }
}

/**
 * A view of a link without what was said later than on a day: quotes, steps and contradictions. What the link is and what
 * people decided about it stay as they are today: a day is about what documents had said.
 */
export function viewAsOf(view: LinkView, day: string): { readonly view: LinkView; readonly asOf: LinkAsOf } {
  const { link, conflicts } = view
  const shown = shownProposals(view)
  // Each side of what is said between links speaks of the other.
  const isWhole = link.betweenLinks !== true || shown.every((proposal) => isSaidBy(proposal, day))
  const kept = isWhole ? shown.filter((proposal) => isSaidBy(proposal, day)) : []
  const ids = new Set(kept.map(({ id }) => id))
  const waiting = view.waiting.filter((proposal) => isSaidBy(proposal, day))
  const known = conflicts.filter((conflict) => shownProposals(conflict).every((proposal) => isSaidBy(proposal, day)))
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
    asOf: { day, holds: holdsAsOf(link, day), said, leftOut },
  }
}
