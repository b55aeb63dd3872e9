import { describe, expect, it } from 'vitest'
import { findPrice, priceOf, priceShape, type Price } from '../../src/money/price.ts'

const flat = (amount: number): Price => ({ input: amount, cachedInput: amount, output: amount, reasoning: amount })
const prices = (models: Readonly<Record<string, number>>) => ({
  currency: 'usd',
  models: Object.fromEntries(Object.entries(models).map(([name, amount]) => [name, flat(amount)])),
})

describe('the price of a model', () => {
  it.each([
    ['an exact name goes before a pattern', { 'r1*': 1, 'r1-8b': 2, '*': 3 }, ['r1-8b'], 2],
    ['the pattern with more letters', { '*': 1, 'deepseek*': 2, 'deepseek-r1*': 3 }, ['deepseek-r1:14b'], 3],
    ['the name of the server goes first', { 'gpt-5': 1, 'gpt-5-2025-08-07': 2 }, ['gpt-5-2025-08-07', 'gpt-5'], 2],
    ['but any exact name goes before a pattern', { 'gpt-5': 1, '*': 2 }, ['gpt-5-2025-08-07', 'gpt-5'], 1],
    ['* stands for slashes and dots too', { '*/deepseek-r1*': 1 }, ['openrouter/deepseek/deepseek-r1-0528'], 1],
    ['in the middle', { 'gpt-*-mini': 1 }, ['gpt-5-mini'], 1],
    ['not where the ends overlap', { 'ab*ba': 1 }, ['aba'], null],
    ['not a part of a name', { r1: 1 }, ['r1-8b'], null],
    ['not in other letters', { 'R1*': 1 }, ['r1'], null],
    ['not what every object has', {}, ['constructor'], null],
  ])('%s', (_, models, names, amount) => {
    const found = findPrice(prices(models as Record<string, number>), names)
    expect(found?.input ?? null).toBe(amount)
  })

  it('does not take long, whatever a server calls its model', () => {
    const started = performance.now()
    expect(findPrice(prices({ [`${'*a'.repeat(30)}*b`]: 1 }), ['a'.repeat(1_000_000)])).toBeNull()
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('what tokens cost', () => {
  const price = priceShape.parse({ input: 10, cachedInput: 1, output: 100 })

  it('is by the million, cached input apart', () => {
    expect(priceOf({ input: 1_000_000, cachedInput: 0, output: 0, reasoning: 0 }, price)).toBe(10)
    expect(priceOf({ input: 1_000_000, cachedInput: 400_000, output: 0, reasoning: 0 }, price)).toBeCloseTo(6.4)
  })

  it('thinking is part of the output, and costs the same unless it has a price', () => {
    const tokens = { input: 0, cachedInput: 0, output: 1_000_000, reasoning: 750_000 }
    expect(priceOf(tokens, price)).toBe(100)
    expect(priceOf(tokens, { ...price, reasoning: 20 })).toBe(40)
  })

  it('a server that counts more of a part than of the whole makes nothing cheaper than all of it', () => {
    expect(priceOf({ input: 100, cachedInput: 500, output: 0, reasoning: 0 }, price)).toBeCloseTo(0.0001)
    expect(priceOf({ input: 0, cachedInput: 0, output: 100, reasoning: 500 }, price)).toBeCloseTo(0.01)
  })

  it('cached input costs what input costs where nothing else is said', () => {
    expect(priceShape.parse({ input: 3, output: 5 })).toEqual({ input: 3, cachedInput: 3, output: 5, reasoning: 5 })
  })
})
