import { isVerdict, standingDecisions, verdictInForce } from '../model/decision.ts'
import type { Proposal } from '../model/proposal.ts'
import type { ReviewedLink } from '../review/reviewed-links.ts'
import type { LeftOut } from './left-out.ts'

/** What people make of a link for good, or why that cannot be told. */
export type Stand =
  | { readonly verdict: 'accept' | 'reject'; readonly reason: string | null }
  | { readonly leftOut: LeftOut }

/** @param shown ids of links that models were shown as examples */
export function standOf(
  { link, decisions }: Pick<ReviewedLink, 'link' | 'decisions'>,
  shown: ReadonlySet<string>,
): Stand {
  if (link === null) return { leftOut: 'gone' }
  const inForce = verdictInForce(decisions)
  const standing = standingDecisions(decisions)
  if (inForce === null)
    return { leftOut: decisions.some(isVerdict) && !standing.some(isVerdict) ? 'undone' : 'undecided' }
  if (link.awaits !== undefined) return { leftOut: 'not-agreed' }
  const lastOfEach = [...Map.groupBy(standing.filter(isVerdict), ({ reviewer }) => reviewer).values()].map(
    ([last]) => last,
  )
  if (new Set(lastOfEach.map((last) => last?.verdict)).size > 1) return { leftOut: 'not-agreed' }
  if (standing.some(({ verdict }) => verdict === 'flag')) return { leftOut: 'flagged' }
  if (link.disputed || (link.conflictsWith ?? []).length > 0) return { leftOut: 'disputed' }
  if (link.obstacles.includes('addresses-model')) return { leftOut: 'planted' }
  if (shown.has(link.id)) return { leftOut: 'shown' }
  return { verdict: inForce.verdict === 'accept' ? 'accept' : 'reject', reason: inForce.reason }
}

/** Whether something in its chunk speaks to the model and may be all that it rests on. */
export function mayBePlanted({ doubts = [] }: Proposal): boolean {
  return doubts.length > 0
}
