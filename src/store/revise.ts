import { isDeepStrictEqual } from 'node:util'
import { remarksIn, type Decision } from '../model/decision.ts'
import type { GatheredLink } from './gather-links.ts'
import type { StoredLink } from './records.ts'

/** A link's revision, and the places in the chain of the decisions that count for it; absent: there never were any. */
export type Revision = Pick<StoredLink, 'rev' | 'decisions'>

/**
 * The revision of links of which one stands for all, so that whoever looked at either looked at the same. It grows with
 * each change of the decisions that count for one of them, also where that comes of falling together and parting, and so
 * never stands for other decisions again. What it was is no part of the record but of the link's node: where that was
 * lost, it is at least the number of the decisions, and more than any of them was made on. Remarks are none of these.
 */
export function revise(group: readonly GatheredLink[], decisions: readonly Decision[]): Revision {
  const remarks = remarksIn(decisions)
  const verdicts = decisions.filter(({ id }) => !remarks.has(id))
  const places = verdicts.map(({ sequence }) => sequence).toSorted((a, b) => a - b)
  const rev = Math.max(...group.map((link) => revisionOf(link, places, verdicts)))
  return rev === 0 ? { rev } : { rev, decisions: places }
}

function revisionOf({ before, rev }: GatheredLink, places: readonly number[], decisions: readonly Decision[]): number {
  // One that was forgotten is not known by more than this.
  if (before === undefined)
    return places.length === 0 ? rev : Math.max(rev + 1, places.length, ...decisions.map((one) => one.rev + 1))
  const { decisions: known } = before
  // Of a link that was derived before these were kept, `rev` is their number.
  const isAsBefore = known === undefined ? rev === places.length : isDeepStrictEqual(known, places)
  return isAsBefore ? rev : rev + 1
}
