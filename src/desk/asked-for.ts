import { isFor } from '../model/attention.ts'
import { conditionOn } from '../review/find-links.ts'
import type { Where } from '../review/where.ts'
import type { Store } from '../store/store.ts'
import { isPending } from './links-about.ts'
import { pause, untilIdle, type PendingOptions } from './pending.ts'

/** Links that are looked at together: no key waits for more of them. */
const PAGE = 50
/** So many of those that are known are looked at again together: few, as what is new waits until that is over. */
const AGAIN = 10 * PAGE
/** Looking at them again takes this part of the time at most. */
const SHARE = 1 / 20

/**
 * Which of the links that wait for a person a filter asks for, where a reading of all does not tell: each has to be looked at
 * by itself, which is done beside whatever else is done, and comes when it comes. What is new is looked at when it is there,
 * and what is known some at a time, as it may have changed.
 */
export class AskedFor {
  readonly #store: Store
  readonly #choose: ReturnType<typeof conditionOn>
  readonly #status: Where['status']
  readonly #options: PendingOptions & { readonly reviewer: string }
  readonly #over = new AbortController()
  /** By its id whether a link is asked for, as it was when it was looked at last; the longest ago first. */
  readonly #known = new Map<string, boolean>()
  #answer: { readonly of: unknown; readonly ids: ReadonlySet<string> } | null = null
  #isLooking = false
  #due = 0

  constructor(store: Store, where: Where, options: PendingOptions & { readonly reviewer: string }) {
    this.#store = store
    this.#choose = conditionOn(store, where)
    this.#status = where.status
    this.#options = { ...options, signal: AbortSignal.any([options.signal, this.#over.signal]) }
  }

  /** As far as is known; null where not all that waited at some moment were looked at yet. Looks on where that is due. */
  among(all: ReadonlyMap<string, unknown>): ReadonlySet<string> | null {
    if (!this.#isLooking && performance.now() >= this.#due) {
      this.#isLooking = true
      this.#look(all)
        // The next look goes on from there.
        .catch(() => {})
        .finally(() => (this.#isLooking = false))
    }
    if (this.#answer !== null && this.#answer.of !== all) this.#answer = this.#answerOf(all)
    return this.#answer?.ids ?? null
  }

  /** Nobody asks any more. */
  stop(): void {
    this.#over.abort()
  }

  async #look(all: ReadonlyMap<string, unknown>): Promise<void> {
    for (const id of this.#known.keys()) if (!all.has(id)) this.#known.delete(id)
    const fresh = [...all.keys()].filter((id) => !this.#known.has(id))
    const isAgain = fresh.length === 0
    const ids = isAgain ? [...this.#known.keys()].slice(0, AGAIN) : fresh
    let took = 0
    try {
      for (let at = 0; at < ids.length; at += PAGE) {
        await untilIdle(this.#options)
        if (this.#options.signal.aborted) return
        const started = performance.now()
        let time = 0
        try {
          await this.#lookAt(ids.slice(at, at + PAGE))
        } finally {
          time = performance.now() - started
          took = isAgain ? took + time : time
        }
        await pause(time)
      }
    } finally {
      this.#due = performance.now() + took / SHARE
    }
    this.#answer = this.#answerOf(all)
  }

  async #lookAt(ids: readonly string[]): Promise<void> {
    const links = await this.#store.linksById(ids)
    const waiting = links.filter((link) => isPending(link) && isFor(link, this.#options.reviewer))
    const chosen = await this.#choose(waiting.filter(({ status }) => status === (this.#status ?? status)))
    const asked = new Set(chosen.map(({ id }) => id))
    for (const id of ids) {
      // At the end of those that are known.
      this.#known.delete(id)
      this.#known.set(id, asked.has(id))
    }
  }

  #answerOf(all: ReadonlyMap<string, unknown>) {
    return { of: all, ids: new Set([...all.keys()].filter((id) => this.#known.get(id) === true)) }
  }
}
