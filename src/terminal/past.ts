import type { Verdict } from '../model/decision.ts'

/** What was done with a link, in a word. */
export const PAST: Readonly<Record<Exclude<Verdict, 'undo'>, string>> = {
  accept: 'accepted',
  reject: 'rejected',
  skip: 'skipped',
  flag: 'flagged',
}
