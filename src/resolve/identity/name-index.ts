import type { Thing } from './judgement.ts'

/** Who bears a key. Of a key that too many bear, `things` may be cut short or empty: `count` is larger then. */
export interface Posting {
  readonly things: readonly Thing[]
  readonly count: number
}

/**
 * Finds entities of the graph by exact keys (`keysOf`), as a B-tree does: never by scanning. Postings are
 * capped, so that a look-up costs the same in a large graph as in a small one.
 */
export interface NameIndex {
  lookUp(keys: readonly string[]): Promise<ReadonlyMap<string, Posting>>
}

/** A key that more bear says too little to look at them. `count` need not go further than one more. */
export const MOST_IN_POSTING = 40
