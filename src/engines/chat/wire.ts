import { z } from 'zod'

/**
 * One chunk of a stream, or a whole response, which differs from it only in `message` for `delta`. Every field is
 * read by itself: what a server sends in a form that nobody knows is passed over, never a reason to stop.
 */
export interface WireChunk {
  readonly model: string | null
  readonly said: Said | null
  readonly finishReason: string | null
  readonly usage: WireUsage | null
  /** Whether it has a list of choices at all, be it an empty one: else it is no chat completion. */
  readonly isCompletion: boolean
  readonly error: z.infer<typeof serverError> | null
}

export type Said = z.infer<typeof said>
export type WireUsage = z.infer<typeof usage>

const text = z.string().nullish().catch(null)
const count = z.number().nonnegative().nullish().catch(null)

const said = z.object({
  /** A string; Mistral sends parts instead, thinking among them. */
  content: z
    .union([z.string(), z.array(z.unknown())])
    .nullish()
    .catch(null),
  /** DeepSeek, llama.cpp, LM Studio, formerly vLLM. */
  reasoning_content: text,
  /** vLLM, Ollama, OpenRouter, LM Studio. */
  reasoning: text,
  /** OpenRouter, beside `reasoning`, and saying of which kind it is. */
  reasoning_details: z.array(z.unknown()).nullish().catch(null),
  refusal: text,
})

const usage = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_cache_hit_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(null),
  completion_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(null),
  /** OpenRouter: what it charged; with a key of the user's own for the provider, only its fee. */
  cost: count,
  is_byok: z.boolean().nullish().catch(null),
  cost_details: z.object({ upstream_inference_cost: count }).nullish().catch(null),
})

const serverError = z.object({
  message: z.string().catch('no message'),
  code: z.union([z.string(), z.number()]).nullish().catch(null),
  type: text,
})

const chunk = z.object({
  model: text,
  choices: z.array(z.unknown()).nullish().catch(null),
  usage: usage.nullish().catch(null),
  error: z
    .union([z.string().transform((message) => ({ message, code: null, type: null })), serverError])
    .nullish()
    .catch(null),
  object: text,
  message: text,
  code: z.union([z.string(), z.number()]).nullish().catch(null),
})

const choice = z.object({
  delta: said.nullish().catch(null),
  message: said.nullish().catch(null),
  finish_reason: text,
})

/** Takes one chunk at the door; null where it is no object at all. */
export function readChunk(value: unknown): WireChunk | null {
  const parsed = chunk.safeParse(value)
  if (!parsed.success) return null
  const { model, choices, error, object, message, code } = parsed.data
  const first = choice.safeParse(choices?.[0])
  return {
    model: model || null,
    said: first.success ? (first.data.delta ?? first.data.message ?? null) : null,
    finishReason: first.success ? first.data.finish_reason || null : null,
    usage: parsed.data.usage ?? null,
    isCompletion: choices !== null && choices !== undefined,
    // vLLM's older form: the chunk itself is the error.
    error: error ?? (object === 'error' ? { message: message ?? 'no message', code: code ?? null, type: null } : null),
  }
}

const detail = z.object({ type: z.string().catch(''), text, summary: text, format: text })

/** Providers that never show what their models think, but a summary of it, which OpenRouter calls `reasoning.text` too. */
const SUMMARISED = /^(?:anthropic|google|openai|azure|xai)\b/

/** The words of `reasoning_details`; encrypted ones have none, but their format tells what stands beside them. */
export function readDetails(details: readonly unknown[]): { readonly text: string; readonly isSummary: boolean } {
  let words = ''
  let isSummary = false
  for (const value of details) {
    const parsed = detail.safeParse(value)
    if (!parsed.success) continue
    if (SUMMARISED.test(parsed.data.format ?? '') || (parsed.data.summary && !parsed.data.text)) isSummary = true
    if (parsed.data.type.endsWith('encrypted')) continue
    words += parsed.data.text || parsed.data.summary || ''
  }
  return { text: words, isSummary }
}

const part = z.object({
  type: z.string().catch(''),
  text,
  thinking: z
    .union([z.string(), z.array(z.unknown())])
    .nullish()
    .catch(null),
})

/** Content as a string or as parts: `{type: 'text', text}` and `{type: 'thinking', thinking: [{text}]}`. */
export function readContent(content: Said['content']): { readonly text: string; readonly thinking: string } {
  if (typeof content === 'string') return { text: content, thinking: '' }
  let words = ''
  let thinking = ''
  for (const value of content ?? []) {
    const parsed = part.safeParse(value)
    if (!parsed.success) continue
    if (parsed.data.type === 'thinking') thinking += readContent(parsed.data.thinking).text
    else words += parsed.data.text ?? ''
  }
  return { text: words, thinking }
}
