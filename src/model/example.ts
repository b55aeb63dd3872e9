import { z } from 'zod'

const end = z.strictObject({ name: z.string().min(1), type: z.string().min(1) })

/**
 * A link that people decided about, with the source's own words: a case for an evaluation, or an example in a prompt. One line
 * each of a JSONL file; its format is `whygraph-case-1`.
 */
export const decidedCase = z.strictObject({
  format: z.literal('whygraph-case-1'),
  /** Of the link. */
  id: z.string().min(1),
  verdict: z.enum(['accept', 'reject']),
  /** Why it was rejected, as the reviewer chose or wrote it. */
  reason: z.string().nullable(),
  subject: end,
  type: z.string().min(1),
  object: end,
  /** Best support first; `place` has the document's path. */
  quotes: z.array(z.strictObject({ quote: z.string().min(1), place: z.string() })).min(1),
  support: z.enum(['stated', 'inferred']),
  /** Who said so, and how sure they were, 0 to 1. */
  engine: z.string(),
  model: z.string(),
  confidence: z.number().min(0).max(1),
  document: z.string().min(1),
  chunk: z.string().min(1),
})

export type DecidedCase = z.infer<typeof decidedCase>
