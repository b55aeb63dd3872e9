import type { RouteDecision, RouteSummary } from '../ingest-summary.ts'

/** Counts which engines rules chose for the chunks of a run, and by which rule. */
export class RouteTally {
  readonly #decisions = new Map<string, { engines: readonly string[]; rule: string; chunks: number }>()
  readonly #kept = new Map<string, number>()
  readonly #each: RouteDecision[] = []
  readonly #sentOn: NonNullable<RouteSummary['sentOn']>[number][] = []
  #lists = false

  /** A dry run names each chunk, too. */
  listEach(): void {
    this.#lists = true
  }

  decided(decision: RouteDecision): void {
    const { engines, rule } = decision
    const key = JSON.stringify([engines, rule])
    const row = this.#decisions.get(key) ?? { engines, rule, chunks: 0 }
    this.#decisions.set(key, row)
    row.chunks++
    if (this.#lists) this.#each.push(decision)
  }

  /** A chunk that rules would have had read by an engine whose share is used up. */
  kept(engine: string): void {
    this.#kept.set(engine, (this.#kept.get(engine) ?? 0) + 1)
  }

  /** What first replies that are yet to come may send on to an engine. */
  maySendOn(sentOn: NonNullable<RouteSummary['sentOn']>[number]): void {
    this.#sentOn.push(sentOn)
  }

  summary(): { readonly routes?: RouteSummary } {
    if (this.#decisions.size === 0) return {}
    return {
      routes: {
        decisions: [...this.#decisions.values()].map((row) => ({ ...row })),
        kept: Object.fromEntries(this.#kept),
        ...(this.#lists ? { each: this.#each } : {}),
        ...(this.#sentOn.length === 0 ? {} : { sentOn: this.#sentOn }),
      },
    }
  }
}
