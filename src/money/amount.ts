/** So much money or so many tokens: what a run may spend at most. */
export interface Limit {
  readonly value: number
  /** A currency in three lower-case letters, or `tokens`: those of prompts and replies together. */
  readonly unit: string
}

const FORM = /^(\d+(?:\.\d+)?) ?(?:([kM]?)(tokens)|([A-Za-z]{3}))$/
const TIMES: Readonly<Record<string, number>> = { '': 1, k: 1_000, M: 1_000_000 }

/** Reads `20usd`, `5.50 eur`, `2000000tokens`, `2Mtokens`; null for anything else, and for less than a token. */
export function parseLimit(text: string): Limit | null {
  const [, number = '', times = '', tokens, currency = ''] = FORM.exec(text) ?? []
  if (tokens === undefined && currency === '') return null
  const value = Number(number) * (TIMES[times] ?? 1)
  if (value <= 0 || (tokens !== undefined && !Number.isInteger(value))) return null
  return { value, unit: tokens ?? currency.toLowerCase() }
}

/** For people: cents from 1 on, two figures that count below (`0.0023 usd`), grouped thousands for tokens. */
export function formatAmount(value: number, unit: string): string {
  if (unit === 'tokens') return `${formatCount(value)} tokens`
  if (value === 0) return `0 ${unit}`
  const decimals = value >= 0.1 ? 2 : Math.min(12, 1 - Math.floor(Math.log10(value)))
  return `${value.toFixed(decimals)} ${unit}`
}

/** Sums in several currencies, as they stand in a summary. */
export function formatCosts(costs: Readonly<Record<string, number>>): string {
  return Object.entries(costs)
    .map(([currency, amount]) => formatAmount(amount, currency))
    .join(' + ')
}

export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}
