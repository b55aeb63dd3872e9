import { randomUUID } from 'node:crypto'
import { courseOf, type Decision, laterFields, type Verdict } from '../model/decision.ts'
import { SAME_AS, type LinkStatus } from '../model/link.ts'
import type { Decided, DecisionDraft } from '../store/decision-draft.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { findLink, findRecord } from './find-record.ts'
import { decideWhole, otherHalf } from './whole-fix.ts'

/** Who decides, and under which conditions; and with what else, in what order of the queue, looking at what, confirming which rules. */
export interface DecideOptions extends Pick<Decision, 'batch' | 'order' | 'shown' | 'rules'> {
  readonly reviewer: string
  readonly reason?: string
  readonly note?: string
  /** Revision that was looked at; without it, the one that the link has now. */
  readonly expectedRev?: number
  /** How it stood then: sources may make something else of a link without a decision. */
  readonly expectedStatus?: LinkStatus
  /** Makes a retry harmless; without it, every call is a new request. */
  readonly requestId?: string
  /** The link was picked among several: one that has an obstacle is not accepted. */
  readonly inBulk?: boolean
}

/** The outcome for one link; `unchanged` where the same verdict stands already. */
export interface Outcome {
  readonly link: StoredLink
  readonly decision: Decision | null
  readonly unchanged: boolean
  /** The other link of a fix, which was decided about by the same word. */
  readonly otherHalf?: Decided
  /** What an undo took back. */
  readonly undone?: Decision
  /** The verdict by which the link stands as it did before the undo, which it does not need the other for. */
  readonly stillHolds?: Decision
}

/**
 * The link with this id (or a prefix of it), and the one that a decision about it is about. Whoever decides about a statement
 * that several links make decides about all of these, and says of two names only that these are one thing, or two.
 */
export async function findToDecide(store: Store, id: string): Promise<ToDecide> {
  const named = (await store.link(id)) ?? (await findLink(store, (await findRecord(store, id, ['Link'])).id))
  return { named, link: named.into === null || named.type === SAME_AS ? named : await findLink(store, named.into) }
}

/** A link as somebody named it, and the one that a decision about it is about. */
export interface ToDecide {
  readonly named: StoredLink
  readonly link: StoredLink
}

/** Accepts or rejects the link with this id (or a prefix of it). */
export async function decideLink(
  store: Store,
  id: string,
  verdict: 'accept' | 'reject',
  options: DecideOptions,
  now: Date,
): Promise<Outcome> {
  return decideFound(store, await findToDecide(store, id), verdict, options, now)
}

/** The same of one that has been looked up. */
export async function decideFound(
  store: Store,
  { named, link }: ToDecide,
  verdict: 'accept' | 'reject',
  options: DecideOptions,
  now: Date,
): Promise<Outcome> {
  const repeated = await madeBefore(store, options.requestId)
  // What links fell together or parted since is no other request.
  const linkId = repeated !== null && isAbout(repeated, [named.id, link.id]) ? repeated.linkId : link.id
  // Somebody else's agreement, or a reason given later, is a decision of its own.
  const same =
    (await verdictOf(store, link, options.reviewer)) === verdict &&
    options.reason === undefined &&
    options.note === undefined &&
    options.rules === undefined
  if (same && repeated === null && (options.expectedRev ?? link.rev) === link.rev)
    return { link, decision: null, unchanged: true }
  const said = draft(linkId, link, verdict, options)
  return repeated === null ? decideAsWhole(store, said, link, now) : outcomeOf([await decideAlone(store, said, now)])
}

/** A second person's word about one link of a fix is one about the whole of it. */
export async function decideAsWhole(store: Store, said: DecisionDraft, link: StoredLink, now: Date): Promise<Outcome> {
  const other = await otherHalf(store, link, said.reviewer)
  return outcomeOf(other === null ? [await decideAlone(store, said, now)] : await decideWhole(store, said, other, now))
}

function decideAlone(store: Store, said: DecisionDraft, now: Date): Promise<Decided> {
  return store.decide(said, now.toISOString())
}

function outcomeOf([{ link, decision }, other]: readonly [Decided, ...Decided[]]): Outcome {
  return { link, decision, unchanged: false, ...(other === undefined ? {} : { otherHalf: other }) }
}

/**
 * What a person says of a link as it stands, where it is in force or waits for a second; of a pair of names, about no other
 * that has fallen together with it.
 */
async function verdictOf(store: Store, link: StoredLink, reviewer: string): Promise<Verdict | null> {
  if (link.type !== SAME_AS && link.awaits === undefined) {
    const verdict = link.status === 'accepted' ? 'accept' : link.status === 'rejected' ? 'reject' : null
    return link.reviewedBy === reviewer ? verdict : null
  }
  const { inForce, open } = courseOf(ownOf(link, await store.decisionsAbout(link.id)))
  const own = open.find((one) => one.reviewer === reviewer) ?? inForce
  return own?.reviewer === reviewer ? own.verdict : null
}

/** Of all that was decided about a link, what is about itself: of a pair of names, not what is about others with it. */
export function ownOf({ id, type }: StoredLink, decisions: readonly Decision[]): readonly Decision[] {
  return type === SAME_AS ? decisions.filter((decision) => isAbout(decision, [id])) : decisions
}

/** Whether a decision is about one of these links. */
function isAbout({ linkId, alsoAbout = [] }: Decision, ids: readonly string[]): boolean {
  return [linkId, ...alsoAbout].some((id) => ids.includes(id))
}

/** What an earlier try of the same request did. */
export async function madeBefore(store: Store, requestId: string | undefined): Promise<Decision | null> {
  return requestId === undefined ? null : store.decisionByRequest(requestId)
}

export function draft<V extends Verdict>(linkId: string, link: StoredLink, verdict: V, options: DecideOptions) {
  const { reviewer, reason, note, requestId, expectedRev, expectedStatus, inBulk } = options
  return {
    requestId: requestId ?? randomUUID(),
    linkId,
    verdict,
    reviewer,
    expectedRev: expectedRev ?? link.rev,
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    ...(expectedStatus === undefined ? {} : { expectedStatus }),
    ...(inBulk === undefined ? {} : { inBulk }),
    ...laterFields(options),
  }
}
