import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import { runCli } from '../../src/run-cli.ts'
import { startWireServer, type WireReply, type WireServer } from '../engines/wire/server.ts'
import { answerWith } from '../scripted-engine.ts'

const DOCUMENTS = 40
/** In the settings below, an answer of 80 tokens costs 0.08, and one of the 100 that are allowed 0.10. */
const OUTPUT = 80
let folder: string
let server: WireServer
let answer: (index: number) => WireReply

function reply(usage: object | null = countedUsage()): WireReply {
  const message = { role: 'assistant', content: answerWith([]), reasoning_content: 'S1 says nothing of the kind.' }
  const choices = [{ index: 0, finish_reason: 'stop', message }]
  return { body: { object: 'chat.completion', model: 'wire-r1', choices, ...(usage === null ? {} : { usage }) } }
}

function countedUsage(more: object = {}): object {
  const details = { completion_tokens_details: { reasoning_tokens: OUTPUT / 4 } }
  return { prompt_tokens: 500, completion_tokens: OUTPUT, total_tokens: 500 + OUTPUT, ...details, ...more }
}

const PRICED = { prices: { 'wire-*': { input: 0, output: 1000 }, asked: { input: 0, output: 1000 } } }

function settings(more: object = PRICED): void {
  const engine = { engine: 'chat', model: 'asked', baseUrl: server.url, stream: false, maxOutputTokens: 100 }
  writeFileSync(join(folder, 'whygraph.yaml'), JSON.stringify({ ...engine, concurrency: 16, ...more }))
}

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' }
  const streamOf = (name: 'stdout' | 'stderr'): PassThrough =>
    new PassThrough().on('data', (text: Buffer) => (said[name] += text.toString()))
  const [stdout, stderr] = [streamOf('stdout'), streamOf('stderr')]
  const { signal } = new AbortController()
  const around = { cwd: folder, environment: {}, stdin: Readable.from([]), signal, version: '0' }
  const code = await runCli(args, { ...around, stdout, stderr })
  return { code, ...said }
}

async function ingest(...args: string[]): Promise<IngestSummary & { code: number }> {
  const { code, stdout, stderr } = await run('ingest', 'docs', '--json', ...args)
  if (stdout === '') throw new Error(stderr)
  return { ...(JSON.parse(stdout) as IngestSummary), code }
}

beforeAll(async () => {
  server = await startWireServer((_, index) => answer(index))
})
afterAll(() => server.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-money-'))
  mkdirSync(join(folder, 'docs'))
  for (let i = 0; i < DOCUMENTS; i++)
    writeFileSync(join(folder, `docs/${i}.md`), `Nothing much happened on day ${i}.\n`)
  answer = () => reply()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a budget', () => {
  it(
    'of money stops before it is exceeded with 16 in flight, and the next run goes on',
    { timeout: 60_000 },
    async () => {
      settings()
      // So slow that all that may be in flight are.
      answer = () => ({ ...reply(), pieceBytes: 1 })
      const before = server.requests.length
      const first = await ingest('--budget', '1usd')
      // 12 × 0.08 is 0.96; a thirteenth might take 0.10.
      expect(first.budget).toEqual({ limit: 1, unit: 'usd', spent: expect.closeTo(0.96) })
      expect(first.replies).toEqual({ asked: 12, reused: 0 })
      expect(first.chunks).toMatchObject({ reasoned: 12, pending: DOCUMENTS - 12, failed: 0 })
      expect(first.stopped).toMatchObject({ code: 'budget-reached', message: expect.stringContaining('0.96 usd') })
      expect(first.code).toBe(0)
      expect(server.requests.length - before).toBe(12)
      const second = await ingest('--budget', '2usd')
      expect(second.chunks).toMatchObject({ reasoned: 24, unchanged: 12, pending: 4 })
      const last = await ingest('--budget', '2usd')
      expect(last.chunks).toMatchObject({ reasoned: 4, unchanged: 36, pending: 0 })
      expect(last.stopped).toBeUndefined()
      expect(server.requests.length - before).toBe(DOCUMENTS)
    },
  )

  it('says what was spent and what is left', async () => {
    settings()
    const { stdout, code } = await run('ingest', 'docs', '--budget', '1usd')
    expect(stdout).toMatch(/budget +0\.96 usd of 1\.00 usd spent; for the 28 chunks that are left about 2\.24 usd\n/)
    expect(stdout).toMatch(
      /stopped +of the budget of 1\.00 usd, 0\.96 usd are spent, and the next request may take up to 0\.10 usd\n/,
    )
    expect(code).toBe(0)
  })

  it('of tokens counts prompts and replies, and needs no prices', { timeout: 60_000 }, async () => {
    settings({ prices: {} })
    const summary = await ingest('--budget', '20ktokens')
    const { unit, spent } = summary.budget ?? { unit: '', spent: 0 }
    expect(unit).toBe('tokens')
    expect(spent).toBe(summary.replies.asked * (500 + OUTPUT))
    expect(spent).toBeLessThanOrEqual(20_000)
    // What is left is less than the worst case of one more: the bytes of its prompt and the reply allowed.
    const largest = Math.max(...server.requests.map(({ body }) => JSON.stringify(body).length))
    expect(spent).toBeGreaterThan(20_000 - largest - 400)
    expect(summary.stopped?.code).toBe('budget-reached')
  })

  it('that is too small for a single request asks nothing, and says what one may take', async () => {
    settings()
    const before = server.requests.length
    const { code, stdout } = await run('ingest', 'docs', '--budget', '0.05usd')
    expect(server.requests.length).toBe(before)
    expect(stdout).toMatch(/too small: one request may take up to 0\.10 usd/)
    expect(stdout).toMatch(/maxOutputTokens/)
    expect(code).toBe(2)
  })

  it('knows a limit of replies that stands in the body of the request', async () => {
    settings({ ...PRICED, body: { max_tokens: 50 } })
    answer = () => reply({ prompt_tokens: 500, completion_tokens: 40 })
    const summary = await ingest('--budget', '0.06usd')
    expect(summary).toMatchObject({ replies: { asked: 1 }, budget: { spent: expect.closeTo(0.04) } })
  })

  it('is kept by estimate where the server counts nothing, and replies that are refused cost nothing', async () => {
    settings({ ...PRICED, concurrency: 4 })
    answer = (index) => (index % 2 === 0 ? { status: 400, body: { error: { message: 'no' } } } : reply(null))
    const summary = await ingest('--budget', '0.5usd')
    const spending = summary.usage['wire-r1']
    expect(spending).toMatchObject({ partial: 0, input: 0, output: 0 })
    expect(spending?.uncounted).toBe(spending?.replies)
    expect(spending?.costEstimated).toBe(spending?.replies)
    expect(summary.budget?.spent).toBeCloseTo(spending?.cost['usd'] ?? 0, 9)
    expect(summary.budget?.spent).toBeGreaterThan(0.3)
    expect(summary.budget?.spent).toBeLessThanOrEqual(0.5)
    expect(summary.chunks.failed).toBeGreaterThan(0)
    expect(summary.code).toBe(1)
  })

  it('can stand in the settings; a reply that is there already costs none of it', { timeout: 60_000 }, async () => {
    settings({ ...PRICED, budget: '100usd' })
    const first = await ingest()
    expect(first).toMatchObject({ code: 0, chunks: { reasoned: DOCUMENTS }, budget: { limit: 100 } })
    writeFileSync(join(folder, 'docs/copy.md'), `Nothing much happened on day 1.\n`)
    const second = await ingest('--budget', '0.0001usd')
    // Another title makes another request: it is this one that is too dear.
    expect(second).toMatchObject({ chunks: { pending: 1 }, stopped: { code: 'budget-too-small' } })
    mkdirSync(join(folder, 'docs/deeper'))
    writeFileSync(join(folder, 'docs/deeper/1.md'), `Nothing much happened on day 1.\n`)
    rmSync(join(folder, 'docs/copy.md'))
    const third = await ingest('--budget', '0.0001usd')
    expect(third).toMatchObject({ chunks: { reasoned: 1, pending: 0 }, replies: { reused: 1 }, usage: {} })
    expect(third.stopped).toBeUndefined()
  })

  it.each([
    [
      'an amount that is none',
      ['--budget', 'lots'],
      PRICED,
      /budget \(--budget\) must be an amount above 0 such as 20usd/,
    ],
    ['a number alone', [], { ...PRICED, budget: 20 }, /budget \(.*whygraph\.yaml, line \d+\) must be an amount/],
    [
      'another currency',
      ['--budget', '5eur'],
      PRICED,
      /the budget is in eur, the prices are in usd[\s\S]*set currency/,
    ],
    ['no price', ['--budget', '5usd'], {}, /needs the price of asked[\s\S]*'asked': \{ input[\s\S]*--budget 2Mtokens/],
    ['a price that is none', [], { prices: { asked: 5 } }, /prices\.asked \(.*yaml, line \d+\) must be a price/],
    [
      'half a price',
      [],
      { prices: { asked: { input: 5 } } },
      /prices\.asked\.output \(.*yaml, line \d+\) must be a number/,
    ],
    ['a slip in a price', [], { prices: { asked: { input: 5, output: 5, ouput: 5 } } }, /prices\.asked .*ouput/],
    ['less than nothing', [], { prices: { asked: { input: -5, output: 5 } } }, /prices\.asked\.input .*below 0/],
    ['a currency that is none', [], { currency: '$' }, /currency \(.*line \d+\) must be a currency of three letters/],
  ])('%s is refused before anything is read', async (_, args, more, says) => {
    settings(more)
    const { code, stderr } = await run('ingest', 'docs', ...args)
    expect(stderr).toMatch(says)
    expect(code).toBe(2)
  })
})

describe('a dry run', () => {
  it('says what is assumed, and what has no price; afterwards it knows better', { timeout: 60_000 }, async () => {
    settings({})
    const blind = await run('ingest', 'docs', '--dry-run')
    expect(blind.stdout).toMatch(/dry run +40 requests to make\n/)
    expect(blind.stdout).toMatch(/no counted reply of asked yet: assuming 2 tokens/)
    expect(blind.stdout).toMatch(/no price set for asked: add it to prices in whygraph\.yaml/)
    expect(blind.stdout).toMatch(/about \d+ s in all; nothing was asked or written/)

    settings()
    await ingest('--limit', '10')
    const { plan } = await ingest('--dry-run')
    const [one] = plan?.models ?? []
    expect((await run('ingest', 'docs', '--dry-run', '--budget', '1usd')).stdout).toMatch(
      /, more than the budget of 1\.00 usd;/,
    )
    expect((await run('ingest', 'docs', '--dry-run', '--budget', '1Mtokens')).stdout).toMatch(
      /, within the budget of 1,000,000 tokens;/,
    )
    expect(one).toMatchObject({ engine: 'chat', model: 'asked', calls: 30, replies: 10 })
    const actual = await ingest()
    const usage = actual.usage['wire-r1']
    expect(usage?.replies).toBe(30)
    const ratio = (a = 0, b = 0): number => Math.max(a / b, b / a)
    expect(ratio(one?.output, usage?.output)).toBeLessThan(2)
    expect(ratio(plan?.cost ?? 0, usage?.cost['usd'])).toBeLessThan(2)
  })

  it('counts each request once, none that is answered already, and no more than the limit', async () => {
    settings()
    mkdirSync(join(folder, 'docs/deeper'))
    writeFileSync(join(folder, 'docs/deeper/1.md'), `Nothing much happened on day 1.\n`)
    expect((await ingest('--dry-run')).plan).toMatchObject({ models: [{ calls: DOCUMENTS }], reused: 1 })
    expect((await ingest('--dry-run', '--limit', '5')).plan).toMatchObject({ models: [{ calls: 5 }] })
    expect((await ingest('--dry-run', '--engine', 'rules')).plan).toMatchObject({
      models: [{ engine: 'rules', free: true, cost: 0, input: 0 }],
      seconds: 0,
    })
  })

  it('counts by model where a job has several', async () => {
    settings()
    const sources = [
      { name: 'one', files: ['docs/1.md', 'docs/2.md'], engine: { model: 'dear' } },
      { name: 'two', files: ['docs/3.md'] },
      { name: 'three', files: ['docs/4.md'], engine: { engine: 'rules' } },
    ]
    writeFileSync(join(folder, 'job.yaml'), JSON.stringify({ sources }))
    const { stdout } = await run('ingest', '--job', 'job.yaml', '--dry-run')
    expect(stdout).toMatch(/dear +2 .* unknown\n/)
    expect(stdout).toMatch(/about \d+\.\d+ usd for what has a price and \d+ s in all; nothing was asked/)
    expect(stdout).toMatch(/asked +1 .* usd\n/)
    expect(stdout).toMatch(/rules\S* +1 .* free\n/)
    const refused = await run('ingest', '--job', 'job.yaml', '--budget', '5usd')
    expect(refused.stderr).toMatch(/needs the price of dear/)
    expect(refused.code).toBe(2)
  })
})

describe('what was spent', () => {
  it('by model: tokens, reasoning against answer, money as it was paid then', { timeout: 60_000 }, async () => {
    settings()
    await ingest('--limit', '10')
    // Prices change; what was paid does not.
    settings({ prices: { asked: { input: 0, output: 1 } } })
    const { stdout } = await run('status')
    expect(stdout).toMatch(/tokens +wire-r1: 5,000 in, 800 out \(25% reasoning, 75% answer\), 10 replies, 0\.80 usd\n?/)
    const summary = await run('ingest', 'docs', '--limit', '1')
    expect(summary.stdout).toMatch(/tokens +wire-r1: 500 in, 80 out .*, 1 reply, 0\.000080 usd\n/)
    const { usage } = JSON.parse((await run('status', '--json')).stdout) as { usage: object[] }
    expect(usage).toEqual([
      {
        model: 'wire-r1',
        replies: 11,
        partial: 0,
        uncounted: 0,
        input: 5500,
        cachedInput: 0,
        output: 880,
        reasoning: 220,
        cost: { usd: expect.closeTo(0.80008) },
        costEstimated: 0,
        costUnknown: 0,
      },
    ])
  })

  it('replies that broke off, that nobody counted, and whose reasoning nobody counted', async () => {
    settings({ ...PRICED, concurrency: 1 })
    // The first breaks off within its trace, the second is not counted, the others as local servers do it.
    const whole = { prompt_tokens: 500, completion_tokens: OUTPUT }
    const first = server.requests.length
    answer = (index) => {
      if (index === first) return { file: 'deepseek.sse', stopAfterBytes: 2000, ending: 'cut' }
      return reply(index === first + 1 ? null : whole)
    }
    await ingest('--limit', '4')
    const lines = (await run('status')).stdout.split('\n').map((line) => line.trim())
    const about = (model: string): string[] => lines.slice(lines.findIndex((line) => line.includes(`${model}:`)))
    // As the server had named itself until then; its price is that of the model that was asked for.
    expect(about('deepseek-chat').slice(0, 2)).toEqual([
      expect.stringMatching(/^tokens +deepseek-chat: 1 reply, 0\.0\d+ usd$/),
      'of these replies: 1 broke off, 1 not counted by the server, cost of 1 estimated',
    ])
    expect(about('wire-r1').slice(0, 2)).toEqual([
      // By characters: 28 of trace, 65 of answer.
      expect.stringMatching(
        /^tokens +wire-r1: 1,000 in, 160 out \(30% reasoning, 70% answer\), 3 replies, 0\.\d+ usd$/,
      ),
      'of these replies: 1 not counted by the server, cost of 1 estimated',
    ])
  })

  it('as the server stated it, before any price', async () => {
    settings({ prices: {} })
    answer = () =>
      reply(countedUsage({ cost: 0.0002, is_byok: true, cost_details: { upstream_inference_cost: 0.003 } }))
    const { usage } = await ingest('--limit', '2')
    expect(usage['wire-r1']?.cost).toEqual({ usd: expect.closeTo(0.0064) })
  })
})
