import type { Engine } from '../engines/engine.ts'
import { hasArrived, type Asked } from '../extract/ask.ts'
import { RefusedError } from '../model/errors.ts'
import type { ReplyGroup } from '../model/reply-group.ts'
import { FREE, isWhole, type Reply } from '../model/reply.ts'
import { estimateTokens } from '../model/tokens.ts'
import { formatAmount, type Limit } from '../money/amount.ts'
import { Budget, type Reservation } from '../money/budget.ts'
import { costOf, tokensOf } from '../money/cost.ts'
import { type Experience, experienceOf, expectReply, learn, worstCase } from '../money/experience.ts'
import type { Forecast } from '../money/plan.ts'
import { findPrice, type PriceList, priceOf } from '../money/price.ts'

/** One request to an engine, about whatever. */
export interface Paid {
  readonly engine: Engine
  /** Of engine, model, parameters and schema: requests with the same take replies alike. */
  readonly fingerprint: string
  readonly prompt: string
}

export interface AccountOptions {
  readonly prices: PriceList
  /** What may be spent; null for as much as it takes. */
  readonly budget: Limit | null
  /** What the store knows of earlier replies. */
  readonly earlier: readonly ReplyGroup[]
  /** Told of every reply that cost something or might have, whole or not. */
  readonly onPaid: (reply: Reply) => void
}

/**
 * What a run pays for: every request is reserved before it is made, and settled when its reply has come. The only way
 * to ask an engine within a budget.
 */
export class Account {
  readonly prices: PriceList
  readonly #budget: Budget | null
  readonly #earlier: readonly ReplyGroup[]
  readonly #experience = new Map<string, Experience>()
  readonly #onPaid: (reply: Reply) => void
  /** What servers call the models, by fingerprint: they may be dearer under that name. */
  readonly #names = new Map<string, Set<string>>()
  #tooMuch: { readonly amount: number; readonly spent: number } | null = null

  constructor({ prices, budget, earlier, onPaid }: AccountOptions) {
    this.prices = prices
    this.#budget = budget === null ? null : new Budget(budget)
    this.#earlier = earlier
    this.#onPaid = onPaid
    for (const { fingerprint, model } of earlier) this.#noteName(fingerprint, model)
  }

  /** Holds back the most that a request may take. Null: it must not be made, for the budget or the run has ended. */
  async reserve(request: Paid, signal: AbortSignal): Promise<Reservation | null> {
    if (this.#budget === null || request.engine.offline) return { amount: 0 }
    const amount = this.#worst(request, this.#budget.limit.unit)
    const reservation = await this.#budget.reserve(amount, signal)
    if (reservation === null && !signal.aborted) this.#tooMuch ??= { amount, spent: this.#budget.spent }
    return reservation
  }

  /** Puts what was spent in the place of what was held, and the cost on the reply. */
  settle(reservation: Reservation, request: Paid, asked: Asked): Asked {
    const { engine, fingerprint, prompt } = request
    if (isUnpaid(asked, engine)) {
      this.#budget?.settle(reservation, 0)
      return asked
    }
    const cost = engine.offline ? FREE : costOf(asked.reply, prompt, engine.model, this.prices)
    const reply = { ...asked.reply, cost }
    if (!engine.offline) {
      this.#noteName(fingerprint, reply.model)
      if (isWhole(reply.finish))
        this.#experience.set(fingerprint, learn(this.#experienceOf(request), reply.usage, reply.milliseconds))
      this.#budget?.settle(reservation, this.#spent(reply, prompt))
    }
    this.#onPaid(reply)
    return { ...asked, reply }
  }

  /**
   * What a request is likely to take. `input`: tokens of its prompt, where it is not written yet. `unseen`: tokens of its
   * reply, where none to requests of its kind has been seen; absent: by what others of the model took.
   */
  forecast(
    request: Paid,
    { input = estimateTokens(request.prompt), unseen }: { readonly input?: number; readonly unseen?: number } = {},
  ): Forecast {
    const experience = this.#experienceOf(request)
    const isSeen = this.#earlier.some(({ fingerprint }) => fingerprint === request.fingerprint)
    const expected = expectReply(experience, input, isSeen ? undefined : unseen)
    const price = findPrice(this.prices, [request.engine.model])
    const cost = price === null ? null : priceOf({ ...expected, input, cachedInput: 0 }, price)
    return { ...expected, input, cost, replies: experience.replies }
  }

  /** The budget and what of it was spent; null where there is none. */
  get budget(): { readonly limit: number; readonly unit: string; readonly spent: number } | null {
    if (this.#budget === null) return null
    const { limit, spent } = this.#budget
    return { limit: limit.value, unit: limit.unit, spent }
  }

  /** Why no further request was made; null where the budget sufficed. */
  get stopped(): RefusedError | null {
    if (this.#budget === null || this.#tooMuch === null) return null
    const { limit, spent } = this.#budget
    const of = formatAmount(limit.value, limit.unit)
    const next = formatAmount(this.#tooMuch.amount, limit.unit)
    if (this.#tooMuch.spent === 0)
      return new RefusedError(
        'budget-too-small',
        `the budget of ${of} is too small: one request may take up to ${next}`,
        {
          hint: 'Give more to --budget, or limit the replies: maxOutputTokens in whygraph.yaml.',
        },
      )
    const had = formatAmount(spent, limit.unit)
    return new RefusedError(
      'budget-reached',
      `of the budget of ${of}, ${had} are spent, and the next request may take up to ${next}`,
      {
        hint: 'The next ingest goes on where this one stopped, with a budget of its own.',
      },
    )
  }

  #worst({ engine, fingerprint, prompt }: Paid, unit: string): number {
    const { input, output } = worstCase(
      prompt,
      engine.longestReply ?? null,
      this.#experienceOf({ engine, fingerprint }),
    )
    if (unit === 'tokens') return input + output
    const names = new Set([engine.model, ...(this.#names.get(fingerprint) ?? [])])
    const prices = [...names].flatMap((name) => findPrice(this.prices, [name]) ?? [])
    // Checked before a run begins; without a price, nothing could be kept.
    if (prices.length === 0) return Infinity
    const amounts = prices.map((price) => {
      const dearest = { ...price, output: Math.max(price.output, price.reasoning) }
      return priceOf({ input, cachedInput: 0, output, reasoning: 0 }, dearest)
    })
    return Math.max(...amounts)
  }

  #noteName(fingerprint: string, model: string): void {
    const names = this.#names.get(fingerprint) ?? new Set()
    this.#names.set(fingerprint, names.add(model))
  }

  #spent(reply: Reply, prompt: string): number {
    if (this.#budget?.limit.unit !== 'tokens') return reply.cost?.amount ?? 0
    const { input, output } = tokensOf(reply, prompt)
    return input + output
  }

  #experienceOf({ engine, fingerprint }: Omit<Paid, 'prompt'>): Experience {
    const known = this.#experience.get(fingerprint)
    const { name, model } = engine
    return known ?? experienceOf(this.#earlier, { engine: name, model, fingerprint })
  }
}

/** Nothing arrived, and nothing went out that is charged. What broke off without a word may be, where a model was asked. */
function isUnpaid({ reply, error }: Asked, { offline }: Engine): boolean {
  return error !== null && (offline === true || !error.mayCost) && !hasArrived(reply)
}
