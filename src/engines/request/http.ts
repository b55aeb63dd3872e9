import type { ClientRequest, IncomingMessage } from 'node:http'
import { bodyOf } from './http-body.ts'
import { clearer } from './http-error.ts'

// An import would load all that these modules can give, fetch among it.
const http = process.getBuiltinModule('node:http')
const https = process.getBuiltinModule('node:https')

/** What a server is asked. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  /** Null: none is sent. */
  readonly body: string | null
}

/** What it answers, from the moment at which its head has come. */
export interface HttpResponse {
  readonly status: number
  readonly headers: HttpHeaders
  /** In the pieces in which it comes. To be read to its end, or the request aborted. Throws where the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>
}

/** As `Headers` gives them. */
export interface HttpHeaders {
  get(name: string): string | null | undefined
}

/** How long it may take to reach a server. */
const CONNECT_MILLISECONDS = 10_000
/** As many as fetch follows. */
const MOST_REDIRECTS = 20

/**
 * Asks over HTTP, with the patience of whoever aborts. Not by fetch, which brings a parser in WebAssembly of 22 MB and
 * takes three times the computing. Node's own agents keep connections to be used again, and go through the proxy of the
 * environment where Node is told to (`NODE_USE_ENV_PROXY`). Follows redirects as fetch does.
 */
export async function askHttp(address: string, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  let url = new URL(address)
  let asked = request
  for (let redirects = 0; ; redirects++) {
    const message = await askOnce(url, asked, signal)
    const { statusCode: status = 0, headers } = message
    if (!isRedirect(status) || headers.location === undefined)
      return { status, headers: { get: (name) => headers[name]?.toString() }, body: bodyOf(message) }
    message.resume()
    if (redirects === MOST_REDIRECTS) throw new Error('it redirects again and again')
    const target = URL.parse(headers.location, url.href)
    if (target === null || !/^https?:$/.test(target.protocol)) throw new Error('it redirects to what is no web address')
    asked = redirected(asked, status, target.origin === url.origin)
    url = target
  }
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

/** Another server is not told the key. */
function redirected({ method, headers, body }: HttpRequest, status: number, isSameOrigin: boolean): HttpRequest {
  const { authorization: _key, ...others } = headers
  const kept = isSameOrigin ? headers : others
  if (status >= 307 || method === 'GET') return { method, headers: kept, body }
  const { 'content-type': _type, ...withoutBody } = kept
  return { method: 'GET', headers: withoutBody, body: null }
}

function askOnce(url: URL, { method, headers, body }: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error('aborted'))
    const request = (url.protocol === 'https:' ? https : http).request(url, { method, headers })
    signal.addEventListener('abort', () => request.destroy(), { once: true })
    request.on('response', resolve)
    request.on('error', (error) => reject(clearer(error)))
    limitConnecting(request)
    request.end(body)
  })
}

/** The system's own patience is some minutes. */
function limitConnecting(request: ClientRequest): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) return
    const giveUp = (): void => void request.destroy(tooSlow())
    const timer = setTimeout(giveUp, CONNECT_MILLISECONDS)
    for (const event of ['encrypted' in socket ? 'secureConnect' : 'connect', 'close'])
      socket.once(event, () => clearTimeout(timer))
  })
}

function tooSlow(): Error {
  const error = new Error(`not reached within ${CONNECT_MILLISECONDS / 1000} s`)
  return Object.assign(error, { code: 'ETIMEDOUT' })
}
