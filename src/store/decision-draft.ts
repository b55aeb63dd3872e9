import { isDeepStrictEqual } from 'node:util'
import { remarksIn, type Decision, type Verdict } from '../model/decision.ts'
import { ConflictError, NotFoundError, RefusedError, type WhygraphError } from '../model/errors.ts'
import type { LinkStatus } from '../model/link.ts'
import { describeObstacles } from '../model/obstacle.ts'
import { asSeenBy } from '../model/withheld.ts'
import type { StoredLink } from './records.ts'

/** What somebody is about to decide. */
export interface DecisionDraft extends Pick<
  Decision,
  'batch' | 'order' | 'shown' | 'revision' | 'says' | 'rules' | 'called'
> {
  readonly requestId: string
  readonly linkId: string
  readonly verdict: Verdict
  /** For `undo`: the decision that is taken back. */
  readonly undoes?: string
  readonly reviewer: string
  readonly reason?: string
  readonly note?: string
  /** The revision that the reviewer saw; the decision is refused when it has moved. */
  readonly expectedRev?: number
  /** There was no such link, and nobody had ever decided about it: whoever does first is not overruled unseen. */
  readonly isNew?: true
  /** How the link stood then; without a decision, too, sources may have made something else of it. */
  readonly expectedStatus?: LinkStatus
  /** The link was picked among several: one that has an obstacle is not accepted. */
  readonly inBulk?: boolean
  /** It decides between verdicts that differ. */
  readonly adjudicates?: true
  /** It is made together with one of a link that takes two people, and counts with a second only, as that does. */
  readonly fourEyes?: true
}

export interface Decided {
  readonly decision: Decision
  readonly link: StoredLink
  /** The same request had been carried out before; nothing was changed. */
  readonly repeated: boolean
}

/** Why one of several decisions was not made; nothing was changed of its link. */
export interface Refused {
  readonly refused: WhygraphError
}

/** Whether a decision is what a draft says, made by the same request before. */
export function isMadeOf(made: Decision, draft: DecisionDraft): boolean {
  const isSame = made.linkId === draft.linkId && made.verdict === draft.verdict && made.reviewer === draft.reviewer
  return isSame && isDeepStrictEqual(saidIn(made), saidIn(draft))
}

function saidIn({ says = [], rules = '', called = '' }: Pick<DecisionDraft, 'says' | 'rules' | 'called'>): unknown[] {
  return [says.toSorted(), rules, called]
}

export function requestUsed({ requestId }: Pick<DecisionDraft, 'requestId'>): ConflictError {
  return new ConflictError('request-id-used', `request ${requestId} was already used for another decision`, {
    hint: 'Give every decision a request id of its own.',
  })
}

/** Whether the link is not any more what was decided about. */
export function hasMoved({ expectedRev, expectedStatus }: DecisionDraft, { rev, status }: StoredLink): boolean {
  return (expectedRev ?? rev) !== rev || (expectedStatus ?? status) !== status
}

export function notStanding({ linkId, undoes }: DecisionDraft): ConflictError {
  return new ConflictError('nothing-to-undo', `decision ${undoes} about link ${linkId} is not standing`, {
    hint: "'whygraph review log' lists the decisions; one that was undone cannot be undone again.",
  })
}

export function notInBulk({ id, obstacles }: StoredLink): RefusedError {
  const message = `link ${id} cannot be accepted together with others: ${describeObstacles(obstacles)}`
  return new RefusedError('not-in-bulk', message, { hint: 'Look at it, and accept it by itself if it is right.' })
}

export function noSuchLink(id: string): NotFoundError {
  return new NotFoundError('unknown-link', `there is no link ${id}`, {
    hint: "See 'whygraph review list' for the links that there are.",
  })
}

export function movedOn(link: StoredLink, draft: DecisionDraft, decisions: readonly Decision[]): ConflictError {
  const { expectedRev = link.rev, expectedStatus } = draft
  const hint = `Look at it again with 'whygraph review show ${link.id}' and decide on revision ${link.rev}.`
  if (expectedRev === link.rev) {
    const message = `link ${link.id} is ${link.status} by now, you decided on one that was ${expectedStatus}`
    return new ConflictError('status-moved', message, { hint })
  }
  const remarks = remarksIn(decisions)
  const last = asSeenBy(draft.reviewer, decisions).findLast((one) => !remarks.has(one.id))
  const theirs = last === undefined ? '' : `: ${last.reviewer} chose ${last.verdict} at ${last.at}`
  const message = `link ${link.id} is at revision ${link.rev}, you decided on revision ${expectedRev}${theirs}`
  return new ConflictError('revision-moved', message, { hint })
}
