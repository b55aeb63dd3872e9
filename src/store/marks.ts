import type { Properties } from './database.ts'

/**
 * That names of a chunk or a document are to be resolved: written with whatever changes what is mentioned there, and
 * taken off once it is done, so that nothing is lost in between. Beside the mark stand the entities that go by other
 * names since, by their ids at birth.
 */
export interface Mark {
  /** They got a form that they did not have, or are new. */
  readonly gained: readonly string[]
  /** They lost a form, or a mention. */
  readonly lost: readonly string[]
}

/** As `unresolved`, which has an index. */
export const UNRESOLVED = 'yes'

/** What {@link readMark} needs. */
export const MARK = ['unresolved', 'gained', 'lost'] as const

export const NO_MARK: Properties = { unresolved: null, gained: null, lost: null }

export function markProperties(mark: Mark | undefined): Properties {
  if (mark === undefined) return NO_MARK
  const listed = (ids: readonly string[]) => (ids.length === 0 ? null : [...new Set(ids)].toSorted())
  return { unresolved: UNRESOLVED, gained: listed(mark.gained), lost: listed(mark.lost) }
}

export function readMark({ unresolved, gained, lost }: Properties): Mark | undefined {
  if (unresolved == null) return undefined
  return { gained: (gained ?? []) as readonly string[], lost: (lost ?? []) as readonly string[] }
}

/** What is left of a mark whose own work is done: none where it names nobody. */
export function restProperties(mark: Mark): Properties {
  return namesAny(mark) ? markProperties(mark) : NO_MARK
}

export function namesAny({ gained, lost }: Mark): boolean {
  return gained.length + lost.length > 0
}

/** What there was to do, and what came to it. */
export function addMarks(...marks: readonly (Mark | undefined)[]): Mark {
  return { gained: marks.flatMap((mark) => mark?.gained ?? []), lost: marks.flatMap((mark) => mark?.lost ?? []) }
}
