import { courseOf, type Decision, isRemark, standingDecisions, verdictInForce } from '../model/decision.ts'
import { NotFoundError } from '../model/errors.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { madeBefore, ownOf, type DecideOptions, type Outcome } from './decide.ts'
import { findLink, findRecord } from './find-record.ts'
import { otherLinkOf, undoTogether } from './fix-undo.ts'
import { isVerdictStanding, lastOwn } from './last-own.ts'
import { undoDraft } from './undo-draft.ts'

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
    const undone = repeated.undoes === null ? null : await store.decision(repeated.undoes)
    return { link, decision: repeated, unchanged: false, ...(undone === null ? {} : { undone }) }
  }
  const { target, linkId } = await decisionToUndo(store, id, options.reviewer)
  const link = await findLink(store, linkId)
  if ((await otherLinkOf(store, target)) !== undefined) {
    const seen = { ...options, expectedRev: options.expectedRev ?? link.rev }
    const decided = await undoTogether(store, { ...target, linkId }, seen, now)
    const own = decided.find(({ decision }) => decision.undoes === target.id)
    if (own !== undefined) return { ...own, unchanged: false, undone: target }
  }
  const undo = undoDraft({ ...target, linkId }, { ...options, expectedRev: options.expectedRev ?? link.rev })
  const before = await inForceAbout(store, link)
  const { decision, link: after } = await store.decide(undo, now.toISOString())
  const left = await inForceAbout(store, after)
  const stillHolds = left !== null && left.verdict === before?.verdict ? left : null
  return { link: after, decision, unchanged: false, undone: target, ...(stillHolds === null ? {} : { stillHolds }) }
}

/** The verdict in force about a link; of a pair of names, about no other that has fallen together with it. */
async function inForceAbout(store: Store, link: StoredLink): Promise<Decision | null> {
  return verdictInForce(ownOf(link, await store.decisionsAbout(link.id)))
}

async function decisionToUndo(
  store: Store,
  id: string | undefined,
  reviewer: string,
): Promise<{ target: Decision; linkId: string }> {
  if (id === undefined) {
    const target = (await lastOwn(store, reviewer, isVerdictStanding)) ?? nothingToUndo(reviewer)
    return { target, linkId: target.linkId }
  }
  const key = await findRecord(store, id, ['Link', 'Decision'])
  const linkId = key.kind === 'Link' ? key.id : ((await store.decision(key.id))?.linkId ?? '')
  const decisions = await store.decisionsAbout(linkId)
  const target =
    key.kind === 'Link'
      ? toTakeBack(await findLink(store, linkId), decisions, reviewer)
      : standingDecisions(decisions).find((one) => one.id === key.id)
  if (target === undefined) return nothingToUndo(id)
  // One that was made under a link's former id is taken back for the link that was asked about.
  return { target, linkId: (await store.link(target.linkId)) === null ? linkId : target.linkId }
}

/** This person's verdict that waits for a second; else the one that is in force; else their last remark. */
function toTakeBack(link: StoredLink, decisions: readonly Decision[], reviewer: string): Decision | undefined {
  const isOwn = (one: Decision): boolean => one.reviewer === reviewer
  const inForce = courseOf(decisions).open.find(isOwn) ?? verdictToUndo(link, decisions)
  return inForce ?? standingDecisions(decisions).find((one) => isOwn(one) && isRemark(one))
}

/** What is in force about a link, as it is shown. Of a pair of names for which another stands, only what is about itself. */
function verdictToUndo(link: StoredLink, decisions: readonly Decision[]): Decision | null {
  const own = verdictInForce(ownOf(link, decisions))
  return own ?? (link.into === null ? verdictInForce(decisions) : null)
}

export function nothingToUndo(whose: string): never {
  throw new NotFoundError('nothing-to-undo', `${whose} has no standing decision to undo`, {
    hint: "'whygraph review log' lists the decisions. 'whygraph review redo' does again what was undone.",
  })
}
