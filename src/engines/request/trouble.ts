import type { HttpHeaders } from './http.ts'

/**
 * What went wrong between us and a server, before it is put into words: `aborted` by the caller; `stalled`,
 * nothing came in time; `unmade`, the settings make no request that could be sent; `refused` by a status (or by an error inside a stream that says one); `unreachable`, no
 * response at all; `cut` in the middle of one; `unreadable`, a response that is no chat completion.
 */
export class Trouble extends Error {
  readonly kind: 'aborted' | 'stalled' | 'unmade' | 'refused' | 'unreachable' | 'cut' | 'unreadable'
  readonly status: number | null
  /** The server's `error.code` or `error.type`, or the network's code (`ECONNREFUSED`). */
  readonly reason: string
  readonly headers: HttpHeaders | null
  /** What the server said about it, whole; `message` may be shortened for people. */
  readonly details: string

  constructor(
    kind: Trouble['kind'],
    message: string,
    more: {
      status?: number | null
      reason?: string
      headers?: HttpHeaders | null
      details?: string
      cause?: unknown
    } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause })
    this.name = 'Trouble'
    this.kind = kind
    this.status = more.status ?? null
    this.reason = more.reason ?? ''
    this.headers = more.headers ?? null
    this.details = more.details ?? message
  }
}
