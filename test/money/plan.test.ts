import { expect, it } from 'vitest'
import { Plan, type Forecast } from '../../src/money/plan.ts'

const forecast = (output: number): Forecast => {
  const [cost, milliseconds] = [output / 100, output * 10]
  return { input: 10, output, reasoning: output / 2, milliseconds, cost, replies: 1 }
}

it.each([2, Infinity])('a plan says no less at most than surely, with a limit of %s', (limit) => {
  const plan = new Plan(limit)
  const engine = { name: 'chat', model: 'm' }
  const [cheap, dear] = [forecast(100), forecast(4000)]
  plan.call(engine, cheap)
  // Within the limit there is no room left at that end for what is asked surely, and is dear.
  plan.call(engine, cheap, { ends: ['most'], isStep: true })
  plan.call(engine, dear, { isStep: true })
  const { models, most, cost, seconds, steps } = plan.summary(4, 'EUR')
  const isLimited = limit === 2
  expect([models[0]?.calls, models[0]?.output, cost, seconds]).toEqual([2, 4100, 41, 21])
  expect(models[0]?.most ?? models[0]).toMatchObject({
    calls: isLimited ? 2 : 3,
    output: isLimited ? 4100 : 4200,
    cost: isLimited ? 41 : 42,
  })
  expect(most).toEqual(isLimited ? undefined : { calls: 3, cost: 42, seconds: 21 })
  expect(steps).toEqual({ least: 1, most: isLimited ? 1 : 2 })
})
