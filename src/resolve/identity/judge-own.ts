import type { NameSignatures } from '../../model/name-index.ts'
import { NO_CONTEXT } from './context.ts'
import { judgePairs, type Matches } from './judge.ts'
import { type Judgement, readThing, type ReadThing, type Thing } from './judgement.ts'

/** What comes of one thing's names, anywhere, against all that share a key with them. */
export interface OwnJudgements {
  /** Of the pairs that are its own to judge. */
  readonly own: readonly Judgement[]
  /** Ids of all that any rule may take for it: what they judge may change when its names do. */
  readonly alike: readonly string[]
  /**
   * Those of them whose the pair is to judge, and those that are alike where neither name is short, which may be a crowd
   * now: when it is new, what no others judge changes.
   */
  readonly owners: readonly string[]
}

/**
 * Judges things against all their candidates. A pair is for the shorter name's thing to judge, whose candidates are its
 * rivals; where neither name is short, for the one with the lesser id. So each pair is judged by one side, from all that
 * bears on it, and the same comes of it whichever of the two was met first. Two things are compared once, by their ids: their
 * names are to stay the same.
 */
export function createOwnJudge(
  signatures?: NameSignatures,
): (thing: Thing, candidates: readonly Thing[]) => OwnJudgements {
  const circumstances = { scope: 'corpus', context: NO_CONTEXT, cannot: new Set<string>(), signatures } as const
  const matches: Matches = new Map()
  const known = new Map<string, ReadThing>()
  const read = (thing: Thing): ReadThing => {
    const taken = known.get(thing.id) ?? readThing(thing)
    known.set(thing.id, taken)
    return taken
  }
  return (thing, candidates) => {
    const pairs = candidates.filter(({ id }) => id !== thing.id).map((other) => [read(thing), read(other)] as const)
    const judged = judgePairs(pairs, circumstances, matches)
    const otherOf = ({ a, b }: Judgement): string => (a === thing.id ? b : a)
    const isOwn = (judgement: Judgement): boolean => ownerOf(judgement) === thing.id
    return {
      own: judged.filter(isOwn),
      alike: judged.map(otherOf),
      owners: judged.filter((judgement) => judgement.short === null || !isOwn(judgement)).map(otherOf),
    }
  }
}

/** Whose the pair is to judge. */
function ownerOf({ a, short }: Pick<Judgement, 'a' | 'short'>): string {
  return short ?? a
}
