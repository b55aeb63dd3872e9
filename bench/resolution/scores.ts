/** Pairs found, and how many of them are right. */
export interface Score {
  readonly right: number
  readonly wrong: number
  readonly all: number
}

export const precision = ({ right, wrong }: Score): number => (right + wrong === 0 ? 1 : right / (right + wrong))
export const recall = ({ right, all }: Score): number => (all === 0 ? 1 : right / all)

/** The cluster of each item. */
export type Clusters = ReadonlyMap<string, string>

/** Items as they belong together, and as they were put together. */
export interface Clusterings {
  readonly gold: Clusters
  /** By automatic joins alone. */
  readonly joined: Clusters
  /** By these and by the proposals that are right: as if a person had accepted them, and rejected all others. */
  readonly answered: Clusters
}

/**
 * B-cubed precision and recall (Bagga and Baldwin 1998): for each item, the share of its cluster that belongs with it,
 * and the share of what belongs with it that is in its cluster; then the mean.
 */
export function bCubed(clusterOf: Clusters, goldOf: Clusters): { precision: number; recall: number } {
  const sizes = (of: Clusters) => Map.groupBy(of.keys(), (item) => of.get(item) ?? item)
  const [clusters, golds] = [sizes(clusterOf), sizes(goldOf)]
  let [precisions, recalls] = [0, 0]
  for (const [item, cluster] of clusterOf) {
    const mates = clusters.get(cluster) ?? []
    const gold = goldOf.get(item)
    const right = mates.filter((mate) => goldOf.get(mate) === gold).length
    precisions += right / mates.length
    recalls += right / (golds.get(gold ?? '')?.length ?? 1)
  }
  return { precision: precisions / clusterOf.size, recall: recalls / clusterOf.size }
}

/** Pairs of items in one cluster, beside the pairs that belong in one. Both maps hold the same items. */
export function pairwise(clusterOf: Clusters, goldOf: Clusters): Score {
  const right = pairsIn([...clusterOf].map(([item, cluster]) => JSON.stringify([cluster, goldOf.get(item)])))
  return { right, wrong: pairsIn(clusterOf.values()) - right, all: pairsIn(goldOf.values()) }
}

/** How many pairs of equals there are. */
export function pairsIn(values: Iterable<string>): number {
  const groups = Map.groupBy(values, (value) => value).values()
  return [...groups].reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0)
}

/** Follows pairs from one to the next: the same value for all that they bring together. */
export function follow(pairs: Iterable<readonly [string, string]>): (item: string) => string {
  const next = new Map<string, string>()
  const end = (item: string): string => {
    let at = item
    for (let to = next.get(at); to !== undefined; to = next.get(at)) at = to
    return at
  }
  for (const [a, b] of pairs) {
    const [left, right] = [end(a), end(b)]
    if (left !== right) next.set(left, right)
  }
  return end
}

/** Clusterings of unlike items as one. */
export function unite(parts: readonly Clusterings[]): Clusterings {
  const all = (of: (part: Clusterings) => Clusters): Clusters => new Map(parts.flatMap((part) => [...of(part)]))
  return {
    gold: all(({ gold }) => gold),
    joined: all(({ joined }) => joined),
    answered: all(({ answered }) => answered),
  }
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
