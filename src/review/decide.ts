import { randomUUID } from 'node:crypto'
import { type Decision, standingDecisions, type Verdict, verdictInForce } from '../model/decision.ts'
import { NotFoundError, RefusedError } from '../model/errors.ts'
import { SAME_AS } from '../model/link.ts'
import { describeObstacles } from '../model/obstacle.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { findLink, findRecord } from './find-record.ts'

/** Who decides, and under which conditions. */
export interface DecideOptions {
  readonly reviewer: string
  readonly reason?: string
  readonly note?: string
  /** Revision that was looked at; without it, the one that the link has now. */
  readonly expectedRev?: number
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
  /** What an undo took back. */
  readonly undone?: Decision
}

/** Accepts or rejects the link with this id (or a prefix of it). */
export async function decideLink(
  store: Store,
  id: string,
  verdict: 'accept' | 'reject',
  options: DecideOptions,
  now: Date,
): Promise<Outcome> {
  const { id: found } = await findRecord(store, id, ['Link'])
  const named = await findLink(store, found)
  // Whoever decides about a statement that several links make decides about all of these, and says of two names only that
  // these are one thing, or two.
  const link = named.into === null || named.type === SAME_AS ? named : await findLink(store, named.into)
  const repeated = await madeBefore(store, options.requestId)
  // What links fell together or parted since is no other request.
  const linkId = repeated !== null && isAbout(repeated, [named.id, link.id]) ? repeated.linkId : link.id
  // Somebody else's agreement, or a reason given later, is a decision of its own.
  const standing = await verdictOn(store, link)
  const same =
    standing.verdict === verdict &&
    standing.reviewer === options.reviewer &&
    options.reason === undefined &&
    options.note === undefined
  if (same && repeated === null && (options.expectedRev ?? link.rev) === link.rev)
    return { link, decision: null, unchanged: true }
  if (verdict === 'accept' && options.inBulk && link.obstacles.length > 0)
    throw new RefusedError(
      'not-in-bulk',
      `link ${linkId} cannot be accepted together with others: ${describeObstacles(link.obstacles)}`,
      { hint: 'Look at it, and accept it by itself if it is right.' },
    )
  const { decision, link: after } = await store.decide(draft(linkId, link, verdict, options), now.toISOString())
  return { link: after, decision, unchanged: false }
}

/** What a person decided about a link, and who; of a pair of names, about no other that has fallen together with it. */
async function verdictOn(
  store: Store,
  link: StoredLink,
): Promise<{ verdict: Verdict | null; reviewer: string | null }> {
  if (link.type !== SAME_AS) {
    const verdict = link.status === 'accepted' ? 'accept' : link.status === 'rejected' ? 'reject' : null
    return { verdict, reviewer: link.reviewedBy }
  }
  const own = (await store.decisionsAbout(link.id)).filter((decision) => isAbout(decision, [link.id]))
  return verdictInForce(own) ?? { verdict: null, reviewer: null }
}

function isAbout({ linkId, alsoAbout = [] }: Decision, ids: readonly string[]): boolean {
  return [linkId, ...alsoAbout].some((id) => ids.includes(id))
}

/**
 * Takes back the verdict in force about a link, or a certain decision (an undo too), or, without an id, the last
 * standing verdict of this reviewer.
 */
export async function undoDecision(
  store: Store,
  id: string | undefined,
  options: DecideOptions,
  now: Date,
): Promise<Outcome> {
  const repeated = await madeBefore(store, options.requestId)
  if (repeated !== null) {
    const link = await findLink(store, repeated.linkId)
    return { link, decision: repeated, unchanged: false, ...(await takenBackBy(store, repeated)) }
  }
  const target = await decisionToUndo(store, id, options.reviewer)
  const link = await findLink(store, target.linkId)
  const undo = { ...draft(target.linkId, link, 'undo', options), undoes: target.id }
  const { decision, link: after } = await store.decide(undo, now.toISOString())
  return { link: after, decision, unchanged: false, ...(await takenBackBy(store, decision)) }
}

async function takenBackBy(store: Store, { undoes }: Decision): Promise<Pick<Outcome, 'undone'>> {
  const undone = undoes === null ? null : await store.decision(undoes)
  return undone === null ? {} : { undone }
}

async function decisionToUndo(
  store: Store,
  id: string | undefined,
  reviewer: string,
): Promise<{ id: string; linkId: string }> {
  if (id === undefined) return (await lastOwnVerdict(store, reviewer)) ?? nothingToUndo(reviewer)
  const key = await findRecord(store, id, ['Link', 'Decision'])
  const linkId = key.kind === 'Link' ? key.id : ((await store.decision(key.id))?.linkId ?? '')
  const decisions = await store.decisionsAbout(linkId)
  const target =
    key.kind === 'Link'
      ? verdictToUndo(await findLink(store, linkId), decisions)
      : standingDecisions(decisions).find((one) => one.id === key.id)
  if (target === null || target === undefined) return nothingToUndo(id)
  // One that was made under a link's former id is taken back for the link that was asked about.
  return { id: target.id, linkId: (await store.link(target.linkId)) === null ? linkId : target.linkId }
}

/** What is in force about a link, as it is shown. Of a pair of names for which another stands, only what is about itself. */
function verdictToUndo({ id, type, into }: StoredLink, decisions: readonly Decision[]): Decision | null {
  if (type !== SAME_AS) return verdictInForce(decisions)
  const own = verdictInForce(decisions.filter((decision) => isAbout(decision, [id])))
  return own ?? (into === null ? verdictInForce(decisions) : null)
}

async function lastOwnVerdict(store: Store, reviewer: string): Promise<Decision | null> {
  const page = 200
  for (let skip = 0; ; skip += page) {
    const decisions = await store.decisions({ order: 'sequence', descending: true, limit: page, skip })
    for (const decision of decisions) {
      if (decision.reviewer !== reviewer || decision.verdict === 'undo') continue
      const standing = standingDecisions(await store.decisionsAbout(decision.linkId))
      if (standing.some((one) => one.id === decision.id)) return decision
    }
    if (decisions.length < page) return null
  }
}

function nothingToUndo(whose: string): never {
  throw new NotFoundError('nothing-to-undo', `${whose} has no standing decision to undo`, {
    hint: "'whygraph review log' lists the decisions. To do again what was undone, undo the undo by its id.",
  })
}

/** What an earlier try of the same request did. */
async function madeBefore(store: Store, requestId: string | undefined): Promise<Decision | null> {
  return requestId === undefined ? null : store.decisionByRequest(requestId)
}

function draft<V extends 'accept' | 'reject' | 'undo'>(
  linkId: string,
  link: StoredLink,
  verdict: V,
  options: DecideOptions,
) {
  const { reviewer, reason, note, requestId, expectedRev } = options
  return {
    requestId: requestId ?? randomUUID(),
    linkId,
    verdict,
    reviewer,
    expectedRev: expectedRev ?? link.rev,
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
  }
}
