import { cleanCause, statusIn } from '../request/clean-cause.ts'
import { Trouble } from '../request/trouble.ts'

/** Statuses of the errors that Anthropic sends inside a stream. */
const STATUSES: ReadonlyMap<string, number> = new Map([
  ['overloaded_error', 529],
  ['rate_limit_error', 429],
  ['api_error', 500],
  ['timeout_error', 504],
  ['authentication_error', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['request_too_large', 413],
  ['invalid_request_error', 400],
])

/** Whether a provider's package says that the prompt was refused: Gemini's `blockReason`. */
export function isBlocked(error: unknown): boolean {
  return isRecord(error) && 'blockReason' in error
}

/** What the providers' packages throw, as the one loop takes it. Each has its own names for the same things. */
export function readError(error: unknown, otherwise: 'unreachable' | 'cut', redact: (text: string) => string): Trouble {
  if (error instanceof Trouble) return error
  const cause = cleanCause(error, redact)
  if (error instanceof SyntaxError)
    return new Trouble('unreadable', 'a line of the stream is not valid JSON', { cause })
  // Node's own fetch, which some packages use, has patience for 300 s.
  if (/^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/.test(cause.code)) return new Trouble('stalled', cause.message, { cause })
  // LangChain puts some errors into one of its own, without what the provider said.
  if (statusOf(error) === null && error instanceof Error && statusOf(error.cause) !== null)
    return readError(error.cause, otherwise, redact)
  const body = bodyOf(error)
  const said = findError(body)
  const type = stringOf(said['type']) ?? stringOf(said['status']) ?? ''
  const code = stringOf(said['code']) ?? ''
  const status = statusOf(error) ?? STATUSES.get(type) ?? statusIn(said['code'])
  if (status === null && stringOf(said['message']) === null) return withoutResponse(error, cause, otherwise)
  const message = redact(stringOf(said['message']) ?? withoutAdvice(cause.message))
  const details = redact(`${message} ${JSON.stringify(body ?? '')}`)
  const headers = headersOf(error, body)
  return new Trouble('refused', message, { status, reason: `${code} ${type}`.trim(), headers, details, cause })
}

/** The network, an empty reply, or a package that finds fault with the options before it asks anybody. */
function withoutResponse(
  error: unknown,
  cause: ReturnType<typeof cleanCause>,
  otherwise: 'unreachable' | 'cut',
): Trouble {
  const message = withoutAdvice(cause.message)
  const name = error instanceof Error ? error.name : ''
  if (/NoCandidates|EmptyContent/.test(name) || /received empty response/i.test(message))
    return new Trouble('unreadable', message, { cause })
  const isNetwork =
    cause.code !== '' || /fetch failed|terminated|connection|socket|network|premature|abort/i.test(message)
  return new Trouble(isNetwork || otherwise === 'cut' ? otherwise : 'unmade', message, { reason: cause.code, cause })
}

/** `{type: 'error', error: {…}}` (Anthropic), `{error: {…}}` (Google), or the inner object itself. */
function findError(body: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(body)) return typeof body === 'string' ? { message: body } : {}
  return isRecord(body['error']) ? body['error'] : body
}

function bodyOf(error: unknown): unknown {
  if (!isRecord(error)) return null
  const body = error['error'] ?? error['data'] ?? error['body'] ?? null
  if (typeof body !== 'string') return body
  try {
    return JSON.parse(body)
  } catch {
    return body.trim() === '' ? null : { message: /<html|<!doctype/i.test(body) ? 'an HTML page' : body.trim() }
  }
}

function statusOf(error: unknown): number | null {
  if (!isRecord(error)) return null
  const { status, statusCode, $metadata, response } = error
  const other = isRecord($metadata) ? $metadata['httpStatusCode'] : isRecord(response) ? response['status'] : null
  return [status, statusCode, other].find((one): one is number => typeof one === 'number') ?? null
}

/** With `retry-after` where Google says in the body how long to wait: `retryDelay: "7s"`. */
function headersOf(error: unknown, body: unknown): Headers {
  const given = isRecord(error)
    ? (error['headers'] ?? (isRecord(error['response']) ? error['response']['headers'] : null))
    : null
  const headers = new Headers()
  const entries = given instanceof Headers ? [...given] : isRecord(given) ? Object.entries(given) : []
  for (const [name, value] of entries) if (typeof value === 'string') headers.set(name, value)
  const delay = /"retryDelay":"(\d+(?:\.\d+)?)s"/.exec(JSON.stringify(body ?? ''))?.[1]
  if (delay !== undefined && !headers.has('retry-after')) headers.set('retry-after', delay)
  return headers
}

function withoutAdvice(message: string): string {
  return (message.split('\n\nTroubleshooting URL')[0] ?? '').trim()
}

function stringOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
