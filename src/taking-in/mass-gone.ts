import type { IngestTally } from '../tally/ingest-tally.ts'
import { counted } from '../model/counted.ts'
import { RefusedError } from '../model/errors.ts'
import type { StoredDocument } from '../store/records.ts'

/** Of a source's documents: more than this are not deleted every day, but a drive may not be mounted. */
const MANY = 0.2
const NAMED = 3

export interface GoneOfSource {
  readonly source: string
  /** Those that were looked for. */
  readonly known: readonly StoredDocument[]
  /** Those of them that are not there any more. */
  readonly gone: readonly StoredDocument[]
  /** Those of them that were in a folder that is not there, or in which nothing is left. */
  readonly inEmpty: readonly StoredDocument[]
}

/** Why nothing of a source is to be retired before somebody has said that it is meant; none where it may be. */
export function judgeGone({ source, known, gone, inEmpty }: GoneOfSource): string[] {
  if (gone.length <= known.length * MANY && inEmpty.length === 0) return []
  const named = gone.slice(0, NAMED).map(({ path }) => path)
  const more = gone.length > named.length ? ` and ${gone.length - named.length} more` : ''
  const why = inEmpty.length > 0 ? ', from a folder that is empty or not there' : ''
  return [
    `${gone.length} of ${counted(known.length, 'document')} looked for in source ${source} ${gone.length === 1 ? 'is' : 'are'} not there any more${why}: ${named.join(', ')}${more}`,
  ]
}

/**
 * Stops before anything is retired, unless it is meant; a dry run says what it would stop for. `later`: what was read
 * until now stands, so the run ends with it instead. Returns whether nothing is to be retired.
 */
export function refuseMass(
  refusals: readonly string[],
  tally: IngestTally,
  { allowGone, dryRun }: { readonly allowGone: boolean; readonly dryRun: boolean },
  when: 'now' | 'later' = 'now',
): boolean {
  if (refusals.length === 0 || allowGone) return false
  const message = `${refusals.join('\n')}\nNothing of ${refusals.length === 1 ? 'it' : 'them'} was retired.`
  const error = new RefusedError('mass-disappearance', message, {
    hint: 'Is a drive not mounted, or another folder meant? If they are gone for good, say so with --allow-gone.',
  })
  if (dryRun) for (const refusal of refusals) tally.massGone(`${refusal}; without --allow-gone nothing would be done`)
  else if (when === 'now') throw error
  else tally.stop(error)
  return !dryRun
}
