import type { LinkStatus } from '../model/link.ts'
import { readLink, type StoredLink, type StoredProposal } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Where } from './where.ts'

/** Links that are looked at together; what is found among them is kept, the rest let go. */
const PAGE = 500

/**
 * Links of the statuses of which all holds that is asked, the most confident first (ties by id), at most `limit`. The
 * store's index gives the statuses in that order; the rest is looked at page by page, until enough are found.
 */
export async function findLinksWhere(
  store: Store,
  where: Where,
  statuses: readonly LinkStatus[],
  limit: number,
): Promise<StoredLink[]> {
  const choose = conditionOn(store, where)
  const found = new Map<string, StoredLink>()
  for (const status of statuses) {
    let count = 0
    for (let skip = 0; count < limit; skip += PAGE) {
      const page = { order: 'confidence', descending: true, limit: PAGE, skip }
      const nodes = await store.database.read((reader) => reader.find('Link', 'status', [status], page))
      // An ingest beside this one may push a link from one page to the next.
      const fresh = (await choose(nodes.map(readLink))).filter(({ id }) => !found.has(id)).slice(0, limit - count)
      for (const link of fresh) found.set(link.id, link)
      count += fresh.length
      if (nodes.length < PAGE) break
    }
  }
  const inOrder = (a: StoredLink, b: StoredLink): number => b.confidence - a.confidence || (a.id < b.id ? -1 : 1)
  return [...found.values()].toSorted(inOrder).slice(0, limit)
}

/** Those of some links of which all holds that is asked. */
export async function thoseWhere(store: Store, where: Where, links: readonly StoredLink[]): Promise<StoredLink[]> {
  return conditionOn(store, where)(links)
}

/**
 * Chooses those of some links of which all holds that is asked, but for their status. Asks the links first, and only then the
 * proposals of those that are left, which have to be read; what it reads of documents and replies it keeps.
 */
export function conditionOn(store: Store, where: Where): (links: readonly StoredLink[]) => Promise<StoredLink[]> {
  const paths = remember(async (id) => (await store.document(id))?.path ?? null)
  const runs = remember(async (id) => (await store.reply(id))?.runId ?? null)
  const { type, otherThan, grounding, obstacle, confidence, doc, speaker, run, flagged } = where
  const asksProposals = doc !== null || speaker !== null || run !== null

  const isOf = async ({ live, proposal }: StoredProposal): Promise<boolean> => {
    if (!live) return false
    if (speaker !== null && !proposal.evidence.some(({ place }) => place.speaker === speaker)) return false
    if (doc !== null && !doc((await paths(proposal.documentId)) ?? '')) return false
    return run === null || (proposal.replyId !== null && (await runs(proposal.replyId)) === run)
  }
  const isSuch = (link: StoredLink): boolean =>
    (type === null || link.type === type) &&
    (!flagged || link.flagged !== undefined) &&
    !otherThan.includes(link.type) &&
    (grounding === null || link.items[0]?.grounding === grounding) &&
    (obstacle === null || link.obstacles.includes(obstacle)) &&
    confidence.every((holds) => holds(link.confidence))
  return async (links) => {
    const such = links.filter(isSuch)
    if (!asksProposals || such.length === 0) return such
    const histories = await store.histories(such.map(({ id }) => id))
    const chosen: StoredLink[] = []
    for (const link of such)
      for (const proposal of histories.get(link.id)?.proposals ?? [])
        if (await isOf(proposal)) {
          chosen.push(link)
          break
        }
    return chosen
  }
}

function remember(look: (id: string) => Promise<string | null>): (id: string) => Promise<string | null> {
  const known = new Map<string, Promise<string | null>>()
  return (id) => {
    const before = known.get(id)
    if (before !== undefined) return before
    const answer = look(id)
    known.set(id, answer)
    return answer
  }
}
