import { ulid } from 'ulid'
import { contentId } from '../model/ids.ts'
import type { DecisionDraft } from '../store/decision-draft.ts'
import type { Store } from '../store/store.ts'
import { planHash, type BulkPlan } from './bulk-plan.ts'
import type { DecideOptions } from './decide.ts'
import { batchBegun, decideInSteps, type Settled, type StepOptions } from './decide-in-steps.ts'

/** What became of a plan; `batch` names all decisions that it came to, by whichever try. */
export interface CarriedOut extends Settled {
  readonly batch: string
}

/**
 * Decides about each link of a plan as it was planned; what changed since is refused. The same reviewer may call it again:
 * it goes on where it was broken off, in the same batch, and makes no decision twice.
 */
export async function carryOut(
  store: Store,
  plan: BulkPlan,
  options: Pick<DecideOptions, 'reviewer' | 'reason' | 'note'>,
  steps: StepOptions,
): Promise<CarriedOut> {
  const { reviewer, reason, note } = options
  const hash = planHash(plan)
  const requests = plan.links.map(({ id }) => contentId('bulk', hash, reviewer, id))
  const batch = (await batchBegun(store, requests)) ?? ulid(steps.now().getTime())
  const drafts = plan.links.map(({ id, rev, status }, index): DecisionDraft => ({
    requestId: requests[index] ?? '',
    linkId: id,
    verdict: plan.verdict,
    reviewer,
    expectedRev: rev,
    expectedStatus: status,
    inBulk: true,
    batch,
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
  }))
  return { batch, ...(await decideInSteps(store, drafts, steps)) }
}
