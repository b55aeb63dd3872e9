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
  const holds = conditionOn(store, where)
  const found = new Map<string, StoredLink>()
  for (const status of statuses) {
    let count = 0
    for (let skip = 0; count < limit; skip += PAGE) {
      const page = { order: 'confidence', descending: true, limit: PAGE, skip }
      const nodes = await store.database.read((reader) => reader.find('Link', 'status', [status], page))
      for (const link of nodes.map(readLink)) {
        // An ingest beside this one may push a link from one page to the next.
        if (count >= limit || found.has(link.id) || !(await holds(link))) continue
        found.set(link.id, link)
        count += 1
      }
      if (nodes.length < PAGE) break
    }
  }
  const inOrder = (a: StoredLink, b: StoredLink): number => b.confidence - a.confidence || (a.id < b.id ? -1 : 1)
  return [...found.values()].toSorted(inOrder).slice(0, limit)
}

/** Those of some links of which all holds that is asked. */
export async function thoseWhere(store: Store, where: Where, links: readonly StoredLink[]): Promise<StoredLink[]> {
  const holds = conditionOn(store, where)
  const found: StoredLink[] = []
  for (const link of links) if (await holds(link)) found.push(link)
  return found
}

/** Asks the link first, and only then its proposals, which have to be read. */
function conditionOn(store: Store, where: Where): (link: StoredLink) => Promise<boolean> {
  const paths = remember(async (id) => (await store.document(id))?.path ?? null)
  const runs = remember(async (id) => (await store.reply(id))?.runId ?? null)
  const { type, grounding, confidence, doc, speaker, run } = where
  const asksProposals = doc !== null || speaker !== null || run !== null

  const isOf = async ({ live, proposal }: StoredProposal): Promise<boolean> => {
    if (!live) return false
    if (speaker !== null && !proposal.evidence.some(({ place }) => place.speaker === speaker)) return false
    if (doc !== null && !doc((await paths(proposal.documentId)) ?? '')) return false
    return run === null || (proposal.replyId !== null && (await runs(proposal.replyId)) === run)
  }
  return async (link) => {
    if (type !== null && link.type !== type) return false
    if (grounding !== null && link.items[0]?.grounding !== grounding) return false
    if (!confidence.every((holds) => holds(link.confidence))) return false
    if (!asksProposals) return true
    for (const proposal of await store.proposalsFor(link.id)) if (await isOf(proposal)) return true
    return false
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
