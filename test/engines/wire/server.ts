import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises'

/** One answer of the server. Without `file` and `body` it has only a head. */
export interface WireReply {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A recorded file of this folder; its ending gives the content type. */
  readonly file?: string
  /** Instead of a file; objects are sent as JSON. */
  readonly body?: string | Uint8Array | object
  /** Sends the body in pieces of so many bytes, cutting lines, tags and characters. Default: at once. */
  readonly pieceBytes?: number
  /** Waits so long before each piece. */
  readonly paceMilliseconds?: number
  /** Sends only so many bytes of the body. */
  readonly stopAfterBytes?: number
  /**
   * What comes after the body: `end` (default); `cut`, the connection breaks; `stall`, silence on an open line
   * until the server is closed; `comments`, the same with keep-alive comments every few milliseconds.
   */
  readonly ending?: 'end' | 'cut' | 'stall' | 'comments'
  /** Breaks the connection before a byte is sent, or says nothing at all. */
  readonly instead?: 'reset' | 'silence'
}

interface WireRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** Parsed where it is JSON, else as text. */
  readonly body: unknown
  /** Of the client: another one for each connection. */
  readonly port: number | undefined
}

/** One reply for every request; a list, played in order, of which the last repeats; or a function. */
export type WireScript = WireReply | readonly WireReply[] | ((request: WireRequest, index: number) => WireReply)

/** Scripts by path, without the query (`/v1/chat/completions`); other paths get a 404. */
export interface WireRoutes {
  readonly routes: Readonly<Record<string, WireScript>>
}

export interface WireServer {
  /** Base URL with `/v1`. */
  readonly url: string
  /** What was asked so far, in order. */
  readonly requests: readonly WireRequest[]
  /** How many connections are open; shows whether a client that stopped has hung up. */
  countConnections(): Promise<number>
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
  sse: 'text/event-stream; charset=utf-8',
  json: 'application/json',
  html: 'text/html; charset=utf-8',
}

/** Starts a server on a free local port that plays recorded replies, whatever the path unless routes say else. */
export async function startWireServer(script: WireScript | WireRoutes): Promise<WireServer> {
  const requests: WireRequest[] = []
  const asked = new Map<unknown, number>()

  function choose(request: WireRequest): WireReply {
    const path = request.path.split('?')[0] ?? ''
    const own = isRoutes(script) ? script.routes[path] : script
    if (own === undefined) return { status: 404, body: { error: { message: `no route ${path}` } } }
    const index = asked.get(own) ?? 0
    asked.set(own, index + 1)
    if (typeof own === 'function') return own(request, index)
    if (!isList(own)) return own
    return own[Math.min(index, own.length - 1)] ?? { status: 500, body: 'the script is empty' }
  }

  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming)
    requests.push(request)
    await play(choose(request), response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    countConnections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A recorded file as bytes, for tests that compare or cut. */
export function readWireFile(name: string): Buffer {
  return readFileSync(new URL(name, import.meta.url))
}

/** A base URL at which nobody listens. */
export async function findDeadUrl(): Promise<string> {
  const server = await startWireServer({})
  await server.close()
  return server.url
}

function isRoutes(script: WireScript | WireRoutes): script is WireRoutes {
  return 'routes' in script
}

function isList(script: WireReply | readonly WireReply[]): script is readonly WireReply[] {
  return Array.isArray(script)
}

async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece)
  const text = Buffer.concat(pieces).toString('utf8')
  let body: unknown = text
  try {
    body = JSON.parse(text)
  } catch {
    // It stays the text that it is.
  }
  const { method = '', url: path = '', headers, socket } = incoming
  return { method, path, headers, body, port: socket.remotePort }
}

async function play(reply: WireReply, response: ServerResponse): Promise<void> {
  if (reply.instead === 'reset') response.socket?.resetAndDestroy()
  if (reply.instead !== undefined) return
  const { bytes, type } = readBody(reply)
  response.socket?.setNoDelay(true)
  response.writeHead(reply.status ?? 200, { ...(type === '' ? {} : { 'content-type': type }), ...reply.headers })
  response.flushHeaders()
  const end = Math.min(reply.stopAfterBytes ?? bytes.length, bytes.length)
  const step = reply.pieceBytes ?? Math.max(1, end)
  for (let start = 0; start < end && !response.destroyed; start += step) {
    if (reply.paceMilliseconds !== undefined) await pause(reply.paceMilliseconds)
    response.write(bytes.subarray(start, Math.min(start + step, end)))
    await breathe()
  }
  if (reply.ending === 'cut') response.write('', () => response.socket?.destroy())
  if (reply.ending === 'comments') {
    const timer = setInterval(() => response.write(': keep-alive\n\n'), 5)
    response.on('close', () => clearInterval(timer))
  }
  if (reply.ending === undefined || reply.ending === 'end') response.end()
}

function readBody({ file, body }: WireReply): { readonly bytes: Buffer; readonly type: string } {
  if (file !== undefined) return { bytes: readWireFile(file), type: TYPES[file.split('.').at(-1) ?? ''] ?? '' }
  if (body === undefined) return { bytes: Buffer.alloc(0), type: '' }
  if (typeof body === 'string') return { bytes: Buffer.from(body), type: '' }
  if (body instanceof Uint8Array) return { bytes: Buffer.from(body), type: '' }
  return { bytes: Buffer.from(JSON.stringify(body)), type: TYPES['json'] ?? '' }
}
