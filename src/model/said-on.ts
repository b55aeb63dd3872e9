import type { Proposal } from './proposal.ts'
import { readWhen } from './read-when.ts'

/** Whether something had been said by a day (an ISO date); what was said on an unknown day may have been at any time. */
export function isSaidBy({ saidOn }: Pick<Proposal, 'saidOn'>, day: string): boolean {
  return saidOn == null || saidOn <= day
}

/** What was said, as of the day on which it was said: `now` and `next week` mean other days by another one. */
export function saidOnDay<T extends Pick<Proposal, 'when' | 'valid' | 'saidOn'>>(said: T, day: string | null): T {
  if (said.saidOn === day) return said
  return { ...said, saidOn: day, ...(said.when === null ? {} : { valid: readWhen(said.when, day) }) }
}
