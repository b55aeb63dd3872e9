import { isFor } from '../model/attention.ts'
import { PENDING } from '../model/link.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { leasesNow, signOfLife } from './lease.ts'

/** The first link of this reviewer's lease that still waits for them; null where none does. */
export async function nextOfLease(store: Store, reviewer: string, now: Date): Promise<StoredLink | null> {
  const own = (await leasesNow(store, now)).find((lease) => lease.reviewer === reviewer)
  for (const id of own?.linkIds ?? []) {
    const link = await store.link(id)
    if (link === null || !PENDING.includes(link.status) || !isFor(link, reviewer)) continue
    await signOfLife(store, reviewer, [], now)
    return link
  }
  return null
}
