import type { HttpHeaders } from '../request/http.ts'

/** What the endpoint said it has left, of requests and of tokens; null where it said nothing that can be used. */
export interface Remaining {
  readonly requests: Allowance | null
  readonly tokens: Allowance | null
}

export interface Allowance {
  /** Milliseconds until so much is left again. */
  waitFor(amount: number, now: number): number
  /** What is asked for after it was said. */
  take(amount: number): void
}

/**
 * OpenAI's headers, which DeepSeek's hosts, Groq, Together, vLLM's gateways and others send too:
 * `x-ratelimit-limit-requests: 500`, `x-ratelimit-remaining-requests: 12`, `x-ratelimit-reset-requests: 6m0s`, the same
 * for `tokens`. `reset` is the time until all of the limit is there again, and it comes back evenly.
 */
export function readRemaining(headers: HttpHeaders, now: number, before: Remaining): Remaining {
  return {
    requests: readAllowance(headers, 'requests', now) ?? before.requests,
    tokens: readAllowance(headers, 'tokens', now) ?? before.tokens,
  }
}

function readAllowance(headers: HttpHeaders, of: 'requests' | 'tokens', now: number): Allowance | null {
  const numberIn = (name: string): number => Number(headers.get(`x-ratelimit-${name}-${of}`) ?? Number.NaN)
  const limit = numberIn('limit')
  const left = numberIn('remaining')
  const reset = readDuration(headers.get(`x-ratelimit-reset-${of}`) ?? '')
  // Azure sends -1 and 0 that mean nothing; without a time nobody could tell when to go on.
  if (!(left >= 0) || reset === null || reset > LONGEST_RESET) return null
  let taken = 0
  return {
    waitFor(amount, at) {
      const missing = amount - (left - taken)
      if (missing <= 0) return 0
      const share = limit > left ? Math.min(1, missing / (limit - left)) : 1
      return Math.max(0, now + share * reset - at)
    },
    take: (amount) => void (taken += amount),
  }
}

/** No limit is for longer than a day: what is above is a date, of which some gateways send the seconds since 1970. */
const LONGEST_RESET = 24 * 3_600_000

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** `6m0s`, `1.5s`, `250ms`, or seconds without a unit, in milliseconds; null where it is none of these. */
function readDuration(text: string): number | null {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[hms]))+$/.test(text)) return null
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[hms])/g)]
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS[unit] ?? 0), 0)
}
