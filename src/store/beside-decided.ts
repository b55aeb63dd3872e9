import { CONTRADICTS, MERGED_CONFLICT_MODEL, SUPERSEDES } from '../model/conflict.ts'
import { endsOf, ownProposalId } from '../model/link.ts'
import type { Proposal } from '../model/proposal.ts'
import type { ConflictNow } from './conflict-effects.ts'
import type { StoredLink } from './records.ts'

/**
 * What is to be said of links that cannot hold beside each other, given what people have decided. What somebody decided about
 * two links holds as well of those that stand for them now: nobody is asked again, what is found between these speaks for the
 * link that was decided about, and nothing is asked where somebody accepted that one of the two ended the other.
 */
export function besideDecided(found: readonly Proposal[], conflicts: readonly ConflictNow[]): Proposal[] {
  const decided = conflicts.filter(isDecided)
  return found.flatMap((proposal) => {
    const { id, type, subjectId, objectId } = endsOf(proposal)
    const isTurned = ({ now }: ConflictNow): boolean => now.subjectId === objectId && now.objectId === subjectId
    const about = decided.filter(
      (one) => isTurned(one) || (one.now.subjectId === subjectId && one.now.objectId === objectId),
    )
    if (about.some(({ said }) => said.id === id)) return [proposal]
    const same = about.filter(
      (one) => one.said.type === type && (type === CONTRADICTS || subjectId === objectId || !isTurned(one)),
    )
    if (same.length > 0) return same.map(({ said }) => speakingFor(said, proposal))
    return about.some(isEnd) ? [] : [proposal]
  })
}

/** The same, said of the links that a person decided about. */
function speakingFor({ subject, subjectId, object, objectId }: StoredLink, proposal: Proposal): Proposal {
  const about = {
    ...proposal,
    model: MERGED_CONFLICT_MODEL,
    subject: { ...proposal.subject, name: subject, link: subjectId },
    object: { ...proposal.object, name: object, link: objectId },
  }
  return { ...about, id: ownProposalId(about) }
}

function isDecided({ now: { status } }: ConflictNow): boolean {
  return status === 'accepted' || status === 'rejected'
}

/** Whether a person said that it ends one of its ends. */
function isEnd({ now: { type, status, valid } }: ConflictNow): boolean {
  return type === SUPERSEDES && status === 'accepted' && valid?.from != null
}
