import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { parseWhere } from '../review/where.ts'
import { isFor } from '../model/attention.ts'
import { Ahead, type Drawn } from './ahead.ts'
import { quotesOf, type Card } from './card.ts'
import { readMissing, type MissingCard } from './missing-card.ts'
import { isPending } from './links-about.ts'
import type { Keyboard } from './keys.ts'
import { ORDERS, type Order } from './order.ts'
import { Queue, type Elsewhere, type QueueOptions } from './queue.ts'
import { readCard } from './read-card.ts'
import type { Event, Seen } from './state.ts'

/**
 * The cards of one sitting: the one that lies open, those whose turn comes, and documents of which is asked whether they say
 * anything that no link says.
 */
export class Cards {
  readonly #store: Store
  readonly #reviewer: string
  readonly #keyboard: Keyboard
  readonly #queue: Queue
  readonly #ahead: Ahead
  /** Links as they are by decisions of this sitting that the next card may not know of. */
  readonly #decided = new Map<string, StoredLink>()
  /** By the link; none where it was brought back. */
  readonly #orders = new Map<string, Order>()
  #title = ''
  #filter = ''
  #open: Card | null = null
  #asked: MissingCard | null = null
  #elsewhere: Elsewhere | null = null
  /** Documents of the links that were shown, and those of them of which was asked. */
  readonly #touched = new Set<string>()
  readonly #wasAsked = new Set<string>()
  /** Those that came to their end while links of theirs were left, or brought back. */
  readonly #late = new Set<string>()
  /** One after the other is asked about. */
  #isAsking = false

  constructor(store: Store, options: QueueOptions, keyboard: Keyboard) {
    this.#store = store
    this.#reviewer = options.reviewer
    this.#keyboard = keyboard
    this.#queue = new Queue(store, options)
    this.#ahead = new Ahead(store, this.#queue, options.reviewer)
  }

  /** The link that lies open; null before the first, and where none does. */
  get open(): Card | null {
    return this.#open
  }

  /** The document that is asked about; null where none is. */
  get asked(): MissingCard | null {
    return this.#asked
  }

  /** Where nothing is left for whoever sits here: what lies before others. */
  get elsewhere(): Elsewhere | null {
    return this.#elsewhere
  }

  /** Whether links of documents were shown that were not asked about yet. */
  get canAsk(): boolean {
    return this.#toAsk().length > 0
  }

  #toAsk(): string[] {
    return [...this.#touched].filter((id) => !this.#wasAsked.has(id))
  }

  get order(): Order {
    return this.#queue.order
  }

  /** Which links are asked for, as it was typed; empty: all. */
  get filter(): string {
    return this.#filter
  }

  /** The order that brought a link, as a decision notes it. */
  orderOf(linkId: string): Order | undefined {
    return this.#orders.get(linkId)
  }

  /**
   * The card that comes next, as the `place`th, to be looked at while something is saved about the one that is open; null where
   * it is not read yet.
   */
  coming(place: number): Card | null {
    const { drawn } = this.#ahead
    if (drawn === null || this.#open === null) return null
    return this.#card(drawn.read, drawn.turn.title, place, this.#open.total)
  }

  /** Begins to read the next card while this one is looked at. */
  readAhead(): void {
    this.#ahead.begin()
  }

  /** Shows the next one as the `place`th of this sitting, counted from 1. */
  async next(place: number, message: string): Promise<Event> {
    for (;;) {
      const found = await this.#ahead.next(this.#decided)
      if (found === null)
        return (
          (await this.#askLate(message)) ??
          (this.#isAsking ? await this.ask(message) : null) ??
          (await this.#none(message))
        )
      if ('ended' in found) {
        const asked = await this.#askAbout(found.documentId, message, { isDone: true })
        if (asked !== null) return asked
        continue
      }
      this.#isAsking = false
      this.#title = found.turn.title
      this.#orders.set(found.turn.link.id, found.turn.order)
      this.#decided.clear()
      return this.#show(found.read, place, message)
    }
  }

  async #none(message: string): Promise<Event> {
    this.#elsewhere = await this.#queue.elsewhere()
    this.#open = null
    this.#asked = null
    return { kind: 'empty', message }
  }

  /** Asks about the documents of links that were shown, one after the other; null: there is none of which it is still to be asked. */
  async ask(message: string): Promise<Event | null> {
    this.#isAsking = true
    for (const id of this.#toAsk()) {
      const asked = await this.#askAbout(id, message)
      if (asked !== null) return asked
    }
    this.#isAsking = false
    return null
  }

  async #askLate(message: string): Promise<Event | null> {
    for (const id of this.#late) {
      const asked = await this.#askAbout(id, message, { isDone: true })
      if (asked !== null) return asked
    }
    return null
  }

  /** With `isDone`, only where none of its links waits any more for whoever sits here. */
  async #askAbout(documentId: string, message: string, { isDone = false } = {}): Promise<Event | null> {
    const asked = await readMissing(this.#store, documentId)
    if (isDone && asked?.links.some((link) => isPending(link) && isFor(link, this.#reviewer)) === true) {
      this.#late.add(documentId)
      return null
    }
    this.#wasAsked.add(documentId)
    this.#late.delete(documentId)
    if (asked === null) return null
    this.#open = null
    this.#asked = asked
    return { kind: 'asked', documentId, message }
  }

  /** Asks about a document once more, and then goes on with what lies open; null: nothing is to be asked of it any more. */
  async askAgain(documentId: string, isCardOpen: boolean, message: string): Promise<Event | null> {
    await this.bringBack([], undefined, isCardOpen)
    return this.#askAbout(documentId, message)
  }

  /** What lies open, as it is now: something was decided beside it. */
  async lookAgain(message: string): Promise<Event> {
    const [open, asked] = [this.#open, this.#asked?.document.id]
    this.#asked = asked === undefined ? null : await readMissing(this.#store, asked)
    if (asked !== undefined && this.#asked !== null) return { kind: 'asked', documentId: asked, message }
    await this.#ahead.drop()
    const link = open === null ? null : await this.#store.standingLink(open.view.link.id)
    if (open === null || link === null || !isPending(link)) return { kind: 'gone', message }
    return this.show(link.id, open.place, message)
  }

  /** Shows a certain link as it is now. @throws NotFoundError where there is none any more */
  async show(linkId: string, place: number, message: string): Promise<Event> {
    const read = await readCard(this.#store, linkId, this.#reviewer)
    if (this.#open?.view.link.id !== linkId) this.#title = 'looked at again'
    return this.#show(read, place, message)
  }

  async #show(read: Drawn['read'], place: number, message: string): Promise<Event> {
    this.#open = this.#card(read, this.#title, place, await this.#totalAt(place))
    this.#asked = null
    for (const { live, proposal } of read.view.proposals) if (live) this.#touched.add(proposal.documentId)
    const shown = { ...seen(read.view.link), quotes: quotesOf(read.view).length, alike: read.alike.map(seen) }
    return { kind: 'shown', shown, message }
  }

  /** Counts anew how many wait, as others propose and decide meanwhile. Whether it changes what is shown. */
  async recount(): Promise<boolean> {
    const open = this.#open
    await this.#queue.lookAround()
    const total = open === null ? null : await this.#totalAt(open.place)
    if (open === null || this.#open !== open || total === open.total) return false
    this.#open = { ...open, total }
    return true
  }

  async #totalAt(place: number): Promise<number | null> {
    const ahead = await this.#ahead.count()
    const waiting = await this.#queue.left()
    return waiting === null ? null : place + ahead + waiting
  }

  #card(read: Drawn['read'], title: string, place: number, total: number | null): Card {
    const about = [this.#filter, title].filter((text) => text !== '').join(' · ')
    return { ...read, title: about, place, total, keyboard: this.#keyboard }
  }

  /** What a decision about the card that is open made of a link. */
  note(link: StoredLink): void {
    this.#decided.set(link.id, link)
  }

  /** A link was decided about beside the one that is open: it has had its turn. */
  pass(link: StoredLink): void {
    this.note(link)
    this.#queue.pass(link.id)
  }

  /**
   * Of links that were decided about otherwise the first is about to be shown; the others have their turn again where they
   * wait, or have had it; and the card that is open comes after it. With none (null), what lies open stays.
   */
  async bringBack(links: readonly StoredLink[], first: string | null | undefined, isCardOpen: boolean): Promise<void> {
    for (const link of links) {
      if (link.id === first) continue
      if (isPending(link)) this.#queue.forget(link.id)
      else this.#queue.pass(link.id)
    }
    await this.#ahead.drop()
    if (first === null) return
    if (this.#asked !== null) this.#ahead.owe({ ended: this.#asked.document.path, documentId: this.#asked.document.id })
    const open = this.#open?.view.link.id
    if (isCardOpen && open !== undefined && open !== first) this.#queue.putBack(open)
  }

  /** Only some links from now on; empty: all. @throws UsageError where that is no condition, and changes nothing */
  async choose(text: string, isCardOpen: boolean): Promise<void> {
    const where = text === '' ? null : parseWhere(text)
    await this.#change({ where }, isCardOpen)
    this.#filter = text
  }

  /** Goes on in the next of all orders, and returns it. */
  async turnOrder(isCardOpen: boolean): Promise<Order> {
    const order = ORDERS[(ORDERS.indexOf(this.order) + 1) % ORDERS.length] as Order
    await this.#change({ order }, isCardOpen)
    return order
  }

  /** The card that is open has its turn again, perhaps at once. */
  async #change(change: Parameters<Queue['change']>[0], isCardOpen: boolean): Promise<void> {
    const open = this.#open?.view.link.id
    await this.#ahead.drop()
    this.#ahead.owe(null)
    this.#queue.change(change)
    if (isCardOpen && open !== undefined) this.#queue.forget(open)
  }

  /** What was read ahead has not had its turn. */
  close(): Promise<void> {
    return this.#ahead.drop()
  }
}

function seen({ id, rev, status }: StoredLink): Seen {
  return { linkId: id, rev, status }
}
