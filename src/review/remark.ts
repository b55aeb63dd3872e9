import { standingDecisions, type Decision, type Remark } from '../model/decision.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { draft, findToDecide, madeBefore, type DecideOptions, type Outcome } from './decide.ts'

/** Says of a link that this person passes over it, or that somebody has to look at it; it changes nothing of the link. */
export async function remarkOn(
  store: Store,
  id: string,
  remark: Remark,
  options: DecideOptions,
  now: Date,
): Promise<Outcome> {
  const { link } = await findToDecide(store, id)
  const { reviewer, reason, note, requestId } = options
  const isNew = reason !== undefined || note !== undefined || (await madeBefore(store, requestId)) !== null
  const last = isNew ? null : remarkInForce(link, await store.decisionsAbout(link.id), reviewer)
  if (last?.verdict === remark) return { link, decision: null, unchanged: true }
  const { expectedRev: _, ...said } = draft(link.id, link, remark, options)
  const { decision, link: after } = await store.decide(said, now.toISOString())
  return { link: after, decision, unchanged: false }
}

/** What a person said of a link last, where it is a remark and means that they are not asked about it. */
export function remarkInForce(
  { passedBy = [] }: StoredLink,
  decisions: readonly Decision[],
  reviewer: string,
): Decision | null {
  const last = standingDecisions(decisions).find((one) => one.reviewer === reviewer && one.verdict !== 'undo')
  return last !== undefined && passedBy.includes(reviewer) ? last : null
}
