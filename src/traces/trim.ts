import { ulid } from 'ulid'
import type { Walk } from '../store/pages.ts'
import type { Store } from '../store/store.ts'
import type { Trimmed } from '../store/trim-traces.ts'

/** What became of the stored traces: the JSON of `traces trim --json`. */
export interface TrimSummary extends Trimmed {
  readonly version: 1
  readonly dryRun: boolean
  /** Stopped before its end; what was done until then stands. */
  readonly interrupted: boolean
}

const COMMAND = 'traces trim'

/**
 * Cuts stored traces as the settings say, and leaves nothing of what was cut in the files of the store. One that is broken
 * off before that is done is finished by the next.
 */
export async function trim(store: Store, options: Walk & { readonly dryRun: boolean }): Promise<TrimSummary> {
  const { dryRun, signal } = options
  const run = { id: ulid(), command: COMMAND, engine: null, model: null, startedAt: new Date().toISOString() }
  let hasBegun = false
  const begin = async (): Promise<void> => {
    if (hasBegun) return
    hasBegun = true
    await store.putRun({ ...run, finishedAt: null, summary: null })
  }
  const trimmed = await store.trimTraces({ ...options, begin })
  const summary: TrimSummary = { version: 1, dryRun, interrupted: signal.aborted, ...trimmed }
  if (dryRun || signal.aborted) return summary
  const open = await store.unfinishedRuns(COMMAND)
  if (open.length > 0) await store.database.scrub()
  const finishedAt = new Date().toISOString()
  for (const { id, startedAt } of open)
    await store.putRun({ ...run, id, startedAt, finishedAt, summary: id === run.id ? JSON.stringify(summary) : null })
  return summary
}
