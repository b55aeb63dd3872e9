import type { ReplyGroup } from '../model/reply-group.ts'
import { estimateReasoning, isWhole, type Reply } from '../model/reply.ts'

/** What the replies of one model took, and what was paid for them. */
export interface Spending {
  /** Without copies: what was said about one chunk and taken for another with the same words is one reply. */
  readonly replies: number
  /** Of them, those that broke off: what had arrived was paid for. */
  readonly partial: number
  /** Of them, those whose tokens the server did not count; they are in none of the sums of tokens. */
  readonly uncounted: number
  readonly input: number
  readonly cachedInput: number
  readonly output: number
  /** Of `output`, those of the trace: counted, else by its share of the characters; null where nothing tells. */
  readonly reasoning: number | null
  /** By currency; what nobody knows a price for is not in it. */
  readonly cost: Readonly<Record<string, number>>
  /** Replies whose cost is an estimate, for want of counted tokens. */
  readonly costEstimated: number
  /** Replies without a known price. */
  readonly costUnknown: number
}

const NOTHING: Spending = {
  replies: 0,
  partial: 0,
  uncounted: 0,
  input: 0,
  cachedInput: 0,
  output: 0,
  reasoning: null,
  cost: {},
  costEstimated: 0,
  costUnknown: 0,
}

/** What one reply took. */
export function spendingOf(reply: Reply): Spending {
  const { usage, cost, finish } = reply
  const counted = usage.output === null ? 0 : 1
  return spend({ finish, cost, usage, replies: 1, counted, reasoningEstimate: estimateReasoning(reply) })
}

/** What the stored replies of each model took. */
export function spendingByModel(groups: readonly ReplyGroup[]): Map<string, Spending> {
  const byModel = new Map<string, Spending>()
  for (const group of groups) byModel.set(group.model, addSpending(byModel.get(group.model), spend(group)))
  return byModel
}

/** What replies took of an engine that a rule named. */
export interface RouteSpending extends Spending {
  readonly engine: string
  readonly rule: string
}

/** What the stored replies took by named engine and rule, as far as rules chose the engine. */
export function spendingByRoute(groups: readonly ReplyGroup[]): RouteSpending[] {
  const byRoute = new Map<string, RouteSpending>()
  for (const { route, ...group } of groups) {
    if (route === undefined) continue
    const { engine, rule } = route
    const key = JSON.stringify([engine, rule])
    byRoute.set(key, { engine, rule, ...addSpending(byRoute.get(key), spend(group)) })
  }
  return [...byRoute.values()]
}

type Spent = Pick<ReplyGroup, 'finish' | 'cost' | 'usage' | 'replies' | 'counted' | 'reasoningEstimate'>

function spend({ finish, cost, usage, replies: all, counted, reasoningEstimate }: Spent): Spending {
  // A copy is free and counts no tokens; what rules say is free, and its tokens are not counted.
  const isCopied = cost?.basis === 'free' && counted > 0 && usage.output === 0
  const replies = isCopied ? all - counted : all
  const { input, cachedInput, output, reasoning } = usage
  const isKnown = reasoning !== null || reasoningEstimate !== null
  return {
    replies,
    partial: isWhole(finish) ? 0 : replies,
    uncounted: cost?.basis === 'free' ? 0 : all - counted,
    input: input ?? 0,
    cachedInput: cachedInput ?? 0,
    output: output ?? 0,
    reasoning: isKnown ? (reasoning ?? 0) + (reasoningEstimate ?? 0) : null,
    cost: cost === null || cost.currency === null ? {} : { [cost.currency]: cost.amount },
    costEstimated: cost?.basis === 'estimated' ? replies : 0,
    costUnknown: cost === null ? replies : 0,
  }
}

export function addSpending(one: Spending = NOTHING, other: Spending): Spending {
  const cost = new Map(Object.entries(one.cost))
  for (const [currency, amount] of Object.entries(other.cost)) cost.set(currency, (cost.get(currency) ?? 0) + amount)
  return {
    replies: one.replies + other.replies,
    partial: one.partial + other.partial,
    uncounted: one.uncounted + other.uncounted,
    input: one.input + other.input,
    cachedInput: one.cachedInput + other.cachedInput,
    output: one.output + other.output,
    reasoning:
      one.reasoning === null && other.reasoning === null ? null : (one.reasoning ?? 0) + (other.reasoning ?? 0),
    cost: Object.fromEntries(cost),
    costEstimated: one.costEstimated + other.costEstimated,
    costUnknown: one.costUnknown + other.costUnknown,
  }
}
