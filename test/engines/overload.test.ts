import { expect, it } from 'vitest'
import type { EngineEvent } from '../../src/engines/engine.ts'
import { createLimiter } from '../../src/engines/limiter.ts'
import { askPatiently } from '../../src/engines/request/ask-patiently.ts'
import type { Asked } from '../../src/engines/request/failure.ts'
import { Trouble } from '../../src/engines/request/trouble.ts'
import type { ReplyReader, Wire } from '../../src/engines/request/wire.ts'
import { EngineError } from '../../src/model/errors.ts'
import { testClock } from './test-clock.ts'
import { REQUEST } from './wire/run.ts'

/** Of servers that say 429 and nothing of when to come back, in time that passes only here. */
const NEVER = new AbortController().signal
const ABOUT = {
  usage: { input: 10, cachedInput: null, output: 5, reasoning: null },
  model: 'm',
  traceKind: 'none',
} as const
const ASKED: Asked = {
  engine: 'test',
  endpoint: { url: 'http://test', host: 'test', authorization: null, redact: (text) => text },
  model: 'm',
  apiKeyName: 'KEY',
  idleMilliseconds: 300_000,
  addressHint: '',
  sentAlong: '',
}

function createReader(): ReplyReader {
  return {
    take: () => [{ type: 'answer-delta', text: '{}' }],
    rest: () => [],
    hasBegun: () => true,
    isFinished: () => true,
    soFar: () => ABOUT,
    finish: () => ({ type: 'finish', reason: 'stop', ...ABOUT }),
  }
}

async function* one(): AsyncGenerator<readonly [unknown]> {
  yield [{}]
}

interface Server {
  readonly perMinute: number
  readonly seconds: number
}

/** Asks for so many replies from a server that takes so many requests in any minute. */
async function load({ perMinute, seconds }: Server, concurrency: number, chunks: number) {
  const clock = { ...testClock(), random: () => 0.5 }
  const taken: number[] = []
  let requests = 0
  const wire: Wire<null> = {
    dialect: null,
    async send() {
      requests++
      await clock.sleep(50)
      if (taken.filter((at) => at > clock.now() - 60_000).length >= perMinute)
        throw new Trouble('refused', 'too many requests', { status: 429 })
      taken.push(clock.now())
      await clock.sleep(1000 * seconds)
      return { headers: null, chunks: one() }
    },
    createReader,
    otherDialect: () => null,
  }
  const said: string[] = []
  const limiter = createLimiter({ requests: concurrency }, clock)
  const settings = { model: 'm', clock, limiter, say: (message: string) => said.push(message) }
  const reason = askPatiently(wire, ASKED, settings)
  const failures: unknown[] = []
  let next = 0
  let done = 0
  const worker = async (): Promise<void> => {
    while (next++ < chunks) {
      try {
        const events: EngineEvent[] = []
        for await (const event of reason(REQUEST, NEVER)) events.push(event)
        if (events.at(-1)?.type === 'finish') done++
      } catch (error) {
        failures.push(error)
      }
    }
  }
  const all = Promise.all(Array.from({ length: concurrency }, worker))
  await clock.run(24 * 3_600_000)
  await all
  return { done, failures, requests, said }
}

it.each<[Server, number, number]>([
  [{ perMinute: 20, seconds: 2 }, 8, 200],
  [{ perMinute: 60, seconds: 0.5 }, 16, 400],
  [{ perMinute: 60, seconds: 10 }, 16, 400],
  [{ perMinute: 10, seconds: 0.5 }, 4, 60],
])('no reply is lost to a server of %o with %i at a time', async (server, concurrency, chunks) => {
  const { done, failures, requests } = await load(server, concurrency, chunks)
  expect(failures).toEqual([])
  expect(done).toBe(chunks)
  expect(requests).toBeLessThan(3 * chunks)
})

it('one that takes nothing for ten minutes stops the job, and was not asked all the while', async () => {
  const { failures, requests, said } = await load({ perMinute: 0, seconds: 1 }, 4, 4)
  expect(failures).toHaveLength(4)
  for (const failure of failures) {
    expect(failure).toBeInstanceOf(EngineError)
    expect(failure).toMatchObject({ code: 'rate-limited', fatal: true, retryable: true, mayCost: false })
  }
  expect(requests).toBeLessThan(40)
  expect(said.length).toBeLessThan(40)
})
