import { formatAmount, formatCosts, formatCount } from '../money/amount.ts'
import { ASSUMED } from '../money/experience.ts'
import type { PlannedModel, PlannedPairs, PlannedTotals, PlanSummary } from '../money/plan.ts'
import type { Spending } from '../money/spending.ts'
import { printable } from './printable.ts'
import { renderTable } from './table.ts'

/** What a model's replies took and cost; a second line says which of it is less than sure. None for replies of rules. */
export function spendingLines(model: string, spending: Spending): string[] {
  const { replies, partial, uncounted, input, cachedInput, output, reasoning, cost } = spending
  if (output === 0 && uncounted === 0) return []
  const cached = cachedInput > 0 ? ` (${formatCount(cachedInput)} cached)` : ''
  const counted =
    output === 0 ? [] : [`${formatCount(input)} in${cached}, ${formatCount(output)} out${shares(output, reasoning)}`]
  const money = Object.keys(cost).length > 0 ? [formatCosts(cost)] : []
  const doubts = [
    ...(partial > 0 ? [`${partial} broke off`] : []),
    ...(uncounted > 0 ? [`${uncounted} not counted by the server`] : []),
    ...(spending.costEstimated > 0 ? [`cost of ${spending.costEstimated} estimated`] : []),
    ...(money.length > 0 && spending.costUnknown > 0 ? [`cost of ${spending.costUnknown} unknown`] : []),
  ]
  return [
    `tokens     ${printable(model)}: ${[...counted, `${replies} ${replies === 1 ? 'reply' : 'replies'}`, ...money].join(', ')}`,
    ...(doubts.length > 0 ? [`             of these replies: ${doubts.join(', ')}`] : []),
  ]
}

/** What the replies of an engine took that a rule named. */
export function routeSpendingLine(engine: string, rule: string, { replies, input, output, cost }: Spending): string {
  const tokens = output === 0 ? [] : [`${formatCount(input)} in, ${formatCount(output)} out`]
  const money = Object.keys(cost).length > 0 ? [formatCosts(cost)] : []
  const counts = [`${replies} ${replies === 1 ? 'reply' : 'replies'}`, ...tokens, ...money].join(', ')
  return `routes     ${printable(engine)} (${printable(rule)}): ${counts}`
}

/** Trace and answer together are all of the output. */
function shares(output: number, reasoning: number | null): string {
  if (reasoning === null) return ''
  const share = Math.round((100 * reasoning) / output)
  return ` (${share}% reasoning, ${100 - share}% answer)`
}

interface Budgeted {
  readonly limit: number
  readonly unit: string
  readonly spent: number
}

/** How much of a budget was spent, and what is left to do: by what a reply cost in this run. */
export function budgetLine(
  { limit, unit, spent }: Budgeted,
  chunks: { readonly left: number; readonly asked: number },
): string {
  const line = `budget     ${formatAmount(spent, unit)} of ${formatAmount(limit, unit)} spent`
  if (chunks.left === 0 || chunks.asked === 0) return line
  return `${line}; for the ${formatCount(chunks.left)} chunks that are left about ${formatAmount((spent / chunks.asked) * chunks.left, unit)}`
}

/** What a dry run found out, as a table by model and what it is built on. */
export function planLines(plan: PlanSummary, budget: Budgeted | undefined, width: number): string[] {
  const { models, reused, pairs, currency } = plan
  const lines = [`dry run    ${calls(plan)}${reused > 0 ? `, ${reused} more answered by replies that are there` : ''}`]
  if (plan.again > 0)
    lines.push(
      `           ${formatCount(plan.again)} of them about chunks that were read before, by another engine, model, parameters, schema or examples`,
    )
  if (plan.withExamples !== undefined)
    lines.push(
      `           ${formatCount(plan.withExamples)} of the prompts have room for examples${plan.withExamples === 0 ? ': exampleTokens makes some' : ''}`,
    )
  if (plan.steps !== undefined) lines.push(stepsLine(plan.steps))
  if (pairs !== undefined) lines.push(pairsLine(pairs))
  if (models.length === 0) return lines
  const rows = models.flatMap((one) => rowsOf(one, currency))
  const table = renderTable(['model', 'calls', 'prompt tokens', 'output tokens', 'money'], rows, width - 11)
  lines.push(...table.split('\n').map((line) => `           ${line}`))
  for (const { model, free, replies, cost } of models) {
    if (free) continue
    if (replies === 0) lines.push(`           no counted reply of ${printable(model)} yet: ${ASSUMPTION}`)
    if (cost === null) lines.push(`           no price set for ${printable(model)}: add it to prices in whygraph.yaml`)
  }
  lines.push(`           ${inAll(plan, budget)}nothing was asked or written`)
  return lines
}

/** An upper bound, and said to be one: which names come of what is yet to be read, nobody knows. */
function pairsLine({ waiting, most }: PlannedPairs): string {
  const inAll =
    most === null
      ? '; names yet to be read may add any number, up to --limit and --budget'
      : most > waiting
        ? `; with names yet to be read at most ${formatCount(most)}, by --limit`
        : most < waiting
          ? `; of these ${formatCount(most)}, by --limit`
          : ''
  return `           at most ${formatCount(waiting)} of the requests are about pairs of names that wait${inAll}`
}

/** Those that are made surely, and such as are made only where they are called for. */
function stepsLine({ least, most }: NonNullable<PlanSummary['steps']>): string {
  const which =
    least === 0 ? 'each is made only where it is' : `${formatCount(least)} surely, the others only where they are`
  return `           at most ${formatCount(most)} of the requests are further steps, by effort: ${which} called for`
}

/** Money and time of all requests that are paid for, held against the budget; where more may be called for, from least to most. */
function inAll({ models, currency, cost, seconds, most }: PlanSummary, budget: Budgeted | undefined): string {
  const paid = models.filter(({ free }) => !free)
  if (paid.length === 0) return ''
  const isPriced = paid.every((one) => one.cost !== null)
  const isAnyPriced = paid.some((one) => one.cost !== null)
  const ends = { cost: most?.cost ?? cost, seconds: most?.seconds ?? seconds }
  const money = !isAnyPriced ? [] : [range(formatAmount(cost ?? 0, currency), formatAmount(ends.cost ?? 0, currency))]
  const tokens = (all: readonly PlannedTotals[]): number =>
    all.reduce((sum, { input, output }) => sum + input + output, 0)
  const inTokens = { least: tokens(paid), most: tokens(paid.map((one) => one.most ?? one)) }
  const needed = budget?.unit === 'tokens' ? inTokens : isPriced ? { least: cost ?? 0, most: ends.cost ?? 0 } : null
  const within =
    budget === undefined || needed === null
      ? ''
      : `, ${held(needed, budget.limit)} the budget of ${formatAmount(budget.limit, budget.unit)}`
  const partly = money.length > 0 && !isPriced ? ' for what has a price' : ''
  const time = range(formatTime(seconds), formatTime(ends.seconds))
  return `about ${[...money.map((one) => one + partly), time].join(' and ')} in all${within}; `
}

function held({ least, most }: { readonly least: number; readonly most: number }, limit: number): string {
  return most <= limit ? 'within' : least <= limit ? 'perhaps more than' : 'more than'
}

function range(least: string, most: string): string {
  return least === most ? least : `${least} to ${most}`
}

const { outputPerInput, tokensPerSecond } = ASSUMED
const ASSUMPTION = `assuming ${outputPerInput} tokens of reply for each of the prompt, at ${tokensPerSecond} a second`

function calls({ models, most }: PlanSummary): string {
  const least = models.reduce((sum, one) => sum + one.calls, 0)
  const count = most?.calls ?? least
  return `${range(formatCount(least), formatCount(count))} request${count === 1 ? '' : 's'} to make`
}

/** A second row where more may be called for. */
function rowsOf({ model, free, most, ...least }: PlannedModel, currency: string): string[][] {
  const cells = ({ calls, input, output, reasoning, cost }: PlannedTotals): string[] => {
    if (free) return [formatCount(calls), '–', '–', 'free']
    const share = output > 0 ? ` (${Math.round((100 * reasoning) / output)}% reasoning)` : ''
    const money = cost === null ? 'unknown' : formatAmount(cost, currency)
    return [formatCount(calls), formatCount(input), `${formatCount(output)}${share}`, money]
  }
  return [[model, ...cells(least)], ...(most === undefined ? [] : [['  at most', ...cells(most)]])]
}

function formatTime(seconds: number): string {
  if (seconds < 90) return `${seconds} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
