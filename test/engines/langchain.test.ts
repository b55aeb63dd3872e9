import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createLangChainEngine } from '../../src/engines/langchain.ts'
import { loadLangChain } from '../../src/engines/langchain/open-model.ts'
import { givesRawTrace } from '../../src/engines/langchain/providers.ts'
import { createReplyReader } from '../../src/engines/langchain/read-reply.ts'
import { modelOptions } from '../../src/engines/langchain/settings.ts'
import { UsageError } from '../../src/model/errors.ts'
import { ANSWER, fakeClock, KEY, REQUEST, run, serve, THINKING } from './wire/run.ts'
import type { WireScript, WireServer } from './wire/server.ts'
import { langChainFor } from './wire/subjects.ts'

type Settings = Parameters<typeof langChainFor>[2]

async function ask(provider: string, script: WireScript, settings: Settings = {}) {
  const server = await serve(script)
  const said: string[] = []
  const engine = await langChainFor(provider, server.url, { say: (message) => said.push(message), ...settings })
  return { ...(await run(engine)), server, said, engine }
}

function bodyOf(body: unknown): Record<string, unknown> {
  return body as Record<string, unknown>
}

describe('Gemini', () => {
  test('counts its thoughts', async () => {
    const { finish } = await ask('google', { file: 'gemini.sse' })
    expect(finish?.usage).toEqual({ input: 412, cachedInput: 384, output: 96, reasoning: 40 })
    const whole = await ask('google', { file: 'gemini.json' }, { stream: false })
    expect(whole.finish).toMatchObject({ model: 'gemini-example-001', usage: finish?.usage })
  })

  test('is asked to show them, unless the options say how', async () => {
    const config = ({ requests }: WireServer) => bodyOf(requests[0]?.body)['generationConfig']
    const settings = { temperature: 0.6, topP: 0.95, maxOutputTokens: 4000 }
    const { server } = await ask('google', { file: 'gemini.sse' }, settings)
    expect(config(server)).toMatchObject({
      ...settings,
      thinkingConfig: { includeThoughts: true },
    })
    expect(server.requests[0]?.body).toMatchObject({ contents: [{ role: 'user', parts: [{ text: REQUEST.prompt }] }] })
    const other = await ask('google', { file: 'gemini.sse' }, { options: { thinkingLevel: 'low' } })
    expect(config(other.server)).toMatchObject({ thinkingConfig: { includeThoughts: true, thinkingLevel: 'LOW' } })
  })

  test('thoughts that eat the whole budget', async () => {
    const { reasoning, answer, finish } = await ask('google', { file: 'gemini-length.sse' })
    expect([reasoning, answer]).toEqual([THINKING, ''])
    expect(finish).toMatchObject({ reason: 'length', traceKind: 'summary', usage: { reasoning: 40 } })
  })

  test('a refused answer', async () => {
    const { answer, finish } = await ask('google', { file: 'gemini-safety.sse' })
    expect(answer).toBe('{"summary": ')
    expect(finish).toMatchObject({ reason: 'refused' })
  })

  test('a refused prompt, which only a whole response tells', async () => {
    const { finish, error, server } = await ask('google', ({ path }) =>
      path.includes('stream') ? { file: 'gemini-blocked.sse' } : { file: 'gemini-blocked.json' },
    )
    expect(error).toBeNull()
    expect(finish).toMatchObject({ reason: 'refused' })
    expect(server.requests).toHaveLength(2)
  })

  test('an empty stream is asked for whole, that once', async () => {
    const empty = { headers: { 'content-type': 'text/event-stream' }, body: '' }
    const { answer, engine, server } = await ask('google', ({ path }, index) =>
      path.includes('stream') ? (index === 0 ? empty : { file: 'gemini.sse' }) : { file: 'gemini.json' },
    )
    expect(answer).toBe(ANSWER)
    expect((await run(engine)).answer).toBe(ANSWER)
    const asked = server.requests.map(({ path }) => path.includes('stream'))
    expect(asked).toEqual([true, false, true])
  })

  test('a line that is no JSON is not the end', async () => {
    const body = 'data: {"candidates":[{"content":{"parts":[{"text":"Hm","thought":true}]}}]}\n\ndata: {"cand\n\n'
    const { error, reasoning, brokenOff } = await ask('google', {
      body,
      headers: { 'content-type': 'text/event-stream' },
    })
    expect(error).toMatchObject({ code: 'bad-response', retryable: true })
    expect([reasoning, brokenOff?.traceKind]).toEqual(['Hm', 'summary'])
  })

  test('says in the body how long to wait', async () => {
    const clock = fakeClock()
    const script = [{ status: 429, file: 'error-429-gemini.json' }, { file: 'gemini.sse' }]
    expect((await ask('google', script, { clock })).answer).toBe(ANSWER)
    expect(clock.waits).toEqual([7000])
  })

  test("the day's quota is not waited for", async () => {
    const { error, server } = await ask('google', { status: 429, file: 'error-429-gemini-day.json' })
    expect(error).toMatchObject({ code: 'quota', fatal: true, retryable: false })
    expect(server.requests).toHaveLength(1)
  })
})

/** The providers' real bodies: both say 400 where others say 402 and 401. */
test.each([
  ['anthropic', 'error-400-anthropic-balance.json', 'no-balance'],
  ['google', 'error-400-gemini-key.json', 'unauthorized'],
])('%s: %s stops the job', async (provider, file, code) => {
  const { error, server } = await ask(provider, { status: 400, file })
  expect(error).toMatchObject({ code, status: 400, fatal: true, retryable: false })
  expect(server.requests).toHaveLength(1)
})

describe('Anthropic', () => {
  test('names its model and counts its tokens', async () => {
    const { finish } = await ask('anthropic', { file: 'anthropic.sse' })
    expect(finish).toMatchObject({
      model: 'claude-example-20260801',
      usage: { input: 412, cachedInput: 384, output: 96, reasoning: null },
    })
  })

  test('is asked to think and to show it, unless the options or the temperature forbid', async () => {
    const thinking = async (settings: Settings) => {
      const { server } = await ask('anthropic', { file: 'anthropic.sse' }, settings)
      return bodyOf(server.requests[0]?.body)['thinking']
    }
    expect(await thinking({})).toEqual({ type: 'adaptive', display: 'summarized' })
    const enabled = { type: 'enabled', budget_tokens: 2000 }
    expect(await thinking({ options: { thinking: enabled } })).toEqual(enabled)
    expect(await thinking({ temperature: 0.2 })).toBeUndefined()
  })

  test('what keeps it from thinking is said once, unless the options say how it thinks', async () => {
    const { said, engine } = await ask('anthropic', { file: 'anthropic.sse' }, { temperature: 0.2 })
    await run(engine)
    expect(said).toEqual([
      expect.stringMatching(/does not think beside temperature, so its replies will have no trace/),
    ])
    const options = { thinking: { type: 'disabled' } }
    expect((await ask('anthropic', { file: 'anthropic.sse' }, { temperature: 0.2, options })).said).toEqual([])
  })

  test('a model that does not think so is asked without, and it is said once', async () => {
    const message = 'adaptive thinking is not supported on this model'
    const refusal = { status: 400, body: { type: 'error', error: { type: 'invalid_request_error', message } } }
    const { answer, server, said, engine } = await ask('anthropic', [refusal, { file: 'anthropic.sse' }])
    expect(answer).toBe(ANSWER)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(message)
    await run(engine)
    expect(server.requests.map(({ body }) => 'thinking' in (body as object))).toEqual([true, false, false])
  })

  test('reasoning that is withheld is told once', async () => {
    const { reasoning, answer, finish, said, engine } = await ask('anthropic', { file: 'anthropic-redacted.sse' })
    expect([reasoning, answer, finish?.traceKind]).toEqual([THINKING, ANSWER, 'summary'])
    await run(engine)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('redacted')
  })

  test.each([
    ['anthropic-length.sse', 'length', ''],
    ['anthropic-refusal.sse', 'refused', "I can't help with that."],
  ])('%s', async (file, reason, answer) => {
    expect(await ask('anthropic', { file })).toMatchObject({ reasoning: THINKING, answer, finish: { reason } })
  })

  test('an error in mid-stream', async () => {
    const { error, reasoning, brokenOff, finish } = await ask('anthropic', { file: 'anthropic-error.sse' })
    expect(error).toMatchObject({ code: 'server-error', status: 529, retryable: true, fatal: false })
    expect([reasoning, brokenOff?.traceKind, finish]).toEqual([THINKING, 'summary', null])
    expect(brokenOff?.usage.input).toBe(412)
  })

  test('options that the package itself refuses', async () => {
    const { error, server } = await ask(
      'anthropic',
      { file: 'anthropic.sse' },
      { options: { thinking: { type: 'enabled', budget_tokens: 2000 }, topK: 3 } },
    )
    expect(error).toMatchObject({ code: 'bad-request', fatal: true, retryable: false })
    expect(error?.message).toContain('topK is not supported')
    expect(server.requests).toHaveLength(0)
  })
})

/** Messages as the packages of other providers make them, which are not installed here. */
describe('other providers', () => {
  const read = (chunks: readonly object[], givesRawTrace: boolean) => {
    const options = { provider: 'other', model: 'm', isWhole: false, onWithheld: () => undefined }
    const reader = createReplyReader({ ...options, givesRawTrace })
    const words = chunks.flatMap((chunk) => reader.take(chunk))
    const events = [...words, ...reader.rest(), reader.finish()]
    const text = (type: string) => events.flatMap((event) => ('text' in event && event.type === type ? event.text : []))
    return { reasoning: text('reasoning-delta').join(''), answer: text('answer-delta').join(''), finish: events.at(-1) }
  }
  const chunk = (content: unknown, more: object = {}) => ({
    content,
    contentBlocks: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
    additional_kwargs: {},
    response_metadata: {},
    ...more,
  })

  test.each<[string, object[], boolean, string]>([
    [
      'DeepSeek and Ollama: beside the content',
      [
        chunk('', { additional_kwargs: { reasoning_content: 'S1 ' } }),
        chunk('', { additional_kwargs: { reasoning_content: 'says so.' } }),
        chunk('{}', { response_metadata: { finish_reason: 'stop' } }),
      ],
      false,
      'raw',
    ],
    [
      'Mistral: parts of a kind of its own',
      [
        chunk([{ type: 'thinking', thinking: [{ type: 'text', text: 'S1 says so.' }] }]),
        chunk('{}', { response_metadata: { finishReason: 'stop' } }),
      ],
      true,
      'raw',
    ],
    [
      'Bedrock: the reason to stop inside an event',
      [
        chunk([{ type: 'reasoning', reasoning: 'S1 says so.', index: 0 }]),
        chunk([{ type: 'text', text: '{}' }]),
        chunk('', { response_metadata: { messageStop: { stopReason: 'end_turn' } } }),
      ],
      false,
      'summary',
    ],
    ['inline', [chunk('<think>S1 says so.</think>{}', { response_metadata: { done_reason: 'stop' } })], false, 'raw'],
  ])('%s', (_name, chunks, givesRawTrace, traceKind) => {
    expect(read(chunks, givesRawTrace)).toMatchObject({
      reasoning: 'S1 says so.',
      answer: '{}',
      finish: { reason: 'stop', traceKind },
    })
  })

  test.each([
    ['MAX_TOKENS', 'length'],
    ['max_tokens', 'length'],
    ['model_length', 'length'],
    ['content_filtered', 'refused'],
    ['guardrail_intervened', 'refused'],
    ['end_turn', 'stop'],
    ['COMPLETE', 'stop'],
  ])('%s is %s', (finish_reason, reason) => {
    expect(read([chunk('{}', { response_metadata: { finish_reason } })], false).finish).toMatchObject({ reason })
  })

  test('a stream without a reason to stop is cut, and so is one that ends in an error', () => {
    expect(() => read([chunk('{}')], false)).toThrow(/ended before/)
    expect(() => read([chunk('{}', { response_metadata: { finish_reason: 'error' } })], false)).toThrow(/broke off/)
  })
})

test.each([
  ['us.deepseek.r1-v1:0', true],
  ['openai.gpt-oss-120b-1:0', true],
  ['arn:aws:bedrock:us-east-1:1:inference-profile/us.deepseek.r1-v1:0', true],
  ['eu.anthropic.claude-example-v1:0', false],
  ['arn:aws:bedrock:us-east-1:1:application-inference-profile/a1b2c3', false],
])('on Bedrock, %s gives its raw trace: %s', (model, isRaw) => {
  expect(givesRawTrace('bedrock', model)).toBe(isRaw)
})

describe('what leaves the machine', () => {
  test('goes to the model only, whatever variables say', async () => {
    const spy = await serve({ body: {} })
    const variables = {
      LANGSMITH_TRACING: 'true',
      LANGCHAIN_TRACING_V2: 'true',
      LANGSMITH_API_KEY: 'ls-key',
      LANGSMITH_ENDPOINT: spy.url,
      LANGSMITH_GATEWAY: spy.url,
    }
    onTestFinished(() => Object.keys(variables).forEach((name) => void delete process.env[name]))
    Object.assign(process.env, variables)
    const { answer, server } = await ask('anthropic', { file: 'anthropic.sse' })
    expect([answer, server.requests.length]).toEqual([ANSWER, 1])
    // A tracer sends in batches: it would have half a second.
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(spy.requests).toEqual([])
  })
})

test('no variable moves Anthropic elsewhere, or sends it another token', () => {
  const settings = { model: 'anthropic:m', apiKey: KEY, baseUrl: null, folders: [], environment: {} }
  expect(modelOptions(settings, 'anthropic', false)).toMatchObject({
    anthropicApiUrl: 'https://api.anthropic.com',
    clientOptions: { authToken: null },
    maxRetries: 0,
  })
})

describe('packages and settings', () => {
  const create = (model: string, more: object = {}) =>
    createLangChainEngine({ model, apiKey: KEY, baseUrl: null, folders: [], environment: {}, ...more })

  test("a provider's package that is missing is named, with the command", async () => {
    const error = await create('mistralai:magistral').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UsageError)
    expect(error).toMatchObject({ code: 'missing-package' })
    expect(String(error)).toMatch(
      /needs the package @langchain\/mistralai.*npm install langchain .*@langchain\/mistralai$/,
    )
  })

  test('langchain itself is looked for where the user works first, then beside whygraph', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'whygraph-langchain-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await expect(loadLangChain([folder], join(folder, 'own.js'))).rejects.toMatchObject({ code: 'missing-package' })
    const own = join(folder, 'node_modules', 'langchain')
    await mkdir(own, { recursive: true })
    const description = { name: 'langchain', version: '1.0.0', type: 'module', exports: { '.': './index.js' } }
    await writeFile(join(own, 'package.json'), JSON.stringify(description))
    await writeFile(join(own, 'index.js'), 'export const initChatModel = async (model) => ({ model })\n')
    const found = await loadLangChain([join(folder, 'sub')])
    expect(await found.initChatModel('a:b', {})).toEqual({ model: 'a:b' })
  })

  test.each([
    ['gemini', {}, /PROVIDER:MODEL/],
    ['nobody:model', {}, /nobody/],
    ['google-genai:gemini-x', {}, /stops the whole process/],
    ['anthropic:claude-x', { apiKey: null }, /API key/],
    ['perplexity:sonar', { baseUrl: 'https://api.example.com' }, /takes its address/],
  ])('%s %o', async (model, more, words) => {
    const key = process.env['ANTHROPIC_API_KEY']
    delete process.env['ANTHROPIC_API_KEY']
    onTestFinished(() => void (key !== undefined && (process.env['ANTHROPIC_API_KEY'] = key)))
    const error = await create(model, more).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UsageError)
    expect(String(error)).toMatch(words)
  })

  test.each<[object, number | null]>([
    [{}, null],
    [{ maxOutputTokens: 4000 }, 4000],
    [{ maxOutputTokens: 4000, options: { maxTokens: 64_000 } }, 64_000],
    [{ options: { maxOutputTokens: 9000 } }, 9000],
    [{ maxOutputTokens: 10, options: { invocationKwargs: { max_tokens: 64_000 } } }, 64_000],
    [{ maxOutputTokens: 10, options: { numPredict: -1 } }, null],
  ])('with %o a reply has at most %o tokens', async (settings, most) => {
    expect((await create('google:gemini-x', settings)).longestReply).toBe(most)
  })

  test('parameters hold what decides the reply, and no secret', async () => {
    const options = { thinkingLevel: 'low', customHeaders: { 'x-api-key': 'secret-of-proxy' }, apiKey: 'other-secret' }
    const engine = await create('google:gemini-x', { options, temperature: 0.6, stream: false })
    expect(engine).toMatchObject({ name: 'langchain', model: 'gemini-x' })
    expect(engine.parameters).toEqual({
      provider: 'google',
      temperature: 0.6,
      options: { thinkingLevel: 'low', customHeaders: {} },
    })
    expect(await engine.check?.(new AbortController().signal)).toMatch(/gemini-x of google: its package is there/)
  })
})
