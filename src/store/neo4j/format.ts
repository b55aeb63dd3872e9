import { StoreError } from '../../model/errors.ts'
import { newerFormat } from '../newer-format.ts'
import type { Connection } from './driver.ts'

/** One step from a version of the graph's format to the next: Cypher that changes nothing when it is run again. */
export interface Step {
  /** The oldest whygraph that knows the format that it leads to. */
  readonly since: string
  readonly cypher: readonly string[]
}

/** The number of steps is the newest version. A step that was published is never changed. */
export const STEPS: readonly Step[] = [
  { since: '0.1.0', cypher: [] },
  // The index of names: an older whygraph would leave keys of entities there that it removes.
  { since: '0.1.0', cypher: [] },
  // Names may be taken for one thing. What is there stays as it is, and `whygraph rebuild` derives it anew.
  { since: '0.1.0', cypher: [] },
  // Decisions may be remarks, fixes, verdicts that need a second: an older whygraph would take them for others, or altered.
  { since: '0.1.0', cypher: [] },
  // Traces and answers may be packed, and traces cut: an older whygraph would take them for what a model said.
  { since: '0.1.0', cypher: [] },
  // Links may lead from documents to labels: an older whygraph would look for entities there.
  { since: '0.1.0', cypher: [] },
]

/**
 * The format is the name of an index, so that no node of ours stands among those that people count; the index itself is
 * empty. Its name is the only place for the version that is there before anything else is.
 */
const MARK = /^whygraph_format_(\d+)_since_(\d+)_(\d+)_(\d+)$/

function markOf(format: number, since: string): string {
  return `whygraph_format_${format}_since_${since.replaceAll('.', '_')}`
}

/**
 * Brings an older graph to the newest format: all steps in one transaction, then the mark. A graph that was made before
 * there were marks has format 1. Returns what makes the mark that is missing, with the constraints and indexes.
 * @throws StoreError where the graph is of a newer format; nothing was changed then
 */
export async function bringUpToDate(
  connection: Connection,
  indexes: ReadonlySet<string>,
  steps: readonly Step[] = STEPS,
): Promise<string[]> {
  const marks = [...indexes].flatMap((name) => {
    const [, format, ...since] = MARK.exec(name) ?? []
    return format === undefined ? [] : { format: Number(format), since: since.join('.') }
  })
  const newest = marks.toSorted((a, b) => b.format - a.format)[0]
  const known = steps.length
  if (newest !== undefined && newest.format > known)
    throw newerFormat(connection.location, { ...newest, known, own: steps.at(-1)?.since })
  if (newest?.format === known) return []
  const missing = steps.slice(newest?.format ?? 1).flatMap((step) => step.cypher)
  if (missing.length > 0)
    await connection.transaction('write', async (run) => {
      for (const text of missing) await run(text)
    })
  const last = steps.at(-1)
  if (last === undefined) throw new StoreError('no-format', 'There is no format.')
  return [`CREATE INDEX ${markOf(known, last.since)} IF NOT EXISTS FOR (n:Chain) ON (n.format${known})`]
}
