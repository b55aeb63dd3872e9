import { leasesNow } from '../review/lease.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { Queue, type QueueOptions } from './queue.ts'

/** Leases the next block of the queue to this person, and gives its links, the first first; empty: there is none. */
export async function nextBlock(store: Store, options: Omit<QueueOptions, 'random'>): Promise<StoredLink[]> {
  // Nothing is drawn by chance: that is no block.
  const queue = new Queue(store, { ...options, random: () => 1 })
  let turn = await queue.next()
  while (turn !== null && 'ended' in turn) turn = await queue.next()
  if (turn === null) return []
  const first = turn.link.id
  const own = (await leasesNow(store, options.now())).find(({ reviewer }) => reviewer === options.reviewer)
  const links = await Promise.all([...new Set([first, ...(own?.linkIds ?? [])])].map((id) => store.link(id)))
  return links.filter((link) => link !== null)
}
