const MINUTE = 60_000

/** What was spent at a moment. */
export interface Spent {
  readonly at: number
  readonly amount: number
}

/** Counts what was spent within the last 60 seconds, to the millisecond: no minute ever holds more than the limit. */
export class SlidingMinute {
  #limit: number
  #spent: Spent[] = []
  #sum = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** From now on no more than this; what was spent counts. */
  restrict(limit: number): void {
    this.#limit = Math.min(this.#limit, limit)
  }

  /** Milliseconds until so much more fits. What is larger than the whole limit waits for an empty minute. */
  waitFor(amount: number, now: number): number {
    this.#forget(now)
    let sum = this.#sum
    if (sum === 0 || sum + amount <= this.#limit) return 0
    for (const spent of this.#spent) {
      sum -= spent.amount
      if (sum === 0 || sum + amount <= this.#limit) return spent.at + MINUTE - now
    }
    return 0
  }

  take(amount: number, now: number): Spent {
    const spent = { at: now, amount }
    this.#spent.push(spent)
    this.#sum += amount
    return spent
  }

  /** Puts what was really spent in the place of an estimate. */
  correct(spent: Spent, amount: number): void {
    const at = this.#spent.lastIndexOf(spent)
    if (at === -1) return
    this.#spent[at] = { at: spent.at, amount }
    this.#sum += amount - spent.amount
  }

  #forget(now: number): void {
    let past = 0
    for (const { at, amount } of this.#spent) {
      if (at + MINUTE > now) break
      past++
      this.#sum -= amount
    }
    if (past > 0) this.#spent = this.#spent.slice(past)
  }
}
