import { z } from 'zod'
import { cutJson } from '../extract/cut-json.ts'
import type { Checks, Judged } from '../model/checks.ts'
import type { Reply } from '../model/reply.ts'
import type { ShownClaim } from './shown-claims.ts'

const shape = z.object({ link: z.string(), reason: z.string().trim().catch('') })

/** Characters of a reason that are kept with a proposal; the reply has it whole. */
export const LONGEST_REASON = 300

/** By claim. */
export type Judgements = ReadonlyMap<string, Checks>

/**
 * What a reply says about claims that it names by their keys, item by item: one that cannot be understood, or names what was
 * not shown, costs itself only. Null where there is no list of links to be found.
 */
export function judgements(
  reply: Reply,
  claims: readonly ShownClaim[],
  read: (item: unknown, judged: Judged) => Checks | null,
): Judgements | null {
  const list = cutJson(reply.content)?.value['links']
  if (!Array.isArray(list)) return null
  const byKey = new Map(claims.map(({ key, claim }) => [key, claim]))
  const found = new Map<string, Checks>()
  for (const item of list) {
    const named = shape.safeParse(item)
    const claim = named.success ? byKey.get(named.data.link.trim().replaceAll(/[[\]]/g, '')) : undefined
    if (!named.success || claim === undefined) continue
    const reason = named.data.reason.slice(0, LONGEST_REASON)
    const checks = read(item, { reason, by: reply.model, replyId: reply.id })
    if (checks !== null) found.set(claim, checks)
  }
  return found
}
