import { isDeepStrictEqual } from 'node:util'
import { isFor } from '../model/attention.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Card } from './card.ts'
import { isPending } from './links-about.ts'
import type { Ended, Queue, Turn } from './queue.ts'
import { readCard } from './read-card.ts'

/** A link whose turn it is, with what the store tells of it. */
export interface Drawn {
  readonly turn: Turn
  readonly read: Pick<Card, 'view' | 'others' | 'alike'>
}

type Found = Drawn | Ended | null

/** Reads the card that comes next while the reviewer looks at this one. */
export class Ahead {
  readonly #store: Store
  readonly #queue: Queue
  readonly #viewer: string
  #coming: Promise<Found> | null = null
  /** What it came to, once it is read. */
  #drawn: Drawn | null = null
  /** Of which is to be asked before anything else comes. */
  #owed: Ended | null = null

  constructor(store: Store, queue: Queue, viewer: string) {
    this.#store = store
    this.#queue = queue
    this.#viewer = viewer
  }

  /** How many the queue has given and nobody was shown, once that is known. */
  async count(): Promise<number> {
    const found = await this.#coming?.catch(() => null)
    return found == null || 'ended' in found ? 0 : 1
  }

  /** The card that comes next, if it is read already and nothing that changes meanwhile comes between. */
  get drawn(): Drawn | null {
    return this.#owed === null ? this.#drawn : null
  }

  begin(): void {
    if (this.#coming !== null) return
    const coming = this.#look()
    this.#coming = coming
    coming.then(
      (found) => {
        if (this.#coming === coming && found !== null && !('ended' in found)) this.#drawn = found
      },
      // Whoever asks for it is told.
      () => {},
    )
  }

  #take(): Promise<Found> | null {
    const coming = this.#coming
    this.#coming = null
    this.#drawn = null
    return coming
  }

  /** As it stands now, with these links, which were decided since it was read, as they are now. */
  async next(decided: ReadonlyMap<string, StoredLink>): Promise<Found> {
    const owed = this.#owed
    this.#owed = null
    if (owed !== null) return owed
    const coming = this.#take()
    const found = await (coming ?? this.#look())
    // More may have arrived since.
    if (found === null) return coming === null ? null : this.next(decided)
    if ('ended' in found || coming === null) return found
    const { turn, read } = found
    const link = await this.#store.link(turn.link.id)
    if (link === null || !isPending(link) || !isFor(link, this.#viewer)) return this.next(decided)
    if (!isDeepStrictEqual(link, read.view.link))
      return { turn, read: await readCard(this.#store, link.id, this.#viewer) }
    const others = read.others.map((other) => decided.get(other.id) ?? other)
    const alike = read.alike.flatMap((other) => others.filter(({ id }) => id === other.id)).filter(isPending)
    return { turn, read: { ...read, others, alike } }
  }

  /** Gives back to the queue what was read, to come next. */
  async drop(): Promise<void> {
    const found = await this.#take()?.catch(() => null)
    if (found == null) return
    if ('ended' in found) this.#owed = found
    else this.#queue.putBack(found.turn.link.id)
  }

  /** Is asked about next; null: no document is. */
  owe(ended: Ended | null): void {
    this.#owed = ended
  }

  async #look(): Promise<Found> {
    const foreseen = new Map<string, Promise<Drawn['read'] | null>>()
    const found = await this.#queue.next((id) => {
      foreseen.set(
        id,
        readCard(this.#store, id, this.#viewer).catch(() => null),
      )
    })
    if (found === null || 'ended' in found) return found
    const { link } = found
    const read = await foreseen.get(link.id)
    const isCurrent = read != null && isDeepStrictEqual(read.view.link, link)
    return { turn: found, read: isCurrent ? read : await readCard(this.#store, link.id, this.#viewer) }
  }
}
