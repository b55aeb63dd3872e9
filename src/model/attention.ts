import { courseOf, isRemark, standingDecisions, type Decision } from './decision.ts'

/** Whose turn it is with a link, by what was decided about it. What does not apply is absent. */
export interface Attention {
  /** A second person's verdict, or somebody who decides between two that differ. */
  readonly awaits?: 'second' | 'adjudication'
  /** Somebody asked that it be looked at, and no verdict has come into force since. */
  readonly flagged?: 'yes'
  /** Who skipped or flagged it, or has said what is theirs to say: they are not asked about it again. */
  readonly passedBy?: readonly string[]
}

export function attentionOf(decisions: readonly Decision[]): Attention {
  const { inForce, open } = courseOf(decisions)
  const remarks = standingDecisions(decisions).filter((one) => isRemark(one) && one.sequence > (inForce?.sequence ?? 0))
  const passedBy = [...new Set([...remarks, ...open].map(({ reviewer }) => reviewer))].toSorted()
  return {
    ...(open.length === 0 ? {} : { awaits: open.length === 1 ? 'second' : 'adjudication' }),
    ...(remarks.some(({ verdict }) => verdict === 'flag') ? { flagged: 'yes' } : {}),
    ...(passedBy.length === 0 ? {} : { passedBy }),
  }
}

/** Whether a person is still to be asked about a link that waits. */
export function isFor({ awaits, passedBy }: Attention, reviewer: string): boolean {
  return awaits !== 'adjudication' && passedBy?.includes(reviewer) !== true
}
