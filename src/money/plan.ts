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

/** Requests that would go to one model, with all that they are likely to take together. */
export interface PlannedModel {
  readonly engine: string
  readonly model: string
  /** Needs no model, so it costs nothing; tokens and time are not estimated. */
  readonly free: boolean
  readonly calls: number
  readonly input: number
  readonly output: number
  /** Of `output`. */
  readonly reasoning: number
  readonly cost: number | null
  /** Earlier replies that the estimate is learnt from; 0: it is assumed. */
  readonly replies: number
  /** Of all replies, one after the other. */
  readonly seconds: number
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
  /** Requests for further steps of reading chunks, at most: each is made where it is called for. Absent: there are none. */
  readonly steps?: number
  /** Absent where nobody is asked about any. */
  readonly pairs?: PlannedPairs
  readonly currency: string
  /** Sum of what has a price; null where nothing has. */
  readonly cost: number | null
  /** Of all models, with so many requests in flight as the settings say. */
  readonly seconds: number
}

type Row = { -readonly [name in keyof PlannedModel]: PlannedModel[name] }

/** Adds up, model by model, the requests that would be made. */
export class Plan {
  readonly #rows = new Map<string, Row>()
  #calls = 0
  #reused = 0
  #again = 0
  #steps = 0
  #withExamples: number | null = null
  #pairs: PlannedPairs | null = null

  get calls(): number {
    return this.#calls
  }

  /** With those that replies are there for already. */
  get requests(): number {
    return this.#calls + this.#reused
  }

  pairs(pairs: PlannedPairs): void {
    this.#pairs = pairs
  }

  step(): void {
    this.#steps++
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

  call(engine: { readonly name: string; readonly model: string; readonly offline?: true }, forecast: Forecast): void {
    this.#calls++
    const { name, model, offline: free = false } = engine
    const key = JSON.stringify([name, model])
    const row = this.#rows.get(key) ?? emptyRow(name, model, free)
    this.#rows.set(key, row)
    row.calls++
    if (free) return
    row.input += forecast.input
    row.output += forecast.output
    row.reasoning += forecast.reasoning
    row.seconds += forecast.milliseconds / 1000
    row.cost = forecast.cost === null ? row.cost : (row.cost ?? 0) + forecast.cost
    row.replies = Math.max(row.replies, forecast.replies)
  }

  /** Time is that of all replies with `concurrency` of them at a time, and never less than one takes. */
  summary(concurrency: number, currency: string): PlanSummary {
    const rows = [...this.#rows.values()]
    const together = rows.reduce((sum, row) => sum + row.seconds, 0) / concurrency
    const slowest = Math.max(0, ...rows.map((row) => row.seconds / row.calls))
    const priced = rows.flatMap((row) => (row.cost === null ? [] : [row.cost]))
    return {
      models: rows.map((row) => ({ ...row })),
      reused: this.#reused,
      again: this.#again,
      ...(this.#withExamples === null ? {} : { withExamples: this.#withExamples }),
      ...(this.#steps === 0 ? {} : { steps: this.#steps }),
      ...(this.#pairs === null ? {} : { pairs: this.#pairs }),
      currency,
      cost: priced.length === 0 ? null : priced.reduce((sum, cost) => sum + cost, 0),
      seconds: Math.round(Math.max(together, slowest)),
    }
  }
}

function emptyRow(engine: string, model: string, free: boolean): Row {
  return {
    engine,
    model,
    free,
    calls: 0,
    input: 0,
    output: 0,
    reasoning: 0,
    cost: free ? 0 : null,
    replies: 0,
    seconds: 0,
  }
}
