import { z } from 'zod'
import type { Usage } from '../../model/reply.ts'

/**
 * The events of a stream, and the response object that a whole answer is and that streams end with. Every field is read
 * by itself: what a server sends in a form that nobody knows is passed over, never a reason to stop.
 */
export type StreamEvent = z.infer<typeof streamEvent>
export type WireResponseObject = z.infer<typeof responseObject>

const text = z.string().nullish().catch(null)
const count = z.number().nonnegative().nullish().catch(null)
const index = z.number().nullish().catch(null)

const serverError = z.object({
  message: z.string().catch('no message'),
  code: z.union([z.string(), z.number()]).nullish().catch(null),
  type: text,
})

const part = z.object({ type: z.string().catch(''), text, refusal: text })
const parts = z
  .array(z.unknown())
  .nullish()
  .catch(null)
  .transform((list) => (list ?? []).flatMap((one) => part.safeParse(one).data ?? []))

/** `reasoning`: a provider's `summary`, or the raw trace in `content` (open-weight servers); `message`: the answer. */
const outputItem = z.object({ type: z.string().catch(''), summary: parts, content: parts })

const responseObject = z.object({
  object: text,
  model: text,
  status: text,
  incomplete_details: z.object({ reason: text }).nullish().catch(null),
  error: serverError.nullish().catch(null),
  output: z
    .array(z.unknown())
    .nullish()
    .catch(null)
    .transform((list) => (list ?? []).flatMap((one) => outputItem.safeParse(one).data ?? [])),
  usage: z
    .object({
      input_tokens: count,
      output_tokens: count,
      input_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
      output_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
})

const streamEvent = z.object({
  type: z.string(),
  delta: text,
  output_index: index,
  summary_index: index,
  response: responseObject.nullish().catch(null),
  /** Of an `error` event. */
  message: text,
  code: z.union([z.string(), z.number()]).nullish().catch(null),
})

export function readEvent(value: unknown): StreamEvent | null {
  return streamEvent.safeParse(value).data ?? null
}

/** A whole response; null where it is none. */
export function readResponse(value: unknown): WireResponseObject | null {
  const parsed = responseObject.safeParse(value).data
  if (parsed === undefined) return null
  return parsed.object === 'response' || parsed.output.length > 0 || parsed.error ? parsed : null
}

export function readUsage(usage: NonNullable<WireResponseObject['usage']>): Usage {
  return {
    input: usage.input_tokens ?? null,
    cachedInput: usage.input_tokens_details?.cached_tokens ?? null,
    output: usage.output_tokens ?? null,
    reasoning: usage.output_tokens_details?.reasoning_tokens ?? null,
  }
}
