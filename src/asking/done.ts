import { alignerFingerprint, stepFingerprint } from '../extract/ask.ts'
import { doneMark, splitMark } from '../model/done-mark.ts'
import type { Engine } from '../engines/engine.ts'
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

/** What a chunk is done with once a reply is taken, with so much effort. `again`: but for its alignment and its judgement. */
export function doneWith(
  { fingerprint, route, routed }: Pick<Task, 'route' | 'routed'> & { readonly fingerprint: string },
  { effort, isCut, again }: { readonly effort: Effort; readonly isCut: boolean; readonly again: boolean },
): string {
  const budget = isCut ? budgetOf(route.engine) : null
  const rest = again ? { aligner: null, judged: null } : { aligner: alignedBy(route), judged: routed?.judged ?? null }
  return doneMark({ fingerprint, budget, effort, ...rest })
}

/** Whether a chunk was asked about like this before, with as much effort, and all came of it that will. */
export function isDone(
  { chunk, route, routed }: Pick<Task, 'chunk' | 'route' | 'routed'>,
  fingerprint: string,
): boolean {
  const wanted = effortOf(route)
  const by = alignedBy(route)
  const judged = routed?.judged ?? null
  return chunk.fingerprints
    .map(splitMark)
    .some(
      (done) =>
        done.fingerprint === fingerprint &&
        (done.budget === null || done.budget === budgetOf(route.engine)) &&
        done.aligner === by &&
        (judged === null || done.judged?.by === judged.by) &&
        covers(done.effort, wanted),
    )
}

function budgetOf({ parameters }: Engine): string {
  return String(parameters['maxOutputTokens'] ?? '')
}

function alignedBy({ aligner = null }: Route): string | null {
  return aligner === null ? null : alignerFingerprint(aligner)
}
