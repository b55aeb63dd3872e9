import { attentionOf } from '../model/attention.ts'
import { describeChecks } from '../model/checks.ts'
import { courseOf, remarksIn, standingDecisions, type Decision } from '../model/decision.ts'
import { isSaidAgain } from '../model/grounds.ts'
import { countingProposals, saidAbout, type StandingProposal } from '../model/revision.ts'
import {
  DISPLAYED_AS,
  MAX_SUPPORTS,
  SAME_AS,
  type Bond,
  type Link,
  type LinkEnds,
  type LinkStatus,
  type LinkSupport,
} from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import { stepTexts } from '../model/trace.ts'
import { bulkObstacles, doubtsOf } from './bulk-obstacles.ts'

/**
 * What a link is: a pure function of all proposals and decisions about its two ends and type, whatever the order in
 * which they came. A person's last standing verdict wins, but that what they rejected is held once it is said on other grounds; without one, the sources that assert it make it a proposed
 * link; those that only deny or hedge it, or break the schema, leave it held; none at all, gone.
 */
export function materialise(
  ends: LinkEnds,
  proposals: readonly StandingProposal[],
  decisions: readonly Decision[],
): Link {
  const { inForce: verdict } = courseOf(decisions)
  const said = saidAbout(proposals, decisions)
  const live = countingProposals(said)
  const assertions = live.filter(isAssertion)
  const denials = live.filter((proposal) => proposal.polarity === 'negated')
  const others = live.filter((proposal) => !isAssertion(proposal))

  const saidAgain = verdict?.verdict === 'reject' && isSaidAgain(verdict, live)
  let status: LinkStatus
  if (saidAgain) status = 'held'
  else if (verdict !== null) status = verdict.verdict === 'accept' ? 'accepted' : 'rejected'
  else if (assertions.length > 0) status = 'proposed'
  else status = live.length > 0 ? 'held' : 'gone'

  // A link that outlived its sources still shows what it was accepted for.
  const shown = firstFilled(assertions, others, status === 'gone' ? [] : said.map(({ proposal }) => proposal))
  const best = shown.toSorted(byStrength)
  const dated = best.find((proposal) => proposal.valid != null) ?? best.find((proposal) => proposal.when !== null)
  const remarks = remarksIn(decisions).size
  const disputed = (status === 'proposed' || status === 'accepted') && denials.length > 0
  return {
    ...ends,
    status,
    confidence: best[0]?.confidence ?? 0,
    disputed,
    unsupported: status === 'accepted' && live.length === 0,
    supports: countReplies(assertions),
    denials: countReplies(denials),
    hedges: countReplies(live.filter((proposal) => proposal.polarity === 'hedged')),
    when: dated?.when ?? null,
    valid: dated?.valid ?? null,
    rev: decisions.length - remarks,
    ...(remarks > 0 ? { remarks } : {}),
    ...attentionOf(decisions),
    items: best.flatMap(toSupports).slice(0, MAX_SUPPORTS),
    reviewedBy: verdict?.reviewer ?? null,
    reviewedAt: verdict?.at ?? null,
    reviewNote:
      verdict === null ? null : [verdict.reason, verdict.note].filter((text) => text !== null).join(': ') || null,
    obstacles: bulkObstacles(live, {
      status: saidAgain ? 'rejected' : status,
      disputed,
      needsAll: ends.betweenLinks === true,
      isIdentity: ends.type === SAME_AS,
    }),
    ...(live.some((proposal) => proposal.retires) ? { retires: true } : {}),
    ...(saidAgain ? { saidAgain } : {}),
    ...(ends.type === DISPLAYED_AS && status === 'accepted' ? calledBy(decisions) : {}),
    bond: ends.type === SAME_AS && ends.mapsFrom === null ? bondOf(verdict, live) : null,
  }
}

/** The name that was given last, whoever agreed with it since. */
function calledBy(decisions: readonly Decision[]): Pick<Link, 'called'> {
  const called = standingDecisions(decisions).find(
    (one) => one.verdict === 'accept' && one.called !== undefined,
  )?.called
  return called === undefined ? {} : { called }
}

/**
 * Rules that are sure join by themselves, unless a source denies it or a person has said anything. A denial that is held
 * says nothing until a person has: what speaks to the model keeps no names apart.
 */
function bondOf(verdict: Decision | null, live: readonly Proposal[]): Bond | null {
  if (verdict !== null) return { kind: verdict.verdict === 'accept' ? 'accepted' : 'rejected', rank: verdict.sequence }
  const joining = live.filter((proposal) => proposal.joins === true && isAssertion(proposal))
  if (joining.length === 0 || live.some(({ polarity, held }) => polarity === 'negated' && !held)) return null
  return { kind: 'automatic', rank: Math.max(...joining.map(({ confidence }) => confidence)) }
}

export function isAssertion(proposal: Proposal): boolean {
  return proposal.polarity === 'asserted' && !proposal.held
}

/** A reply that says the same twice speaks for it once, and so does a person who says it of two texts. */
function countReplies(proposals: readonly Proposal[]): number {
  return new Set(proposals.map(({ replyId, engine, model }) => replyId ?? `${engine} ${model}`)).size
}

function firstFilled<T>(...lists: readonly (readonly T[])[]): readonly T[] {
  return lists.find((list) => list.length > 0) ?? []
}

/** What stands by itself, as far as is known, first: a planted link is as sure as whoever planted it wants. */
export function byStrength(a: Proposal, b: Proposal): number {
  return isDoubtful(a) - isDoubtful(b) || b.confidence - a.confidence || (a.id < b.id ? -1 : 1)
}

function isDoubtful(proposal: Proposal): number {
  return doubtsOf(proposal)?.length === 0 ? 0 : 1
}

/** One item for each quote, so that every `evidence` stands in its source letter for letter. */
function toSupports(proposal: Proposal): LinkSupport[] {
  return proposal.evidence.map((evidence) => ({
    proposalId: proposal.id,
    reasoning: stepTexts(proposal.steps).join('\n'),
    traceKind: proposal.traceKind,
    why: proposal.why,
    evidence: evidence.quote,
    grounding: evidence.grounding,
    place: evidence.placeText,
    chunkId: proposal.chunkId,
    model: proposal.model,
    saidOn: proposal.saidOn ?? null,
    ...(proposal.checks === undefined ? {} : { checks: describeChecks(proposal.checks) }),
  }))
}
