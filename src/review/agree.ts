import { isVerdict, standingDecisions, type Decision } from '../model/decision.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { cohensKappa, krippendorffsAlpha, rawAgreement, type Ratings } from './agreement.ts'
import { reviewedLinks } from './reviewed-links.ts'

/** How far people agree who decided about the same links. Null: not defined, as nobody shares any or all say the same. */
export interface Agreement {
  /** Links that two or more people gave a verdict on. */
  readonly links: number
  readonly reviewers: number
  readonly raw: number | null
  readonly alpha: number | null
  /** Of each two, those who share most first. */
  readonly pairs: readonly {
    readonly reviewers: readonly [string, string]
    readonly links: number
    readonly raw: number | null
    readonly kappa: number | null
  }[]
  /** Links about which they differ, with what each said. */
  readonly differing: readonly {
    readonly link: Pick<StoredLink, 'id' | 'type' | 'subject' | 'object' | 'mapsFrom' | 'mapsTo'>
    readonly verdicts: Readonly<Record<string, string>>
  }[]
}

/** Compares what each person said first of a link, whatever became of it later; a slip that they undid themselves apart. */
export async function reviewAgreement(store: Store): Promise<Agreement> {
  const decisions = await store.decisions({ order: 'sequence' })
  const rated: Ratings[] = []
  const differing: Agreement['differing'][number][] = []
  for await (const { link, decisions: about } of reviewedLinks(store, decisions)) {
    const ratings = firstVerdicts(about)
    if (ratings.size < 2) continue
    rated.push(ratings)
    if (link === null || new Set(ratings.values()).size === 1) continue
    const { id, type, subject, object, mapsFrom, mapsTo } = link
    differing.push({ link: { id, type, subject, object, mapsFrom, mapsTo }, verdicts: Object.fromEntries(ratings) })
  }
  const reviewers = [...new Set(rated.flatMap((ratings) => [...ratings.keys()]))].toSorted()
  const pairs = reviewers.flatMap((one, index) =>
    reviewers.slice(index + 1).flatMap((other) => pairOf(rated, one, other)),
  )
  return {
    links: rated.length,
    reviewers: reviewers.length,
    raw: rawAgreement(rated),
    alpha: krippendorffsAlpha(rated),
    pairs: pairs.toSorted((a, b) => b.links - a.links),
    differing,
  }
}

/**
 * Each person's first verdict about a link that they did not take back themselves. Whoever settles a difference has seen
 * what the others said, so that tells nothing here.
 */
export function firstVerdicts(decisions: readonly Decision[]): Ratings {
  const verdicts = new Map<string, string>()
  for (const [reviewer, own] of Map.groupBy(decisions, (decision) => decision.reviewer)) {
    const first = standingDecisions(own).findLast(
      (decision) => isVerdict(decision) && decision.adjudicates === undefined,
    )
    if (first !== undefined) verdicts.set(reviewer, first.verdict)
  }
  return verdicts
}

function pairOf(rated: readonly Ratings[], one: string, other: string): Agreement['pairs'][number][] {
  const both = rated.flatMap((ratings) => {
    const [first, second] = [ratings.get(one), ratings.get(other)]
    return first === undefined || second === undefined ? [] : [[first, second] as const]
  })
  if (both.length === 0) return []
  const raw = both.filter(([first, second]) => first === second).length / both.length
  return [{ reviewers: [one, other], links: both.length, raw, kappa: cohensKappa(both) }]
}
