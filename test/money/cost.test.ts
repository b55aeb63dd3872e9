import { describe, expect, it } from 'vitest'
import type { Usage } from '../../src/model/reply.ts'
import { costOf } from '../../src/money/cost.ts'
import { priceShape } from '../../src/money/price.ts'

const UNCOUNTED: Usage = { input: null, cachedInput: null, output: null, reasoning: null }
const prices = { currency: 'usd', models: { r1: priceShape.parse({ input: 1, cachedInput: 0.1, output: 2 }) } }
const cost = (usage: Usage, more: { model?: string; prices?: typeof prices } = {}) =>
  costOf(
    { model: more.model ?? 'r1', usage, reasoning: 'x'.repeat(4000), content: 'y'.repeat(400) },
    'p'.repeat(8000),
    'r1',
    more.prices ?? prices,
  )

describe('what a reply cost', () => {
  it('by the tokens that the server counted', () => {
    expect(cost({ input: 1000, cachedInput: 500, output: 3000, reasoning: 2000 })).toEqual({
      amount: (500 * 1 + 500 * 0.1 + 3000 * 2) / 1e6,
      currency: 'usd',
      basis: 'counted',
    })
  })

  it('where it counted none, by an estimate that says so: of the prompt, the trace and the answer', () => {
    const { amount, basis } = cost(UNCOUNTED) ?? {}
    expect(basis).toBe('estimated')
    expect(amount).toBeCloseTo((2000 * 1 + 1100 * 2) / 1e6, 9)
    expect(cost({ ...UNCOUNTED, input: 1000 })?.basis).toBe('estimated')
  })

  it('as the server stated it', () => {
    const stated = { amount: 0.000231, currency: 'usd', basis: 'stated' }
    expect(cost({ ...UNCOUNTED, cost: 0.000231 })).toEqual(stated)
    expect(cost({ ...UNCOUNTED, cost: 0 })).toEqual({ ...stated, amount: 0 })
    // Dollars beside prices in euros cannot be added up.
    expect(cost({ ...UNCOUNTED, cost: 0.5 }, { prices: { ...prices, currency: 'eur' } })?.currency).toBe('eur')
    expect(cost({ ...UNCOUNTED, cost: 0.5 }, { prices: { currency: 'eur', models: {} } as never })?.currency).toBe(
      'usd',
    )
  })

  it('by the name that was asked for, where the server has another for it', () => {
    expect(cost({ ...UNCOUNTED, input: 1e6, output: 0 }, { model: 'r1-0528' })?.amount).toBe(1)
  })

  it('is not known without a price', () => {
    expect(cost({ ...UNCOUNTED, input: 1, output: 1 }, { prices: { currency: 'usd', models: {} } as never })).toBeNull()
  })
})
