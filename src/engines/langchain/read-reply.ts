import type { FinishReason, Usage } from '../../model/reply.ts'
import type { Words } from '../engine.ts'
import { addUsage, NO_USAGE } from '../engine.ts'
import { createSpeech } from '../request/speech.ts'
import { Trouble } from '../request/trouble.ts'
import type { ReplyReader, SoFar } from '../request/wire.ts'
import { type Message, readMessage } from './message.ts'

/** In place of a message: the provider refused the prompt itself. */
export const REFUSED = Symbol('refused')

export interface ReadingOptions {
  readonly provider: string
  /** Stands in where the provider names no model. */
  readonly model: string
  readonly givesRawTrace: boolean
  /** A whole message has come in one, so that a missing reason to stop is none to worry about. */
  readonly isWhole: boolean
  /** Called once where reasoning is there, but encrypted. */
  readonly onWithheld: () => void
}

export function createReplyReader(options: ReadingOptions): ReplyReader {
  const speech = createSpeech()
  let model: string | null = null
  let usage: Usage = NO_USAGE
  let reason: FinishReason | null = null
  let brokenOff: string | null = null
  let hasCome = false
  let hasRefused = false
  let isRaw = options.givesRawTrace
  /** The block of the reasoning that spoke last; between blocks stands a blank line. */
  let lastBlock: number | null = null
  let hasThought = false

  function take(value: unknown): readonly Words[] {
    hasCome = true
    if (value === REFUSED) {
      reason = 'refused'
      return []
    }
    const message = readMessage(value)
    if (message === null) throw new Trouble('unreadable', 'a chunk is no message')
    model = message.model ?? model
    // The chunks of a stream bring what has been added since.
    usage = addUsage(usage, message.usage)
    const events = message.blocks.flatMap((block) => hear(block))
    if (message.reason !== null) stop(message.reason)
    return events
  }

  function hear(block: Message['blocks'][number]): readonly Words[] {
    if (block.type === 'withheld') options.onWithheld()
    if (block.type === 'refusal') hasRefused = true
    if (block.type === 'text') return speech.say(block.text)
    if (block.type !== 'reasoning' || block.text === '') return []
    if (block.isRaw) isRaw = true
    const separator = hasThought && block.index !== null && block.index !== lastBlock ? '\n\n' : ''
    hasThought = true
    lastBlock = block.index ?? lastBlock
    return speech.think(separator + block.text)
  }

  function stop(named: string): void {
    // @langchain/google turns a line that it cannot parse into a `stop`; Gemini's own is `STOP`.
    if (options.provider === 'google' && named === 'stop')
      throw new Trouble('unreadable', 'a line of the stream is not valid JSON')
    const kind = readReason(named)
    if (kind === null) brokenOff = named
    else if (reason !== 'refused') reason = hasRefused ? 'refused' : kind
  }

  function soFar(): SoFar {
    return { usage, model: model ?? options.model, traceKind: speech.traceKind(isRaw ? 'raw' : 'summary') }
  }

  function finish(): ReturnType<ReplyReader['finish']> {
    if (brokenOff !== null) throw new Trouble('cut', `the provider broke off: ${brokenOff}`)
    if (!hasCome) throw new Trouble('cut', 'the stream was empty', { reason: 'empty' })
    if (reason === null && !options.isWhole) throw new Trouble('cut', 'the stream ended before the answer did')
    return { type: 'finish', reason: reason ?? (hasRefused ? 'refused' : 'stop'), ...soFar() }
  }

  const { rest, hasBegun } = speech
  return { take, rest, hasBegun, isFinished: () => reason !== null, soFar, finish }
}

const LENGTH = /^(?:length|max_?(?:output_?)?tokens|model_length|model_context_window_exceeded)$/i
const REFUSAL =
  /^(?:refusal|content_filter(?:ed)?|safety|image_safety|recitation|language|blocklist|prohibited_content|spii|guardrail_intervened|error_toxic)$/i
const BROKEN = /^(?:error|other|malformed_\w+|unexpected_tool_call|finish_reason_unspecified|load|insufficient_\w+)$/i

/** What the providers call the end of a reply; null where it is none. */
function readReason(named: string): FinishReason | null {
  if (LENGTH.test(named)) return 'length'
  if (REFUSAL.test(named)) return 'refused'
  return BROKEN.test(named) ? null : 'stop'
}
