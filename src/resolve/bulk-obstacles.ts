import type { LinkStatus } from '../model/link.ts'
import type { Obstacle } from '../model/obstacle.ts'
import type { Doubt, Proposal } from '../model/proposal.ts'

/**
 * Why a link must never be accepted in bulk; empty: it may be. One live proposal that has nothing against it is enough,
 * whatever others say for the link; what is said against it counts all the same. `needsAll`: each proposal tells a part
 * only, and all have to be good. `isIdentity`: it says that two names are one thing, which a model may have been told to say.
 */
export function bulkObstacles(
  live: readonly Proposal[],
  {
    status,
    disputed,
    needsAll = false,
    isIdentity = false,
  }: {
    readonly status: LinkStatus
    readonly disputed: boolean
    readonly needsAll?: boolean
    readonly isIdentity?: boolean
  },
): readonly Obstacle[] {
  const each = live.map(proposalObstacles)
  const isClean = !needsAll && each.some((own) => own.length === 0)
  const found = new Set<Obstacle>(isClean ? [] : each.flat())
  if (isIdentity) found.add('identity')
  if (disputed) found.add('disputed')
  if (status === 'rejected') found.add('rejected')
  if (live.length === 0) found.add('unsupported')
  return [...found].toSorted()
}

/** What stands against one proposal as the ground of a link that nobody looks at. */
function proposalObstacles(proposal: Proposal): Obstacle[] {
  const { polarity, held, ruledBy, evidence, checks = {} } = proposal
  const doubts = doubtsOf(proposal)
  const obstacles: Obstacle[] = []
  if (polarity !== 'asserted') obstacles.push(polarity === 'negated' ? 'denied' : 'hedged')
  if (ruledBy !== undefined) obstacles.push('ruled-out')
  else if (held) obstacles.push('held')
  if (evidence.length === 0 || evidence.some((item) => item.grounding === 'missing')) obstacles.push('missing-quote')
  if (checks.verification !== undefined && checks.verification.verdict !== 'supported') obstacles.push('not-verified')
  if (checks.counterfactual?.survives === true) obstacles.push('not-dependent')
  if (doubts === null) obstacles.push('unjudged')
  else if (doubts.length > 0) obstacles.push('addresses-model')
  return obstacles
}

/** Null where nobody asked, before there were doubts. Of rows nobody has to: a person accepted what they mean. */
export function doubtsOf({ doubts, engine }: Proposal): readonly Doubt[] | null {
  return doubts ?? (engine === ROWS ? [] : null)
}

/** As `engine` of what mapped rows say. */
const ROWS = 'mapping'
