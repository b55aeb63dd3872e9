import type { Account } from './account.ts'
import { findPart, partsOf } from './align-reply.ts'
import { alignerFingerprint, hashAlignment } from '../extract/ask.ts'
import { alignmentInput } from '../extract/extract.ts'
import { findPaid, withKnownNames, type ChunkRequest } from './get-reply.ts'
import type { Reply } from '../model/reply.ts'
import { Plan, type Forecast } from '../money/plan.ts'
import type { Store } from '../store/store.ts'

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
    const paid = await findPaid(store, request)
    if (paid !== null) {
      plan.reuse()
      return addAlignment(request, paid)
    }
    const { prompt } = await withKnownNames(store, request)
    const forecast = account.forecast({ engine: route.engine, fingerprint, prompt })
    if (plan.calls < limit) plan.call(route.engine, forecast)
    if (!route.engine.offline) addLikelyAlignment(request, forecast)
  }

  /** Of a reply that is there: the requests by which its trace will be aligned. */
  async function addAlignment({ route: { aligner: engine = null }, chunk }: ChunkRequest, reply: Reply): Promise<void> {
    if (engine === null) return
    const fingerprint = alignerFingerprint(engine)
    for (const { prompt } of partsOf(reply, alignmentInput(reply, chunk))) {
      const requestHash = hashAlignment(fingerprint, prompt)
      if (planned.has(requestHash) || plan.calls >= limit) continue
      planned.add(requestHash)
      const known = await findPart(store, requestHash)
      if (known === null) plan.call(engine, account.forecast({ engine, fingerprint, prompt }))
    }
  }

  /** Of a reply that is yet to come: one request, as long as what is likely to be thought and answered. */
  function addLikelyAlignment({ route: { aligner: engine = null } }: ChunkRequest, { output }: Forecast): void {
    if (engine === null || plan.calls >= limit) return
    plan.call(engine, account.forecast({ engine, fingerprint: alignerFingerprint(engine), prompt: '' }, output))
  }

  return { plan, add }
}
