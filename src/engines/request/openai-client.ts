import OpenAI, { APIConnectionError, APIError } from 'openai'
import { cleanCause, statusIn } from './clean-cause.ts'
import type { Endpoint } from './endpoint.ts'
import { readEventStream } from './event-stream.ts'
import { patientFetch } from './patient-fetch.ts'
import { Trouble } from './trouble.ts'
import { LONGEST_TIMER } from './watch.ts'
import type { WireResponse } from './wire.ts'

/** The only file that knows the `openai` package. What it throws is a {@link Trouble}. */
export interface OpenAiClient {
  /** Posts the body; resolves when the response begins. A whole response is given as one chunk. */
  post(path: string, body: Record<string, unknown>, signal: AbortSignal): Promise<WireResponse>
  /** What the server answers at `/models`. */
  listModels(signal: AbortSignal): Promise<unknown>
}

/** Of a stream: what comes after it says nothing. */
const LAST_EVENT = '[DONE]'

export function createOpenAiClient(endpoint: Endpoint): OpenAiClient {
  const { url, query, authorization, redact } = endpoint
  const client = new OpenAI({
    baseURL: url,
    // The package insists on a key; what is really sent is the header below.
    apiKey: 'unused',
    defaultHeaders: { Authorization: authorization },
    defaultQuery: { ...query },
    // Without these the package would send ids and keys from OPENAI_* variables to whatever server is asked.
    adminAPIKey: null,
    organization: null,
    project: null,
    // Retries and time-outs are the engine's own, and nothing is written to the console.
    maxRetries: 0,
    timeout: LONGEST_TIMER,
    logLevel: 'off',
    fetch: fetchExplained,
  })

  async function post(path: string, body: Record<string, unknown>, signal: AbortSignal): Promise<WireResponse> {
    try {
      // `stream` is an option of the package beside the key of the body: it decides how the response is read.
      const response = await client.post(path, { body, signal, stream: true }).asResponse()
      const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
      if (type.includes('html')) throw notAModel(response.status)
      // Asked for as a whole, or by a server that does not know `stream`.
      const { headers } = response
      return { headers, chunks: type.endsWith('json') ? wholeAsChunk(response, redact) : chunksOf(response, redact) }
    } catch (error) {
      throw asTrouble(error, 'unreachable', redact)
    }
  }

  async function listModels(signal: AbortSignal): Promise<unknown> {
    try {
      const { data, response } = await client.get<unknown>('/models', { signal }).withResponse()
      if ((response.headers.get('content-type') ?? '').includes('html')) throw notAModel(response.status)
      return data
    } catch (error) {
      throw asTrouble(error, 'unreachable', redact)
    }
  }

  return { post, listModels }
}

async function* chunksOf(response: Response, redact: Endpoint['redact']): AsyncGenerator<Iterable<unknown>> {
  if (response.body === null) return
  try {
    let isOver = false
    for await (const events of readEventStream(response.body)) {
      // Read to its end all the same: a connection that is left before cannot be used again.
      if (isOver) continue
      const end: number = events.findIndex((data) => data.startsWith(LAST_EVENT))
      isOver = end !== -1
      yield readEach(isOver ? events.slice(0, end) : events, response.headers, redact)
    }
  } catch (error) {
    throw asTrouble(error, 'cut', redact)
  }
}

/** One by one, so that what stands before a bad one is heard. */
function* readEach(events: readonly string[], headers: Headers, redact: Endpoint['redact']): Generator<unknown> {
  for (const data of events) {
    let chunk: unknown
    try {
      chunk = JSON.parse(data)
    } catch (error) {
      throw asTrouble(error, 'cut', redact)
    }
    if (typeof chunk === 'object' && chunk !== null && 'error' in chunk && chunk.error)
      throw asTrouble(new APIError(undefined, chunk.error, undefined, headers), 'cut', redact)
    yield chunk
  }
}

async function* wholeAsChunk(response: Response, redact: Endpoint['redact']): AsyncGenerator<readonly [unknown]> {
  let text: string
  try {
    text = await response.text()
  } catch (error) {
    throw asTrouble(error, 'cut', redact)
  }
  if (text.trim() === '') throw new Trouble('unreadable', 'the response is empty', { status: response.status })
  try {
    yield [JSON.parse(text)]
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Trouble('unreadable', 'the response is not valid JSON', { status: response.status })
  }
}

async function fetchExplained(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await patientFetch(input, init)
  return response.ok ? response : explained(response)
}

/** The package reads `{error}` only; FastAPI says `{detail}`, older vLLM `{object: 'error', message}`. */
async function explained(response: Response): Promise<Response> {
  const text = await response.text()
  let error: unknown = text
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null) {
      error = 'error' in body ? body.error : 'detail' in body ? { message: JSON.stringify(body.detail) } : body
    }
  } catch {
    error = { message: /<html|<!doctype/i.test(text) ? 'an HTML page' : text.trim() }
  }
  return Response.json({ error }, { status: response.status, headers: withoutBodyHeaders(response.headers) })
}

/** They describe the body as it came, compressed perhaps. */
function withoutBodyHeaders(headers: Headers): Headers {
  const others = new Headers(headers)
  for (const name of ['content-type', 'content-length', 'content-encoding', 'transfer-encoding']) others.delete(name)
  return others
}

function notAModel(status: number): Trouble {
  return new Trouble('unreadable', 'it answered with an HTML page, not with a reply', {
    status,
    reason: 'html',
  })
}

function asTrouble(error: unknown, otherwise: 'unreachable' | 'cut', redact: Endpoint['redact']): Trouble {
  if (error instanceof Trouble) return error
  if (error instanceof SyntaxError) return new Trouble('unreadable', 'a line of the stream is not valid JSON')
  const cause = cleanCause(error, redact)
  if (error instanceof APIError && !(error instanceof APIConnectionError)) {
    // An error inside a stream has no HTTP status; some servers put one into its code (OpenRouter, vLLM).
    const status = error.status ?? statusIn(error.code)
    const said = sayWhatServerSaid(error)
    const reason = [error.code, error.type].filter((word) => typeof word === 'string').join(' ')
    const details = redact(`${said} ${JSON.stringify(error.error ?? '')}`)
    return new Trouble('refused', redact(said), { status, reason, headers: error.headers ?? null, details, cause })
  }
  return new Trouble(otherwise, cause.message, { reason: cause.code, cause })
}

function sayWhatServerSaid(error: { readonly error: unknown; readonly message: string }): string {
  const body = error.error
  if (typeof body === 'string') return body
  const message: unknown = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined
  if (typeof message === 'string') return message
  return error.message.replace(/^\d{3} /, '').replace(/^status code \(no body\)$/, '')
}
