/** Pairs found, and how many of them are right. */
export interface Score {
  readonly right: number
  readonly wrong: number
  readonly all: number
}

export const precision = ({ right, wrong }: Score): number => (right + wrong === 0 ? 1 : right / (right + wrong))
export const recall = ({ right, all }: Score): number => (all === 0 ? 1 : right / all)

/**
 * B-cubed precision and recall (Bagga and Baldwin 1998): for each item, the share of its cluster that belongs with it,
 * and the share of what belongs with it that is in its cluster; then the mean.
 */
export function bCubed(clusterOf: ReadonlyMap<string, string>, goldOf: ReadonlyMap<string, string>) {
  const sizes = (of: ReadonlyMap<string, string>) => Map.groupBy(of.keys(), (item) => of.get(item) ?? item)
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

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
