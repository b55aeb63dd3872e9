import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { promisify } from 'node:util'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createChatEngine } from '../../src/engines/chat.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { askHttp } from '../../src/engines/request/http.ts'
import { readAll } from '../../src/engines/request/http-body.ts'
import { ANSWER, fakeClock, KEY, run, serve, THINKING } from './wire/run.ts'
import { readWireFile } from './wire/server.ts'

const PATH = '/v1/chat/completions'
const FILE = 'deepseek.sse'

function engineFor(baseUrl: string): Engine {
  return createChatEngine({ model: 'asked-model', baseUrl, apiKey: KEY, clock: fakeClock(), retries: 0 })
}

describe('a redirect', () => {
  test.each([307, 308])('%i: asks there what was asked here', async (status) => {
    const moved = { status, headers: { location: '/new/completions?a=b' } }
    const server = await serve({ routes: { [PATH]: moved, '/new/completions': { file: FILE } } })
    expect(await run(engineFor(server.url))).toMatchObject({ reasoning: THINKING, answer: ANSWER, error: null })
    const [first, second] = server.requests
    expect(second).toMatchObject({ method: 'POST', path: '/new/completions?a=b', body: first?.body })
    expect(second?.headers.authorization).toBe(`Bearer ${KEY}`)
  })

  test.each([301, 302, 303])('%i: only looks what stands there', async (status) => {
    const moved = { status, headers: { location: 'new' } }
    const server = await serve({ routes: { [PATH]: moved, '/v1/chat/new': { status: 405, body: 'ask' } } })
    const { error } = await run(engineFor(server.url))
    expect(error).toMatchObject({ code: 'not-found', status: 405 })
    expect(server.requests[1]).toMatchObject({ method: 'GET', body: '' })
    expect(server.requests[1]?.headers).not.toHaveProperty('content-type')
  })

  test('to another server: it is not told the key', async () => {
    const other = await serve({ file: FILE })
    const { url } = await serve({ status: 307, headers: { location: `${other.url}/chat` } })
    expect(await run(engineFor(url))).toMatchObject({ answer: ANSWER, error: null })
    expect(JSON.stringify(other.requests)).not.toContain(KEY)
  })

  test.each([
    ['in a circle', PATH, 'redirects again and again'],
    ['to a file', 'file:///etc/passwd', 'no web address'],
    ['to what is no address', 'http://[', 'no web address'],
  ])('%s: says so', async (_name, location, words) => {
    const server = await serve({ status: 307, headers: { location } })
    const { error } = await run(engineFor(server.url))
    expect(error).toMatchObject({ code: 'unreachable' })
    expect(error?.message).toContain(words)
    expect(server.requests.length).toBeLessThanOrEqual(21)
  })

  test('without a target is a refusal', async () => {
    const { url } = await serve({ status: 301 })
    expect((await run(engineFor(url))).error).toMatchObject({ status: 301 })
  })
})

describe('compressed, though nobody asked for that', () => {
  const compressed = (bytes: Uint8Array) => ({
    gzip: gzipSync(bytes),
    deflate: deflateSync(bytes),
    br: brotliCompressSync(bytes),
  })

  test.each(['gzip', 'deflate', 'br'] as const)('%s is read', async (encoding) => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': encoding }
    const server = await serve({ headers, body: compressed(readWireFile(FILE))[encoding], pieceBytes: 50 })
    expect(await run(engineFor(server.url))).toMatchObject({ reasoning: THINKING, answer: ANSWER, error: null })
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity')
  })

  test('broken off: what came is kept', async () => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }
    const body = gzipSync(readWireFile(FILE))
    const { url } = await serve({ headers, body, stopAfterBytes: body.length - 20, pieceBytes: 50, ending: 'cut' })
    const { reasoning, error } = await run(engineFor(url))
    expect(error).toMatchObject({ code: 'cut' })
    expect(reasoning).not.toBe('')
  })

  test('what is not, for all its header says, cannot be read', async () => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' }
    const { url } = await serve({ headers, body: readWireFile(FILE) })
    expect((await run(engineFor(url))).error).toMatchObject({ code: 'cut' })
  })
})

test('a whole body is read without its byte order mark', async () => {
  const { url } = await serve({ body: Buffer.from('\ufeff{"Č": 1}'), pieceBytes: 1 })
  const request = { method: 'GET', headers: {}, body: null } as const
  const { status, headers, body } = await askHttp(url, request, new AbortController().signal)
  expect([status, headers.get('x-none'), await readAll(body)]).toEqual([200, undefined, '{"Č": 1}'])
})

test.each([
  ['http', 'no connection (HPE_INVALID_CONSTANT, '],
  ['https', 'no encrypted connection (ERR_SSL_WRONG_VERSION_NUMBER)'],
])('a server that does not speak %s', async (protocol, words) => {
  const server = createServer((socket) => socket.on('error', () => undefined).end('what?\r\n\r\n'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const { error } = await run(engineFor(`${protocol}://127.0.0.1:${port}/v1`))
  server.close()
  expect(error).toMatchObject({ code: 'unreachable', fatal: true })
  expect(error?.message).toContain(words)
})

describe('in a process of its own', () => {
  const chat = new URL('../../src/engines/chat.ts', import.meta.url).href
  /** Asks one question, and tells what of fetch was loaded. */
  async function askAlone(url: string, environment: Record<string, string>): Promise<unknown> {
    const script = `
      const { createChatEngine } = await import('${chat}')
      const engine = createChatEngine({ model: 'm', baseUrl: '${url}', apiKey: null, retries: 0 })
      let answer = ''
      for await (const event of engine.reason({ prompt: '' }, new AbortController().signal))
        if (event.type === 'answer-delta') answer += event.text
      console.log(JSON.stringify({ answer, fetch: process.moduleLoadList.filter((name) => name.includes('undici')) }))`
    const env = { ...process.env, NO_PROXY: '', no_proxy: '', ...environment }
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env })
    return JSON.parse(stdout)
  }

  test('nothing of fetch is loaded, which takes 22 MB, and no connection keeps it from its end', async () => {
    const { url } = await serve({ file: FILE })
    const started = performance.now()
    expect(await askAlone(url, {})).toEqual({ answer: ANSWER, fetch: [] })
    // Connections that may be used again are held for five seconds.
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test('the proxy that the environment names is asked, where Node is told to use it', async () => {
    const proxy = await serve({ file: FILE })
    const { origin } = new URL(proxy.url)
    const environment = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: origin, http_proxy: origin }
    expect(await askAlone('http://model.invalid/v1', environment)).toMatchObject({ answer: ANSWER })
    expect(proxy.requests[0]?.path).toBe('http://model.invalid/v1/chat/completions')
  })
})
