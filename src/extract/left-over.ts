import { normaliseName } from '../model/entity.ts'
import type { Note } from '../model/note.ts'
import type { Proposal } from '../model/proposal.ts'

/** Notes of links that nothing could be made of. One that says again what another says is none of them. */
const REFUSING: ReadonlySet<string> = new Set([
  'invalid-item',
  'unknown-entity',
  'self-link',
  'no-evidence',
  'unknown-type',
  'unknown-column',
])

/** Links of an answer that nothing could be made of: of the notes about it, the one for each of them. */
export function refusedLinks(notes: readonly Note[]): Note[] {
  return notes.filter(({ code, where = '' }) => REFUSING.has(code) && /^links(?:\[\d+\])?$/.test(where))
}

interface Named {
  readonly name: string
  readonly aliases: readonly string[]
}

/** Those of some named things that no link has at an end, by whatever name it has it. */
export function withoutLink<T extends Named>(
  named: readonly T[],
  links: readonly Pick<Proposal, 'subject' | 'object'>[],
): T[] {
  const linked = namesOf(links.flatMap(({ subject, object }) => [subject, object]))
  return named.filter(({ name }) => !linked.has(normaliseName(name)))
}

/** All names as they are compared. */
export function namesOf(all: readonly Named[]): ReadonlySet<string> {
  return new Set(all.flatMap(({ name, aliases }) => [name, ...aliases].map(normaliseName)))
}
