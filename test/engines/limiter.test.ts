import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLimiter, Limiters, type Limits, NoRoom } from '../../src/engines/limiter.ts'
import { testClock } from './test-clock.ts'

const NEVER = new AbortController().signal

/** Keeps `workers` asking an endpoint that accepts `accepts` at a time and answers after a second. */
async function load(limits: Limits, accepts: number, workers: number, seconds: number) {
  const clock = testClock()
  const limiter = createLimiter(limits, clock)
  const seen = { begun: [] as { at: number; tokens: number }[], refused: 0, inside: 0, most: 0, area: 0 }
  const worker = async (): Promise<void> => {
    for (let isAgain = false; ;) {
      const permit = await limiter.begin(100, NEVER, isAgain)
      if (seen.inside >= accepts) {
        seen.refused++
        permit.refused(null)
        permit.end()
        isAgain = true
        await clock.sleep(500)
        continue
      }
      seen.begun.push({ at: clock.now(), tokens: 100 })
      seen.inside++
      seen.most = Math.max(seen.most, seen.inside)
      await clock.sleep(1000)
      seen.inside--
      seen.area++
      permit.end(100)
      isAgain = false
    }
  }
  for (let i = 0; i < workers; i++) void worker()
  await clock.run(seconds * 1000)
  return { ...seen, meanInFlight: seen.area / seconds, allowed: limiter.allowed }
}

it('keeps as many in flight as it may, and no more', async () => {
  const { meanInFlight, most, refused } = await load({ requests: 16 }, Infinity, 30, 100)
  expect(most).toBe(16)
  expect(meanInFlight).toBeGreaterThan(15.8)
  expect(refused).toBe(0)
})

it('finds out how many an endpoint accepts, stays near it, and is refused seldom', async () => {
  const { meanInFlight, refused, begun } = await load({ requests: 16 }, 6, 31, 200)
  expect(meanInFlight).toBeGreaterThan(5.7)
  expect(refused / begun.length).toBeLessThan(0.1)
})

it('goes back to all that is allowed when the endpoint has room again', async () => {
  const clock = testClock()
  const limiter = createLimiter({ requests: 8 }, clock)
  const permits = await Promise.all(Array.from({ length: 8 }, () => limiter.begin(1, NEVER)))
  for (const permit of permits) {
    permit.refused(null)
    permit.end()
  }
  expect(limiter.allowed).toBe(1)
  for (let i = 0; i < 150; i++) {
    const next = limiter.begin(1, NEVER)
    await clock.run(clock.now() + 120_000)
    ;(await next).end()
  }
  expect(limiter.allowed).toBe(8)
})

it.each([
  ['requests', { requests: 50, requestsPerMinute: 30 }],
  ['tokens', { requests: 50, tokensPerMinute: 3000 }],
])('no minute holds more %s than the limit', async (_, limits) => {
  const { begun } = await load(limits, Infinity, 50, 300)
  expect(begun.length).toBeGreaterThanOrEqual(150)
  for (const { at } of begun)
    expect(begun.filter((one) => one.at >= at && one.at < at + 60_000).length).toBeLessThanOrEqual(30)
})

it('tokens in flight are bounded, but one request always passes', async () => {
  const { most } = await load({ requests: 50, tokens: 450 }, Infinity, 50, 10)
  expect(most).toBe(4)
  const large = await load({ requests: 50, tokens: 10 }, Infinity, 3, 10)
  expect(large.most).toBe(1)
  expect(large.begun.length).toBeGreaterThanOrEqual(10)
})

it('what was counted takes the place of the estimate', async () => {
  const clock = testClock()
  const limiter = createLimiter({ requests: 9, tokensPerMinute: 1000 }, clock)
  ;(await limiter.begin(900, NEVER)).end(100)
  ;(await limiter.begin(900, NEVER)).end(900)
  let begun = false
  void limiter.begin(1, NEVER).then(() => (begun = true))
  await clock.run(59_999)
  expect(begun).toBe(false)
  await clock.run(60_001)
  expect(begun).toBe(true)
})

it('waits as long as the endpoint asks, all of them, and one that was refused goes first', async () => {
  const clock = testClock()
  const limiter = createLimiter({ requests: 2 }, clock)
  const order: string[] = []
  const ask = (name: string, isAgain = false): void =>
    void limiter.begin(1, NEVER, isAgain).then(() => order.push(`${name} ${clock.now()}`))
  const first = await limiter.begin(1, NEVER)
  first.refused(20_000)
  first.end()
  ask('new')
  ask('again', true)
  await clock.run(19_999)
  expect(order).toEqual([])
  await clock.run(20_001)
  expect(order).toEqual(['again 20000'])
})

it('pauses longer and longer where nothing is accepted and no time is named', async () => {
  const { refused, begun } = await load({ requests: 4 }, 0, 4, 120)
  expect(begun).toEqual([])
  expect(refused).toBeGreaterThan(5)
  expect(refused).toBeLessThan(15)
})

it('keeps to what the headers say is left, and passes over what means nothing', async () => {
  const clock = testClock()
  const limiter = createLimiter({ requests: 9 }, clock)
  const permit = await limiter.begin(10, NEVER)
  permit.heard(
    new Headers({
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '400',
      'x-ratelimit-reset-tokens': '1m0s',
    }),
  )
  const begun: number[] = []
  for (let i = 0; i < 3; i++) void limiter.begin(250, NEVER).then(() => begun.push(clock.now()))
  await clock.run(100_000)
  // 250 of 400 at once; 100 more are back after a sixth of the minute, 350 after 7 twelfths.
  expect(begun).toEqual([0, 10_000, 35_000])

  permit.heard(new Headers({ 'x-ratelimit-remaining-requests': '-1', 'x-ratelimit-reset-requests': '0' }))
  permit.heard(new Headers({ 'x-ratelimit-remaining-requests': '0' }))
  let isIn = false
  void limiter.begin(1, NEVER).then(() => (isIn = true))
  await clock.run(200_000)
  expect(isIn).toBe(true)
})

it('all that are refused at once, with a time, are one refusal', async () => {
  const clock = testClock()
  const limiter = createLimiter({ requests: 8 }, clock)
  const permits = await Promise.all(Array.from({ length: 8 }, () => limiter.begin(1, NEVER)))
  for (const permit of permits) {
    permit.refused(20_000)
    permit.end()
  }
  expect(limiter.allowed).toBe(7)
  await clock.run(20_000)
  ;(await limiter.begin(1, NEVER)).refused(20_000)
  expect(limiter.allowed).toBe(1)
})

it('those that were refused keep their order', async () => {
  const clock = testClock()
  const limiter = createLimiter({ requests: 1 }, clock)
  const first = await limiter.begin(1, NEVER)
  const order: string[] = []
  const ask = (name: string, isAgain: boolean): void =>
    void limiter.begin(1, NEVER, isAgain).then((permit) => {
      order.push(name)
      permit.end()
    })
  ask('new', false)
  ask('again', true)
  ask('later again', true)
  first.end()
  await clock.run(1)
  expect(order).toEqual(['again', 'later again', 'new'])
})

it('says for how long nobody is let in, once for all who wait', async () => {
  const clock = testClock()
  const limiter = createLimiter({ requests: 9, requestsPerMinute: 2 }, clock)
  const said: string[] = []
  for (let i = 0; i < 6; i++)
    void limiter.begin(1, NEVER, false, (wait) => said.push(`${clock.now()} ${wait}`)).then((permit) => permit.end())
  await clock.run(200_000)
  expect(said).toEqual(['0 60000', '60000 60000'])
})

describe('what the headers say is left', () => {
  const heard = async (reset: string) => {
    const clock = testClock()
    const limiter = createLimiter({ requests: 9 }, clock)
    const permit = await limiter.begin(1, NEVER)
    permit.heard(
      new Headers({
        'x-ratelimit-limit-requests': '1',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': reset,
      }),
    )
    return limiter.begin(1, NEVER)
  }

  it('only after a long time: nobody waits for it', async () => {
    await expect(heard('23h59m')).rejects.toMatchObject({ wait: (23 * 60 + 59) * 60_000 })
    await expect(heard('23h59m')).rejects.toBeInstanceOf(NoRoom)
  })

  it.each(['1893456000', '1893456000s', '25h'])(
    'in no time that could be meant (%s): is passed over',
    async (reset) => {
      expect(await heard(reset)).toBeDefined()
    },
  )
})

it('one that gives up leaves the queue and holds nobody back', async () => {
  const clock = testClock()
  const limiter = createLimiter({ requests: 1 }, clock)
  const first = await limiter.begin(1, NEVER)
  const gone = new AbortController()
  const leaver = limiter.begin(1, gone.signal)
  const next = limiter.begin(1, NEVER)
  gone.abort(new Error('gone'))
  await expect(leaver).rejects.toThrow('gone')
  first.end()
  first.end()
  ;(await next).end()
  await expect(limiter.begin(1, gone.signal)).rejects.toThrow('gone')
})

it('whatever ends when, nobody waits for ever and no limit is passed', async () => {
  const request = fc.record({ tokens: fc.nat(500), takes: fc.nat(5000), refused: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 40 }), fc.integer({ min: 1, max: 5 }), async (requests, most) => {
      const clock = testClock()
      const limiter = createLimiter({ requests: most, tokens: 600, requestsPerMinute: 20 }, clock)
      let inside = 0
      let done = 0
      for (const { tokens, takes, refused } of requests)
        void limiter.begin(tokens, NEVER).then(async (permit) => {
          expect(++inside).toBeLessThanOrEqual(most)
          await clock.sleep(takes)
          inside--
          if (refused) permit.refused(takes > 2500 ? takes : null)
          permit.end()
          done++
        })
      await clock.run(3_600_000)
      expect(done).toBe(requests.length)
    }),
  )
})

it('the same endpoint has one limiter, with the strictest limits of all who ask it', async () => {
  const clock = testClock()
  const limiters = new Limiters(clock)
  const one = limiters.for('https://a/v1 KEY', { requests: 9, requestsPerMinute: 5 })
  expect(limiters.for('https://a/v1 KEY', { requests: 4, requestsPerMinute: 9, tokensPerMinute: 200 })).toBe(one)
  expect(limiters.for('https://b/v1 KEY', { requests: 4 })).not.toBe(one)
  expect(one.allowed).toBe(4)
  const begun: number[] = []
  for (let i = 0; i < 4; i++)
    void one.begin(100, NEVER).then((permit) => {
      begun.push(clock.now())
      permit.end()
    })
  await clock.run(100_000)
  expect(begun).toEqual([0, 0, 60_000, 60_000])
})
