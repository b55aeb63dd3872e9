import { readRemaining, type Remaining } from './limiter/remaining.ts'
import { SlidingMinute } from './limiter/sliding-minute.ts'

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
  heard(headers: Headers): void
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
   * Waits for its turn to make a request of about so many tokens. One that was refused before goes first.
   * @throws the signal's reason
   */
  begin(tokens: number, signal: AbortSignal, isAgain?: boolean): Promise<Permit>
  /** How many may be in flight now: fewer than `requests` while the endpoint refuses. */
  readonly allowed: number
}

interface Waiting {
  readonly tokens: number
  readonly start: (permit: Permit) => void
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
  const requestsMinute = limits.requestsPerMinute === undefined ? null : new SlidingMinute(limits.requestsPerMinute)
  const tokensMinute = limits.tokensPerMinute === undefined ? null : new SlidingMinute(limits.tokensPerMinute)
  let remaining: Remaining = { requests: null, tokens: null }
  let allowed = limits.requests
  let inFlight = 0
  let tokensInFlight = 0
  let pausedUntil = 0
  let refusals = 0
  let timer: AbortController | null = null

  /** Milliseconds until the request may be made; Infinity: when another one has ended. */
  function waitFor({ tokens }: Waiting): number {
    if (inFlight >= Math.max(1, Math.floor(allowed))) return Infinity
    if (limits.tokens !== undefined && inFlight > 0 && tokensInFlight + tokens > limits.tokens) return Infinity
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
      if (wait > 0) {
        if (wait !== Infinity) wakeIn(wait)
        return
      }
      queue.shift()
      next.start(permitFor(next.tokens))
    }
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
        const others = inFlight - 1
        allowed = Math.max(1, Math.min(allowed, others))
        refusals++
        const pause = waitMilliseconds ?? (others === 0 ? pauseAfter(refusals) : 0)
        pausedUntil = Math.max(pausedUntil, clock.now() + pause)
      },
      end(counted = null) {
        if (!isOpen) return
        isOpen = false
        inFlight--
        tokensInFlight -= tokens
        if (counted !== null && spent !== undefined) tokensMinute?.correct(spent, counted)
        if (!wasRefused) {
          refusals = 0
          allowed = Math.min(limits.requests, allowed + 1 / (2 * allowed))
        }
        letIn()
      },
    }
  }

  return {
    begin(tokens, signal, isAgain = false) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const waiting: Waiting = {
          tokens,
          start: (permit) => {
            signal.removeEventListener('abort', leave)
            resolve(permit)
          },
        }
        const leave = (): void => {
          queue.splice(queue.indexOf(waiting), 1)
          reject(signal.reason)
          letIn()
        }
        signal.addEventListener('abort', leave, { once: true })
        if (isAgain) queue.unshift(waiting)
        else queue.push(waiting)
        letIn()
      })
    },
    get allowed() {
      return Math.max(1, Math.floor(allowed))
    },
  }
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

  /** @param endpoint its address and whose key is used, never the key itself. The limits of the first who asks hold. */
  for(endpoint: string, limits: Limits): Limiter {
    const limiter = this.#limiters.get(endpoint) ?? createLimiter(limits, this.#clock)
    this.#limiters.set(endpoint, limiter)
    return limiter
  }
}
