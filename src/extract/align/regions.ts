import type { Sentence } from './sentences.ts'

/** A region is a sentence and so many on either side. */
const REACH = 10
/** A region speaks of other matters if its share of familiar words is below this part of the most familiar region's. */
const FOREIGN = 0.35
/** Where even that one has a smaller share (a trace in another language than the source), words tell nothing. */
const TELLING = 0.2

/**
 * The sentences of those regions of a trace that speak of the source at hand. A reasoner may have other matters in its
 * head (a long agent's trace, several chunks in one conversation); unit numbers and first names recur there and mean
 * something else. `familiarity` gives how many of a sentence's telling words are words of the source or of the answer's
 * names, and how many it has. Measured on the recorded cases: no judged step stands in a region below 0.43, 95% of
 * other cases' traces do.
 */
export function familiarRegions<One extends Sentence>(
  sentences: readonly One[],
  familiarity: (sentence: One) => { readonly familiar: number; readonly all: number },
): One[] {
  const counts = sentences.map(familiarity)
  let familiar = 0
  let all = 0
  const add = (index: number, sign: number): void => {
    familiar += sign * (counts[index]?.familiar ?? 0)
    all += sign * (counts[index]?.all ?? 0)
  }
  for (let index = 0; index < REACH; index += 1) add(index, 1)
  const shares = sentences.map((_, index) => {
    add(index + REACH, 1)
    add(index - REACH - 1, -1)
    return all === 0 ? 0 : familiar / all
  })
  const most = shares.reduce((one, other) => Math.max(one, other), 0)
  if (most < TELLING) return [...sentences]
  return sentences.filter((_, index) => (shares[index] ?? 0) >= FOREIGN * most)
}
