import type { Decision } from '../model/decision.ts'
import type { History } from '../store/history.ts'
import { derivedLinks } from '../store/links.ts'
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
    const links = await readLinks(store, some)
    const standing = new Map(some.map((id) => [id, links.get(id)?.into ?? id]))
    const fresh = [...new Set(standing.values())].filter((id) => !seen.has(id))
    for (const id of fresh) seen.add(id)
    const others = await readLinks(
      store,
      fresh.filter((id) => !links.has(id)),
    )
    const histories = await store.histories(fresh)
    for (const id of fresh) {
      const history = histories.get(id) ?? { proposals: [], decisions: [] }
      yield { link: links.get(id) ?? others.get(id) ?? null, ...history }
    }
  }
}

/** Those that are derived; one that is forgotten is none. */
async function readLinks(store: Store, ids: readonly string[]): Promise<Map<string, StoredLink>> {
  if (ids.length === 0) return new Map()
  const nodes = await store.database.read((reader) => reader.get('Link', ids))
  return new Map(derivedLinks(nodes).map((link) => [link.id, link]))
}
