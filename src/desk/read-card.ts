import { viewLink, type LinkView } from '../review/view-link.ts'
import { drawnEnds } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { shownProposals } from '../terminal/link-card.ts'
import { isAlike } from './alike.ts'
import type { Card } from './card.ts'
import { isPending, linksAbout } from './links-about.ts'

const OTHERS = 50
/** Of one link; more may have been said of what every document says. */
const TRACES = 20

/** What the store tells this person for a card: the link, the traces that speak of it, and other links of its ends. */
export async function readCard(
  store: Store,
  linkId: string,
  viewer: string,
): Promise<Pick<Card, 'view' | 'traces' | 'others' | 'alike'>> {
  const view = await viewLink(store, linkId, viewer)
  const { subjectId, objectId } = drawnEnds(view.link)
  const [traces, about] = await Promise.all([readTraces(store, view), linksAbout(store, [subjectId, objectId], OTHERS)])
  const others = about.filter(({ id }) => id !== linkId)
  return { view, traces, others, alike: others.filter((other) => isPending(other) && isAlike(view.link, other)) }
}

async function readTraces(store: Store, view: LinkView): Promise<ReadonlyMap<string, string>> {
  const proposals = shownProposals(view).slice(0, TRACES)
  const traces = await Promise.all(
    proposals.map(async ({ id, replyId }) => {
      const reply = replyId === null ? null : await store.reply(replyId)
      return reply === null ? [] : [[id, reply.reasoning] as const]
    }),
  )
  return new Map(traces.flat())
}
