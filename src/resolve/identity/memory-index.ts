import { MOST_IN_POSTING, type NameIndex, type NameSignatures, type Posting } from '../../model/name-index.ts'
import { readThing, type Thing } from './judgement.ts'
import { keysOfThing } from './keys.ts'

/** The index in memory: for measuring, and for a corpus that is read once. */
export function indexNames(things: Iterable<Thing>, signatures?: NameSignatures): NameIndex {
  const byKey = new Map<string, Map<string, Thing>>()
  for (const thing of things)
    for (const key of keysOfThing(readThing(thing), signatures)) {
      const bearers = byKey.get(key)
      if (bearers === undefined) byKey.set(key, new Map([[thing.id, thing]]))
      else bearers.set(thing.id, thing)
    }
  const posting = (bearers: ReadonlyMap<string, Thing>): Posting => ({
    things: bearers.size > MOST_IN_POSTING ? [] : [...bearers.values()],
    count: bearers.size,
  })
  return {
    async lookUp(keys) {
      const found = new Map<string, Posting>()
      for (const key of keys) {
        const bearers = byKey.get(key)
        if (bearers !== undefined) found.set(key, posting(bearers))
      }
      return found
    },
  }
}
