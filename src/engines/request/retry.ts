import { setTimeout as pause } from 'node:timers/promises'
import type { LimiterClock } from '../limiter.ts'
import type { HttpHeaders } from './http.ts'

/** What retries depend on beside the server; tests bring their own. */
export interface RetryClock extends LimiterClock {
  /** 0 to 1, for the jitter. */
  random(): number
}

export const REAL_CLOCK: RetryClock = {
  sleep: (milliseconds, signal) => pause(milliseconds, undefined, { signal }),
  now: Date.now,
  random: Math.random,
}

/**
 * How long to wait before the next try: what the server asks for, else 1, 2, 4 … seconds up to a minute, of which
 * up to a half is taken off by chance, so that many workers do not come back at once.
 * @param tries how many were made already, from 1
 * @param asked what the server asks for, in milliseconds
 */
export function waitBeforeTry(tries: number, asked: number | null, clock: RetryClock): number {
  if (asked !== null) return asked
  return Math.min(1000 * 2 ** (tries - 1), 60_000) * (1 - clock.random() / 2)
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date, in milliseconds. Azure's 0 and -1 say nothing. */
export function askedWait(headers: HttpHeaders | null, now: number): number | null {
  const milliseconds = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  if (milliseconds > 0) return milliseconds
  const after = headers?.get('retry-after') ?? ''
  const seconds = Number(after || Number.NaN)
  const wait = Number.isNaN(seconds) ? Date.parse(after) - now : seconds * 1000
  return wait > 0 ? wait : null
}
