import pLimit, { type LimitFunction } from 'p-limit'
import type { Account } from './account.ts'
import { addUsage, type Engine, type EngineRequest } from '../engines/engine.ts'
import { ask, type AskContext, type Asked } from '../extract/ask.ts'
import type { Journal } from '../extract/journal.ts'
import type { Reply, ReplyPlace } from '../model/reply.ts'
import { addCost } from '../money/cost.ts'

export interface AskOptions {
  /** Requests in flight at the same time, of each engine: one whose endpoint pauses holds up no other. */
  readonly concurrency: number
  /** At most so many requests in all. */
  readonly limit: number
  readonly runId: string
  readonly journal: Journal
  /** Called before the first request is made. */
  readonly begin: () => Promise<void>
  /** Stores a reply that is not the last about its request. */
  readonly keep: (reply: Reply, beside: ReplyPlace | undefined) => Promise<unknown>
  /** Keeps the budget, and prices the reply. */
  readonly account: Account
  readonly signal: AbortSignal
}

/** What a request is about, and who is asked. */
export interface Order extends Omit<AskContext, 'runId' | 'journal'> {
  readonly engine: Engine
}

/** Null: it was not asked, because the run ends here. `write` makes the request, just before it waits for its turn. */
export type Ask = (order: Order, write: () => Promise<EngineRequest>) => Promise<Asked | null>

/**
 * The one way in which a run asks: within its budget and limit, so many at a time. The reply is in the
 * journal, and yet to be stored.
 */
export function createAsk(options: AskOptions): Ask {
  const { concurrency, limit, runId, journal, begin, keep, account, signal } = options
  const slots = new Map<Engine, LimitFunction>()
  let asked = 0
  let begun: Promise<void> | null = null
  const refusing = new Set<Engine>()

  /** A wrong key ends the run, or its summaries, at once; not for alignments, which can be made offline. */
  const isRefused = (engine: Engine, { purpose }: Omit<Order, 'engine'>): boolean =>
    (purpose === undefined || purpose === 'summary') && refusing.has(engine)

  async function askNow({ engine, ...about }: Order, full: EngineRequest): Promise<Asked | null> {
    if (signal.aborted || isRefused(engine, about) || asked++ >= limit) return null
    const paid = { engine, fingerprint: about.fingerprint, prompt: full.prompt }
    const reservation = await account.reserve(paid, signal)
    if (reservation === null) return null
    await (begun ??= begin())
    const answer = await ask(engine, full, { ...about, runId, journal }, signal)
    // Where a further step is refused, the next request about a chunk hears of it itself, and says why the run ends.
    if (answer.error?.fatal === true && about.purpose !== 'step') refusing.add(engine)
    return account.settle(reservation, paid, answer)
  }

  async function askInSlot(order: Order, write: () => Promise<EngineRequest>): Promise<Asked | null> {
    if (signal.aborted || asked >= limit) return null
    // The slot is for the endpoint: it is taken when all is at hand, and free as soon as the last word has come.
    const full = await write()
    const inSlot = slots.get(order.engine) ?? pLimit(concurrency)
    slots.set(order.engine, inSlot)
    return inSlot(() => askNow(order, full))
  }

  return async (order, write) => {
    const first = await askInSlot(order, write)
    if (first === null || !isBlank(first)) return first
    // DeepSeek's content may be blank, after all the thinking too: once more, and what was thought is kept.
    await keep(first.reply, order.beside)
    first.entry.drop()
    const second = await askInSlot(order, write)
    return second?.reply.id === first.reply.id ? { ...second, reply: withCostOf(first.reply, second.reply) } : second
  }
}

/** It has come to an end, but said nothing. */
function isBlank({ reply, error }: Asked): boolean {
  return error === null && reply.finish === 'stop' && reply.content.trim() === ''
}

/** Two that say the same are one reply to the store; it was paid twice. */
function withCostOf(first: Reply, second: Reply): Reply {
  const milliseconds = first.milliseconds + second.milliseconds
  return { ...second, milliseconds, usage: addUsage(first.usage, second.usage), cost: addCost(first.cost, second.cost) }
}
