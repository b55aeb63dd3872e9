import { randomUUID } from 'node:crypto'
import type { Decision } from '../model/decision.ts'
import type { DecisionDraft } from '../store/decision-draft.ts'
import type { DecideOptions } from './decide.ts'

/** Who takes it back, why, and at which revision. */
export type Undoing = Pick<DecideOptions, 'reviewer' | 'reason' | 'note' | 'requestId' | 'expectedRev' | 'batch'>

/** Takes back a decision: of the link that it is about, or of the one by whose id this goes now. */
export function undoDraft(
  { id, linkId }: Pick<Decision, 'id' | 'linkId'>,
  { reviewer, reason, note, requestId = randomUUID(), expectedRev, batch }: Undoing,
) {
  return {
    requestId,
    linkId,
    verdict: 'undo',
    undoes: id,
    reviewer,
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
    ...(expectedRev === undefined ? {} : { expectedRev }),
    ...(batch === undefined ? {} : { batch }),
  } as const satisfies DecisionDraft
}
