import type { Decision } from '../model/decision.ts'
import type { History } from '../store/history.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** A link that somebody said something about, with all that was said and decided about it. */
export interface ReviewedLink extends History {
  /** The one that stands for it; null where nothing is left of it but the decisions. */
  readonly link: StoredLink | null
}

const LINKS_AT_ONCE = 200

/** The links that some decisions are about, each once, however many have fallen into it. */
export async function* reviewedLinks(store: Store, decisions: readonly Decision[]): AsyncGenerator<ReviewedLink> {
  const ids = [...new Set(decisions.flatMap(({ linkId, alsoAbout = [] }) => [linkId, ...alsoAbout]))]
  const seen = new Set<string>()
  for (let from = 0; from < ids.length; from += LINKS_AT_ONCE) {
    const some = ids.slice(from, from + LINKS_AT_ONCE)
    const links = byId(await store.linksById(some))
    const standing = new Map(some.map((id) => [id, links.get(id)?.into ?? id]))
    const fresh = [...new Set(standing.values())].filter((id) => !seen.has(id))
    for (const id of fresh) seen.add(id)
    const others = byId(await store.linksById(fresh.filter((id) => !links.has(id))))
    const histories = await store.histories(fresh)
    for (const id of fresh) {
      const history = histories.get(id) ?? { proposals: [], decisions: [] }
      yield { link: links.get(id) ?? others.get(id) ?? null, ...history }
    }
  }
}

function byId(links: readonly StoredLink[]): Map<string, StoredLink> {
  return new Map(links.map((link) => [link.id, link]))
}
