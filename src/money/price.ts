import { z } from 'zod'
import type { Tokens } from '../model/reply.ts'

/** What a million tokens cost. `output` is what an answer costs, `reasoning` what the thinking before it does. */
export interface Price {
  readonly input: number
  /** Input that the provider still had in its cache. */
  readonly cachedInput: number
  readonly output: number
  readonly reasoning: number
}

/** Prices by model, exact or with `*` for any characters, all in one currency. */
export interface PriceList {
  /** Three letters in lower case: `usd`. */
  readonly currency: string
  readonly models: Readonly<Record<string, Price>>
}

export const NO_PRICES: PriceList = { currency: 'usd', models: {} }

const amount = z.number('must be a number: the price of a million tokens').nonnegative('must not be below 0')

/** A price as it stands in settings. What is cached costs what input costs, and thinking what an answer does, unless said. */
export const priceShape = z
  .strictObject(
    { input: amount, cachedInput: amount.optional(), output: amount, reasoning: amount.optional() },
    { error: ({ code }) => (code === 'invalid_type' ? 'must be a price: { input: 0.55, output: 2.19 }' : undefined) },
  )
  .transform(({ input, output, cachedInput = input, reasoning = output }): Price => ({
    input,
    cachedInput,
    output,
    reasoning,
  }))

/**
 * The price of a model that goes by several names (as the server calls it, as it was asked for). An exact name goes
 * before a pattern, a pattern with more letters before one with fewer.
 */
export function findPrice({ models }: PriceList, names: readonly string[]): Price | null {
  for (const name of names) if (Object.hasOwn(models, name)) return models[name] ?? null
  const [best] = Object.keys(models)
    .filter((pattern) => pattern.includes('*') && names.some((name) => matches(pattern, name)))
    .toSorted((a, b) => letters(b) - letters(a))
  return best === undefined ? null : (models[best] ?? null)
}

/** What so many tokens cost at a price. */
export function priceOf({ input, cachedInput, output, reasoning }: Tokens, price: Price): number {
  const cached = Math.min(cachedInput, input)
  const thought = Math.min(reasoning, output)
  const sum =
    (input - cached) * price.input +
    cached * price.cachedInput +
    (output - thought) * price.output +
    thought * price.reasoning
  return sum / 1_000_000
}

function letters(pattern: string): number {
  return pattern.replaceAll('*', '').length
}

/** Piece after piece from the left: linear, whatever a server calls its model. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop() ?? ''
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const piece of rest) {
    const found = name.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}
