import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src/engines/engine.ts'
import type { OpenAiSettings } from '../../src/engines/request/remote-settings.ts'
import { createResponsesEngine } from '../../src/engines/responses.ts'
import { ANSWER, fakeClock, KEY, type Outcome, REQUEST, run, serve, THINKING } from './wire/run.ts'
import { readWireFile, type WireReply, type WireScript } from './wire/server.ts'

const PARTS = THINKING.replace('\n', '\n\n')

function engineFor(baseUrl: string, settings: Partial<OpenAiSettings> = {}): Engine {
  return createResponsesEngine({ model: 'asked-model', baseUrl, apiKey: KEY, clock: fakeClock(), ...settings })
}

async function ask(script: WireScript, settings: Partial<OpenAiSettings> = {}): Promise<Outcome> {
  const { url } = await serve(script)
  return run(engineFor(url, settings))
}

describe('the reply', () => {
  const openAi = { input: 412, cachedInput: 384, output: 96, reasoning: 40 }

  test.each([
    ['openai-responses.sse', true, 'o-example-2026-08-07', 'summary', openAi, PARTS],
    ['openai-responses.json', false, 'o-example-2026-08-07', 'summary', openAi, PARTS],
    // Counts its content on with every delta: no parts, and no blank lines between words.
    ['vllm-responses.sse', true, 'openai/gpt-oss-example', 'raw', { ...openAi, cachedInput: 0 }, THINKING],
    ['vllm-responses.json', false, 'openai/gpt-oss-example', 'raw', { ...openAi, cachedInput: 0 }, THINKING],
  ] as const)('%s', async (file, stream, model, traceKind, usage, thinking) => {
    const { reasoning, answer, finish } = await ask({ file }, { stream })
    expect([reasoning, answer]).toEqual([thinking, ANSWER])
    expect(finish).toEqual({ type: 'finish', reason: 'stop', usage, model, traceKind })
  })

  test('of a server that does not know `stream`, or streams whatever it is asked for', async () => {
    expect(await ask({ file: 'vllm-responses.json' })).toMatchObject({ reasoning: THINKING, answer: ANSWER })
    expect(await ask({ file: 'vllm-responses.sse' }, { stream: false })).toMatchObject({ answer: ANSWER })
  })

  test('thinking inside the answer', async () => {
    const content = [{ type: 'output_text', text: `<think>${THINKING}</think>\n${ANSWER}` }]
    const body = { object: 'response', status: 'completed', model: 'r1', output: [{ type: 'message', content }] }
    const { reasoning, answer, finish } = await ask({ body })
    expect([reasoning, answer.trim()]).toEqual([THINKING, ANSWER])
    expect(finish).toMatchObject({ traceKind: 'raw', usage: { input: null } })
  })

  test('reasoning that eats the whole budget', async () => {
    const { reasoning, answer, finish } = await ask({ file: 'responses-length.sse' })
    expect([reasoning, answer]).toEqual([PARTS, ''])
    expect(finish).toMatchObject({ reason: 'length', traceKind: 'summary', usage: { reasoning: 40 } })
  })

  test.each([
    ['responses-refusal.sse', "I'm sorry, I cannot help with that."],
    ['responses-filtered.sse', '{"summary": '],
  ])('%s is a refusal', async (file, answer) => {
    expect(await ask({ file })).toMatchObject({ answer, finish: { reason: 'refused' }, error: null })
  })

  test.each([
    ['responses-failed.sse', 'server-error', 500, /failed to generate/],
    ['responses-error.sse', 'rate-limited', 429, /Rate limit reached/],
  ])('%s: what came is kept', async (file, code, status, words) => {
    const { error, reasoning, brokenOff } = await ask({ file })
    expect(reasoning).toBe(PARTS)
    expect(brokenOff).toMatchObject({ traceKind: 'summary', model: 'o-example-2026-08-07' })
    expect(error).toMatchObject({ code, status, retryable: true, fatal: false, engine: 'responses' })
    expect(error?.message).toMatch(words)
  })

  test.each<[string, WireReply]>([
    ['a whole failure', { body: { object: 'response', status: 'failed', error: { code: 'server_error' } } }],
    ['no response at all', { body: { models: [] } }],
    ['one that was called off', { body: { object: 'response', status: 'cancelled', output: [] } }],
    ['a stream without an end', { file: 'openai-responses.sse', stopAfterBytes: 700 }],
  ])('%s is asked for again', async (_name, reply) => {
    const server = await serve([reply, { file: 'openai-responses.sse' }])
    expect(await run(engineFor(server.url))).toMatchObject({ answer: ANSWER, error: null })
    expect(server.requests).toHaveLength(2)
  })

  test('tokens of reasoning that nobody saw count, though the response failed', async () => {
    const body = {
      object: 'response',
      status: 'failed',
      error: { code: 'server_error' },
      usage: { input_tokens: 9, output_tokens: 700 },
    }
    const { finish } = await ask([{ body }, { file: 'openai-responses.sse' }])
    expect(finish?.usage).toMatchObject({ input: 421, output: 796 })
  })

  test('a whole response that failed half-way is kept', async () => {
    const whole = JSON.parse(readWireFile('openai-responses.json').toString())
    const body = { ...whole, status: 'failed', error: { code: 'server_error', message: 'Broke' } }
    const { reasoning, answer, error, brokenOff } = await ask({ body }, { stream: false })
    expect([reasoning, answer]).toEqual([PARTS, ANSWER])
    expect(error).toMatchObject({ code: 'server-error', status: 500 })
    expect(brokenOff).toMatchObject({ traceKind: 'summary', usage: { output: 96 } })
  })

  test('a server that knows only chat completions', async () => {
    const { error } = await ask({ status: 404, body: { error: { message: 'Not Found' } } })
    expect(error).toMatchObject({ code: 'not-found', fatal: true })
    expect(error?.hint).toContain('wants the engine chat')
  })
})

describe('the request', () => {
  test('is one user message, stored nowhere, and asks for a summary', async () => {
    const server = await serve({ file: 'openai-responses.sse' })
    const settings = { temperature: 0.6, topP: 0.95, maxOutputTokens: 4000, reasoningEffort: 'high' }
    await run(engineFor(`${server.url}/responses`, { ...settings, body: { service_tier: 'flex' } }))
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/v1/responses' })
    expect(server.requests[0]?.body).toEqual({
      model: 'asked-model',
      input: [{ role: 'user', content: REQUEST.prompt }],
      stream: true,
      store: false,
      reasoning: { effort: 'high', summary: 'detailed' },
      temperature: 0.6,
      top_p: 0.95,
      max_output_tokens: 4000,
      service_tier: 'flex',
    })
  })

  test('what the settings say of the reasoning wins', async () => {
    const server = await serve({ file: 'openai-responses.sse' })
    await run(engineFor(server.url, { reasoningEffort: 'low', body: { reasoning: { summary: 'concise' } } }))
    expect(server.requests[0]?.body).toMatchObject({ reasoning: { effort: 'low', summary: 'concise' } })
  })
})

describe('a refused summary', () => {
  const refusal = { status: 400, file: 'error-400-summary.json' }
  const summaries = (requests: readonly { body: unknown }[]) =>
    requests.map(({ body }) => (body as { reasoning?: { summary?: string } }).reasoning?.summary)
  /** A reasoning item without a summary is what then comes. */
  const without = JSON.parse(readWireFile('openai-responses.json').toString())
  without.output[0].summary = []

  test('is done without, said once, and remembered', async () => {
    const server = await serve([refusal, { body: without }])
    const said: string[] = []
    const engine = engineFor(server.url, { retries: 0, say: (message) => said.push(message) })
    for (const outcome of [await run(engine), await run(engine)]) {
      expect(outcome).toMatchObject({ reasoning: '', answer: ANSWER, error: null })
      expect(outcome.finish).toMatchObject({ traceKind: 'none', usage: { reasoning: 40 } })
    }
    expect(summaries(server.requests)).toEqual(['detailed', undefined, undefined])
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/gives no summary of the reasoning.*must be verified/)
  })

  test('of that length is asked for as the model has it', async () => {
    const server = await serve([
      { status: 400, file: 'error-400-summary-value.json' },
      { file: 'openai-responses.sse' },
    ])
    expect(await run(engineFor(server.url))).toMatchObject({ reasoning: PARTS })
    expect(summaries(server.requests)).toEqual(['detailed', 'auto'])
  })

  test('is not what other refusals are about', async () => {
    const server = await serve({ status: 400, body: { error: { message: "Unsupported parameter: 'temperature'" } } })
    expect((await run(engineFor(server.url))).error).toMatchObject({ code: 'bad-request' })
    expect(server.requests).toHaveLength(1)
  })
})
