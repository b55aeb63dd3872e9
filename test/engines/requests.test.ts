import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createLimiter } from '../../src/engines/limiter.ts'
import { ANSWER, fakeClock, KEY, run, serve } from './wire/run.ts'
import { findDeadUrl, readWireFile, type WireReply } from './wire/server.ts'
import { SUBJECTS } from './wire/subjects.ts'

/** What must hold on every wire, since one loop asks on all of them. */
describe.each(SUBJECTS)('$name', ({ engineFor, streamed, whole, reasoning, traceKind, path, refusal }) => {
  const good = { file: streamed }
  /** So many bytes of the file that some of the reasoning has come, and the last event is whole. */
  const someBytes = (): number => {
    const bytes = readWireFile(streamed)
    const thought = bytes.indexOf(/gemini/.test(streamed) ? 'S1 says' : 'hat Zuzan')
    const end = /gemini/.test(streamed) ? '\r\n\r\n' : '\n\n'
    return bytes.indexOf(end, thought) + end.length
  }

  // Pieces cut lines, tags and UTF-8 characters.
  test.each([0, 5])('a stream, in pieces of %i bytes', async (pieceBytes) => {
    const server = await serve(pieceBytes === 0 ? good : { ...good, pieceBytes })
    const outcome = await run(await engineFor(server.url))
    expect(outcome).toMatchObject({ reasoning, answer: ANSWER, error: null, brokenOff: null })
    expect(outcome.finish).toMatchObject({
      reason: 'stop',
      traceKind,
      usage: { input: 412, cachedInput: 384, output: 96 },
    })
    expect(outcome.events.at(-1)?.type).toBe('finish')
    expect(server.requests[0]?.path.split('?')[0]).toBe(path)
    expect(JSON.stringify(server.requests[0]?.headers)).toContain(KEY)
  })

  test('a whole response', async () => {
    const { url } = await serve({ file: whole })
    const outcome = await run(await engineFor(url, { stream: false }))
    expect(outcome).toMatchObject({ reasoning, answer: ANSWER, error: null })
    expect(outcome.finish).toMatchObject({
      reason: 'stop',
      traceKind,
      usage: { input: 412, cachedInput: 384, output: 96 },
    })
  })

  test('bytes that are no UTF-8 cost no more than themselves', async () => {
    const body = Buffer.from(readWireFile(streamed))
    for (let at = body.indexOf('🧂'); at >= 0; at = body.indexOf('🧂')) body[at + 1] = 0x28
    const { url } = await serve({ headers: { 'content-type': 'text/event-stream' }, body })
    const { answer, finish } = await run(await engineFor(url))
    expect(finish).toMatchObject({ reason: 'stop' })
    expect(answer).toMatch(/leads Saltmarsh — \ufffd\(/)
  })

  describe('refused', () => {
    type Case = [status: number, message: string, code: string, fatal: boolean]
    test.each<Case>([
      [400, 'top_p is out of range', 'bad-request', false],
      [400, 'prompt is too long: 300000 tokens > 200000 maximum', 'too-long', false],
      [401, 'invalid key', 'unauthorized', true],
      [402, 'Insufficient Balance', 'no-balance', true],
      [403, 'no access to this model', 'forbidden', true],
      [403, 'the input was flagged by moderation', 'refused', false],
      [404, 'model: asked-model', 'not-found', true],
      [413, 'Request exceeds the maximum size', 'too-long', false],
      [422, 'messages: field required', 'bad-request', false],
      [429, 'You exceeded your current quota, please check your plan and billing details.', 'quota', true],
      [501, 'not implemented', 'server-error', false],
    ])('for good with %i (%s)', async (status, message, code, fatal) => {
      const server = await serve({ status, body: refusal(message) })
      const { error, events } = await run(await engineFor(server.url))
      expect(error).toMatchObject({ code, status, fatal, retryable: false })
      expect(error?.message).toContain(message)
      expect(error?.hint).toMatch(/\S/)
      expect(events).toEqual([])
      expect(server.requests).toHaveLength(1)
    })

    test.each([408, 409, 429, 500, 502, 503, 504, 529])('for now with %i', async (status) => {
      const server = await serve([{ status, body: refusal('later') }, good])
      const said: string[] = []
      const clock = fakeClock()
      const engine = await engineFor(server.url, { clock, say: (message) => said.push(message) })
      expect(await run(engine)).toMatchObject({ answer: ANSWER, error: null })
      expect(server.requests).toHaveLength(2)
      expect(clock.waits).toEqual([1000])
      expect(said).toHaveLength(1)
      expect(said[0]).toMatch(new RegExp(`: ${status}; waiting (?:1 s, then try 2 of 5|for its turn)$`))
    })

    test.each([429, 503, 529])('%i with retry-after: nobody else asks until then', async (status) => {
      const clock = fakeClock()
      const times: number[] = []
      const server = await serve((_, index) => {
        times.push(clock.now())
        return index === 0 ? { status, body: refusal('later'), headers: { 'retry-after': '7' } } : good
      })
      const engine = await engineFor(server.url, { clock, limiter: createLimiter({ requests: 1 }, clock) })
      const [one, other] = await Promise.all([run(engine), run(engine)])
      expect([one.error, other.error]).toEqual([null, null])
      expect(times).toHaveLength(3)
      expect(times.slice(1).every((at) => at - (times[0] ?? 0) >= 7000)).toBe(true)
    })

    test('until a day has passed: stops the job', async () => {
      const server = await serve({ status: 429, body: refusal('later'), headers: { 'retry-after': '86400' } })
      const { error } = await run(await engineFor(server.url))
      expect(error).toMatchObject({ code: 'rate-limited', status: 429, retryable: true, fatal: true })
      expect(error?.hint).toContain('24 hours')
      expect(server.requests).toHaveLength(1)
    })

    test('again and again: says why it gave up', async () => {
      const server = await serve({ status: 500, body: refusal('The server had an error') })
      const clock = fakeClock()
      const { error } = await run(await engineFor(server.url, { clock }))
      expect(clock.waits).toEqual([1000, 2000, 4000, 8000])
      expect(server.requests).toHaveLength(5)
      expect(error).toMatchObject({ code: 'server-error', status: 500, retryable: true, fatal: false })
    })
  })

  describe('broken', () => {
    test('before the first word: asks again', async () => {
      const server = await serve([{ instead: 'reset' }, { ...good, stopAfterBytes: 20, ending: 'cut' }, good])
      expect(await run(await engineFor(server.url))).toMatchObject({ reasoning, answer: ANSWER, error: null })
      expect(server.requests).toHaveLength(3)
    })

    test.each<[string, Partial<WireReply>, string]>([
      ['cut', { ending: 'cut' }, 'cut'],
      ['ended too early', {}, 'cut'],
      ['stalled', { ending: 'stall' }, 'stalled'],
    ])('in the middle (%s): what came is kept, and of which kind it is', async (_name, how, code) => {
      const server = await serve({ ...good, stopAfterBytes: someBytes(), ...how })
      const outcome = await run(await engineFor(server.url, { idleSeconds: 0.3 }))
      expect(outcome.error).toMatchObject({ code, retryable: true, fatal: false })
      expect(outcome.reasoning).toMatch(/^S1 says/)
      expect(reasoning.startsWith(outcome.reasoning)).toBe(true)
      expect(outcome.finish).toBeNull()
      expect(outcome.brokenOff).toMatchObject({ traceKind })
      expect(outcome.events.at(-1)?.type).toBe('broken-off')
      expect(server.requests).toHaveLength(1)
      if (how.ending !== undefined) await expect.poll(() => server.countConnections()).toBe(0)
    })

    test('nobody there: stops the job', async () => {
      const { error } = await run(await engineFor(await findDeadUrl(), { retries: 1 }))
      expect(error).toMatchObject({ code: 'unreachable', retryable: true, fatal: true })
      expect(error?.message).toContain('ECONNREFUSED')
    })

    test('aborted in the middle: stops at once and hangs up', async () => {
      const server = await serve({ ...good, stopAfterBytes: someBytes(), ending: 'stall' })
      const controller = new AbortController()
      const engine = await engineFor(server.url, { say: () => undefined })
      setTimeout(() => controller.abort(), 100)
      const { error, brokenOff } = await run(engine, controller.signal)
      expect(error).toMatchObject({ code: 'aborted', retryable: false })
      expect(brokenOff).toMatchObject({ traceKind })
      await expect.poll(() => server.countConnections()).toBe(0)
    })
  })

  test.each<[string, WireReply]>([
    ['in a refusal', { status: 401, body: refusal(`Bad key ${KEY}`, KEY) }],
    ['in a page', { status: 403, body: `<html>Bearer ${KEY}</html>` }],
    ['in a header', { status: 500, headers: { 'x-key': KEY }, body: refusal('broken') }],
  ])('the key, quoted %s, stands in no error, word or parameter', async (_name, reply) => {
    const { url } = await serve(reply)
    const said: string[] = []
    const engine = await engineFor(url, { retries: 1, say: (message) => said.push(message) })
    const { error } = await run(engine)
    expect(error).not.toBeNull()
    expect(inspect({ error, engine, said, stack: error?.stack }, { depth: 20, showHidden: true })).not.toContain(KEY)
  })
})

/** LangChain's packages keep the headers of what succeeds to themselves. */
describe.each(SUBJECTS.filter(({ name }) => !name.startsWith('langchain')))('$name', ({ engineFor, streamed }) => {
  test('the next request waits for what the headers say is left', async () => {
    const clock = fakeClock()
    const headers = {
      'x-ratelimit-limit-requests': '10',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '50s',
    }
    const { url } = await serve([{ file: streamed, headers }, { file: streamed }])
    const engine = await engineFor(url, { clock })
    await run(engine)
    expect(clock.waits).toEqual([])
    await run(engine)
    expect(clock.waits).toEqual([5000])
  })
})
