import type { Account } from './account.ts'
import { findPaid, withKnownNames, type ChunkRequest } from './get-reply.ts'
import { Plan } from './money/plan.ts'
import type { Store } from './store/store.ts'

/** What a dry run does in the place of asking: finds out which requests would be made, and what they are likely to take. */
export function createRehearsal(
  store: Store,
  account: Account,
  limit: number,
): { readonly plan: Plan; readonly add: (request: ChunkRequest) => Promise<void> } {
  const plan = new Plan()
  const planned = new Set<string>()

  async function add(request: ChunkRequest): Promise<void> {
    const { requestHash, fingerprint, route } = request
    if (planned.has(requestHash)) return plan.reuse()
    planned.add(requestHash)
    if ((await findPaid(store, request)) !== null) return plan.reuse()
    const { prompt } = await withKnownNames(store, request)
    if (plan.calls < limit) plan.call(route.engine, account.forecast({ engine: route.engine, fingerprint, prompt }))
  }

  return { plan, add }
}
