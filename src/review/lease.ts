import type { GraphNode, GraphReader } from '../store/database.ts'
import type { Store } from '../store/store.ts'

/**
 * Who looks at which links just now, so that others are given others. Leases steer and forbid nothing: what keeps one
 * decision from writing over another is the link's revision. There is one for each reviewer, in a node beside the record,
 * which nothing that walks the record sees, and which means nothing once its time is over.
 */
export interface Lease {
  readonly reviewer: string
  readonly linkIds: readonly string[]
  /** ISO time from which on it means nothing. */
  readonly until: string
}

/** From the last sign of life of who has it. */
export const LEASE_MILLISECONDS = 5 * 60_000

/** A sign of life is written down when so much of a lease is over, not with every key. */
const RENEWED_AFTER_MILLISECONDS = 30_000

/** Whoever takes a lease holds this node while they look at those of others. */
const ALL = 'all'

/** The leases that hold now. */
export async function leasesNow(store: Store, now: Date): Promise<Lease[]> {
  return (await store.database.read(readLeases)).filter((lease) => holds(lease, now))
}

/** Who has leased each of the links that others than this reviewer have. */
export function leasedByOthers(leases: readonly Lease[], reviewer: string): ReadonlyMap<string, string> {
  const others = leases.filter((lease) => lease.reviewer !== reviewer)
  return new Map(others.flatMap((lease) => lease.linkIds.map((id) => [id, lease.reviewer])))
}

/**
 * Leases those of the links that nobody else has, in place of what this reviewer had (`keep`: beside it). Returns those
 * that are theirs now.
 */
export async function leaseBlock(
  store: Store,
  reviewer: string,
  linkIds: readonly string[],
  now: Date,
  { keep = false } = {},
): Promise<string[]> {
  return store.database.write(async (writer) => {
    await writer.lock('Lease', [ALL], [])
    const leases = await readLeases(writer)
    const over = leases.filter((lease) => !holds(lease, now))
    await writer.removeNodes(
      'Lease',
      over.map((lease) => nodeId(lease.reviewer)),
    )
    const standing = leases.filter((lease) => holds(lease, now))
    const others = leasedByOthers(standing, reviewer)
    const free = [...new Set(linkIds)].filter((id) => !others.has(id))
    const kept = keep ? (standing.find((lease) => lease.reviewer === reviewer)?.linkIds ?? []) : []
    const until = new Date(now.getTime() + LEASE_MILLISECONDS).toISOString()
    // The node that is held stays, so that it need not be made and removed each time.
    const held = { kind: 'Lease', id: ALL, properties: { id: ALL } } as const
    await writer.putNodes([held, leaseNode({ reviewer, linkIds: [...new Set([...kept, ...free])], until })])
    return free
  })
}

/** Keeps a reviewer's lease for another while, if they have one. */
async function renewLease(store: Store, reviewer: string, leases: readonly Lease[], now: Date): Promise<void> {
  const own = leases.find((lease) => lease.reviewer === reviewer)
  const fresh = now.getTime() + LEASE_MILLISECONDS
  if (own === undefined || Date.parse(own.until) > fresh - RENEWED_AFTER_MILLISECONDS) return
  const until = new Date(fresh).toISOString()
  await store.database.write((writer) => writer.patchNodes('Lease', [{ id: nodeId(reviewer), properties: { until } }]))
}

/** A sign of life of this reviewer. Returns who else looks at each of these links just now, which forbids nothing. */
export async function signOfLife(
  store: Store,
  reviewer: string,
  linkIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  const leases = await leasesNow(store, now)
  await renewLease(store, reviewer, leases, now)
  return new Map([...leasedByOthers(leases, reviewer)].filter(([id]) => linkIds.includes(id)))
}

/** Gives links back for others to look at; without ids, all that this reviewer has. Returns those that they had. */
export async function release(
  store: Store,
  reviewer: string,
  linkIds: readonly string[] | null,
  now: Date,
): Promise<string[]> {
  return store.database.write(async (writer) => {
    await writer.lock('Lease', [ALL], [])
    const own = (await readLeases(writer)).find((lease) => lease.reviewer === reviewer && holds(lease, now))
    const [given, left] = own === undefined ? [[], []] : split(own.linkIds, linkIds)
    if (own !== undefined && left.length > 0) await writer.putNodes([leaseNode({ ...own, linkIds: left })])
    else await writer.removeNodes('Lease', [nodeId(reviewer)])
    return given
  })
}

function split(held: readonly string[], asked: readonly string[] | null): [string[], string[]] {
  const isAsked = (id: string): boolean => asked === null || asked.includes(id)
  return [held.filter(isAsked), held.filter((id) => !isAsked(id))]
}

function holds({ until }: Lease, now: Date): boolean {
  return Date.parse(until) > now.getTime()
}

function nodeId(reviewer: string): string {
  return `of ${reviewer}`
}

function leaseNode(lease: Lease): GraphNode {
  const id = nodeId(lease.reviewer)
  return { kind: 'Lease', id, properties: { id, ...lease } }
}

/** The node that is only held says nothing. */
async function readLeases(reader: GraphReader): Promise<Lease[]> {
  return (await reader.list('Lease'))
    .filter(({ id }) => id !== ALL)
    .map(({ properties }) => {
      const { reviewer, linkIds, until } = properties
      return { reviewer, linkIds, until } as Lease
    })
}
