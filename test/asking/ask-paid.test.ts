import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Account } from '../../src/asking/account.ts'
import { createAsk, type Ask } from '../../src/asking/ask-paid.ts'
import { createChatEngine } from '../../src/engines/chat.ts'
import type { Engine } from '../../src/engines/engine.ts'
import { createLimiter } from '../../src/engines/limiter.ts'
import type { OpenAiSettings } from '../../src/engines/request/remote-settings.ts'
import { NO_JOURNAL, type Journal } from '../../src/extract/journal.ts'
import { FileJournal } from '../../src/journal/file-journal.ts'
import type { Reply } from '../../src/model/reply.ts'
import type { Price } from '../../src/money/price.ts'
import { fakeClock, REQUEST, serve } from '../engines/wire/run.ts'

/** From a request within a budget to the wire, and back to what it cost. */
const USAGE = { prompt_tokens: 10, completion_tokens: 5 }
const reply = (content: string, reasoning_content = '') => ({
  body: { choices: [{ message: { content, reasoning_content }, finish_reason: 'stop' }], usage: USAGE },
})

function engineFor(baseUrl: string, settings: Partial<OpenAiSettings> = {}): Engine {
  const common = { model: 'm', apiKey: null, clock: fakeClock(), stream: false, maxOutputTokens: 100 }
  return createChatEngine({ ...common, baseUrl, ...settings })
}

interface Limits {
  readonly limit?: number
  readonly tokens?: number
  readonly concurrency?: number
  readonly journal?: Journal
  readonly account?: Account
}

function start({ limit = Infinity, tokens = 1e6, concurrency = 4, journal = NO_JOURNAL, ...own }: Limits = {}) {
  const paid: Reply[] = []
  const kept: Reply[] = []
  const price: Price = { input: 0, cachedInput: 0, output: 1e6, reasoning: 1e6 }
  const onPaid = (one: Reply) => void paid.push(one)
  const prices = { currency: 'usd', models: { m: price } }
  const budget = { value: tokens, unit: 'tokens' }
  const account = own.account ?? new Account({ prices, budget, earlier: [], onPaid })
  const stop = new AbortController()
  const ask = createAsk({
    concurrency,
    limit,
    runId: 'run',
    journal,
    begin: async () => {},
    keep: async (one) => void kept.push(one),
    account,
    signal: stop.signal,
  })
  return { ask, paid, kept, account, stop }
}

function about(ask: Ask, engine: Engine, chunkId = 'chunk') {
  return ask({ engine, chunkId, fingerprint: 'f', requestHash: chunkId }, async () => REQUEST)
}

it('a blank reply is kept, and asked for again as a request of its own', async () => {
  const { url } = await serve([reply('', 'S1 says so.'), reply('{}')])
  const { ask, paid, kept, account } = start()
  expect((await about(ask, engineFor(url)))?.reply.content).toBe('{}')
  expect(kept).toMatchObject([{ reasoning: 'S1 says so.', usage: { output: 5 } }])
  expect(paid).toHaveLength(2)
  expect(account.budget?.spent).toBe(30)
})

it('one that says twice the same, nothing, costs twice', async () => {
  const { url } = await serve(reply(''))
  const { ask, kept } = start()
  const asked = await about(ask, engineFor(url))
  expect(asked?.reply).toMatchObject({ id: kept[0]?.id, usage: { input: 20, output: 10 }, cost: { amount: 10 } })
})

it.each<[string, Limits]>([
  ['the limit', { limit: 1 }],
  ['the budget', { tokens: 340 }],
])('where %s forbids to ask again, the run ends there, and its entry is dropped once', async (_name, limits) => {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-ask-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const journal = new FileJournal(folder, 'test', () => {})
  const { url } = await serve(reply('', 'S1 says so.'))
  const { ask, kept, account } = start({ ...limits, journal })
  const asked = await about(ask, engineFor(url))
  // Has the number of the file that is gone.
  const other = openSync(join(folder, 'other'), 'w')
  asked?.entry.drop()
  expect(() => closeSync(other)).not.toThrow()
  expect(asked).toBeNull()
  expect(kept).toHaveLength(1)
  expect(account.budget?.spent).toBe(15)
  journal.close()
})

it('a request that waits for its turn when the run is stopped costs nothing; one that is out may', async () => {
  const server = await serve({ instead: 'silence' })
  const clock = fakeClock()
  const { ask, paid, account, stop } = start()
  const engine = engineFor(server.url, { clock, limiter: createLimiter({ requests: 1 }, clock) })
  const both = [about(ask, engine, 'one'), about(ask, engine, 'two')]
  await expect.poll(() => server.requests.length).toBe(1)
  stop.abort()
  const [sent, queued] = await Promise.all(both)
  expect([sent?.error?.code, queued?.error?.code]).toEqual(['aborted', 'aborted'])
  expect(paid.map(({ chunkId }) => chunkId)).toEqual(['one'])
  expect(queued?.reply.cost).toBeNull()
  expect(account.budget?.spent).toBeGreaterThan(0)
})

it('tries that took tokens and brought no word are paid for, though none comes', async () => {
  const wordless = { body: { choices: [], usage: USAGE } }
  const { url } = await serve([wordless, wordless, { status: 401, body: 'no' }])
  const { ask, paid, account } = start()
  expect((await about(ask, engineFor(url)))?.error?.code).toBe('unauthorized')
  expect(paid).toMatchObject([{ usage: { input: 20, output: 10 } }])
  expect(account.budget?.spent).toBe(30)
})

it('the budget holds what the engine says that a reply may take, whatever its settings are called', async () => {
  const { url } = await serve(reply('{}'))
  const { ask, account } = start({ tokens: 2000 })
  expect(await about(ask, { ...engineFor(url), longestReply: 5000 })).toBeNull()
  expect(account.stopped?.code).toBe('budget-too-small')
})

it('once the server has called the model by a dearer name, the budget holds its price', async () => {
  const { body } = reply('{}')
  const { url } = await serve({ body: { ...body, model: 'dear' } })
  const price = (output: number): Price => ({ input: 0, cachedInput: 0, output, reasoning: output })
  const account = new Account({
    prices: { currency: 'usd', models: { m: price(10_000), dear: price(1e6) } },
    budget: { value: 200, unit: 'usd' },
    earlier: [],
    onPaid: () => {},
  })
  const { signal } = new AbortController()
  const engine = engineFor(url)
  const paid = { engine, fingerprint: 'f', prompt: REQUEST.prompt }
  const { ask } = start({ account })
  // Worth 1 by the one name, and 100 by the other.
  expect((await account.reserve(paid, signal))?.amount).toBe(1)
  expect((await about(ask, engine))?.reply).toMatchObject({ model: 'dear', cost: { amount: 5 } })
  expect((await account.reserve(paid, signal))?.amount).toBe(100)
})

it('an endpoint that pauses holds up no other', async () => {
  const [silent, quick] = [await serve({ instead: 'silence' }), await serve(reply('{}'))]
  const { ask, stop } = start({ concurrency: 2 })
  const [one, other] = [engineFor(silent.url), engineFor(quick.url)]
  const held = [about(ask, one, '1'), about(ask, one, '2')]
  expect((await about(ask, other, '3'))?.reply.content).toBe('{}')
  stop.abort()
  await Promise.all(held)
})
