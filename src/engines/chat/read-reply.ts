import type { FinishReason, Usage } from '../../model/reply.ts'
import type { Words } from '../engine.ts'
import { NO_USAGE } from '../engine.ts'
import { createSpeech } from '../request/speech.ts'
import { Trouble } from '../request/trouble.ts'
import type { ReplyReader, SoFar } from '../request/wire.ts'
import { readChunk, readDetails, type Said } from './wire.ts'

/** Where the thinking comes in. OpenRouter sends the same words in two of them: the first that speaks is heard. */
const CHANNELS = ['reasoning_content', 'reasoning', 'reasoning_details', 'parts'] as const
type Channel = (typeof CHANNELS)[number]

/** DeepSeek (no capacity left) and OpenRouter (the provider behind it failed): the answer is not whole. */
const BROKEN_OFF = ['insufficient_system_resource', 'error']

/** @param askedModel stands in where the server names no model */
export function createReplyReader(askedModel: string): ReplyReader {
  const speech = createSpeech()
  let model: string | null = null
  let usage: Usage = NO_USAGE
  let reason: FinishReason | null = null
  let brokenOff: string | null = null
  let channel: Channel | null = null
  let isSummary = false
  let isCompletion = false
  let hasRefused = false

  function hear(said: Said): string {
    const details = readDetails(said.reasoning_details)
    if (details.isSummary) isSummary = true
    const voices: Record<Channel, string> = {
      reasoning_content: said.reasoning_content,
      reasoning: said.reasoning,
      reasoning_details: details.text,
      parts: said.thinking,
    }
    channel ??= CHANNELS.find((each) => voices[each] !== '') ?? null
    return channel === null ? '' : voices[channel]
  }

  function take(value: unknown): readonly Words[] {
    const chunk = readChunk(value)
    if (chunk === null) throw new Trouble('unreadable', 'a chunk is no JSON object')
    if (chunk.error !== null) {
      const { message, code, type } = chunk.error
      const status = typeof code === 'number' && code >= 400 && code < 600 ? code : null
      throw new Trouble('refused', message, { status, reason: `${code ?? ''} ${type ?? ''}`.trim() })
    }
    model ??= chunk.model
    if (chunk.usage !== null) usage = chunk.usage
    if (chunk.isCompletion) isCompletion = true
    const events: Words[] = []
    if (chunk.said !== null) {
      events.push(...speech.think(hear(chunk.said)), ...speech.say(chunk.said.text))
      if (chunk.said.refusal) {
        events.push(...speech.say(chunk.said.refusal))
        hasRefused = true
      }
    }
    if (chunk.finishReason !== null) {
      if (BROKEN_OFF.includes(chunk.finishReason)) brokenOff = chunk.finishReason
      else reason = hasRefused ? 'refused' : readReason(chunk.finishReason)
    }
    return events
  }

  function soFar(): SoFar {
    return { usage, model: model ?? askedModel, traceKind: speech.traceKind(isSummary ? 'summary' : 'raw') }
  }

  function finish(): ReturnType<ReplyReader['finish']> {
    if (brokenOff !== null) throw new Trouble('cut', `the server broke off: ${brokenOff}`)
    if (reason === null) {
      if (!isCompletion) throw new Trouble('unreadable', 'the response holds no chat completion')
      throw new Trouble('cut', 'the stream ended before the answer did')
    }
    return { type: 'finish', reason, ...soFar() }
  }

  const { rest, hasBegun } = speech
  return { take, rest, hasBegun, isFinished: () => reason !== null, soFar, finish }
}

function readReason(finishReason: string): FinishReason {
  if (finishReason === 'length' || finishReason === 'max_tokens') return 'length'
  if (finishReason === 'content_filter') return 'refused'
  return 'stop'
}
