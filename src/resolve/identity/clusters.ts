import { pairOf } from './context.ts'
import { guardsOf } from './guards.ts'
import type { Circumstances, Judgement, ReadThing } from './judgement.ts'

/** Things that are one, and what was judged of each pair. */
export interface Resolution {
  /** Sorted ids of two things or more, by their least id. */
  readonly clusters: readonly (readonly string[])[]
  /** As judged, except that a join which would have put two of guarded names in one cluster is a proposal. */
  readonly judgements: readonly Judgement[]
}

const MOST_MEMBERS = 60

/**
 * Follows joins from one to the next, the most trusted first, as far as no cluster comes to hold a pair that a guard
 * speaks against: "Jonas" may lead to one of two people called Jonas, never to both.
 */
export function closeJoins(
  things: readonly ReadThing[],
  judgements: readonly Judgement[],
  circumstances: Circumstances,
): Resolution {
  const byId = new Map(things.map((thing) => [thing.id, thing]))
  const clusterOf = new Map<string, string[]>(things.map(({ id }) => [id, [id]]))
  const refused = new Map<Judgement, string>()
  const joins = judgements.filter(({ verdict }) => verdict === 'join').toSorted(byTrust)
  for (const join of joins) {
    const [left, right] = [clusterOf.get(join.a) ?? [join.a], clusterOf.get(join.b) ?? [join.b]]
    if (left === right) continue
    const against = whatSpeaksAgainst(left, right, byId, circumstances)
    if (against !== null) refused.set(join, against)
    else {
      const all = [...left, ...right].toSorted()
      for (const id of all) clusterOf.set(id, all)
    }
  }
  const clusters = [...new Set(clusterOf.values())].filter(({ length }) => length > 1)
  const closed = judgements.map((judgement): Judgement => {
    const why = refused.get(judgement)
    if (why === undefined) return judgement
    return { ...judgement, verdict: 'propose', guards: [{ guard: 'cluster', weight: 'doubt', why }] }
  })
  return {
    clusters: clusters.toSorted((x, y) => ((x[0] ?? '') < (y[0] ?? '') ? -1 : 1)),
    judgements: askOnce(closed, clusterOf),
  }
}

/** Two clusters are one question, however many of their names are alike: the most trusted pair asks it. */
function askOnce(judgements: readonly Judgement[], clusterOf: ReadonlyMap<string, readonly string[]>): Judgement[] {
  const asked = new Set<string>()
  const superfluous = new Set<Judgement>()
  for (const judgement of judgements.filter(({ verdict }) => verdict === 'propose').toSorted(byTrust)) {
    const [left = judgement.a, right = judgement.b] = [clusterOf.get(judgement.a)?.[0], clusterOf.get(judgement.b)?.[0]]
    if (left === right || asked.has(pairOf(left, right))) superfluous.add(judgement)
    asked.add(pairOf(left, right))
  }
  return judgements.map((judgement) => (superfluous.has(judgement) ? { ...judgement, verdict: null } : judgement))
}

function whatSpeaksAgainst(
  left: readonly string[],
  right: readonly string[],
  byId: ReadonlyMap<string, ReadThing>,
  circumstances: Circumstances,
): string | null {
  if (left.length + right.length > MOST_MEMBERS) return `the cluster would have over ${MOST_MEMBERS} members`
  for (const one of left)
    for (const other of right) {
      const [a, b] = [byId.get(one), byId.get(other)]
      const guard = a === undefined || b === undefined ? undefined : guardsOf(a, b, circumstances)[0]
      if (guard !== undefined) return `it would put ${one} and ${other} together: ${guard.why}`
    }
  return null
}

function byTrust(x: Judgement, y: Judgement): number {
  if (x.confidence !== y.confidence) return y.confidence - x.confidence
  return x.a === y.a ? (x.b < y.b ? -1 : 1) : x.a < y.a ? -1 : 1
}
