import { PENDING, type LinkStatus } from '../model/link.ts'
import { drawnEnds, readLink, type StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { isPending, linksAbout } from './links-about.ts'

/**
 * `entity`: blocks of up to ten about one entity; `uncertain`: the least sure first; `random`: by their ids, which are
 * hashes.
 */
export const ORDERS = ['entity', 'uncertain', 'random'] as const
export type Order = (typeof ORDERS)[number]

/** Some links that are shown one after the other, and what they have in common. */
export interface Block {
  readonly title: string
  readonly links: readonly StoredLink[]
}

const PAGE = 100
const BLOCK = 10
const OF_ONE_ENTITY = 50

/** The links that wait for a person, a page at a time; what arrives meanwhile is found by looking again. */
export class Queue {
  readonly #store: Store
  readonly #order: Order
  readonly #seen = new Set<string>()

  constructor(store: Store, order: Order) {
    this.#store = store
    this.#order = order
  }

  /** How many wait, those that were skipped too. */
  async pending(): Promise<number> {
    const tally = await this.#store.database.read((reader) => reader.tally('Link', ['status']))
    return tally
      .filter(({ values }) => PENDING.includes(values[0] as LinkStatus))
      .reduce((sum, { count }) => sum + count, 0)
  }

  /** The next links that have not been shown; null where there are none at the moment. */
  async next(): Promise<Block | null> {
    const page = await this.#nextPage()
    if (page.length === 0) return null
    const block =
      this.#order === 'entity' ? await this.#blockOf(page) : { title: this.#order, links: page.slice(0, BLOCK) }
    for (const { id } of block.links) this.#seen.add(id)
    return block
  }

  /** The first that nobody has been shown here. What was decided has left the index, what was skipped is passed over. */
  async #nextPage(): Promise<StoredLink[]> {
    for (const status of PENDING) {
      for (let skip = 0; ; skip += PAGE) {
        const page = { limit: PAGE, skip, ...ORDERED[this.#order] }
        const nodes = await this.#store.database.read((reader) => reader.find('Link', 'status', [status], page))
        const links = nodes.map(readLink).filter(({ id }) => !this.#seen.has(id))
        if (links.length > 0) return links
        if (nodes.length < PAGE) break
      }
    }
    return []
  }

  async #blockOf(page: readonly StoredLink[]): Promise<Block> {
    const entityId = worthiest(page)
    const more = await linksAbout(this.#store, [entityId], OF_ONE_ENTITY)
    const all = new Map([...page, ...more].map((link) => [link.id, link]))
    const links = [...all.values()]
      .filter((link) => endsOf(link).includes(entityId) && isPending(link) && !this.#seen.has(link.id))
      .toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1))
      .slice(0, BLOCK)
    const [first] = links
    const name = first === undefined ? '' : drawnEnds(first).subjectId === entityId ? first.subject : first.object
    return { title: name, links }
  }
}

const ORDERED = {
  entity: { order: 'confidence', descending: true },
  uncertain: { order: 'confidence' },
  random: {},
} as const

/**
 * The entity whose links on this page there is most to learn of: the sum of the entropies of their confidences, times the
 * logarithm of how many they are.
 */
export function worthiest(links: readonly StoredLink[]): string {
  const worth = new Map<string, { entropy: number; degree: number }>()
  for (const link of links)
    for (const id of new Set(endsOf(link))) {
      const { entropy, degree } = worth.get(id) ?? { entropy: 0, degree: 0 }
      worth.set(id, { entropy: entropy + entropyOf(link.confidence), degree: degree + 1 })
    }
  const score = ({ entropy, degree }: { entropy: number; degree: number }): number => entropy * Math.log1p(degree)
  const [best] = [...worth].toSorted(([a, one], [b, other]) => score(other) - score(one) || (a < b ? -1 : 1))
  return best?.[0] ?? ''
}

function endsOf(link: StoredLink): string[] {
  const { subjectId, objectId } = drawnEnds(link)
  return [subjectId, objectId]
}

/** Of a yes or no, in bits. */
function entropyOf(confidence: number): number {
  return [confidence, 1 - confidence].reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0)
}
