import { alignerFingerprint, cutFingerprint, doneMark, splitMark, stepFingerprint } from '../extract/ask.ts'
import { splitJudged, withJudged } from '../extract/judged.ts'
import { covers, QUICK, type Effort } from '../model/effort.ts'
import type { Route } from '../sources.ts'
import type { Task } from '../taking-in/take-in.ts'

/** How much is to be done about the chunks of a route. */
export function effortOf({ effort, engine }: Route): Effort {
  if (effort === undefined || effort.level === 'quick') return QUICK
  const { level, samples, verifier } = effort
  if (level === 'standard') return { level }
  return { level, samples, verifier: stepFingerprint(verifier ?? engine, 'verification') }
}

/** Whether whoever checks what was said can be asked: what needs no model knows nothing else. */
export function canCheck({ effort, engine }: Route): boolean {
  return (effort?.verifier ?? engine).offline !== true
}

/** What a chunk is done with once a reply is taken, with so much effort. `again`: but for its alignment. */
export function doneWith(
  { fingerprint, route, routed }: Pick<Task, 'route' | 'routed'> & { readonly fingerprint: string },
  { effort, isCut, again }: { readonly effort: Effort; readonly isCut: boolean; readonly again: boolean },
): string {
  const asked = isCut ? cutFingerprint(fingerprint, route.engine) : fingerprint
  if (again) return doneMark(asked, effort, null)
  return withJudged(doneMark(asked, effort, route.aligner ?? null), routed?.judged ?? null)
}

/** Whether a chunk was asked about like this before, with as much effort, and all came of it that will. */
export function isDone(
  { chunk, route, routed }: Pick<Task, 'chunk' | 'route' | 'routed'>,
  fingerprint: string,
): boolean {
  const { engine, aligner = null } = route
  const wanted = effortOf(route)
  const asked = [fingerprint, cutFingerprint(fingerprint, engine)]
  const by = aligner === null ? null : alignerFingerprint(aligner)
  const judged = routed?.judged ?? null
  return chunk.fingerprints
    .filter((mark) => judged === null || splitJudged(mark).judged === judged)
    .map(splitMark)
    .some((done) => asked.includes(done.asked) && done.aligner === by && covers(done.effort, wanted))
}
