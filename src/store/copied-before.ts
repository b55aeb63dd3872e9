import { RefusedError } from '../model/errors.ts'
import { compareDatabases, type Comparison } from './compare.ts'
import { birthOf, isEmpty, isUnfinishedCopy } from './copy-mark.ts'
import type { Database } from './database.ts'
import type { Part } from './side-by-side.ts'

/** A pass over both, to see whether a finished copy still is one. */
export interface LookAgain {
  readonly signal: AbortSignal
  readonly progress: (part: Part, done: number) => void
}

/**
 * Whether a target was copied from this source to its end before, and still is the same: nothing is left to do. Null where
 * the signal came first. Another store is known by its first run, and is not gone through.
 * @throws RefusedError that says what differs, where it was copied and either was written to since
 */
export async function isCopiedBefore(source: Database, target: Database, look: LookAgain): Promise<boolean | null> {
  if ((await isUnfinishedCopy(source)) || (await isUnfinishedCopy(target)) || (await isEmpty(target))) return false
  if ((await birthOf(source)) !== (await birthOf(target))) return false
  const comparison = await compareDatabases(source, target, { ...look, most: 0 })
  if (comparison.interrupted) return null
  if (comparison.equal) return true
  const [{ location: from }, { location: to }] = [await source.info(), await target.info()]
  throw new RefusedError(
    'not-empty',
    `${to} was copied from ${from} before, and they differ: ${inWords(comparison)}.`,
    {
      hint: `Nothing was changed. 'whygraph doctor --store ${from} --compare ${to}' names what differs; copy into an empty store.`,
    },
  )
}

function inWords({ kinds }: Comparison): string {
  const some = kinds.flatMap(({ name, missing, extra, different }) => {
    const counts = [
      ...(missing > 0 ? [`${missing} only in the source`] : []),
      ...(extra > 0 ? [`${extra} only in the target`] : []),
      ...(different > 0 ? [`${different} with other properties`] : []),
    ]
    return counts.length === 0 ? [] : [`${name} ${counts.join(', ')}`]
  })
  return some.join('; ')
}
