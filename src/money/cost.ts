import type { Cost, Reply } from '../model/reply.ts'
import { estimateTokens } from '../model/tokens.ts'
import { findPrice, priceOf, type PriceList } from './price.ts'

/** Servers that state what they charged do so in US dollars. */
const STATED_CURRENCY = 'usd'

type Said = Pick<Reply, 'model' | 'usage' | 'reasoning' | 'content'>

/**
 * What a reply cost: what the server says that it charged, else its tokens by the price of its model; null where nobody
 * knows a price.
 * @param askedModel the model as it was asked for; the server may have named another
 */
export function costOf(reply: Said, prompt: string, askedModel: string, prices: PriceList): Cost | null {
  const { currency } = prices
  const price = findPrice(prices, [reply.model, askedModel])
  const stated = reply.usage.cost ?? null
  // A sum in another currency than the prices' cannot be added up: it is taken where there is nothing else.
  if (stated !== null && (price === null || currency === STATED_CURRENCY))
    return { amount: stated, currency: STATED_CURRENCY, basis: 'stated' }
  if (price === null) return null
  const { input, cachedInput, output, reasoning } = reply.usage
  const tokens = { ...tokensOf(reply, prompt), cachedInput: cachedInput ?? 0, reasoning: reasoning ?? 0 }
  const basis = input === null || output === null ? 'estimated' : 'counted'
  return { amount: priceOf(tokens, price), currency, basis }
}

/** Of two replies that are counted as one; the currency of a run's replies is the same but where a server states its own. */
export function addCost(one: Cost | null, other: Cost | null): Cost | null {
  if (one === null || other === null || one.currency !== other.currency) return other ?? one
  const basis = one.basis === 'estimated' ? one.basis : other.basis
  return { ...other, amount: one.amount + other.amount, basis }
}

/** Tokens of prompt and reply: as the server counted them, else by estimate from what was sent and what arrived. */
export function tokensOf({ usage, reasoning, content }: Said, prompt: string): { input: number; output: number } {
  return {
    input: usage.input ?? estimateTokens(prompt),
    output: usage.output ?? estimateTokens(reasoning) + estimateTokens(content),
  }
}
