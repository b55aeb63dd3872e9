import type { Endpoint } from './endpoint.ts'
import { readEventStream } from './event-stream.ts'
import { readAll } from './http-body.ts'
import { askHttp, type HttpHeaders, type HttpRequest, type HttpResponse } from './http.ts'
import { asTrouble, readRefusal, refused } from './server-error.ts'
import { Trouble } from './trouble.ts'
import type { WireResponse } from './wire.ts'

/**
 * Asks a server that speaks one of OpenAI's protocols. Retries and time-outs are the engine's own. What it throws is a
 * {@link Trouble}.
 */
export interface OpenAiClient {
  /** Posts the body; resolves when the response begins. A whole response is given as one chunk. */
  post(path: string, body: Record<string, unknown>, signal: AbortSignal): Promise<WireResponse>
  /** What the server answers at `/models`; null where it is not JSON. */
  listModels(signal: AbortSignal): Promise<unknown>
}

/** Of a stream: what comes after it says nothing. */
const LAST_EVENT = '[DONE]'

export function createOpenAiClient({ url, query, authorization, redact }: Endpoint): OpenAiClient {
  const search = Object.keys(query).length === 0 ? '' : `?${new URLSearchParams(query)}`
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'content-type': 'application/json',
    'user-agent': 'whygraph',
    ...(authorization === null ? {} : { authorization }),
  }

  async function send(path: string, asked: Omit<HttpRequest, 'headers'>, signal: AbortSignal): Promise<HttpResponse> {
    try {
      const response = await askHttp(`${url}${path}${search}`, { headers, ...asked }, signal)
      if (response.status < 200 || response.status > 299) throw await readRefusal(response, redact)
      if (typeOf(response).includes('html')) throw notAModel(response.status)
      return response
    } catch (error) {
      throw asTrouble(error, 'unreachable', redact)
    }
  }

  async function post(path: string, body: Record<string, unknown>, signal: AbortSignal): Promise<WireResponse> {
    const response = await send(path, { method: 'POST', body: JSON.stringify(body) }, signal)
    // Asked for as a whole, or by a server that does not know `stream`.
    const isWhole = typeOf(response).endsWith('json')
    return { headers: response.headers, chunks: isWhole ? whole(response, redact) : streamed(response, redact) }
  }

  async function listModels(signal: AbortSignal): Promise<unknown> {
    const response = await send('/models', { method: 'GET', body: null }, signal)
    return parse(await textOf(response, redact)) ?? null
  }

  return { post, listModels }
}

function typeOf({ headers }: HttpResponse): string {
  return (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}

async function* streamed(response: HttpResponse, redact: Endpoint['redact']): AsyncGenerator<Iterable<unknown>> {
  try {
    let isOver = false
    for await (const events of readEventStream(response.body)) {
      // Read to its end all the same: a connection that is left before cannot be used again.
      if (isOver) continue
      const end: number = events.findIndex((data) => data.startsWith(LAST_EVENT))
      isOver = end !== -1
      yield parseEach(isOver ? events.slice(0, end) : events, response.headers, redact)
    }
  } catch (error) {
    throw asTrouble(error, 'cut', redact)
  }
}

/** One by one, so that what stands before a bad one is heard. */
function* parseEach(events: readonly string[], headers: HttpHeaders, redact: Endpoint['redact']): Generator<unknown> {
  for (const data of events) {
    const chunk = parse(data)
    if (chunk === undefined) throw new Trouble('unreadable', 'a line of the stream is not valid JSON')
    if (typeof chunk === 'object' && chunk !== null && 'error' in chunk && chunk.error)
      throw refused(null, chunk.error, headers, redact)
    yield chunk
  }
}

async function* whole(response: HttpResponse, redact: Endpoint['redact']): AsyncGenerator<readonly [unknown]> {
  const { status } = response
  const text = await textOf(response, redact)
  if (text.trim() === '') throw new Trouble('unreadable', 'the response is empty', { status })
  const chunk = parse(text)
  if (chunk === undefined) throw new Trouble('unreadable', 'the response is not valid JSON', { status })
  yield [chunk]
}

async function textOf(response: HttpResponse, redact: Endpoint['redact']): Promise<string> {
  try {
    return await readAll(response.body)
  } catch (error) {
    throw asTrouble(error, 'cut', redact)
  }
}

/** Undefined where it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function notAModel(status: number): Trouble {
  return new Trouble('unreadable', 'it answered with an HTML page, not with a reply', { status, reason: 'html' })
}
