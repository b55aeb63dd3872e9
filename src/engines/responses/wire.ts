import type { Usage } from '../../model/reply.ts'
import {
  codeOf,
  countOf,
  type Fields,
  fieldsOf,
  listOf,
  numberOf,
  readWireError,
  textOf,
  type WireError,
} from '../request/fields.ts'

/** One event of a stream. */
export interface StreamEvent {
  readonly type: string
  readonly delta: string
  readonly output_index: number | null
  readonly summary_index: number | null
  /** Of those that begin and end a stream. */
  readonly response: WireResponseObject | null
  /** Of an `error` event. */
  readonly message: string | null
  readonly code: string | number | null
}

/** What a whole answer is, and streams end with. */
export interface WireResponseObject {
  readonly object: string | null
  readonly model: string | null
  readonly status: string | null
  /** Why it is incomplete. */
  readonly why: string | null
  readonly error: WireError | null
  readonly output: readonly OutputItem[]
  readonly usage: Usage | null
}

/** `reasoning`: a provider's `summary`, or the raw trace in `content` (open-weight servers); `message`: the answer. */
interface OutputItem {
  readonly type: string | null
  readonly summary: readonly Part[]
  readonly content: readonly Part[]
}

interface Part {
  readonly text: string
  readonly refusal: string
}

/** Null where it is none. */
export function readEvent(value: unknown): StreamEvent | null {
  const event = fieldsOf(value)
  const type = textOf(event?.['type'])
  if (event === null || type === null) return null
  const response = fieldsOf(event['response'])
  return {
    type,
    delta: textOf(event['delta']) ?? '',
    output_index: numberOf(event['output_index']),
    summary_index: numberOf(event['summary_index']),
    response: response === null ? null : readFields(response),
    message: textOf(event['message']),
    code: codeOf(event['code']),
  }
}

/** A whole response; null where it is none. */
export function readResponse(value: unknown): WireResponseObject | null {
  const fields = fieldsOf(value)
  if (fields === null) return null
  const response = readFields(fields)
  return response.object === 'response' || response.output.length > 0 || response.error !== null ? response : null
}

function readFields(response: Fields): WireResponseObject {
  const error = fieldsOf(response['error'])
  const usage = fieldsOf(response['usage'])
  return {
    object: textOf(response['object']),
    model: textOf(response['model']),
    status: textOf(response['status']),
    why: textOf(fieldsOf(response['incomplete_details'])?.['reason']),
    error: error === null ? null : readWireError(error),
    output: objectsOf(response['output']).map((item) => ({
      type: textOf(item['type']),
      summary: readParts(item['summary']),
      content: readParts(item['content']),
    })),
    usage: usage === null ? null : readUsage(usage),
  }
}

function readParts(value: unknown): readonly Part[] {
  return objectsOf(value).map((part) => ({ text: textOf(part['text']) ?? '', refusal: textOf(part['refusal']) ?? '' }))
}

function objectsOf(value: unknown): readonly Fields[] {
  return (listOf(value) ?? []).map(fieldsOf).filter((fields) => fields !== null)
}

function readUsage(usage: Fields): Usage {
  return {
    input: countOf(usage['input_tokens']),
    cachedInput: countOf(fieldsOf(usage['input_tokens_details'])?.['cached_tokens']),
    output: countOf(usage['output_tokens']),
    reasoning: countOf(fieldsOf(usage['output_tokens_details'])?.['reasoning_tokens']),
  }
}
