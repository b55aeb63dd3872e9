import { courseOf, type Decision, isRemark, standingDecisions, verdictInForce } from '../model/decision.ts'
import { NotFoundError } from '../model/errors.ts'
import { SAME_AS } from '../model/link.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { draft, isAbout, madeBefore, type DecideOptions, type Outcome } from './decide.ts'
import { findLink, findRecord } from './find-record.ts'
import { otherLinkOf, undoTogether } from './fix-undo.ts'
import { isVerdictStanding, lastOwn } from './last-own.ts'

/**
 * Takes back the verdict in force about a link (before it, one of this reviewer's that waits for a second), or a certain
 * decision (an undo too), or, without an id, the last standing decision of this reviewer.
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
  const made = await store.decision(target.id)
  if (made !== null && (await otherLinkOf(store, made)) !== undefined) {
    const seen = { ...options, expectedRev: options.expectedRev ?? link.rev }
    const decided = await undoTogether(store, { ...made, linkId: target.linkId }, seen, now)
    const own = decided.find(({ decision }) => decision.undoes === target.id)
    if (own !== undefined) return { ...own, unchanged: false, ...(await takenBackBy(store, own.decision)) }
  }
  const undo = { ...draft(target.linkId, link, 'undo', options), undoes: target.id }
  const before = await inForceAbout(store, link)
  const { decision, link: after } = await store.decide(undo, now.toISOString())
  const left = await inForceAbout(store, after)
  const stillHolds = left !== null && left.verdict === before?.verdict ? left : null
  const taken = await takenBackBy(store, decision)
  return { link: after, decision, unchanged: false, ...taken, ...(stillHolds === null ? {} : { stillHolds }) }
}

/** The verdict in force about a link; of a pair of names, about no other that has fallen together with it. */
async function inForceAbout(store: Store, { id, type }: StoredLink): Promise<Decision | null> {
  const about = await store.decisionsAbout(id)
  return verdictInForce(type === SAME_AS ? about.filter((decision) => isAbout(decision, [id])) : about)
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
  if (id === undefined) return (await lastOwn(store, reviewer, isVerdictStanding)) ?? nothingToUndo(reviewer)
  const key = await findRecord(store, id, ['Link', 'Decision'])
  const linkId = key.kind === 'Link' ? key.id : ((await store.decision(key.id))?.linkId ?? '')
  const decisions = await store.decisionsAbout(linkId)
  const target =
    key.kind === 'Link'
      ? toTakeBack(await findLink(store, linkId), decisions, reviewer)
      : standingDecisions(decisions).find((one) => one.id === key.id)
  if (target === undefined) return nothingToUndo(id)
  // One that was made under a link's former id is taken back for the link that was asked about.
  return { id: target.id, linkId: (await store.link(target.linkId)) === null ? linkId : target.linkId }
}

/** This person's verdict that waits for a second; else the one that is in force; else their last remark. */
function toTakeBack(link: StoredLink, decisions: readonly Decision[], reviewer: string): Decision | undefined {
  const isOwn = (one: Decision): boolean => one.reviewer === reviewer
  const inForce = courseOf(decisions).open.find(isOwn) ?? verdictToUndo(link, decisions)
  return inForce ?? standingDecisions(decisions).find((one) => isOwn(one) && isRemark(one))
}

/** What is in force about a link, as it is shown. Of a pair of names for which another stands, only what is about itself. */
function verdictToUndo({ id, type, into }: StoredLink, decisions: readonly Decision[]): Decision | null {
  if (type !== SAME_AS) return verdictInForce(decisions)
  const own = verdictInForce(decisions.filter((decision) => isAbout(decision, [id])))
  return own ?? (into === null ? verdictInForce(decisions) : null)
}

export function nothingToUndo(whose: string): never {
  throw new NotFoundError('nothing-to-undo', `${whose} has no standing decision to undo`, {
    hint: "'whygraph review log' lists the decisions. 'whygraph review redo' does again what was undone.",
  })
}
