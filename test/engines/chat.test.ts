import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createChatEngine } from '../../src/engines/chat.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { createLimiter } from '../../src/engines/limiter.ts'
import type { OpenAiSettings } from '../../src/engines/request/remote-settings.ts'
import { UsageError } from '../../src/model/errors.ts'
import type { TraceKind, Usage } from '../../src/model/reply.ts'
import { ANSWER, fakeClock, KEY, type Outcome, REQUEST, run, serve, THINKING } from './wire/run.ts'
import { findDeadUrl, readWireFile } from './wire/server.ts'
import type { WireReply, WireScript } from './wire/server.ts'

function engineFor(url: string, settings: Partial<OpenAiSettings> = {}, clock = fakeClock()): Engine {
  return createChatEngine({ model: 'asked-model', baseUrl: url, apiKey: KEY, clock, ...settings })
}

async function ask(script: WireScript, settings: Partial<OpenAiSettings> = {}): Promise<Outcome> {
  const { url } = await serve(script)
  return run(engineFor(url, settings))
}

describe('the reply of every wire', () => {
  const cached = { input: 412, cachedInput: 384, output: 96, reasoning: 40 }
  const plain = { input: 412, cachedInput: null, output: 96, reasoning: null }
  const silent = { input: null, cachedInput: null, output: null, reasoning: null }
  const wires: [file: string, model: string, traceKind: TraceKind, usage: Usage][] = [
    ['deepseek.sse', 'deepseek-chat', 'raw', cached],
    ['vllm.sse', 'local/r1-distill', 'raw', plain],
    ['ollama.sse', 'qwen3:8b', 'raw', plain],
    ['openrouter.sse', 'deepseek/deepseek-r1', 'raw', { ...cached, cachedInput: 0, cost: 0.000231 }],
    ['openrouter-claude.sse', 'anthropic/claude-example', 'summary', { ...cached, cachedInput: 0, cost: 0.000231 }],
    ['openrouter-summary.sse', 'openai/o-example', 'summary', { ...cached, cachedInput: 0, cost: 0.000231 }],
    ['llama-inline.sse', 'r1-distill.gguf', 'raw', plain],
    ['llama-no-opening.sse', 'r1-distill.gguf', 'raw', plain],
    ['llama-no-closing.sse', 'r1-distill.gguf', 'raw', plain],
    ['llama-both.sse', 'r1-distill.gguf', 'raw', silent],
  ]

  // Pieces of 1 and 7 bytes cut lines, tags and UTF-8 characters at every border.
  const sizes = (file: string) => (['deepseek.sse', 'llama-inline.sse'].includes(file) ? [0, 1, 7] : [0, 7])
  test.each(wires.flatMap((wire) => sizes(wire[0]).map((pieceBytes) => [...wire, pieceBytes] as const)))(
    '%s (%s)',
    async (file, model, traceKind, usage, pieceBytes) => {
      const reply: WireReply = pieceBytes === 0 ? { file } : { file, pieceBytes }
      const { reasoning, answer, finish, error, events } = await ask(reply)
      expect(error).toBeNull()
      expect(reasoning.trim()).toBe(THINKING)
      expect(answer.trim()).toBe(ANSWER)
      expect(finish).toEqual({ type: 'finish', reason: 'stop', usage, model, traceKind })
      expect(events.filter(({ type }) => type === 'finish')).toHaveLength(1)
      expect(events.at(-1)?.type).toBe('finish')
    },
  )

  test.each([
    ['deepseek.json', 'deepseek-chat', cached],
    ['vllm.json', 'local/r1-distill', plain],
  ])('%s, whole', async (file, model, usage) => {
    const server = await serve({ file })
    const { reasoning, answer, finish } = await run(engineFor(server.url, { stream: false }))
    expect([reasoning, answer]).toEqual([THINKING, ANSWER])
    expect(finish).toEqual({ type: 'finish', reason: 'stop', usage, model, traceKind: 'raw' })
    expect(server.requests[0]?.body).toMatchObject({ stream: false })
    expect(server.requests[0]?.body).not.toHaveProperty('stream_options')
  })

  test('a server that does not know `stream` and answers as a whole', async () => {
    const { reasoning, answer } = await ask({ file: 'deepseek.json' })
    expect([reasoning, answer]).toEqual([THINKING, ANSWER])
  })

  test('a server that streams whatever it is asked for', async () => {
    const { answer } = await ask({ file: 'vllm.sse' }, { stream: false })
    expect(answer.trim()).toBe(ANSWER)
  })

  test('cut by the budget before an answer', async () => {
    const { answer, reasoning, finish } = await ask({ file: 'vllm-length.sse' })
    expect([reasoning, answer]).toEqual([THINKING, ''])
    expect(finish).toMatchObject({ reason: 'length', usage: { output: 40 }, traceKind: 'raw' })
  })

  test('no thinking at all is said', async () => {
    const body = { choices: [{ message: { content: '{}' }, finish_reason: 'stop' }] }
    const { finish } = await ask({ body })
    expect(finish).toMatchObject({ traceKind: 'none', model: 'asked-model' })
  })

  test('an empty thought is none', async () => {
    const body = { choices: [{ message: { content: '<think>\n\n</think>\n{}' }, finish_reason: 'stop' }] }
    expect((await ask({ body })).finish).toMatchObject({ traceKind: 'none' })
  })

  test('content in parts, as Mistral sends it', async () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'S1 says so.' }] },
      { type: 'text', text: '{}' },
    ]
    const { reasoning, answer } = await ask({ body: { choices: [{ message: { content }, finish_reason: 'stop' }] } })
    expect([reasoning, answer]).toEqual(['S1 says so.', '{}'])
  })

  test('reasoning that a server counts beside the completion belongs to the output', async () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 35,
      completion_tokens_details: { reasoning_tokens: 20 },
    }
    const { finish } = await ask({ body: { choices: [{ message: { content: '{}' }, finish_reason: 'stop' }], usage } })
    expect(finish?.usage).toEqual({ input: 10, cachedInput: null, output: 25, reasoning: 20 })
  })

  test.each<[string, object, object]>([
    ['counted nowhere but in the total', {}, { output: 603, reasoning: 405 }],
    ['counted, beside a total that holds more', { reasoning_tokens: 100 }, { output: 198, reasoning: 100 }],
  ])('reasoning %s', async (_name, completion_tokens_details, usage) => {
    const counted = { prompt_tokens: 20, completion_tokens: 198, total_tokens: 623, completion_tokens_details }
    const choices = [{ message: { content: '{}' }, finish_reason: 'stop' }]
    expect((await ask({ body: { choices, usage: counted } })).finish?.usage).toMatchObject(usage)
  })

  test('fields of an unexpected kind are passed over', async () => {
    const message = { content: '{}', reasoning: { effort: 'high' }, reasoning_details: 'none', refusal: 0 }
    const body = { model: 7, usage: { prompt_tokens: '?' }, choices: [{ message, finish_reason: 'stop' }] }
    const { answer, finish, error } = await ask({ body })
    expect([answer, error]).toEqual(['{}', null])
    expect(finish?.usage.input).toBeNull()
  })

  test.each([
    ['refused.sse', "I'm sorry, I cannot help with that."],
    ['content-filter.sse', '{"summary": '],
  ])('%s is a refusal', async (file, answer) => {
    expect(await ask({ file })).toMatchObject({ answer, finish: { reason: 'refused' }, error: null })
  })

  test('a refusal is not at its end with the first word', async () => {
    const stopAfterBytes = readWireFile('refused.sse').lastIndexOf('"finish_reason":"')
    const { answer, error, finish } = await ask({ file: 'refused.sse', stopAfterBytes, ending: 'cut' })
    expect(answer).toMatch(/^I'm sorry/)
    expect([error?.code, finish]).toEqual(['cut', null])
  })

  test('what comes after [DONE] says nothing', async () => {
    const body = Buffer.concat([readWireFile('vllm.sse'), Buffer.from('data: {"error":"late"}\n\ndata: no JSON\n\n')])
    const { answer, error } = await ask({ headers: { 'content-type': 'text/event-stream' }, body })
    expect([answer.trim(), error]).toEqual([ANSWER, null])
  })

  test('a connection serves again once its reply has ended', async () => {
    const ports = new Set<string>()
    const server = await serve((request) => {
      ports.add(String(request.port))
      return { file: 'deepseek.sse', pieceBytes: 10 }
    })
    const engine = engineFor(server.url)
    for (let reply = 0; reply < 8; reply++) expect((await run(engine)).answer).toBe(ANSWER)
    // The client opens a second one where the first has only just become free.
    expect(ports.size).toBeLessThanOrEqual(2)
  })

  test('a line left open after the last word is no stall', async () => {
    const { answer, finish } = await ask({ file: 'vllm.sse', ending: 'stall' }, { idleSeconds: 0.3 })
    expect(answer.trim()).toBe(ANSWER)
    expect(finish).toMatchObject({ reason: 'stop', usage: plain })
  })
})

describe('the request', () => {
  test('is one user message, and what the settings say', async () => {
    const server = await serve({ file: 'deepseek.sse' })
    const settings = { temperature: 0.6, topP: 0.95, maxOutputTokens: 4000, reasoningEffort: 'high' }
    await run(engineFor(`${server.url}/`, { ...settings, body: { thinking: { type: 'enabled' } } }))
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/v1/chat/completions' })
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
    expect(server.requests[0]?.body).toEqual({
      model: 'asked-model',
      messages: [{ role: 'user', content: REQUEST.prompt }],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.6,
      top_p: 0.95,
      max_tokens: 4000,
      reasoning_effort: 'high',
      thinking: { type: 'enabled' },
    })
  })

  test('carries no key where there is none, whatever the environment holds', async () => {
    const server = await serve({ file: 'ollama.sse' })
    process.env['OPENAI_ADMIN_KEY'] = 'sk-admin-0123456789'
    process.env['OPENAI_ORG_ID'] = 'org-0123456789'
    try {
      await run(engineFor(server.url, { apiKey: null }))
    } finally {
      delete process.env['OPENAI_ADMIN_KEY']
      delete process.env['OPENAI_ORG_ID']
    }
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
    expect(JSON.stringify(server.requests[0]?.headers)).not.toMatch(/admin|org-/)
  })

  test('sends a login and a query of the base URL, and shows neither', async () => {
    const server = await serve({ status: 404, file: 'error-404-ollama.json' })
    const url = `${server.url.replace('http://', 'http://ana:pass-word-1@')}?api-version=preview&key=query-secret`
    const engine = engineFor(url, { apiKey: null })
    const { error } = await run(engine)
    const [request] = server.requests
    expect(request?.path).toMatch(/^\/v1\/chat\/completions\?api-version=preview&key=query-secret$/)
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('ana:pass-word-1').toString('base64')}`)
    expect(inspect({ error, engine }, { depth: 20 })).not.toMatch(/pass-word|query-secret/)
  })

  test.each([
    ['error-400-stream-options.json', 400],
    ['error-422-fastapi.json', 422],
  ])('goes without usage where the server refuses that (%s), and remembers it', async (file, status) => {
    const server = await serve([{ status, file }, { file: 'llama-both.sse' }])
    const clock = fakeClock()
    const engine = engineFor(server.url, { retries: 0 }, clock)
    expect((await run(engine)).answer).toBe(ANSWER)
    expect((await run(engine)).answer).toBe(ANSWER)
    expect(server.requests.map(({ body }) => 'stream_options' in (body as object))).toEqual([true, false, false])
    expect(clock.waits).toEqual([])
  })

  test('names the token limit as the server wants it', async () => {
    const server = await serve([{ status: 400, file: 'error-400-max-tokens.json' }, { file: 'openrouter.sse' }])
    expect((await run(engineFor(server.url, { maxOutputTokens: 99 }))).answer).toBe(ANSWER)
    expect(server.requests[1]?.body).toMatchObject({ max_completion_tokens: 99 })
    expect(server.requests[1]?.body).not.toHaveProperty('max_tokens')
  })
})

describe('refusals without a second try', () => {
  const cases: [status: number, reply: WireReply, code: string, fatal: boolean, words: RegExp, hint: RegExp][] = [
    [400, { file: 'error-400-too-long.json' }, 'too-long', false, /maximum context length/, /chunks smaller/],
    [400, { body: { error: { message: 'top_p is out of range' } } }, 'bad-request', false, /top_p/, /topP/],
    [400, { body: { error: { message: 'Model Not Exist' } } }, 'not-found', true, /Model Not Exist/, /asked-model/],
    [401, { file: 'error-401.json' }, 'unauthorized', true, /refused the API key \(401\)/, /MY_KEY/],
    [402, { file: 'error-402.json' }, 'no-balance', true, /Insufficient Balance/, /Top up/],
    [403, { body: { error: { message: 'No access' } } }, 'forbidden', true, /No access/, /MY_KEY/],
    [403, { body: { error: { message: 'Your input was flagged' } } }, 'refused', false, /flagged/, /filters/],
    [404, { file: 'error-404-ollama.json' }, 'not-found', true, /try pulling it first/, /usually ends in \/v1/],
    [404, { file: 'page.html' }, 'not-found', true, /an HTML page/, /usually ends in \/v1/],
    [413, { body: 'Payload Too Large' }, 'too-long', false, /Payload Too Large/, /chunks smaller/],
    [422, { body: { detail: 'messages: field required' } }, 'bad-request', false, /field required/, /settings/],
    [
      429,
      { body: { error: { message: 'Request too large for m on tokens per min' } } },
      'too-long',
      false,
      /per min/,
      /chunks/,
    ],
    [429, { file: 'error-429-quota.json' }, 'quota', true, /quota is used up/, /Raise the quota/],
    [501, {}, 'server-error', false, /501/, /base URL/],
  ]

  test.each(cases)('%i %o', async (status, reply, code, fatal, words, hint) => {
    const server = await serve({ ...reply, status })
    const { error, events } = await run(engineFor(server.url, { apiKeyName: 'MY_KEY' }))
    expect(error).toMatchObject({ code, status, fatal, retryable: false, engine: 'chat' })
    expect(error?.message).toMatch(words)
    expect(error?.message).toContain(new URL(server.url).host)
    expect(error?.hint).toMatch(hint)
    expect(events).toEqual([])
    expect(server.requests).toHaveLength(1)
  })

  test('a missing key is asked for by its name', async () => {
    const { error } = await ask({ status: 401, file: 'error-401.json' }, { apiKey: null })
    expect(error?.message).toMatch(/it wants an API key/)
    expect(error?.hint).toMatch(/^Set OPENAI_API_KEY for 127/)
  })
})

describe('tries again while nothing has arrived', () => {
  test('takes up to a half off by chance', async () => {
    const { url } = await serve([{ status: 500 }, { file: 'deepseek.sse' }])
    const clock = { ...fakeClock(), random: () => 0.5 }
    await run(engineFor(url, {}, clock))
    expect(clock.waits).toEqual([750])
  })

  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Fri, 13 Nov 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': '0' }, 1000],
    [{ 'retry-after': '-1' }, 1000],
    [{ 'retry-after': 'Fri, 13 Nov 2020 00:00:30 GMT' }, 1000],
    [{ 'retry-after': 'soon' }, 1000],
  ])('as the server asks: %o', async (headers, wait) => {
    const { url } = await serve([{ status: 429, file: 'error-429.json', headers }, { file: 'deepseek.sse' }])
    const clock = fakeClock()
    expect((await run(engineFor(url, {}, clock))).error).toBeNull()
    expect(clock.waits).toEqual([wait])
  })

  test('a rate limit in the words of a quota is waited for', async () => {
    const message = 'You exceeded your current quota. Please retry in 12s.'
    const { error } = await ask([{ status: 429, body: { error: { message } } }, { file: 'deepseek.sse' }])
    expect(error).toBeNull()
  })

  test('after a reset before the first byte', async () => {
    expect(await ask([{ instead: 'reset' }, { file: 'deepseek.sse' }])).toMatchObject({ answer: ANSWER, error: null })
  })

  test.each<[string, WireReply]>([
    ['an empty body', { headers: { 'content-type': 'text/event-stream' } }],
    ['an empty JSON body', { headers: { 'content-type': 'application/json' } }],
    ['broken JSON', { headers: { 'content-type': 'application/json' }, body: '{"choices": [' }],
    ['a cut before the first word', { file: 'deepseek.sse', stopAfterBytes: 60, ending: 'cut' }],
    [
      'an error in the stream',
      { headers: { 'content-type': 'text/event-stream' }, body: 'data: {"error":"busy"}\n\n' },
    ],
    ['an error with status 200', { body: { error: { code: 502, message: 'Provider returned error' } } }],
    ['an error as vLLM had it', { body: { object: 'error', message: 'engine died', code: 500 } }],
    ['no object', { body: [] }],
  ])('after %s', async (_name, reply) => {
    const server = await serve([reply, { file: 'deepseek.sse' }])
    expect(await run(engineFor(server.url))).toMatchObject({ answer: ANSWER, error: null })
    expect(server.requests).toHaveLength(2)
  })

  test('nobody listens: says where, and that the job should stop', async () => {
    const url = await findDeadUrl()
    const clock = fakeClock()
    const { error } = await run(engineFor(url, { retries: 2 }, clock))
    expect(error).toMatchObject({ code: 'unreachable', retryable: true, fatal: true })
    expect(error?.message).toMatch(/ECONNREFUSED/)
    expect(error?.hint).toContain(url)
    expect(clock.waits).toHaveLength(2)
  })
})

describe('once something has arrived', () => {
  /** So many bytes of the file that the last event is whole. */
  const stopAfterBytes = readWireFile('deepseek.sse').indexOf('\n\n', 1200) + 2

  test.each<[string, WireReply, string]>([
    ['a cut', { file: 'deepseek.sse', stopAfterBytes: 1200, ending: 'cut' }, 'cut'],
    ['a stream that just ends', { file: 'deepseek.sse', stopAfterBytes }, 'cut'],
    ['a stall', { file: 'deepseek.sse', stopAfterBytes, ending: 'stall' }, 'stalled'],
    ['a stall behind comments', { file: 'deepseek.sse', stopAfterBytes, ending: 'comments' }, 'stalled'],
  ])('%s is thrown, and the part is kept', async (_name, reply, code) => {
    const server = await serve(reply)
    const { error, reasoning, finish } = await run(engineFor(server.url, { idleSeconds: 0.3 }))
    expect(error).toMatchObject({ code, retryable: true, fatal: false })
    expect(THINKING.startsWith(reasoning)).toBe(true)
    expect(reasoning).toMatch(/^S1 says/)
    expect(finish).toBeNull()
    expect(server.requests).toHaveLength(1)
  })

  test('what was held back is let out before the error', async () => {
    const server = await serve({ file: 'llama-no-opening.sse', stopAfterBytes: 2500, ending: 'cut' })
    const { error, reasoning, answer } = await run(engineFor(server.url))
    expect(error?.code).toBe('cut')
    expect(reasoning).toBe('')
    expect(answer.length).toBeGreaterThan(10)
    expect(THINKING.startsWith(answer)).toBe(true)
    expect(server.requests).toHaveLength(1)
  })

  test.each([
    ['bad-line.sse', 'bad-response', null, /not valid JSON/],
    ['no-finish.sse', 'cut', null, /ended before the answer/],
    ['deepseek-no-capacity.sse', 'cut', null, /insufficient_system_resource/],
    ['openrouter-error.sse', 'server-error', 502, /Provider returned error/],
  ])('%s', async (file, code, status, words) => {
    const server = await serve({ file })
    const { error, reasoning } = await run(engineFor(server.url))
    expect(error).toMatchObject({ code, retryable: true, ...(status === null ? {} : { status }) })
    expect(error?.message).toMatch(words)
    expect(reasoning.trim()).toMatch(/^S1 says/)
    expect(server.requests).toHaveLength(1)
  })
})

describe('blank content, as DeepSeek sends it at times', () => {
  const usage = { prompt_tokens: 10, completion_tokens: 2 }
  const blank = (reasoning_content = '') => ({
    body: { choices: [{ message: { content: '\n\n', reasoning_content }, finish_reason: 'stop' }], usage },
  })

  test('is a reply: whoever keeps the budget asks again', async () => {
    const server = await serve(blank())
    const { answer, finish, error } = await run(engineFor(server.url))
    expect([answer, error]).toEqual(['\n\n', null])
    expect(finish).toMatchObject({ reason: 'stop', traceKind: 'none', usage: { input: 10 } })
    expect(server.requests).toHaveLength(1)
  })

  test('after thinking is a reply that was paid for, and kept', async () => {
    const server = await serve(blank('S1 says so.'))
    const { reasoning, finish } = await run(engineFor(server.url))
    expect([reasoning, finish?.traceKind]).toEqual(['S1 says so.', 'raw'])
    expect(server.requests).toHaveLength(1)
  })

  test('cut by the budget is not asked for again', async () => {
    const body = { choices: [{ message: { content: '' }, finish_reason: 'length' }] }
    const server = await serve({ body })
    expect((await run(engineFor(server.url))).finish).toMatchObject({ reason: 'length' })
    expect(server.requests).toHaveLength(1)
  })

  test('before the first word is kept with it', async () => {
    const body = ['\\n', '{}'].map((text) => `data: {"choices":[{"delta":{"content":"${text}"}}]}\n\n`).join('')
    const end = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'
    const { answer } = await ask({ headers: { 'content-type': 'text/event-stream' }, body: body + end })
    expect(answer).toBe('\n{}')
  })
})

describe('tries that brought tokens and no word', () => {
  const wordless = { body: { choices: [], usage: { prompt_tokens: 10, completion_tokens: 7 } } }

  test('count with the reply that comes', async () => {
    const { answer, finish } = await ask([wordless, wordless, { file: 'deepseek.json' }])
    expect(answer).toBe(ANSWER)
    expect(finish?.usage).toEqual({ input: 432, cachedInput: 384, output: 110, reasoning: 40 })
  })

  test('are told where none comes', async () => {
    const { error, brokenOff, events } = await ask([wordless, wordless, { status: 400, body: 'top_p' }])
    expect(error).toMatchObject({ code: 'bad-request', mayCost: true })
    expect(brokenOff?.usage).toMatchObject({ input: 20, output: 14 })
    expect(events).toHaveLength(1)
  })

  test('are told where the request is aborted meanwhile', async () => {
    const { url } = await serve(wordless)
    const controller = new AbortController()
    const { error, brokenOff } = await run(engineFor(url, { say: () => controller.abort() }), controller.signal)
    expect(error).toMatchObject({ code: 'aborted' })
    expect(brokenOff?.usage).toMatchObject({ input: 10, output: 7 })
  })
})

describe('a request that never went out', () => {
  test.each<[string, WireReply, boolean]>([
    ['after a refusal', { status: 500 }, false],
    ['after a cut', { file: 'deepseek.sse', stopAfterBytes: 60, ending: 'cut' }, true],
  ])('cannot cost anything; between tries, %s, it depends on that', async (_name, reply, mayCost) => {
    const { url } = await serve(reply)
    const controller = new AbortController()
    const { error } = await run(engineFor(url, { say: () => controller.abort() }), controller.signal)
    expect(error).toMatchObject({ code: 'aborted', mayCost })
  })

  test('an abort in the queue', async () => {
    const server = await serve({ instead: 'silence' })
    const clock = fakeClock()
    const engine = engineFor(server.url, { limiter: createLimiter({ requests: 1 }, clock) }, clock)
    const controller = new AbortController()
    const both = [run(engine, controller.signal), run(engine, controller.signal)]
    await expect.poll(() => server.requests.length).toBe(1)
    controller.abort()
    const [sent, queued] = await Promise.all(both)
    expect([sent?.error?.mayCost, queued?.error?.mayCost]).toEqual([true, false])
  })
})

describe('responses that are no reply', () => {
  test('an HTML page', async () => {
    const { error } = await ask({ file: 'page.html' })
    expect(error).toMatchObject({ code: 'bad-response', fatal: true, retryable: false })
    expect(error?.hint).toMatch(/usually ends in \/v1/)
  })

  test('JSON of another kind', async () => {
    const { error } = await ask({ body: { models: [] } })
    expect(error).toMatchObject({ code: 'bad-response', retryable: true })
    expect(error?.message).toContain('no chat completion')
  })

  test('bytes that are no UTF-8 become replacement characters', async () => {
    const head = Buffer.from('data: {"choices":[{"delta":{"content":"{\\"summary\\": \\"a')
    const tail = Buffer.from('b\\"}"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
    const body = Buffer.concat([head, Buffer.from([0xc3, 0x28, 0xff]), tail])
    const { answer } = await ask({ headers: { 'content-type': 'text/event-stream' }, body })
    expect(answer).toBe('{"summary": "a\ufffd(\ufffdb"}')
  })
})

describe('waiting', () => {
  test('silence stalls before the first byte too, after three times as long', async () => {
    const server = await serve({ instead: 'silence' })
    const started = performance.now()
    const { error } = await run(engineFor(server.url, { idleSeconds: 0.05 }))
    expect(error).toMatchObject({ code: 'stalled', retryable: true, fatal: false })
    expect(error?.hint).toContain('idleSeconds (now 0.05)')
    expect(performance.now() - started).toBeGreaterThan(140)
    expect(server.requests).toHaveLength(1)
  })

  test.each<[string, WireReply]>([
    ['before the first byte', { instead: 'silence' }],
    ['in the middle', { file: 'deepseek.sse', stopAfterBytes: 1200, ending: 'stall' }],
  ])('an abort %s stops at once and hangs up', async (_name, reply) => {
    const server = await serve(reply)
    const controller = new AbortController()
    const started = performance.now()
    setTimeout(() => controller.abort(), 60)
    const { error, finish } = await run(engineFor(server.url), controller.signal)
    expect(error).toMatchObject({ code: 'aborted', retryable: false, fatal: false })
    expect(finish).toBeNull()
    expect(performance.now() - started).toBeLessThan(10_000)
    await expect.poll(() => server.countConnections()).toBe(0)
  })

  test('an abort before the request asks nobody', async () => {
    const server = await serve({ file: 'deepseek.sse' })
    const { error } = await run(engineFor(server.url), AbortSignal.abort())
    expect(error?.code).toBe('aborted')
    expect(server.requests).toHaveLength(0)
  })

  test('an abort while it waits for a second try', async () => {
    const { url } = await serve({ status: 503, headers: { 'retry-after': '60' } })
    const controller = new AbortController()
    const settings = { model: 'm', baseUrl: url, apiKey: null, say: () => setTimeout(() => controller.abort(), 10) }
    // The real clock: its sleep must end with the signal.
    const { error } = await run(createChatEngine(settings), controller.signal)
    expect(error?.code).toBe('aborted')
  })

  test('a slow trickle is no stall, however long it takes in all', async () => {
    const started = performance.now()
    const pieceBytes = Math.ceil(readWireFile('openrouter.sse').length / 25)
    const { answer, error } = await ask(
      { file: 'openrouter.sse', pieceBytes, paceMilliseconds: 50 },
      { idleSeconds: 0.4 },
    )
    expect([answer.trim(), error]).toEqual([ANSWER, null])
    expect(performance.now() - started).toBeGreaterThan(1200)
  })

  test('who stops listening hangs up', async () => {
    const server = await serve({ file: 'deepseek.sse', stopAfterBytes: 1200, ending: 'stall' })
    for await (const event of engineFor(server.url).reason(REQUEST, new AbortController().signal)) {
      expect(event.type).toBe('reasoning-delta')
      break
    }
    await expect.poll(() => server.countConnections()).toBe(0)
  })

  test('many at a time do not mix', async () => {
    const { url } = await serve((_request, index) => ({
      file: index % 2 === 0 ? 'deepseek.sse' : 'llama-no-opening.sse',
      pieceBytes: 50,
    }))
    const engine = engineFor(url)
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => run(engine)))
    for (const { reasoning, answer } of outcomes) expect([reasoning, answer]).toEqual([THINKING, ANSWER])
  })
})

describe('the API key', () => {
  test.each<[string, WireReply]>([
    ['quoted in a refusal', { status: 401, body: { error: { message: `Bad key ${KEY}`, param: KEY, code: KEY } } }],
    ['quoted in a page', { status: 403, body: `<html>Bearer ${KEY}</html>` }],
    ['quoted in plain text', { status: 400, body: `authorization: Bearer ${KEY}` }],
    ['quoted in a detail', { status: 422, body: { detail: { headers: { authorization: `Bearer ${KEY}` } } } }],
    ['quoted in mid-stream', { body: { error: { message: `no credit for ${KEY}`, code: 402 } } }],
    ['quoted in a header', { status: 500, headers: { 'x-key': KEY } }],
  ])('%s, it stands in no error, wait or parameter', async (_name, reply) => {
    const { url } = await serve(reply)
    const waits: string[] = []
    const engine = engineFor(url, { body: { user: KEY }, retries: 1, say: (message) => waits.push(message) })
    const { error } = await run(engine)
    expect(error).not.toBeNull()
    const everything = inspect({ error, engine, waits, stack: error?.stack }, { depth: 20, showHidden: true })
    expect(everything).not.toContain(KEY)
    expect(JSON.stringify(error)).not.toContain(KEY)
  })

  test('that no header can carry is refused without being quoted', () => {
    for (const apiKey of ['sk-test\n0123456789', 'sk-test “0123456789”']) {
      const create = () => engineFor('http://localhost/v1', { apiKey })
      expect(create).toThrow(UsageError)
      expect(create).not.toThrow(/0123456789/)
    }
  })

  test('is taken without the line break of its file', async () => {
    const server = await serve({ file: 'deepseek.sse' })
    await run(engineFor(server.url, { apiKey: `${KEY}\n` }))
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`)
  })
})

describe('settings', () => {
  test.each<[Partial<OpenAiSettings>, number | null]>([
    [{}, null],
    [{ maxOutputTokens: 100 }, 100],
    [{ maxOutputTokens: 100, body: { max_tokens: 900 } }, 900],
    [{ body: { max_completion_tokens: 500, max_tokens: 'many' } }, 500],
  ])('with %o a reply has at most %o tokens', (settings, most) => {
    expect(engineFor('http://localhost/v1', settings).longestReply).toBe(most)
  })

  test('parameters hold what decides the reply', () => {
    const engine = engineFor('https://me:secret-word@api.example.com:8443/v1/', {
      apiKey: null,
      temperature: 0.6,
      body: { thinking: { type: 'enabled' } },
      stream: false,
      retries: 1,
    })
    expect(engine).toMatchObject({ name: 'chat', model: 'asked-model' })
    expect(engine.parameters).toEqual({
      host: 'api.example.com:8443',
      temperature: 0.6,
      body: { thinking: { type: 'enabled' } },
    })
  })

  test.each(['', 'api.example.com/v1', 'ftp://api.example.com', 'http://'])('base URL %o is refused', (baseUrl) => {
    expect(() => engineFor(baseUrl)).toThrow(UsageError)
  })

  test('a login beside a key is refused', () => {
    expect(() => engineFor('http://ana:secret@localhost/v1')).toThrow(/beside the API key/)
  })

  test('a model must be named', () => {
    expect(() => engineFor('http://localhost/v1', { model: ' ' })).toThrow(UsageError)
  })
})

describe('check', () => {
  const list = {
    object: 'list',
    data: [
      { id: 'asked-model', object: 'model' },
      { id: 'other', object: 'model' },
    ],
  }

  test.each<[string, WireReply, RegExp]>([
    ['a known model', { body: list }, /^asked-model at 127\.0\.0\.1:\d+: it answers and knows the model$/],
    ['an unknown model', { body: { data: [{ id: 'other' }] } }, /not among the 1 that it lists/],
    ['no list', { status: 404, file: 'error-404-ollama.json' }, /does not list its models/],
    ['another kind of list', { body: { models: [] } }, /does not list its models/],
  ])('%s', async (_name, reply, words) => {
    const server = await serve(reply)
    expect(await engineFor(server.url).check?.(new AbortController().signal)).toMatch(words)
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/v1/models' })
  })

  test.each<[string, WireReply, string]>([
    ['a wrong key', { status: 401, file: 'error-401.json' }, 'unauthorized'],
    ['a web page', { file: 'page.html' }, 'bad-response'],
  ])('%s', async (_name, reply, code) => {
    const { url } = await serve(reply)
    await expect(engineFor(url).check?.(new AbortController().signal)).rejects.toMatchObject({ code, fatal: true })
  })

  test('nobody there', async () => {
    const engine = engineFor(await findDeadUrl())
    await expect(engine.check?.(new AbortController().signal)).rejects.toMatchObject({ code: 'unreachable' })
    await expect(engine.check?.(AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' })
  })
})
