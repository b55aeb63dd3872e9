import { UsageError } from '../model/errors.ts'
import { contentId } from '../model/ids.ts'
import { PENDING, type LinkStatus } from '../model/link.ts'
import type { Obstacle } from '../model/obstacle.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { findLinksWhere } from './find-links.ts'
import { parseWhere } from './where.ts'

export type BulkVerdict = 'accept' | 'reject'

/** Which links are to be decided about together, each as it was when the plan was made. */
export interface BulkPlan {
  readonly verdict: BulkVerdict
  /** The conditions, as they were given. */
  readonly where: string
  readonly links: readonly PlannedLink[]
}

export interface PlannedLink {
  readonly id: string
  readonly rev: number
  readonly status: LinkStatus
}

/** A plan with what there is to say of it before it is carried out. */
export interface Planned {
  readonly plan: BulkPlan
  readonly hash: string
  readonly links: readonly StoredLink[]
  /** Links of which the conditions hold and that are never accepted in bulk, and how many have each obstacle. */
  readonly leftOut: { readonly count: number; readonly obstacles: ReadonlyMap<Obstacle, number> }
  /** Links of which they hold and about which the same was decided. */
  readonly already: number
  /** Some of the links, drawn by chance (the plan's hash says which): to be looked at before many are accepted. */
  readonly drawn: readonly StoredLink[]
}

/** What the links' status will be. */
export const BECOMES = { accept: 'accepted', reject: 'rejected' } as const

/** More are not accepted before some were looked at. */
export const MOST_UNSEEN = 50
const DRAWN = 10

/** Statuses about which somebody can decide in bulk. */
const DECIDABLE: readonly LinkStatus[] = ['proposed', 'held', 'accepted', 'rejected']

/** The hash by which a plan is known: over the verdict, the conditions, and all links as they were. */
export function planHash({ verdict, where, links }: BulkPlan): string {
  const lines = links.map(({ id, rev, status }) => `${id} ${rev} ${status}`)
  return contentId('bulk plan', verdict, where, lines.join('\n'))
}

/**
 * Looks for the links of which all conditions hold (of those that wait, where no status is asked for), and writes nothing.
 * @throws UsageError that names the condition at fault
 */
export async function planBulk(store: Store, verdict: BulkVerdict, where: string): Promise<Planned> {
  const asked = parseWhere(where)
  if (asked.status !== null && !DECIDABLE.includes(asked.status))
    throw new UsageError('not-decidable', `links that are ${asked.status} are not decided about in bulk`, {
      hint: `status is one of ${DECIDABLE.join(', ')}; without it, those that wait are meant.`,
    })
  const found = await findLinksWhere(store, asked, asked.status === null ? PENDING : [asked.status], Infinity)
  const open = found.filter(({ status }) => status !== BECOMES[verdict])
  const barred = verdict === 'accept' ? open.filter(({ obstacles }) => obstacles.length > 0) : []
  const links = open.filter((link) => !barred.includes(link))
  const plan = { verdict, where, links: links.map(({ id, rev, status }) => ({ id, rev, status })) }
  const hash = planHash(plan)
  return {
    plan,
    hash,
    links,
    leftOut: { count: barred.length, obstacles: countObstacles(barred) },
    already: found.length - open.length,
    drawn: draw(links, hash),
  }
}

function countObstacles(links: readonly StoredLink[]): ReadonlyMap<Obstacle, number> {
  const counts = new Map<Obstacle, number>()
  for (const one of links.flatMap(({ obstacles }) => obstacles)) counts.set(one, (counts.get(one) ?? 0) + 1)
  return new Map([...counts].toSorted(([, a], [, b]) => b - a))
}

/** The same ones for the same plan, and nobody's choice: who may choose what is looked at may hide the rest. */
function draw(links: readonly StoredLink[], hash: string): StoredLink[] {
  const lots = links.map((link) => ({ link, lot: contentId('drawn', hash, link.id) }))
  return lots
    .toSorted((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, DRAWN)
    .map(({ link }) => link)
}
