import type { NameIndex, NameSignatures } from '../../model/name-index.ts'
import { NO_CONTEXT } from './context.ts'
import { judgePairs } from './judge.ts'
import { type Judgement, readThing, type Thing } from './judgement.ts'
import { keysOfThing } from './keys.ts'

/**
 * Which entities of the graph a document's thing (a cluster, with all its names) may be. Costs one look-up of some forty
 * keys a name, however large the graph is. Most trusted first.
 */
export async function resolveAcross(
  thing: Thing,
  index: NameIndex,
  cannot: ReadonlySet<string> = new Set(),
  signatures?: NameSignatures,
): Promise<Judgement[]> {
  const read = readThing(thing)
  const postings = await index.lookUp(keysOfThing(read, signatures))
  const candidates = new Map<string, Thing>()
  for (const { things, count } of postings.values())
    if (count <= things.length) for (const candidate of things) candidates.set(candidate.id, candidate)
  candidates.delete(thing.id)
  const pairs = [...candidates.values()].map((candidate) => [read, readThing(candidate)] as const)
  return judgePairs(pairs, { scope: 'corpus', context: NO_CONTEXT, cannot, signatures }).toSorted(
    (x, y) => y.confidence - x.confidence,
  )
}
