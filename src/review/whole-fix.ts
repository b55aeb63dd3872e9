import { ulid } from 'ulid'
import { courseOf, type Decision } from '../model/decision.ts'
import type { Decided, DecisionDraft } from '../store/decision-draft.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** The other link of a fix that waits for a second person: of the two, at most one holds. */
export interface OtherHalf {
  readonly link: StoredLink
  /** It waits still: nothing came into force about it since. */
  readonly waits: boolean
}

/** What somebody else says of a link by a fix that waits for this reviewer's word; null where they said nothing so. */
export async function otherHalf(
  store: Store,
  { id, awaits }: Pick<StoredLink, 'id' | 'awaits'>,
  reviewer: string | null,
  decisions?: readonly Decision[],
): Promise<OtherHalf | null> {
  if (awaits === undefined) return null
  const { open } = courseOf(decisions ?? (await store.decisionsAbout(id)))
  const half = open.find((one) => one.revision !== undefined && one.reviewer !== reviewer)
  const link = half?.revision === undefined ? null : await store.standingLink(half.revision)
  if (half === undefined || link === null) return null
  const others = courseOf(await store.decisionsAbout(link.id)).open
  return { link, waits: others.some(({ batch }) => batch === half.batch) }
}

/**
 * Decides about both links of a fix in one transaction: who accepts one of them rejects the other. Each is taken back with
 * the other, as the fix itself is. Returns the decision that was asked for first.
 */
export async function decideWhole(
  store: Store,
  asked: DecisionDraft,
  { link, waits }: OtherHalf,
  now: Date,
): Promise<[Decided, ...Decided[]]> {
  const { batch = ulid(now.getTime()), reviewer, reason, note, inBulk, order, adjudicates } = asked
  const own: DecisionDraft = { ...asked, batch, revision: link.id }
  const other: DecisionDraft = {
    requestId: `${asked.requestId} other half`,
    linkId: link.id,
    verdict: asked.verdict === 'accept' ? 'reject' : 'accept',
    reviewer,
    batch,
    revision: asked.linkId,
    expectedRev: link.rev,
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    ...(inBulk === undefined ? {} : { inBulk }),
    ...(order === undefined ? {} : { order }),
    ...(adjudicates === undefined ? {} : { adjudicates }),
  }
  // The reject comes first, as in a fix.
  const both = asked.verdict === 'reject' ? [own, other] : [other, own]
  const decided = await store.decideTogether([], waits ? both : [own], now.toISOString())
  const isOwn = ({ decision }: Decided): boolean => decision.requestId === own.requestId
  const [first] = decided.filter(isOwn)
  if (first === undefined) throw new Error('a decision that was asked for was not made')
  return [first, ...decided.filter((one) => !isOwn(one))]
}
