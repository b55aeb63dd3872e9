import type { FinishReason, Usage } from '../../model/reply.ts'
import type { Words } from '../engine.ts'
import { NO_USAGE } from '../engine.ts'
import { statusIn } from '../request/clean-cause.ts'
import type { WireError } from '../request/fields.ts'
import { createSpeech } from '../request/speech.ts'
import { Trouble } from '../request/trouble.ts'
import type { ReplyReader, SoFar } from '../request/wire.ts'
import { readEvent, readResponse, type StreamEvent, type WireResponseObject } from './wire.ts'

/** Where the reasoning comes from: a provider's summary, or the raw trace that open-weight servers give. */
type Channel = 'summary' | 'raw'

/** HTTP statuses of the errors that come inside a response which began with 200. */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['rate_limit_exceeded', 429],
  ['insufficient_quota', 429],
  ['server_error', 500],
  ['invalid_prompt', 400],
])

/** @param askedModel stands in where the server names no model */
export function createReplyReader(askedModel: string): ReplyReader {
  const speech = createSpeech()
  let model: string | null = null
  let usage: Usage = NO_USAGE
  let reason: FinishReason | null = null
  /** What the server said went wrong, in the same breath as the last it has to give. */
  let failed: Trouble | null = null
  let hasRefused = false
  let isResponse = false
  /** The first that speaks is heard: the two are never mixed. */
  let channel: Channel | null = null
  /** The part of the reasoning that spoke last; between parts stands a blank line. */
  let lastPart: string | null = null
  let hasAnswered = false

  function think(from: Channel, part: string, text: string): readonly Words[] {
    if (text === '') return []
    channel ??= from
    if (channel !== from) return []
    const separator = lastPart === null || lastPart === part ? '' : '\n\n'
    lastPart = part
    return speech.think(separator + text)
  }

  function say(text: string): readonly Words[] {
    if (text !== '') hasAnswered = true
    return speech.say(text)
  }

  function refuse(text: string): readonly Words[] {
    hasRefused = true
    return say(text)
  }

  function take(value: unknown): readonly Words[] {
    const event = readEvent(value)
    if (event !== null) return takeEvent(event)
    const response = readResponse(value)
    if (response === null) throw new Trouble('unreadable', 'the response is none of the Responses API')
    return close(response, (response.status ?? 'completed') === 'completed')
  }

  function takeEvent(event: StreamEvent): readonly Words[] {
    const { type, delta, output_index: item, summary_index: part } = event
    if (type.startsWith('response.')) isResponse = true
    switch (type) {
      case 'response.reasoning_summary_text.delta':
        return think('summary', `${item} ${part}`, delta)
      // vLLM counts `content_index` on with every delta, so it tells no parts.
      case 'response.reasoning_text.delta':
        return think('raw', `${item}`, delta)
      case 'response.output_text.delta':
        return say(delta)
      case 'response.refusal.delta':
        return refuse(delta)
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        return close(event.response, type === 'response.completed')
      case 'error':
        throw failure({ message: event.message ?? 'no message', code: event.code, type: null })
      default:
        if (event.response) model = event.response.model || model
        return []
    }
  }

  /** The whole response: what a stream ends with, or all there is. */
  function close(response: WireResponseObject | null, isComplete: boolean): readonly Words[] {
    if (response === null) throw new Trouble('unreadable', 'the last event holds no response')
    isResponse = true
    model = response.model || model
    if (response.usage !== null) usage = response.usage
    const events = missing(response)
    const why = response.why ?? response.status ?? ''
    if (response.error || response.status === 'failed')
      failed = failure(response.error ?? { message: 'the response failed', code: null, type: null })
    else if (isComplete) reason = 'stop'
    else if (why === 'max_output_tokens') reason = 'length'
    else if (why === 'content_filter') reason = 'refused'
    else failed = new Trouble('cut', `the server broke off: ${why}`)
    return events
  }

  /** What the last event holds and no delta has brought: all of it, in a whole response. */
  function missing({ output }: WireResponseObject): readonly Words[] {
    const events: Words[] = []
    const thinking = output.filter((item) => item.type === 'reasoning')
    if (channel === null) {
      for (const [at, { content }] of thinking.entries())
        events.push(...think('raw', `${at}`, content.map((part) => part.text).join('')))
      for (const [at, { summary }] of thinking.entries())
        for (const [index, part] of summary.entries()) events.push(...think('summary', `${at} ${index}`, part.text))
    }
    if (hasAnswered) return events
    for (const part of output.filter((item) => item.type === 'message').flatMap((item) => item.content))
      events.push(...(part.refusal ? refuse(part.refusal) : say(part.text)))
    return events
  }

  function soFar(): SoFar {
    return { usage, model: model ?? askedModel, traceKind: speech.traceKind(channel ?? 'raw') }
  }

  function finish(): ReturnType<ReplyReader['finish']> {
    if (failed !== null) throw failed
    if (reason === null) {
      if (!isResponse) throw new Trouble('unreadable', 'the response is none of the Responses API')
      throw new Trouble('cut', 'the stream ended before the answer did')
    }
    return { type: 'finish', reason: hasRefused ? 'refused' : reason, ...soFar() }
  }

  const { rest, hasBegun } = speech
  return { take, rest, hasBegun, isFinished: () => reason !== null || failed !== null, soFar, finish }
}

function failure({ message, code, type }: WireError): Trouble {
  const status = STATUSES.get(String(code)) ?? statusIn(code)
  return new Trouble('refused', message, { status, reason: [code, type].filter(Boolean).join(' ') })
}
