import type { Usage } from '../../model/reply.ts'
import { countOf, type Fields, fieldsOf, listOf, readWireError, textOf, type WireError } from '../request/fields.ts'
import { withHiddenOutput } from '../request/hidden-output.ts'

/** One chunk of a stream, or a whole response, which differs from it only in `message` for `delta`. */
export interface WireChunk {
  readonly model: string | null
  readonly said: Said | null
  readonly finishReason: string | null
  readonly usage: Usage | null
  /** Whether it has a list of choices at all, be it an empty one: else it is no chat completion. */
  readonly isCompletion: boolean
  readonly error: WireError | null
}

export interface Said {
  /** Of the content: a string; Mistral sends parts instead, thinking among them. */
  readonly text: string
  readonly thinking: string
  /** DeepSeek, llama.cpp, LM Studio, formerly vLLM. */
  readonly reasoning_content: string
  /** vLLM, Ollama, OpenRouter, LM Studio. */
  readonly reasoning: string
  /** OpenRouter, beside `reasoning`, and saying of which kind it is. */
  readonly reasoning_details: readonly unknown[]
  readonly refusal: string
}

/** Takes one chunk at the door; null where it is no object at all. */
export function readChunk(value: unknown): WireChunk | null {
  const chunk = fieldsOf(value)
  if (chunk === null) return null
  const choices = listOf(chunk['choices'])
  const first = fieldsOf(choices?.[0])
  const said = fieldsOf(first?.['delta']) ?? fieldsOf(first?.['message'])
  const usage = fieldsOf(chunk['usage'])
  return {
    model: textOf(chunk['model']) || null,
    said: said === null ? null : readSaid(said),
    finishReason: textOf(first?.['finish_reason']) || null,
    usage: usage === null ? null : readUsage(usage),
    isCompletion: choices !== null,
    // vLLM's older form: the chunk itself is the error.
    error: readError(chunk['error']) ?? (chunk['object'] === 'error' ? readError(chunk) : null),
  }
}

function readError(value: unknown): WireError | null {
  if (typeof value === 'string') return { message: value, code: null, type: null }
  const error = fieldsOf(value)
  return error === null ? null : readWireError(error)
}

function readSaid(said: Fields): Said {
  return {
    ...readContent(said['content']),
    reasoning_content: textOf(said['reasoning_content']) ?? '',
    reasoning: textOf(said['reasoning']) ?? '',
    reasoning_details: listOf(said['reasoning_details']) ?? [],
    refusal: textOf(said['refusal']) ?? '',
  }
}

function readUsage(usage: Fields): Usage {
  const cachedInput = countOf(fieldsOf(usage['prompt_tokens_details'])?.['cached_tokens'])
  const counted = {
    input: countOf(usage['prompt_tokens']),
    cachedInput: cachedInput ?? countOf(usage['prompt_cache_hit_tokens']),
    output: countOf(usage['completion_tokens']),
    reasoning: countOf(fieldsOf(usage['completion_tokens_details'])?.['reasoning_tokens']),
  }
  // OpenRouter: what it charged; with a key of the user's own for the provider, only its fee.
  const cost = countOf(usage['cost'])
  const upstream = usage['is_byok'] === true ? countOf(fieldsOf(usage['cost_details'])?.['upstream_inference_cost']) : 0
  return {
    ...withHiddenOutput(counted, countOf(usage['total_tokens'])),
    ...(cost === null ? {} : { cost: cost + (upstream ?? 0) }),
  }
}

/** Providers that never show what their models think, but a summary of it, which OpenRouter calls `reasoning.text` too. */
const SUMMARISED = /^(?:anthropic|google|openai|azure|xai)\b/

/** The words of `reasoning_details`; encrypted ones have none, but their format tells what stands beside them. */
export function readDetails(details: readonly unknown[]): { readonly text: string; readonly isSummary: boolean } {
  let words = ''
  let isSummary = false
  for (const value of details) {
    const detail = fieldsOf(value)
    if (detail === null) continue
    const [text, summary] = [textOf(detail['text']), textOf(detail['summary'])]
    if (SUMMARISED.test(textOf(detail['format']) ?? '') || (summary && !text)) isSummary = true
    if (textOf(detail['type'])?.endsWith('encrypted')) continue
    words += text || summary || ''
  }
  return { text: words, isSummary }
}

/** Content as a string or as parts: `{type: 'text', text}` and `{type: 'thinking', thinking: [{text}]}`. */
function readContent(content: unknown): { readonly text: string; readonly thinking: string } {
  if (typeof content === 'string') return { text: content, thinking: '' }
  let text = ''
  let thinking = ''
  for (const value of listOf(content) ?? []) {
    const part = fieldsOf(value)
    if (part?.['type'] === 'thinking') thinking += readContent(part['thinking']).text
    else text += textOf(part?.['text']) ?? ''
  }
  return { text, thinking }
}
