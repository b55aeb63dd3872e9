import { LABELLED } from '../model/label.ts'
import { type LinkStatus, PENDING } from '../model/link.ts'
import type { GraphNode, Page } from '../store/database.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { RankedOrder } from './order.ts'

/** As much of a link that waits for a person as says when its turn is: a hundred thousand of them are held in memory. */
export interface Waiting {
  readonly id: string
  readonly type: string
  readonly confidence: number
  /** The entities (links, columns) that it is drawn between. */
  readonly from: string
  readonly to: string
  /** Sources deny or hedge what others say. */
  readonly disputed: boolean
  readonly conflictsWith: readonly string[]
}

/** What {@link Waiting} is made of. */
const PROPERTIES: readonly (keyof StoredLink)[] = [
  'type',
  'confidence',
  'subjectId',
  'objectId',
  'drawnFrom',
  'drawnTo',
  'disputed',
  'supports',
  'denials',
  'hedges',
  'conflictsWith',
]

/** Links of a page for each reply that the store takes in a group: on the local store, keys wait for the end of a page. */
const PAGE_TO_GROUP = 40
/** Links that an order begins with. */
const FIRST_LINKS = 500
/** Below this number they are read at once; above it, what can be shown without waits for nobody. */
const FEW = 2_000
/** Reading them again takes this part of the time at most. */
const SHARE = 1 / 20
/** The same of few, which hold up nobody: what a running ingest proposes is to be there soon. */
const SHARE_OF_FEW = 1 / 4

/** While somebody waits for something else, it is looked again after so long whether that is over. */
const BUSY_MILLISECONDS = 10

/** A page of those that such an order begins with; all would have to be read for the others. */
const FIRST: Readonly<Partial<Record<RankedOrder, Page>>> = {
  entity: { order: 'confidence', limit: FIRST_LINKS, only: PROPERTIES },
  uncertain: { order: 'confidence', limit: FIRST_LINKS, only: PROPERTIES },
}

export interface PendingOptions {
  /** Whether somebody waits for something else just now; absent: never. What nobody waits for is read afterwards. */
  readonly isBusy?: () => boolean
  readonly signal: AbortSignal
}

/** All links that wait, as they were when they were read last; what arrives meanwhile comes with the next reading. */
export class Pending {
  readonly #store: Store
  readonly #signal: AbortSignal
  readonly #isBusy: () => boolean
  #all: ReadonlyMap<string, Waiting> = new Map()
  #reading: Promise<void> | null = null
  #count: Promise<number> | null = null
  #isHurried = false
  #isRead = false
  #due = 0

  constructor(store: Store, { signal, isBusy = () => false }: PendingOptions) {
    this.#store = store
    this.#signal = signal
    this.#isBusy = isBusy
  }

  /** By their ids; empty until they were read for the first time. */
  get all(): ReadonlyMap<string, Waiting> {
    return this.#all
  }

  /** Whether all that waited at some moment is known. */
  get isRead(): boolean {
    return this.#isRead
  }

  /** Some of those that come first, by the store's index, labels left out; null where that does not tell. */
  async first(order: RankedOrder): Promise<ReadonlyMap<string, Waiting> | null> {
    const page = FIRST[order]
    if (page === undefined) return null
    for (const status of PENDING) {
      const nodes = await this.#store.database.read((reader) => reader.find('Link', 'status', [status], page))
      const links = nodes.map(asWaiting).filter(({ type }) => type !== LABELLED)
      if (links.length > 0) return new Map(links.map((link) => [link.id, link]))
    }
    return null
  }

  /** How many wait, as counted once, before all were read. */
  count(): Promise<number> {
    this.#count ??= this.#store.database
      .read((reader) => reader.tally('Link', ['status']))
      .then((tally) => {
        const counts = tally.map(({ values, count }) => (PENDING.includes(values[0] as LinkStatus) ? count : 0))
        return counts.reduce((sum, count) => sum + count, 0)
      })
    return this.#count
  }

  /** Reads them in the background, where that is due; few are read at once. */
  async lookAround(): Promise<void> {
    if (performance.now() < this.#due) return
    const reading = this.#read()
    // Whoever waits for it is told of an error; in the background the next reading meets it again.
    reading.catch(() => {})
    if (this.#isRead ? this.#all.size <= FEW : (await this.count()) <= FEW) await this.readAll()
  }

  /** Reads them now. */
  async readAll(): Promise<void> {
    this.#isHurried = true
    await this.#read()
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readPages().finally(() => {
      this.#reading = null
      this.#isHurried = false
    })
    return this.#reading
  }

  async #readPages(): Promise<void> {
    const found = new Map<string, Waiting>()
    const limit = PAGE_TO_GROUP * this.#store.database.groupSize
    let took = 0
    for (const status of PENDING) {
      for (let skip = 0; ; skip += limit) {
        await untilIdle({ isBusy: () => this.#isBusy() && !this.#isHurried, signal: this.#signal })
        if (this.#signal.aborted) return
        const started = performance.now()
        const page = { order: 'confidence', descending: true, limit, skip, only: PROPERTIES }
        const nodes = await this.#store.database.read((reader) => reader.find('Link', 'status', [status], page))
        for (const node of nodes) found.set(node.id, asWaiting(node))
        const time = performance.now() - started
        took += time
        if (nodes.length < limit) break
        // While nobody waits for this, it takes no more than half of the time.
        if (!this.#isHurried) await pause(time)
      }
    }
    this.#all = found
    this.#isRead = true
    this.#due = performance.now() + took / (found.size <= FEW ? SHARE_OF_FEW : SHARE)
  }
}

/** Keys go first: a decision is saved, and the first card shown, while nothing is read that nobody waits for. */
export async function untilIdle({ isBusy = () => false, signal }: PendingOptions): Promise<void> {
  while (isBusy() && !signal.aborted) await pause(BUSY_MILLISECONDS)
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref())
}

function asWaiting({ id, properties }: GraphNode): Waiting {
  const { type, confidence, subjectId, objectId, drawnFrom, drawnTo } = properties
  const { disputed, supports, denials, hedges, conflictsWith } = properties
  return {
    id,
    type: String(type),
    confidence: Number(confidence),
    from: String(drawnFrom ?? subjectId),
    to: String(drawnTo ?? objectId),
    disputed: disputed === true || (Number(supports) > 0 && Number(denials) + Number(hedges) > 0),
    conflictsWith: (conflictsWith as readonly string[] | undefined) ?? NONE,
  }
}

const NONE: readonly string[] = []
