import type { Decision } from '../../model/decision.ts'

/** How long people took over a decision, as far as the record tells. */
export interface Pace {
  /** Median, in seconds. */
  readonly seconds: number
  /** Decisions of which it is known. */
  readonly count: number
}

/** Whoever took longer was away: it is how long a block of links is somebody's, too. */
const AWAY_SECONDS = 300

/**
 * The time from one verdict of a reviewer to their next. Only verdicts that a queue brought tell it, one by one: those given by
 * name may come of a script, and of a batch nobody knows how long each was looked at. The first of a sitting tells nothing.
 */
export function secondsEach(decisions: readonly Decision[]): ReadonlyMap<Decision, number> {
  const taken = new Map<Decision, number>()
  const last = new Map<string, number>()
  for (const decision of decisions.toSorted((a, b) => a.sequence - b.sequence)) {
    const { reviewer, at, order, batch, verdict } = decision
    const time = Date.parse(at)
    const seconds = (time - (last.get(reviewer) ?? -Infinity)) / 1000
    last.set(reviewer, time)
    if (order !== undefined && batch === undefined && verdict !== 'undo' && seconds >= 0 && seconds <= AWAY_SECONDS)
      taken.set(decision, seconds)
  }
  return taken
}

/** Null where nothing is known. */
export function paceOf(seconds: readonly number[]): Pace | null {
  const sorted = seconds.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : { seconds: (low + high) / 2, count: sorted.length }
}
