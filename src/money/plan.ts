import type { Expected } from './experience.ts'

/** What a request is likely to take and cost. */
export interface Forecast extends Expected {
  /** Tokens of the prompt. */
  readonly input: number
  /** In the prices' currency; null where the model has no price. */
  readonly cost: number | null
  /** Replies of the model that this is learnt from; 0: it is assumed. */
  readonly replies: number
}

/** The two ends of what a run may take: what is asked surely, if all replies can be read; and with all that may be called for. */
export type End = 'least' | 'most'
export const BOTH: readonly End[] = ['least', 'most']

/** What requests are likely to take together. */
export interface PlannedTotals {
  readonly calls: number
  readonly input: number
  readonly output: number
  /** Of `output`. */
  readonly reasoning: number
  readonly cost: number | null
  /** Of all replies, one after the other. */
  readonly seconds: number
}

/** Requests that would surely go to one model. */
export interface PlannedModel extends PlannedTotals {
  readonly engine: string
  readonly model: string
  /** Needs no model, so it costs nothing; tokens and time are not estimated. */
  readonly free: boolean
  /** Earlier replies that the estimate is learnt from; 0: it is assumed. */
  readonly replies: number
  /** With all that may be called for; absent: nothing more may be. */
  readonly most?: PlannedTotals
}

/** Pairs of names that an engine is to be asked about. */
export interface PlannedPairs {
  /** Those that the store knows; they are among the calls, as far as the limit goes. */
  readonly waiting: number
  /** No more than these are asked about, with those that are yet to be read; null where only a budget sets an end to it. */
  readonly most: number | null
}

/** What a dry run found out; its JSON. */
export interface PlanSummary {
  readonly models: readonly PlannedModel[]
  /** Chunks for which a reply is there already, or is asked for about another chunk with the same words. */
  readonly reused: number
  /** Requests about chunks that were read before, by another engine, model, parameters, schema or examples. */
  readonly again: number
  /** Requests whose prompts show examples; absent where the settings name none. */
  readonly withExamples?: number
  /** Requests for further steps of reading chunks: those made surely, and with all that may be called for. Absent: there are none. */
  readonly steps?: Readonly<Record<End, number>>
  /** Absent where nobody is asked about any. */
  readonly pairs?: PlannedPairs
  readonly currency: string
  /** Sum of what has a price; null where nothing has. */
  readonly cost: number | null
  /** Of all models, with so many requests in flight as the settings say. */
  readonly seconds: number
  /** The same with all that may be called for; absent: nothing more may be. */
  readonly most?: { readonly calls: number; readonly cost: number | null; readonly seconds: number }
}

type Totals = { -readonly [name in keyof PlannedTotals]: PlannedTotals[name] }

interface Row extends Record<End, Totals> {
  readonly engine: string
  readonly model: string
  readonly free: boolean
  replies: number
}

/** Adds up, model by model, the requests that would be made, at both ends no more than a limit. */
export class Plan {
  readonly #limit: number
  readonly #rows = new Map<string, Row>()
  readonly #calls = { least: 0, most: 0 }
  readonly #steps = { least: 0, most: 0 }
  #reused = 0
  #again = 0
  #withExamples: number | null = null
  #pairs: PlannedPairs | null = null

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Requests that the limit leaves. */
  room(end: End): number {
    return this.#limit - this.#calls[end]
  }

  /** Surely made, with those that replies are there for already. */
  get requests(): number {
    return this.#calls.least + this.#reused
  }

  pairs(pairs: PlannedPairs): void {
    this.#pairs = pairs
  }

  again(): void {
    this.#again++
  }

  /** The settings name examples: whether a request shows any. */
  examples(areShown: boolean): void {
    this.#withExamples = (this.#withExamples ?? 0) + (areShown ? 1 : 0)
  }

  reuse(): void {
    this.#reused++
  }

  /** Those of the ends at which the limit has room for it. `least`: what it takes at that end, where that is less. */
  call(
    engine: { readonly name: string; readonly model: string; readonly offline?: true },
    forecast: Forecast,
    {
      ends = BOTH,
      isStep = false,
      least = forecast,
    }: { readonly ends?: readonly End[]; readonly isStep?: boolean; readonly least?: Forecast } = {},
  ): readonly End[] {
    const open = ends.filter((end) => this.room(end) > 0)
    if (open.length === 0) return open
    const { name, model, offline: free = false } = engine
    const key = JSON.stringify([name, model])
    const row = this.#rows.get(key) ?? emptyRow(name, model, free)
    this.#rows.set(key, row)
    if (!free) row.replies = Math.max(row.replies, forecast.replies)
    for (const end of open) {
      this.#calls[end]++
      if (isStep) this.#steps[end]++
      add(row[end], end === 'least' ? least : forecast, free)
    }
    return open
  }

  /** Time is that of all replies with `concurrency` of them at a time, and never less than one takes. */
  summary(concurrency: number, currency: string): PlanSummary {
    const rows = [...this.#rows.values()].map(({ least, most, ...row }) => {
      // Nothing is asked surely of a model that has a price.
      const none = least.calls === 0 && most.cost !== null ? { cost: 0 } : {}
      return { ...row, least: { ...least, ...none }, most: larger(least, most) }
    })
    const inAll = (end: End) => {
      const all = rows.map((row) => row[end])
      const together = all.reduce((sum, { seconds }) => sum + seconds, 0) / concurrency
      const slowest = Math.max(0, ...all.map(({ seconds, calls }) => (calls === 0 ? 0 : seconds / calls)))
      const priced = all.flatMap(({ cost }) => (cost === null ? [] : [cost]))
      const cost = priced.length === 0 ? null : priced.reduce((sum, one) => sum + one, 0)
      return { cost, seconds: Math.round(Math.max(together, slowest)) }
    }
    const surely = inAll('least')
    const { cost, seconds: atMost } = inAll('most')
    // With more calls, a single one of them may take less.
    const seconds = Math.max(surely.seconds, atMost)
    const calls = Math.max(this.#calls.least, this.#calls.most)
    const steps = Math.max(this.#steps.least, this.#steps.most)
    return {
      models: rows.map(({ least, most, ...row }) => ({ ...row, ...least, ...(isSame(least, most) ? {} : { most }) })),
      reused: this.#reused,
      again: this.#again,
      ...(this.#withExamples === null ? {} : { withExamples: this.#withExamples }),
      ...(steps === 0 ? {} : { steps: { ...this.#steps, most: steps } }),
      ...(this.#pairs === null ? {} : { pairs: this.#pairs }),
      currency,
      ...surely,
      ...(rows.every(({ least, most }) => isSame(least, most)) ? {} : { most: { calls, cost, seconds } }),
    }
  }
}

function add(totals: Totals, forecast: Forecast, free: boolean): void {
  totals.calls++
  if (free) return
  totals.input += forecast.input
  totals.output += forecast.output
  totals.reasoning += forecast.reasoning
  totals.seconds += forecast.milliseconds / 1000
  totals.cost = forecast.cost === null ? totals.cost : (totals.cost ?? 0) + forecast.cost
}

/** Within a limit, what is asked surely may be dearer than as much of all that may be called for: then no less than that is it. */
function larger(least: Totals, most: Totals): Totals {
  const cost = least.cost === null || most.cost === null ? (least.cost ?? most.cost) : Math.max(least.cost, most.cost)
  return {
    calls: Math.max(least.calls, most.calls),
    input: Math.max(least.input, most.input),
    output: Math.max(least.output, most.output),
    reasoning: Math.max(least.reasoning, most.reasoning),
    seconds: Math.max(least.seconds, most.seconds),
    cost,
  }
}

function isSame(one: Totals, other: Totals): boolean {
  return one.calls === other.calls && one.input === other.input && one.output === other.output
}

function emptyRow(engine: string, model: string, free: boolean): Row {
  const none = (): Totals => ({ calls: 0, input: 0, output: 0, reasoning: 0, cost: free ? 0 : null, seconds: 0 })
  return { engine, model, free, replies: 0, least: none(), most: none() }
}
