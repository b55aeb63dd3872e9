import type { Judgement } from './judgement.ts'

/** Ids of names that may mean more others than a person would choose among: the shorter of two, or both where neither is. */
export function crowdedIn(judgements: readonly Judgement[]): ReadonlySet<string> {
  const crowded = judgements.filter(({ isCrowded }) => isCrowded)
  return new Set(crowded.flatMap(({ a, b, short }) => (short === null ? [a, b] : [short])))
}
