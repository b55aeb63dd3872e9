import { courseOf, type Decision, saidBy, waitingWords } from './decision.ts'
import { PERSON, type Proposal } from './proposal.ts'

/** A proposal and whether it still counts: its chunk is there and no newer reply of the same model replaced it. */
export interface StandingProposal {
  readonly proposal: Proposal
  readonly live: boolean
}

/**
 * What of all proposals about a link is said: a person's words in order to decide as long as a decision is in force, or waits
 * for a second; those in place of others, or beside them, as long as the decision stands that they came with. What waits
 * for a second is said only where there would be nothing to decide about without it.
 */
export function saidAbout<T extends StandingProposal>(proposals: readonly T[], decisions: readonly Decision[]): T[] {
  const { inForce, open } = courseOf(decisions)
  const isDecided = inForce !== null || open.length > 0
  const [said, waiting] = [saidBy(decisions), waitingWords(decisions)]
  const all = proposals.filter(({ proposal: { id, engine, revises } }) =>
    revises === undefined ? isDecided || engine !== PERSON : said.has(id),
  )
  const settled = all.filter(({ proposal }) => !waiting.has(proposal.id))
  return inForce !== null || settled.some(({ live }) => live) ? settled : all
}

/** What people say in place of what counts, once a second person agrees. */
export function waitingProposals(proposals: readonly StandingProposal[], decisions: readonly Decision[]): Proposal[] {
  const waiting = waitingWords(decisions)
  if (waiting.size === 0) return []
  const said = new Set<StandingProposal>(saidAbout(proposals, decisions))
  return proposals
    .filter((one) => one.live && waiting.has(one.proposal.id) && !said.has(one))
    .map(({ proposal }) => proposal)
}

/** Of what is said, what speaks for or against the link now: live, and nothing that is live has taken its place. */
export function countingProposals(said: readonly StandingProposal[]): Proposal[] {
  const live = said.filter((one) => one.live).map(({ proposal }) => proposal)
  const revised = new Set(live.flatMap(({ revises = [] }) => revises))
  return live.filter(({ id }) => !revised.has(id))
}

/**
 * Proposals with `live` as it counts: what a person said and took back, and what a person's words took the place of, speaks
 * for nothing.
 */
export function asCounted<T extends StandingProposal>(proposals: readonly T[], decisions: readonly Decision[]): T[] {
  const counting = new Set(countingProposals(saidAbout(proposals, decisions)).map(({ id }) => id))
  return proposals.map((stored) => ({ ...stored, live: counting.has(stored.proposal.id) }))
}
