import { PENDING } from '../model/link.ts'
import { derivedLinks } from '../store/links.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** Whether it waits for a person. */
export function isPending({ status }: StoredLink): boolean {
  return PENDING.includes(status)
}

/** Some links of entities, on each side the first of each by id: one may have tens of thousands. */
export async function linksAbout(store: Store, entityIds: readonly string[], most: number): Promise<StoredLink[]> {
  const nodes = await store.database.read(async (reader) => [
    ...(await reader.findEach('Link', 'subjectId', entityIds, most)),
    ...(await reader.findEach('Link', 'objectId', entityIds, most)),
  ])
  return [...new Map(derivedLinks(nodes).map((link) => [link.id, link])).values()]
}
