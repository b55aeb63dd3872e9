import type { Thing } from './judgement.ts'

/** Who bears a key. `count` may be larger than `things`, which is capped. */
export interface Posting {
  readonly things: readonly Thing[]
  readonly count: number
}

/**
 * Finds entities of the graph by exact keys (`keysOf`), as a B-tree does: never by scanning. Postings are capped and come
 * in the order of ids, so that the same ones come each time.
 */
export interface NameIndex {
  lookUp(keys: readonly string[]): Promise<ReadonlyMap<string, Posting>>
}

/** What a posting holds at most; a key that more bear says too little. */
export const MOST_IN_POSTING = 40
