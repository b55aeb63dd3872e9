import { z } from 'zod'
import type { Checks, Judged } from '../model/checks.ts'
import type { Reply } from '../model/reply.ts'
import { key, keyedItems, reason } from './keyed-items.ts'
import type { ShownClaim } from './shown-claims.ts'

/** What a reply says of each link that it was shown; a check adds what it asks. */
export const judgement = z.object({ link: key, reason })

/** By claim. */
export type Judgements = ReadonlyMap<string, Checks>

/** What a reply says about claims; of such as were not shown nothing is taken. Null where it has no list of links. */
export function judgements<T extends z.infer<typeof judgement>>(
  reply: Reply,
  claims: readonly ShownClaim[],
  shape: z.ZodType<T>,
  toChecks: (item: T, judged: Judged) => Checks,
): Judgements | null {
  const byKey = new Map(claims.map((shown) => [shown.key, shown.claim]))
  const said = keyedItems(reply, shape)
  if (said === null) return null
  return new Map(
    said.items.flatMap(({ item }) => {
      const claim = byKey.get(item.link)
      const judged = { reason: item.reason, by: reply.model, replyId: reply.id }
      return claim === undefined ? [] : [[claim, toChecks(item, judged)] as const]
    }),
  )
}
