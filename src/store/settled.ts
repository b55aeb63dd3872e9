import { CONTRADICTS, SUPERSEDES } from '../model/conflict.ts'
import { endsOf } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import type { ConflictNow } from './conflict-effects.ts'

/** What is to be said of links that cannot hold beside each other, given what people have decided. */
export interface Unsettled {
  readonly proposals: readonly Proposal[]
  /** Ids of links that were decided about, for which what was said of them speaks still. */
  readonly settled: ReadonlySet<string>
}

/**
 * What somebody decided about two links holds as well of those that stand for them now: nobody is asked again, and nothing
 * is asked where somebody accepted that one of the two ended the other.
 */
export function unsettled(proposals: readonly Proposal[], conflicts: readonly ConflictNow[]): Unsettled {
  const decided = conflicts.filter(isDecided)
  const settled = new Set<string>()
  const open = proposals.filter((proposal) => {
    const { id, type, subjectId, objectId } = endsOf(proposal)
    const isTurned = ({ now }: ConflictNow): boolean => now.subjectId === objectId && now.objectId === subjectId
    const about = decided.filter(
      (one) => isTurned(one) || (one.now.subjectId === subjectId && one.now.objectId === objectId),
    )
    if (about.some(({ said }) => said.id === id)) return true
    const same = about.filter(
      (one) => one.said.type === type && (type === CONTRADICTS || subjectId === objectId || !isTurned(one)),
    )
    for (const { said } of same) settled.add(said.id)
    return same.length === 0 && !about.some(isEnd)
  })
  return { proposals: open, settled }
}

function isDecided({ now: { status } }: ConflictNow): boolean {
  return status === 'accepted' || status === 'rejected'
}

/** Whether a person said that it ends one of its ends. */
function isEnd({ now: { type, status, valid } }: ConflictNow): boolean {
  return type === SUPERSEDES && status === 'accepted' && valid?.from != null
}
