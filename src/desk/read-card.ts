import { viewLink } from '../review/view-link.ts'
import { drawnEnds } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { isAlike } from './alike.ts'
import type { Card } from './card.ts'
import { isPending, linksAbout } from './links-about.ts'

const OTHERS = 50

/** What the store tells this person for a card: the link, and other links of its ends. */
export async function readCard(
  store: Store,
  linkId: string,
  viewer: string,
): Promise<Pick<Card, 'view' | 'others' | 'alike'>> {
  const view = await viewLink(store, linkId, viewer)
  const { subjectId, objectId } = drawnEnds(view.link)
  const about = await linksAbout(store, [subjectId, objectId], OTHERS)
  const others = about.filter(({ id }) => id !== linkId)
  return { view, others, alike: others.filter((other) => isPending(other) && isAlike(view.link, other)) }
}
