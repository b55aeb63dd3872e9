import { isFor } from '../model/attention.ts'
import { conditionOn } from '../review/find-links.ts'
import type { Where } from '../review/where.ts'
import type { Store } from '../store/store.ts'
import { isPending } from './links-about.ts'
import { pause, untilIdle, type PendingOptions } from './pending.ts'

/** Links that are looked at together: no key waits for more of them. */
const PAGE = 50
/** Looking through all again takes this part of the time at most. */
const SHARE = 1 / 20

/**
 * Which of the links that wait for a person a filter asks for, where a reading of all does not tell: each has to be looked at
 * by itself, which is done beside whatever else is done, and comes when it comes.
 */
export class AskedFor {
  readonly #store: Store
  readonly #where: Where
  readonly #options: PendingOptions & { readonly reviewer: string }
  readonly #over = new AbortController()
  #ids: ReadonlySet<string> | null = null
  #isLooking = false
  #due = 0

  constructor(store: Store, where: Where, options: PendingOptions & { readonly reviewer: string }) {
    this.#store = store
    this.#where = where
    this.#options = { ...options, signal: AbortSignal.any([options.signal, this.#over.signal]) }
  }

  /** As they were when all were looked through last; null where that has not come to its end yet. Looks again where that is due. */
  among(all: ReadonlyMap<string, unknown>): ReadonlySet<string> | null {
    if (!this.#isLooking && performance.now() >= this.#due) {
      this.#isLooking = true
      this.#look([...all.keys()])
        // The next look meets it again.
        .catch(() => {})
        .finally(() => (this.#isLooking = false))
    }
    return this.#ids
  }

  /** Nobody asks any more. */
  stop(): void {
    this.#over.abort()
  }

  async #look(ids: readonly string[]): Promise<void> {
    const found = new Set<string>()
    const choose = conditionOn(this.#store, this.#where)
    const { signal, reviewer } = this.#options
    const { status } = this.#where
    let took = 0
    for (let at = 0; at < ids.length; at += PAGE) {
      await untilIdle(this.#options)
      if (signal.aborted) return
      const started = performance.now()
      const links = await this.#store.linksById(ids.slice(at, at + PAGE))
      const waiting = links.filter((link) => isPending(link) && isFor(link, reviewer))
      for (const { id } of await choose(waiting.filter((link) => link.status === (status ?? link.status))))
        found.add(id)
      const time = performance.now() - started
      took += time
      await pause(time)
    }
    this.#ids = found
    this.#due = performance.now() + took / SHARE
  }
}
