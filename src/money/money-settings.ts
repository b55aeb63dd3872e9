import { z } from 'zod'
import { parseLimit } from './amount.ts'
import { priceShape } from './price.ts'

const BUDGET_FORM = 'must be an amount above 0 such as 20usd, 5.50eur, 2000000tokens or 2Mtokens'

/** The settings that are about money. */
export const moneySettings = {
  /** By model, exact or with `*`: what a million tokens cost. */
  prices: z
    .record(z.string().min(1), priceShape, { error: 'must name models: MODEL: { input: 0.55, output: 2.19 }' })
    .default({}),
  /** That of all prices. */
  currency: z
    .string()
    .regex(/^[A-Za-z]{3}$/, 'must be a currency of three letters, such as usd')
    .transform((name) => name.toLowerCase())
    .default('usd'),
  /** What one ingest may spend. */
  budget: z
    .string(BUDGET_FORM)
    .refine((text) => parseLimit(text) !== null, BUDGET_FORM)
    .optional(),
}
