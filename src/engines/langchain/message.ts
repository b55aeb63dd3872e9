import { z } from 'zod'
import type { Usage } from '../../model/reply.ts'
import { NO_USAGE } from '../engine.ts'
import { withHiddenOutput } from '../request/hidden-output.ts'

/** A LangChain message or a chunk of one, in what whygraph takes of it. */
export interface Message {
  readonly blocks: readonly Block[]
  /** Why the provider stopped, in its own word; null where it goes on. */
  readonly reason: string | null
  readonly model: string | null
  readonly usage: Usage
}

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string; readonly index: number | null; readonly isRaw: boolean }
  /** Reasoning that is there, but encrypted. */
  | { readonly type: 'withheld' }
  | { readonly type: 'refusal' }

const record = z.record(z.string(), z.unknown()).catch({})
const count = z.number().nonnegative().nullish().catch(null)

const messageShape = z.object({
  additional_kwargs: record,
  response_metadata: record,
  usage_metadata: z
    .object({
      input_tokens: count,
      output_tokens: count,
      total_tokens: count,
      input_token_details: z.object({ cache_read: count }).nullish().catch(null),
      output_token_details: z.object({ reasoning: count }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
})

const blockShape = z.object({
  type: z.string(),
  text: z.string().catch(''),
  reasoning: z.string().catch(''),
  index: z.number().nullable().catch(null),
  value: z.unknown().optional(),
})

/** Of providers that LangChain has no translation for: their own block, inside a standard one or as it is. */
const ownShape = z.object({
  type: z.string(),
  thinking: z.union([z.string(), z.array(z.object({ text: z.string().catch('') }))]).catch(''),
})

/** Takes a message at the door; null where it is none. */
export function readMessage(value: unknown): Message | null {
  if (typeof value !== 'object' || value === null || !('content' in value)) return null
  const parsed = messageShape.safeParse(value)
  if (!parsed.success) return null
  const { additional_kwargs: extra, response_metadata: metadata, usage_metadata: usage } = parsed.data
  const blocks = readBlocks(value)
  // DeepSeek, Ollama, xAI; Groq says `reasoning`.
  const beside = extra['reasoning_content'] ?? extra['reasoning']
  if (typeof beside === 'string' && beside !== '' && !blocks.some(({ type }) => type === 'reasoning'))
    blocks.unshift({ type: 'reasoning', text: beside, index: null, isRaw: true })
  const model = ['model', 'model_name', 'modelVersion'].map((name) => metadata[name] ?? extra[name])
  return {
    blocks,
    reason: readReason(extra) ?? readReason(metadata),
    model: (model.find((name) => typeof name === 'string' && name !== '') as string | undefined) ?? null,
    usage: usage ? readUsage(usage) : NO_USAGE,
  }
}

function readBlocks(message: object): Block[] {
  const standard: unknown = 'contentBlocks' in message ? message.contentBlocks : []
  return (Array.isArray(standard) ? standard : []).flatMap((value: unknown): Block[] => {
    const block = blockShape.safeParse(value).data
    if (block === undefined) return []
    const { type, text, reasoning, index } = block
    if (type === 'text') return [{ type, text }]
    if (type === 'reasoning') return [{ type, text: reasoning, index, isRaw: false }]
    if (type === 'refusal') return [{ type }]
    const own = ownShape.safeParse(type === 'non_standard' ? block.value : value).data
    if (own === undefined) return []
    if (/redacted/.test(own.type)) return [{ type: 'withheld' }]
    if (own.type !== 'thinking') return []
    const words = typeof own.thinking === 'string' ? own.thinking : own.thinking.map((part) => part.text).join('')
    return [{ type: 'reasoning', text: words, index, isRaw: false }]
  })
}

const REASONS = ['finishReason', 'finish_reason', 'stopReason', 'stop_reason', 'done_reason']

function readReason(metadata: Readonly<Record<string, unknown>>): string | null {
  const reason = REASONS.map((name) => metadata[name]).find((one) => typeof one === 'string' && one !== '')
  if (typeof reason === 'string') return reason
  // Bedrock.
  const stop = record.safeParse(metadata['messageStop']).data?.['stopReason']
  return typeof stop === 'string' ? stop : null
}

function readUsage(usage: NonNullable<z.infer<typeof messageShape>['usage_metadata']>): Usage {
  const counted = {
    input: usage.input_tokens ?? null,
    cachedInput: usage.input_token_details?.cache_read ?? null,
    output: usage.output_tokens ?? null,
    reasoning: usage.output_token_details?.reasoning ?? null,
  }
  return withHiddenOutput(counted, usage.total_tokens ?? null)
}
