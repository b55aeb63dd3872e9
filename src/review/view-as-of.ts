import { CONFLICT_ENGINE } from '../model/conflict.ts'
import { holdsAsOf, type LinkSupport } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import { asCounted } from '../model/revision.ts'
import { isSaidBy } from '../model/said-on.ts'
import { stepTexts } from '../model/trace.ts'
import type { StoredLink, StoredProposal } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { shownProposals, type LinkView } from './view-link.ts'

/** What of a link had been said by a day. */
export interface LinkAsOf {
  /** An ISO date. */
  readonly day: string
  /** Whether it is known today to hold on that day. */
  readonly holds: boolean
  /** How many proposals, of those that are shown or wait, had been said by then. */
  readonly said: number
  /** Whether it had been said by then; of a contradiction, both sides of it, whatever its rule quotes today. */
  readonly isSaid: boolean
  /** What was said later; `parts`: contradictions that are shown without some of their quotes or steps. */
  readonly leftOut: { readonly proposals: number; readonly conflicts: number; readonly parts: number }
}

/**
 * A view of a link without what was said later than on a day: quotes, steps and contradictions. What the link is and what
 * people decided about it stay as they are today: a day is about what documents had said.
 */
export async function viewAsOf(
  store: Store,
  view: LinkView,
  day: string,
): Promise<{ readonly view: LinkView; readonly asOf: LinkAsOf }> {
  const { link } = view
  const isBetween = link.betweenLinks === true
  const saidOfBoth = await findSaidOfBoth(store, isBetween ? [link] : view.conflicts.map((one) => one.link), day)
  // Each side of what is said between links speaks of the other.
  const isHidden = isBetween && !saidOfBoth.has(link.id)
  const own = isHidden ? { proposals: [], isWhole: true } : partSaidBy(view.proposals, day)
  const waiting = view.waiting.filter((proposal) => isSaidBy(proposal, day))
  const known = view.conflicts.filter((conflict) => saidOfBoth.has(conflict.link.id))
  const parts = known.map((conflict) => ({ conflict, ...partSaidBy(conflict.proposals, day) }))
  const said = own.proposals.length + waiting.length
  const leftOut = {
    proposals: shownProposals(view).length + view.waiting.length - said,
    conflicts: view.conflicts.length - known.length,
    parts: [...parts, ...(isBetween ? [own] : [])].filter(({ isWhole }) => !isWhole).length,
  }
  const byId = new Map(own.proposals.map(({ proposal }) => [proposal.id, proposal]))
  return {
    view: {
      ...view,
      link: { ...link, items: link.items.flatMap((item) => itemOf(item, byId.get(item.proposalId))) },
      proposals: own.proposals,
      waiting,
      traces: new Map([...view.traces].filter(([id]) => byId.has(id))),
      conflicts: parts.map(({ conflict, proposals }) => ({ ...conflict, proposals })),
    },
    asOf: { day, holds: holdsAsOf(link, day), said, isSaid: isBetween ? !isHidden : said > 0, leftOut },
  }
}

/** Ids of those links between links of which both sides had been said by a day: rules quote the surest, of any day. */
async function findSaidOfBoth(store: Store, between: readonly StoredLink[], day: string): Promise<ReadonlySet<string>> {
  const ends = between.flatMap(({ subjectId, objectId }) => [subjectId, objectId])
  const histories = await store.histories([...new Set(ends)])
  const isSaid = (id: string, isDenied: boolean): boolean => {
    const { proposals = [], decisions = [] } = histories.get(id) ?? {}
    return shownProposals({ proposals: asCounted(proposals, decisions) }).some((proposal) => {
      return (proposal.polarity === 'negated') === isDenied && isSaidBy(proposal, day)
    })
  }
  // One between a link and itself is between it and what denies it.
  const isSaidOfBoth = ({ subjectId, objectId }: StoredLink): boolean =>
    isSaid(subjectId, false) && isSaid(objectId, subjectId === objectId)
  return new Set(between.filter(isSaidOfBoth).map(({ id }) => id))
}

/** What of those that are shown had been said by a day, and whether that is all of it. */
function partSaidBy(proposals: readonly StoredProposal[], day: string) {
  const shown = new Set(shownProposals({ proposals }).map(({ id }) => id))
  const all = proposals.filter(({ proposal }) => shown.has(proposal.id))
  const part = all
    .filter(({ proposal }) => isSaidBy(proposal, day))
    .map((stored) => ({ ...stored, proposal: withoutLaterSteps(stored.proposal, day) }))
  return { proposals: part, isWhole: all.every(({ proposal }, at) => part[at]?.proposal === proposal) }
}

const DAYS = /\b\d{4}-\d{2}-\d{2}\b/g

/** A rule about two links tells when each was said, up to today. The same proposal, where no step names a later day. */
function withoutLaterSteps(proposal: Proposal, day: string): Proposal {
  if (proposal.engine !== CONFLICT_ENGINE) return proposal
  const steps = proposal.steps.filter(({ text }) => (text.match(DAYS) ?? []).every((named) => named <= day))
  return steps.length === proposal.steps.length ? proposal : { ...proposal, steps }
}

function itemOf(item: LinkSupport, proposal: Proposal | undefined): LinkSupport[] {
  if (proposal === undefined) return []
  return [proposal.engine === CONFLICT_ENGINE ? { ...item, reasoning: stepTexts(proposal.steps).join('\n') } : item]
}
