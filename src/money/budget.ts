import type { Limit } from './amount.ts'

/** A place in the budget that is held until what was really spent is known. */
export interface Reservation {
  readonly amount: number
}

interface Waiting {
  readonly amount: number
  readonly answer: (reservation: Reservation | null) => void
}

/**
 * What may be spent, kept by holding back the worst case of every request in flight. A request that does not fit beside
 * those waits for what they leave; one that does not fit with nothing in flight closes the budget for all that costs.
 */
export class Budget {
  readonly limit: Limit
  readonly #waiting: Waiting[] = []
  readonly #held = new Set<Reservation>()
  #spent = 0
  #isClosed = false

  constructor(limit: Limit) {
    this.limit = limit
  }

  /** Spent so far, in the limit's unit, without what is in flight. */
  get spent(): number {
    return this.#spent
  }

  /** @param amount the most that it may cost; null comes back where that is too much, or when the signal is aborted. */
  reserve(amount: number, signal: AbortSignal): Promise<Reservation | null> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        amount,
        answer: (reservation) => {
          signal.removeEventListener('abort', leave)
          resolve(reservation)
        },
      }
      const leave = (): void => {
        const at = this.#waiting.indexOf(waiting)
        if (at >= 0) this.#waiting.splice(at, 1)
        resolve(null)
      }
      if (signal.aborted) return resolve(null)
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(waiting)
      this.#serve()
    })
  }

  /** Puts what was really spent in the place of what was held. */
  settle(reservation: Reservation, amount: number): void {
    if (!this.#held.delete(reservation)) return
    this.#spent += amount
    this.#serve()
  }

  /** In the order in which they came, so that a large request is not passed by for ever. */
  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const { amount, answer } = next
      const fits = amount === 0 || (!this.#isClosed && this.#spent + this.#inFlight() + amount <= this.limit.value)
      if (!fits && !this.#isClosed && this.#inFlight() > 0) return
      this.#waiting.shift()
      if (!fits) this.#isClosed = true
      answer(fits ? this.#hold(amount) : null)
    }
  }

  #hold(amount: number): Reservation {
    const reservation = { amount }
    this.#held.add(reservation)
    return reservation
  }

  #inFlight(): number {
    let sum = 0
    for (const { amount } of this.#held) sum += amount
    return sum
  }
}
