import type { Engine } from '../engines/engine.ts'
import { UsageError } from '../model/errors.ts'
import { parseLimit, type Limit } from '../money/amount.ts'
import { findPrice, type PriceList } from '../money/price.ts'
import { waysOf } from '../routes/create-routed.ts'
import type { Route } from '../sources.ts'

/**
 * The budget as it was given, once it is known that it can be kept.
 * @throws UsageError where it is in another currency than the prices, or a model that is asked has no price
 */
export function checkedBudget(
  text: string | undefined,
  prices: PriceList,
  routes: readonly Route[],
  others: readonly Engine[],
): Limit | null {
  const budget = text === undefined ? null : parseLimit(text)
  if (budget === null || budget.unit === 'tokens') return budget
  if (budget.unit !== prices.currency)
    throw new UsageError('other-currency', `the budget is in ${budget.unit}, the prices are in ${prices.currency}`, {
      hint: `Give the budget in ${prices.currency} or in tokens, or set currency in whygraph.yaml.`,
    })
  const engines = routes
    .flatMap(waysOf)
    .flatMap(({ engine, aligner, effort }) => [engine, aligner, effort?.verifier].filter((one) => one != null))
  const models = [...engines, ...others].filter((engine) => !engine.offline).map((engine) => engine.model)
  const unpriced = models.find((model) => findPrice(prices, [model]) === null)
  if (unpriced !== undefined)
    throw new UsageError('no-price', `a budget in ${budget.unit} needs the price of ${unpriced}, and none is set`, {
      hint: `Add it to whygraph.yaml, a million tokens each:\nprices:\n  '${unpriced}': { input: 0.55, cachedInput: 0.14, output: 2.19 }\nor give the budget in tokens: --budget 2Mtokens.`,
    })
  return budget
}
