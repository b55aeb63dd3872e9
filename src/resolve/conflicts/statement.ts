import type { ComparedLink } from '../../model/conflict.ts'
import { overlap, type Interval } from '../../model/interval.ts'
import type { Proposal } from '../../model/proposal.ts'
import { byStrength, isAssertion } from '../materialise.ts'

/** One side of a conflict: that a link holds, or that it does not. */
export interface Statement {
  readonly link: ComparedLink['link']
  readonly isDenial: boolean
  /** The proposal whose quotes are shown for it. */
  readonly best: Proposal
  /** When it holds, as far as anybody said. */
  readonly valid: Interval
  /** The day on which it begins: since when it holds, else when it was first said. Null where nobody knows. */
  readonly start: string | null
  /** The first and the last day on which it was said, as far as that is known; null where it is not. */
  readonly firstSaid: string | null
  readonly lastSaid: string | null
  /** The day is known of all who say it. */
  readonly isDated: boolean
}

const ALWAYS: Interval = { from: null, to: null }

/** That a link of the graph holds; null where it is in the record only, or nothing that counts says it. */
export function assertionOf({ link, live }: ComparedLink): Statement | null {
  if (link.status !== 'proposed' && link.status !== 'accepted') return null
  const assertions = live.filter(isAssertion)
  // A person may accept what the source only hedges.
  const speaking = assertions.length > 0 ? assertions : live.filter(({ polarity }) => polarity !== 'negated')
  return statement(link, speaking, link.valid ?? ALWAYS, false)
}

/** What denies a link, each denial by itself, the first first. */
export function denialsOf({ link, live }: ComparedLink): Statement[] {
  return live
    .filter(({ polarity, held }) => polarity === 'negated' && !held)
    .flatMap((proposal) => statement(link, [proposal], proposal.valid ?? ALWAYS, true) ?? [])
    .toSorted(inTime)
}

function statement(
  link: Statement['link'],
  proposals: readonly Proposal[],
  valid: Interval,
  isDenial: boolean,
): Statement | null {
  const [best] = proposals.toSorted(byStrength)
  if (best === undefined) return null
  const days = proposals.flatMap(({ saidOn }) => saidOn ?? []).toSorted()
  const [firstSaid, lastSaid] = [days[0] ?? null, days.at(-1) ?? null]
  const isDated = days.length === proposals.length
  return { link, isDenial, best, valid, start: valid.from ?? firstSaid, firstSaid, lastSaid, isDated }
}

/** What begins on no known day comes first. */
export function inTime(a: Statement, b: Statement): number {
  const [one, other] = [a.start ?? '', b.start ?? '']
  return one === other ? (a.best.id < b.best.id ? -1 : 1) : one < other ? -1 : 1
}

export function mayMeet(a: Statement, b: Statement): boolean {
  return overlap(a.valid, b.valid)
}

/**
 * Whether one begins when the other was over: after all that was said for the other, or, where the sources say of both
 * since when they hold, later than the other, and said no earlier.
 */
export function isLater(one: Statement, other: Statement): boolean {
  const { start } = one
  if (start === null || (other.valid.from !== null && other.valid.from >= start)) return false
  if (other.lastSaid !== null && start > other.lastSaid) return true
  const saidNoEarlier = one.lastSaid !== null && other.lastSaid !== null && one.lastSaid >= other.lastSaid
  return one.valid.from !== null && other.valid.from !== null && saidNoEarlier
}
