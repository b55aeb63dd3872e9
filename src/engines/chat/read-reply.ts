import type { FinishReason, Usage } from '../../model/reply.ts'
import type { EngineEvent } from '../engine.ts'
import { NO_USAGE } from '../engine.ts'
import { createThinkSplitter } from '../think-tags.ts'
import type { ThinkPiece } from '../think-tags.ts'
import { Trouble } from './trouble.ts'
import type { Said, WireUsage } from './wire.ts'
import { readChunk, readContent, readDetails } from './wire.ts'

/** Makes events of one reply's chunks. */
export interface ReplyReader {
  /** @throws Trouble where the chunk is an error, or no chat completion. */
  take(chunk: unknown): readonly EngineEvent[]
  /** What was held back until its kind is known: at the end, and before an error is thrown. */
  rest(): readonly EngineEvent[]
  /** Whether a word has come, be it one that is held back. */
  hasBegun(): boolean
  /** Whether the server has said that the answer is complete; only the usage may still come. */
  isFinished(): boolean
  /** @throws Trouble `cut` where the server never said that the answer is complete. */
  finish(): EngineEvent
}

/** Where the thinking comes in. OpenRouter sends the same words in two of them: the first that speaks is heard. */
type Channel = 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'parts'

/** DeepSeek (no capacity left) and OpenRouter (the provider behind it failed): the answer is not whole. */
const BROKEN_OFF = ['insufficient_system_resource', 'error']

/** @param askedModel stands in where the server names no model */
export function createReplyReader(askedModel: string): ReplyReader {
  const splitter = createThinkSplitter()
  let model: string | null = null
  let usage: Usage = NO_USAGE
  let reason: FinishReason | null = null
  let brokenOff: string | null = null
  let hasBegun = false
  let channel: Channel | null = null
  let isSummary = false
  let hasReasoning = false
  let isCompletion = false
  /** All that came through the channel, and what was inside the content beside it. */
  let channelled = ''
  let inline = ''

  function reasoningEvent(text: string): EngineEvent {
    if (text.trim() !== '') hasReasoning = true
    return { type: 'reasoning-delta', text }
  }

  function hear(said: Said, thinkingParts: string): string {
    const details = readDetails(said.reasoning_details ?? [])
    if (details.isSummary) isSummary = true
    const voices: Record<Channel, string> = {
      reasoning_content: said.reasoning_content ?? '',
      reasoning: said.reasoning ?? '',
      reasoning_details: details.text,
      parts: thinkingParts,
    }
    const speaking = Object.entries(voices).find(([, text]) => text !== '')
    channel ??= (speaking?.[0] as Channel | undefined) ?? null
    return channel === null ? '' : voices[channel]
  }

  function emit(pieces: readonly ThinkPiece[]): EngineEvent[] {
    const events: EngineEvent[] = []
    for (const { kind, text } of pieces) {
      if (kind === 'answer') events.push(...missingInline(), { type: 'answer-delta', text })
      else if (channelled === '') events.push(reasoningEvent(text))
      else inline += text
    }
    return events
  }

  /** llama.cpp's `deepseek-legacy` sends the thinking twice, in its own field and inside the content. */
  function missingInline(): EngineEvent[] {
    const text = inline
    inline = ''
    return text.trim() === '' || channelled.includes(text.trim()) ? [] : [reasoningEvent(text)]
  }

  function take(value: unknown): readonly EngineEvent[] {
    const chunk = readChunk(value)
    if (chunk === null) throw new Trouble('unreadable', 'a chunk is no JSON object')
    if (chunk.error !== null) {
      const { message, code, type } = chunk.error
      const status = typeof code === 'number' && code >= 400 && code < 600 ? code : null
      throw new Trouble('refused', message, { status, reason: `${code ?? ''} ${type ?? ''}`.trim() })
    }
    model ??= chunk.model
    if (chunk.usage !== null) usage = readUsage(chunk.usage)
    if (chunk.isCompletion) isCompletion = true
    const events: EngineEvent[] = []
    if (chunk.said !== null) {
      const content = readContent(chunk.said.content)
      const heard = hear(chunk.said, content.thinking)
      if (heard !== '' || content.text !== '') hasBegun = true
      if (heard !== '') {
        channelled += heard
        splitter.thoughtElsewhere()
        events.push(reasoningEvent(heard))
      }
      if (content.text !== '') events.push(...emit(splitter.push(content.text)))
      if (chunk.said.refusal) {
        events.push(...emit(splitter.push(chunk.said.refusal)))
        reason = 'refused'
      }
    }
    if (chunk.finishReason !== null && reason !== 'refused') {
      if (BROKEN_OFF.includes(chunk.finishReason)) brokenOff = chunk.finishReason
      else reason = readReason(chunk.finishReason)
    }
    return events
  }

  function rest(): readonly EngineEvent[] {
    return [...emit(splitter.end()), ...missingInline()]
  }

  function finish(): EngineEvent {
    if (brokenOff !== null) throw new Trouble('cut', `the server broke off: ${brokenOff}`)
    if (reason === null) {
      if (!isCompletion) throw new Trouble('unreadable', 'the response holds no chat completion')
      throw new Trouble('cut', 'the stream ended before the answer did')
    }
    const traceKind = hasReasoning ? (isSummary ? 'summary' : 'raw') : 'none'
    return { type: 'finish', reason, usage, model: model ?? askedModel, traceKind }
  }

  return { take, rest, hasBegun: () => hasBegun, isFinished: () => reason !== null, finish }
}

function readReason(finishReason: string): FinishReason {
  if (finishReason === 'length' || finishReason === 'max_tokens') return 'length'
  if (finishReason === 'content_filter') return 'refused'
  return 'stop'
}

function readUsage(wire: WireUsage): Usage {
  const input = wire.prompt_tokens ?? null
  const reasoning = wire.completion_tokens_details?.reasoning_tokens ?? null
  let output = wire.completion_tokens ?? null
  // Some (xAI) count the reasoning beside the completion; the total gives it away.
  if (input !== null && output !== null && reasoning && wire.total_tokens === input + output + reasoning) {
    output += reasoning
  }
  const cachedInput = wire.prompt_tokens_details?.cached_tokens ?? wire.prompt_cache_hit_tokens ?? null
  const upstream = wire.is_byok ? (wire.cost_details?.upstream_inference_cost ?? 0) : 0
  const cost = wire.cost == null ? {} : { cost: wire.cost + upstream }
  return { input, cachedInput, output, reasoning, ...cost }
}
