import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Budget, type Reservation } from '../../src/money/budget.ts'

const never = new AbortController().signal
const usd = (value: number) => new Budget({ value, unit: 'usd' })
/** What a promise has come to by now. */
const now = async <T>(promise: Promise<T>): Promise<T | 'waits'> =>
  Promise.race([promise, new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits')))])

it('holds the worst case, and gives back what was not spent', async () => {
  const budget = usd(10)
  const one = (await budget.reserve(6, never)) as Reservation
  const two = budget.reserve(6, never)
  expect(await now(two)).toBe('waits')
  budget.settle(one, 2)
  expect(await now(two)).toEqual({ amount: 6 })
  budget.settle((await two) as Reservation, 3)
  expect(budget.spent).toBe(5)
})

it('what does not fit with nothing in flight closes it, for those that wait and come later', async () => {
  const budget = usd(10)
  const one = (await budget.reserve(6, never)) as Reservation
  const [two, three] = [budget.reserve(6, never), budget.reserve(1, never)]
  budget.settle(one, 5)
  expect(await now(two)).toBeNull()
  expect(await now(three)).toBeNull()
  expect(await now(budget.reserve(1, never))).toBeNull()
  expect(budget.spent).toBe(5)
})

it('what costs nothing is always let through', async () => {
  const budget = usd(1)
  expect(await now(budget.reserve(2, never))).toBeNull()
  expect(await now(budget.reserve(0, never))).toEqual({ amount: 0 })
})

it('a small request does not overtake a large one that waits', async () => {
  const budget = usd(10)
  const one = (await budget.reserve(6, never)) as Reservation
  const large = budget.reserve(8, never)
  const small = budget.reserve(1, never)
  expect(await now(small)).toBe('waits')
  budget.settle(one, 0)
  expect(await now(large)).toEqual({ amount: 8 })
  expect(await now(small)).toEqual({ amount: 1 })
})

it('whoever waits when the run is stopped goes without, and holds nothing', async () => {
  const budget = usd(10)
  const one = (await budget.reserve(6, never)) as Reservation
  const stop = new AbortController()
  const two = budget.reserve(6, stop.signal)
  stop.abort()
  expect(await now(two)).toBeNull()
  expect(await now(budget.reserve(6, stop.signal))).toBeNull()
  budget.settle(one, 1)
  expect(await now(budget.reserve(9, never))).toEqual({ amount: 9 })
})

it('settling twice counts once', async () => {
  const budget = usd(10)
  const one = (await budget.reserve(6, never)) as Reservation
  budget.settle(one, 2)
  budget.settle(one, 2)
  expect(budget.spent).toBe(2)
})

it('is never exceeded, however many are in flight and in whatever order they end', async () => {
  const request = fc.record({
    worst: fc.integer({ min: 1, max: 40 }),
    used: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 200 }),
      fc.scheduler(),
      async (requests, limit, scheduler) => {
        const budget = usd(limit)
        let inFlight = 0
        let refused = 0
        const all = requests.map(async ({ worst, used }) => {
          const reservation = await budget.reserve(worst, never)
          if (reservation === null) return void refused++
          inFlight += worst
          expect(budget.spent + inFlight).toBeLessThanOrEqual(limit + 1e-9)
          await scheduler.schedule(Promise.resolve())
          inFlight -= worst
          budget.settle(reservation, worst * used)
        })
        await scheduler.waitFor(Promise.all(all))
        expect(budget.spent).toBeLessThanOrEqual(limit + 1e-9)
        // Where something was refused, the most that was ever asked for did not fit any more.
        if (refused > 0) expect(budget.spent + Math.max(...requests.map(({ worst }) => worst))).toBeGreaterThan(limit)
      },
    ),
  )
})
