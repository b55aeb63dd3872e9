import { readRemaining, type Remaining } from './limiter/remaining.ts'
import { SlidingMinute } from './limiter/sliding-minute.ts'
import type { HttpHeaders } from './request/http.ts'

/** What one endpoint is asked at most. */
export interface Limits {
  /** Requests in flight. */
  readonly requests: number
  /** Tokens in flight: what is asked, by estimate, of all requests that are not answered yet. */
  readonly tokens?: number | undefined
  /** Within any 60 seconds. */
  readonly requestsPerMinute?: number | undefined
  readonly tokensPerMinute?: number | undefined
}

/** What the limiter needs of time; tests bring their own. */
export interface LimiterClock {
  /** Milliseconds. */
  now(): number
  /** Rejects when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** Leave to make one request; every one that is given must be ended. */
export interface Permit {
  /** The headers of the response, which may say how much is left. */
  heard(headers: HttpHeaders): void
  /**
   * The endpoint wants fewer requests (429, 503, 529). Where it says for how long (milliseconds), nobody asks it until
   * then; else only as many are let in as it has accepted.
   */
  refused(waitMilliseconds: number | null): void
  /** In all cases, once; again is harmless. `tokens`: as the server counted them, where it did. */
  end(tokens?: number | null): void
}

export interface Limiter {
  /**
   * Waits for its turn to make a request of about so many tokens. Those that were refused before go first.
   * @param onWait told, once for all that wait, for how many milliseconds nobody is let in, where it is some seconds
   * @throws the signal's reason; {@link NoRoom} where that would be longer than {@link LONGEST_WAIT}
   */
  begin(
    tokens: number,
    signal: AbortSignal,
    isAgain?: boolean,
    onWait?: (milliseconds: number) => void,
  ): Promise<Permit>
  /** Holds to these limits too: of each, the stricter is kept. */
  restrict(limits: Limits): void
  /** How many may be in flight now: fewer than `requests` while the endpoint refuses. */
  readonly allowed: number
  /** Milliseconds for which the endpoint has refused all that it was asked; 0 where it took the last. */
  readonly refusingFor: number
}

interface Waiting {
  readonly tokens: number
  readonly isAgain: boolean
  readonly onWait: (milliseconds: number) => void
  readonly start: (permit: Permit) => void
  readonly refuse: (error: NoRoom) => void
}

/** An endpoint that wants us to wait longer than this is not waited for: the job may do something else meanwhile. */
export const LONGEST_WAIT = 10 * 60_000
/** A wait above this is said. */
const SILENT_WAIT = 5000

/** What the endpoint has left will not do before so many milliseconds have passed. */
export class NoRoom extends Error {
  readonly wait: number

  constructor(wait: number) {
    super(`no room for ${wait} ms`)
    this.name = 'NoRoom'
    this.wait = wait
  }
}

/** Nobody is in flight whose answer would tell when to go on, and the endpoint does not say: a second, then two … */
const SHORTEST_PAUSE = 1000
const LONGEST_PAUSE = 60_000

/**
 * One for each endpoint, shared by all requests of a job. Concurrency follows what the endpoint accepts: a refusal lets
 * in only as many as were in flight beside it, and every two rounds of answers one more is tried, up to `requests`.
 */
export function createLimiter(limits: Limits, clock: LimiterClock): Limiter {
  const queue: Waiting[] = []
  let { requests: most, tokens: mostTokens = Infinity } = limits
  let requestsMinute: SlidingMinute | null = null
  let tokensMinute: SlidingMinute | null = null
  let remaining: Remaining = { requests: null, tokens: null }
  let allowed = most
  let inFlight = 0
  let tokensInFlight = 0
  let pausedUntil = 0
  let refusals = 0
  let refusingSince: number | null = null
  /** Until when it was said that nobody is let in. */
  let saidUntil = 0
  let timer: AbortController | null = null

  /** Milliseconds until the request may be made; Infinity: when another one has ended. */
  function waitFor({ tokens }: Waiting): number {
    if (inFlight >= Math.max(1, Math.floor(allowed))) return Infinity
    if (inFlight > 0 && tokensInFlight + tokens > mostTokens) return Infinity
    const now = clock.now()
    return Math.max(
      pausedUntil - now,
      requestsMinute?.waitFor(1, now) ?? 0,
      tokensMinute?.waitFor(tokens, now) ?? 0,
      remaining.requests?.waitFor(1, now) ?? 0,
      remaining.tokens?.waitFor(tokens, now) ?? 0,
      0,
    )
  }

  function letIn(): void {
    timer?.abort()
    timer = null
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const wait = waitFor(next)
      if (wait === Infinity) return
      if (wait > 0 && wait <= LONGEST_WAIT) {
        wakeIn(wait)
        sayWait(next, wait)
        return
      }
      queue.shift()
      if (wait > 0) next.refuse(new NoRoom(wait))
      else next.start(permitFor(next.tokens))
    }
  }

  function sayWait({ onWait }: Waiting, wait: number): void {
    const until = clock.now() + wait
    // Others wait as long, give or take what they need.
    if (wait < SILENT_WAIT || until < saidUntil + SILENT_WAIT) return
    saidUntil = until
    onWait(wait)
  }

  function wakeIn(milliseconds: number): void {
    const alarm = new AbortController()
    timer = alarm
    clock.sleep(milliseconds, alarm.signal).then(letIn, () => undefined)
  }

  function permitFor(tokens: number): Permit {
    const now = clock.now()
    const spent = tokensMinute?.take(tokens, now)
    requestsMinute?.take(1, now)
    remaining.requests?.take(1)
    remaining.tokens?.take(tokens)
    inFlight++
    tokensInFlight += tokens
    let isOpen = true
    let wasRefused = false
    return {
      heard(headers) {
        remaining = readRemaining(headers, clock.now(), remaining)
      },
      refused(waitMilliseconds) {
        wasRefused = true
        const now = clock.now()
        const others = inFlight - 1
        // Those that were under way when the endpoint named a time tell nothing new.
        if (waitMilliseconds === null || now >= pausedUntil) allowed = Math.max(1, Math.min(allowed, others))
        refusals++
        refusingSince ??= now
        const pause = waitMilliseconds ?? (others === 0 ? pauseAfter(refusals) : 0)
        pausedUntil = Math.max(pausedUntil, now + pause)
        // Who was refused says it.
        if (waitMilliseconds !== null) saidUntil = Math.max(saidUntil, pausedUntil)
      },
      end(counted = null) {
        if (!isOpen) return
        isOpen = false
        inFlight--
        tokensInFlight -= tokens
        if (counted !== null && spent !== undefined) tokensMinute?.correct(spent, counted)
        if (!wasRefused) {
          refusals = 0
          refusingSince = null
          allowed = Math.min(most, allowed + 1 / (2 * allowed))
        }
        letIn()
      },
    }
  }

  function restrict({ requests, tokens, requestsPerMinute, tokensPerMinute }: Limits): void {
    most = Math.min(most, requests)
    allowed = Math.min(allowed, most)
    mostTokens = Math.min(mostTokens, tokens ?? Infinity)
    requestsMinute = stricter(requestsMinute, requestsPerMinute)
    tokensMinute = stricter(tokensMinute, tokensPerMinute)
  }

  restrict(limits)
  return {
    restrict,
    begin(tokens, signal, isAgain = false, onWait = () => undefined) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const waiting: Waiting = {
          tokens,
          isAgain,
          onWait,
          start: (permit) => {
            signal.removeEventListener('abort', leave)
            resolve(permit)
          },
          refuse: (error) => {
            signal.removeEventListener('abort', leave)
            reject(error)
          },
        }
        const leave = (): void => {
          queue.splice(queue.indexOf(waiting), 1)
          reject(signal.reason)
          letIn()
        }
        signal.addEventListener('abort', leave, { once: true })
        const at = isAgain ? queue.findIndex((other) => !other.isAgain) : -1
        queue.splice(at === -1 ? queue.length : at, 0, waiting)
        letIn()
      })
    },
    get allowed() {
      return Math.max(1, Math.floor(allowed))
    },
    get refusingFor() {
      return refusingSince === null ? 0 : clock.now() - refusingSince
    },
  }
}

function stricter(minute: SlidingMinute | null, limit: number | undefined): SlidingMinute | null {
  if (limit === undefined) return minute
  minute?.restrict(limit)
  return minute ?? new SlidingMinute(limit)
}

function pauseAfter(refusals: number): number {
  return Math.min(SHORTEST_PAUSE * 2 ** (refusals - 1), LONGEST_PAUSE)
}

/** The limiters of a job: the same endpoint, the same limiter, whoever asks. */
export class Limiters {
  readonly #clock: LimiterClock
  readonly #limiters = new Map<string, Limiter>()

  constructor(clock: LimiterClock) {
    this.#clock = clock
  }

  /** @param endpoint its address and whose key is used, never the key itself. Of the limits of all who ask, the strictest hold. */
  for(endpoint: string, limits: Limits): Limiter {
    const known = this.#limiters.get(endpoint)
    known?.restrict(limits)
    const limiter = known ?? createLimiter(limits, this.#clock)
    this.#limiters.set(endpoint, limiter)
    return limiter
  }
}
