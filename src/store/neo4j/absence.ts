/** How a server that was there and does not answer any more is waited for. */
export interface Waiting {
  /** At most so many milliseconds; default 3 minutes. */
  readonly patience?: number
  /** Told that it is waited for, and that it is back. */
  readonly say?: (message: string) => void
  /** Once it is given, nobody waits any more. */
  readonly signal?: AbortSignal
}

/** What the driver says of a server that cannot be reached, or is not up yet. */
export const AWAY: ReadonlySet<string> = new Set([
  'ServiceUnavailable',
  'SessionExpired',
  'Neo.TransientError.General.DatabaseUnavailable',
])

/** A restart takes longer than any other trouble: Neo4j recovers what it had not written to its files. */
const PATIENCE_MILLISECONDS = 180_000

/** How long a server has been away. All transactions of a connection wait for the same one, and it is said once. */
export class Absence {
  readonly #location: string
  readonly #patience: number
  readonly #say: (message: string) => void
  readonly #signal: AbortSignal | undefined
  #since: number | null = null

  constructor(location: string, { patience, say, signal }: Waiting) {
    this.#location = location
    this.#patience = patience ?? PATIENCE_MILLISECONDS
    this.#say = say ?? (() => {})
    this.#signal = signal
  }

  /** To be asked whenever it did not answer. */
  isTooLong(): boolean {
    if (this.#since === null) {
      this.#since = Date.now()
      const seconds = Math.round(this.#patience / 1000)
      if (this.#signal?.aborted !== true)
        this.#say(`Neo4j at ${this.#location} does not answer any more; waiting up to ${seconds} s for it`)
    }
    return this.#signal?.aborted === true || Date.now() - this.#since > this.#patience
  }

  /** It has answered. */
  end(): void {
    if (this.#since === null) return
    const seconds = Math.round((Date.now() - this.#since) / 1000)
    this.#since = null
    this.#say(`Neo4j at ${this.#location} is back after ${seconds} s; going on`)
  }
}
