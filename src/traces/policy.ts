import { z } from 'zod'

/**
 * How much of models' traces is kept once a reply has been taken into the graph. `full`: all of it; `aligned`: the steps
 * that were found for a link; `none`: where these stood.
 */
export interface TracePolicy {
  readonly keep: 'full' | 'aligned' | 'none'
  /** Bytes of the steps of one link, as one reply gives it, in UTF-8. */
  readonly perLink: number
  /** Bytes of one reply's trace; a longer one loses its middle, but for the steps that are kept. */
  readonly perReply: number
}

const bytes = z.coerce.number().int().min(100).optional()

/** `traces:` of `whygraph.yaml`. */
export const traceSettings = {
  traces: z
    .strictObject({
      keep: z.enum(['full', 'aligned', 'none']).default('full'),
      /** UTF-8 bytes of the steps of one link; absent: as many as there are. */
      perLink: bytes,
      /** UTF-8 bytes of the trace of one reply; absent: as many as there are. */
      perReply: bytes,
      /** Whether long traces and answers are compressed in the store. */
      compress: z.boolean().default(true),
    })
    .optional(),
}

export type TraceSettings = z.infer<(typeof traceSettings)['traces']>

export function policyOf(settings: TraceSettings): TracePolicy {
  const { keep, perLink = Infinity, perReply = Infinity } = settings ?? { keep: 'full' as const }
  return { keep, perLink, perReply }
}
