import { cleanCause, statusIn } from './clean-cause.ts'
import type { Endpoint } from './endpoint.ts'
import { readAll } from './http-body.ts'
import type { HttpHeaders, HttpResponse } from './http.ts'
import { Trouble } from './trouble.ts'

/** What a response says that is none but an error: OpenAI's `{error}`, FastAPI's `{detail}`, a message, a page. */
export async function readRefusal(response: HttpResponse, redact: Endpoint['redact']): Promise<Trouble> {
  const text = await readAll(response.body)
  return refused(response.status, errorIn(text), response.headers, redact)
}

/** @param status null inside a stream, which has none; some servers put one into the code (OpenRouter, vLLM) */
export function refused(
  status: number | null,
  error: unknown,
  headers: HttpHeaders,
  redact: Endpoint['redact'],
): Trouble {
  const { message, code, type }: { message?: unknown; code?: unknown; type?: unknown } = Object(error)
  const said = typeof error === 'string' ? error : typeof message === 'string' ? message : JSON.stringify(error)
  return new Trouble('refused', redact(said), {
    status: status ?? statusIn(code),
    reason: [code, type].filter((word) => typeof word === 'string').join(' '),
    headers,
    details: redact(`${said} ${JSON.stringify(error)}`),
  })
}

/** What the connection, or we ourselves, threw. */
export function asTrouble(error: unknown, otherwise: 'unreachable' | 'cut', redact: Endpoint['redact']): Trouble {
  if (error instanceof Trouble) return error
  const cause = cleanCause(error, redact)
  return new Trouble(otherwise, cause.message, { reason: cause.code, cause })
}

function errorIn(text: string): unknown {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return /<html|<!doctype/i.test(text) ? 'an HTML page' : text.trim()
  }
  if (typeof body !== 'object' || body === null) return text
  // Older vLLM says `{object: 'error', message}`.
  return 'error' in body && body.error ? body.error : 'detail' in body ? JSON.stringify(body.detail) : body
}
