import { expect, it } from 'vitest'
import { formatAmount, formatCosts, parseLimit } from '../../src/money/amount.ts'

it.each([
  ['20usd', 20, 'usd'],
  ['20 USD', 20, 'usd'],
  ['5.50eur', 5.5, 'eur'],
  ['2000000tokens', 2_000_000, 'tokens'],
  ['2Mtokens', 2_000_000, 'tokens'],
  ['1.5 Mtokens', 1_500_000, 'tokens'],
  ['500ktokens', 500_000, 'tokens'],
])('%s is a limit', (text, value, unit) => expect(parseLimit(text)).toEqual({ value, unit }))

it.each([
  '',
  '20',
  'usd',
  '$20',
  '20$',
  '-5usd',
  '+5usd',
  '0usd',
  '0.0eur',
  '0tokens',
  '1.5tokens',
  '1,000usd',
  '1e6tokens',
  '20usd ',
  ' 20usd',
  '20  usd',
  '2musd',
  '2Musd',
  '2mtokens',
  '20dollars',
  '.5usd',
  '5.usd',
  'NaNusd',
  'Infinitytokens',
  '0.0000001Mtokens',
])('%j is none', (text) => expect(parseLimit(text)).toBeNull())

it.each([
  [19.876, 'usd', '19.88 usd'],
  [0.5, 'usd', '0.50 usd'],
  [0.1, 'eur', '0.10 eur'],
  [0.0432, 'usd', '0.043 usd'],
  [0.000231, 'usd', '0.00023 usd'],
  [0, 'usd', '0 usd'],
  [1234567, 'tokens', '1,234,567 tokens'],
])('%d %s reads %s', (value, unit, text) => expect(formatAmount(value, unit)).toBe(text))

it('sums in several currencies stand side by side', () => {
  expect(formatCosts({ usd: 1, eur: 0.05 })).toBe('1.00 usd + 0.050 eur')
})
