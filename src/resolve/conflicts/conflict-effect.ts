import { NO_CONFLICT, SUPERSEDES, type Conflicting, type ConflictEffect } from '../../model/conflict.ts'
import { dayBefore } from '../../model/interval.ts'
import type { Link } from '../../model/link.ts'

/**
 * What the links about a link come to for it. One that supersedes it ends it if a person accepted that, or if the schema's
 * rule does and no person said no; until then, the two contradict each other. Two links may be held against each other
 * more than once, where one stands for others of which that was said before: what a person accepted settles all of it.
 */
export function conflictEffect(id: string, conflicts: readonly Conflicting[]): ConflictEffect {
  const standing = conflicts
    .filter(({ link, otherStands }) => otherStands && (link.status === 'accepted' || link.status === 'proposed'))
    .map(({ link }) => link)
  const otherOf = ({ subjectId, objectId }: Conflicting['link']): string => (subjectId === id ? objectId : subjectId)
  const settled = new Set(standing.filter((link) => isInForce(link) && link.status === 'accepted').map(otherOf))
  const inForce = standing.filter(
    (link) => isInForce(link) && (link.status === 'accepted' || !settled.has(otherOf(link))),
  )
  const [first] = inForce
    .filter((link) => link.objectId === id)
    .map(({ subjectId: by, valid }) => ({ by, on: valid?.from ?? '' }))
    .toSorted((a, b) => (a.on === b.on ? (a.by < b.by ? -1 : 1) : a.on < b.on ? -1 : 1))
  const open = standing.filter((link) => !isInForce(link) && !link.unsupported && !settled.has(otherOf(link)))
  return { conflictsWith: [...new Set(open.map(otherOf))].toSorted(), superseded: first ?? null }
}

function isInForce({ type, status, retires, valid }: Conflicting['link']): boolean {
  return type === SUPERSEDES && valid?.from != null && (status === 'accepted' || retires === true)
}

/** A link as others leave it. One that is in the record only contradicts nothing. */
export function withConflicts<T extends Link>(link: T, { conflictsWith, superseded }: ConflictEffect = NO_CONFLICT): T {
  if (link.status !== 'proposed' && link.status !== 'accepted') return link
  let after = link
  if (conflictsWith.length > 0)
    after = { ...after, conflictsWith, obstacles: [...after.obstacles, 'conflict' as const].toSorted() }
  if (superseded !== null) {
    const last = dayBefore(superseded.on)
    const { from, to } = link.valid ?? { from: null, to: null }
    const valid = { from, to: to === null || last < to ? last : to }
    after = { ...after, valid, supersededBy: superseded.by, supersededOn: superseded.on }
  }
  return after
}
