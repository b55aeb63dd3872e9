import type { Journal, Recovered } from '../extract/journal.ts'
import { costOf } from '../money/cost.ts'
import type { PriceList } from '../money/price.ts'
import type { Store } from '../store/store.ts'

/**
 * Stores what runs that were broken off had received. What such a reply cost is known where the server had said how
 * many tokens it took; the prompt, by which the rest is estimated, is not kept.
 */
export function recoverReplies(journal: Journal, store: Store, prices: PriceList): Promise<Recovered> {
  return journal.recover(async (reply, askedModel, beside) => {
    const isCounted = reply.usage.input !== null || (reply.usage.cost ?? null) !== null
    return store.saveReply({ ...reply, cost: isCounted ? costOf(reply, '', askedModel, prices) : null }, beside)
  })
}
