import type { Proposal } from './proposal.ts'
import { readWhen } from './read-when.ts'

/** What was said, as of the day on which it was said: `now` and `next week` mean other days by another one. */
export function saidOnDay<T extends Pick<Proposal, 'when' | 'valid' | 'saidOn'>>(said: T, day: string | null): T {
  if (said.saidOn === day) return said
  return { ...said, saidOn: day, ...(said.when === null ? {} : { valid: readWhen(said.when, day) }) }
}
