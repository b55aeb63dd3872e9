import { type Decision, standingDecisions, verdictInForce } from '../model/decision.ts'
import { NotFoundError } from '../model/errors.ts'
import { SAME_AS } from '../model/link.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { draft, isAbout, madeBefore, verdictOn, type DecideOptions, type Outcome } from './decide.ts'
import { findLink, findRecord } from './find-record.ts'
import { isVerdictStanding, lastOwn } from './last-own.ts'

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
  const before = await verdictOn(store, link)
  const { decision, link: after } = await store.decide(undo, now.toISOString())
  const left = await verdictOn(store, after)
  const isAsBefore = left.verdict !== null && left.verdict === before.verdict
  const stillHolds = isAsBefore ? verdictInForce(await store.decisionsAbout(after.id)) : null
  const taken = await takenBackBy(store, decision)
  return { link: after, decision, unchanged: false, ...taken, ...(stillHolds === null ? {} : { stillHolds }) }
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

export function nothingToUndo(whose: string): never {
  throw new NotFoundError('nothing-to-undo', `${whose} has no standing decision to undo`, {
    hint: "'whygraph review log' lists the decisions. 'whygraph review redo' does again what was undone.",
  })
}
