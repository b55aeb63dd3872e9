import { isFor } from '../model/attention.ts'
import { thoseWhere } from '../review/find-links.ts'
import { leaseBlock, leasedByOthers, leasesNow } from '../review/lease.ts'
import type { Where } from '../review/where.ts'
import { drawnEnds, type StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { isAlike } from './alike.ts'
import { AskedFor } from './asked-for.ts'
import { plansByDocument } from './by-document.ts'
import { isPending } from './links-about.ts'
import { Pending, type PendingOptions, type Waiting } from './pending.ts'
import type { Order } from './order.ts'
import { BLOCK, type Plan, rank } from './rank.ts'

/** A link whose turn it is. */
export interface Turn {
  readonly link: StoredLink
  /** What it has in common with those before and after it. */
  readonly title: string
  /** As a decision about it notes it: `random` for one that was drawn by chance. */
  readonly order: Order
}

/** A document all of whose links have been shown, in the order of documents: its path and id. */
export interface Ended {
  readonly ended: string
  readonly documentId: string
}

/** Links that wait, but lie before others just now. */
export interface Elsewhere {
  readonly count: number
  readonly reviewers: readonly string[]
  /** ISO time from which on the first of them is free, if whoever has it does nothing more. */
  readonly until: string
}

export interface QueueOptions extends PendingOptions {
  /** Who asks. What they skipped is passed over, and so is what others look at; each block is leased to them. */
  readonly reviewer: string
  readonly now: () => Date
  readonly order: Order
  /** From 0 to below 1. */
  readonly random: () => number
}

/** Which links are shown. */
interface Filter {
  readonly where: Where
  readonly holds: (link: StoredLink) => Promise<boolean>
  /** Null: a reading of all that wait tells which are asked for. */
  readonly askedFor: AskedFor | null
}

/** So many of the links are drawn by chance: what is said of all is reckoned from these. */
const BY_CHANCE = 1 / 20

/** The links that wait for a person, in an order; what arrives meanwhile joins it. */
export class Queue {
  readonly #store: Store
  readonly #pending: Pending
  readonly #options: QueueOptions
  /** Those that had their turn here, and will not have another. */
  readonly #seen = new Set<string>()
  /** Those that others look at, that do not wait or are not asked for, as far as the turn that is looked for has met them. */
  readonly #away = new Set<string>()
  /** The one that was given last. */
  #given: string | null = null
  #order: Order
  #filter: Filter | null = null
  #block: { readonly plan: Plan; readonly ids: string[]; readonly shown: StoredLink[] } | null = null
  /** The reading whose links about the entity of the block have joined it. */
  #joined: ReadonlyMap<string, Waiting> | null = null
  #plans: AsyncIterator<Plan | Ended> | null = null
  #ranked: ReadonlyMap<string, Waiting> | null = null
  /** Of a reading, or of looking through it, those that are asked for. */
  #counted: { readonly of: unknown; readonly asked: Pick<ReadonlySet<string>, 'has' | 'size'>; left: number } | null =
    null
  /** Those that were decided about here and wait again, of which the last reading may not know. */
  readonly #back = new Set<string>()

  constructor(store: Store, options: QueueOptions) {
    this.#store = store
    this.#pending = new Pending(store, options)
    this.#options = options
    this.#order = options.order
  }

  get order(): Order {
    return this.#order
  }

  /** Goes on in another order, with other links; null: with all. */
  change({ order = this.#order, where }: { readonly order?: Order; readonly where?: Where | null }): void {
    this.#order = order
    if (where !== undefined) {
      this.#filter?.askedFor?.stop()
      this.#filter = where === null ? null : this.#filterBy(where)
    }
    this.#block = null
    this.#plans = null
    this.#counted = null
  }

  #filterBy(where: Where): Filter {
    const holds = async (link: StoredLink) => (await thoseWhere(this.#store, where, [link])).length > 0
    return { where, holds, askedFor: isCountable(where) ? null : new AskedFor(this.#store, where, this.#options) }
  }

  /** Shows a link again, after the one that is shown now. */
  putBack(id: string): void {
    this.forget(id)
    if (this.#block === null) this.#block = { plan: { title: '', ids: [] }, ids: [id], shown: [] }
    else this.#block.ids.unshift(id)
  }

  /** It has had its turn. */
  pass(id: string): void {
    if (!this.#seen.has(id) && this.#counted?.asked.has(id)) this.#counted.left -= 1
    this.#back.delete(id)
    this.#seen.add(id)
  }

  /** It will have its turn again, whenever that is. */
  forget(id: string): void {
    if (!this.#seen.delete(id)) return
    if (this.#counted?.asked.has(id)) this.#counted.left += 1
    this.#back.add(id)
  }

  /** How many had no turn yet, as far as is known; null while it is not known which are asked for. */
  async left(): Promise<number | null> {
    if (!this.#pending.isRead && this.#filter !== null) return null
    if (!this.#pending.isRead) return Math.max(0, (await this.#pending.count()) - this.#seen.size)
    const { all } = this.#pending
    const { askedFor = null } = this.#filter ?? {}
    const of = askedFor === null ? all : askedFor.among(all)
    if (of === null) return null
    if (this.#counted?.of !== of) {
      const asked = this.#filter?.askedFor === null ? new Set([...this.#askedOf(all)].map(({ id }) => id)) : of
      const seen = [...this.#seen].filter((id) => asked.has(id)).length
      this.#counted = { of, asked, left: asked.size - seen }
    }
    const { left, asked } = this.#counted
    return left + (this.#filter === null ? [...this.#back].filter((id) => !asked.has(id)).length : 0)
  }

  /** Looks whether others have proposed or decided anything since, as often as that is cheap. */
  lookAround(): Promise<void> {
    return this.#pending.lookAround()
  }

  /** What is asked for and lies before others just now; null: nothing does. */
  async elsewhere(): Promise<Elsewhere | null> {
    const { reviewer, now } = this.#options
    const others = (await leasesNow(this.#store, now())).filter((lease) => lease.reviewer !== reviewer)
    const asked = async (id: string): Promise<boolean> => {
      const link = this.#seen.has(id) ? null : await this.#store.link(id)
      return link !== null && isPending(link) && isFor(link, reviewer) && this.#isAskedFor(link)
    }
    const found = await Promise.all(
      others.map(async (lease) => {
        const waits = await Promise.all(lease.linkIds.map(asked))
        return { ...lease, count: waits.filter(Boolean).length }
      }),
    )
    const [first, ...more] = found.filter(({ count }) => count > 0).toSorted((a, b) => (a.until < b.until ? -1 : 1))
    if (first === undefined) return null
    const all = [first, ...more]
    return {
      count: all.reduce((sum, { count }) => sum + count, 0),
      reviewers: all.map((lease) => lease.reviewer),
      until: first.until,
    }
  }

  /**
   * The next link, or a document that has come to its end; null where nothing waits at the moment. `foresee` is told the link
   * that is likely to be it, while its block is leased.
   */
  async next(foresee?: (id: string) => void): Promise<Turn | Ended | null> {
    const drawn = await this.#draw()
    if (drawn !== null) return drawn
    this.#away.clear()
    await this.#join()
    while (!this.#options.signal.aborted) {
      const id = this.#block?.ids.shift()
      if (id === undefined || this.#block === null) {
        const plan = await this.#nextPlan()
        if (plan === null) return null
        if ('ended' in plan) return plan
        const [likely] = plan.ids
        if (likely !== undefined) foresee?.(likely)
        this.#joined = this.#pending.all
        this.#block = { plan, ids: await this.#lease(plan.ids), shown: [] }
        continue
      }
      const { plan, shown } = this.#block
      const link = await this.#stillWaiting(id)
      if (link === null) this.#away.add(id)
      // Near-duplicates of one that was shown stay for later: most are decided together with it.
      if (link === null || shown.some((one) => isAlike(one, link))) continue
      shown.push(link)
      this.pass(id)
      this.#given = id
      return { link, title: titleOf(plan, link, this.#order), order: this.#order }
    }
    return null
  }

  /** What was proposed since about the entity of the block comes in it, as far as it has room. */
  async #join(): Promise<void> {
    const { all } = this.#pending
    const before = this.#joined
    const block = this.#block
    if (block === null || before === all) return
    this.#joined = all
    const { plan, ids, shown } = block
    const isNew = ({ id, from, to }: Waiting): boolean =>
      (from === plan.entityId || to === plan.entityId) && before?.has(id) !== true && !ids.includes(id)
    const room = Math.max(0, BLOCK - shown.length - ids.length)
    const fresh = [...this.#asked(all)].filter(isNew).slice(0, room)
    if (fresh.length === 0) return
    const leased = new Set(await this.#lease([...ids, ...fresh.map(({ id }) => id)]))
    ids.push(...fresh.flatMap(({ id }) => (leased.has(id) ? [id] : [])))
  }

  /** Those of a block that nobody else looks at; the card that is open stays with its reviewer too. */
  async #lease(ids: readonly string[]): Promise<string[]> {
    const { reviewer, now } = this.#options
    const open = this.#given === null ? [] : [this.#given]
    const leased = new Set(await leaseBlock(this.#store, reviewer, [...ids, ...open], now()))
    for (const id of ids) if (!leased.has(id)) this.#away.add(id)
    return ids.filter((id) => leased.has(id))
  }

  /** Somebody else may have decided since it was read that it waits. */
  async #stillWaiting(id: string): Promise<StoredLink | null> {
    if (this.#seen.has(id)) return null
    const link = await this.#store.link(id)
    if (link === null || !isPending(link)) return null
    if (!isFor(link, this.#options.reviewer)) {
      this.pass(id)
      return null
    }
    return (await this.#isAskedFor(link)) ? link : null
  }

  async #isAskedFor(link: StoredLink): Promise<boolean> {
    if (this.#filter === null) return true
    const { where, holds } = this.#filter
    return (where.status ?? link.status) === link.status && (await holds(link))
  }

  /** One in twenty is any of all that wait. */
  async #draw(): Promise<Turn | null> {
    const { random } = this.#options
    if (this.#filter !== null || this.#seen.size === 0 || random() >= BY_CHANCE) return null
    const ids = [...this.#pending.all.keys()]
    const link = await this.#stillWaiting(ids[Math.floor(random() * ids.length)] ?? '')
    if (link === null) return null
    const { reviewer, now } = this.#options
    if (leasedByOthers(await leasesNow(this.#store, now()), reviewer).has(link.id)) return null
    this.pass(link.id)
    return { link, title: 'drawn by chance', order: 'random' }
  }

  async #nextPlan(): Promise<Plan | Ended | null> {
    await this.#pending.lookAround()
    // Documents are gone through to the end before new ones are looked for.
    const isRanked = this.#order !== 'doc' && this.#order !== 'oldest'
    if (isRanked && this.#pending.isRead && this.#ranked !== this.#pending.all) this.#plans = null
    for (const isLast of this.#plans === null ? [true] : [false, true]) {
      this.#plans ??= this.#begin()
      const { value, done } = await this.#plans.next()
      if (done !== true) return value as Plan | Ended
      this.#plans = null
      // All had their turn: has more arrived since?
      if (!isLast) await this.#pending.lookAround()
    }
    return null
  }

  async *#begin(): AsyncGenerator<Plan | Ended> {
    const order = this.#order
    if (order === 'doc' || order === 'oldest') return yield* this.#byDocument(order)
    // What is first by confidence need not wait until all are read.
    const first = this.#pending.isRead || this.#filter !== null ? null : await this.#pending.first(order)
    if (first !== null) yield* this.#fresh(rank(order, this.#asked(first)))
    yield* this.#fresh(rank(order, this.#asked(await this.#all())))
  }

  async *#byDocument(order: 'doc' | 'oldest'): AsyncGenerator<Plan | Ended> {
    const all = await this.#all()
    if ([...this.#asked(all)].length === 0) return
    for await (const { title, documentId, ids, ended } of plansByDocument(this.#store, order)) {
      const fresh = [...this.#fresh([{ title, ids }])]
      yield* fresh
      // Of one of which nothing was asked for nothing was shown.
      const isShown = fresh.some((plan) => plan.ids.some((id) => this.#seen.has(id)))
      if (isShown && ended) yield { ended: title, documentId }
    }
    // What no document brings any more.
    yield* this.#fresh(rank('random', this.#asked(all)))
  }

  async #all(): Promise<ReadonlyMap<string, Waiting>> {
    if (!this.#pending.isRead) await this.#pending.readAll()
    this.#ranked = this.#pending.all
    return this.#ranked
  }

  /** What has had no turn by the time that it comes up. */
  *#fresh(plans: readonly Plan[]): Generator<Plan> {
    for (const plan of plans) {
      const ids = plan.ids.filter((id) => !this.#seen.has(id) && !this.#away.has(id))
      if (ids.length > 0) yield { ...plan, ids }
    }
  }

  *#asked(waiting: ReadonlyMap<string, Waiting>): Generator<Waiting> {
    for (const one of this.#askedOf(waiting)) if (!this.#seen.has(one.id)) yield one
  }

  *#askedOf(waiting: ReadonlyMap<string, Waiting>): Generator<Waiting> {
    const { type = null, otherThan = [], confidence = [] } = this.#filter?.where ?? {}
    for (const one of waiting.values()) {
      if (type !== null && type !== one.type) continue
      if (otherThan.includes(one.type)) continue
      if (confidence.every((holds) => holds(one.confidence))) yield one
    }
  }
}

/** Whether all that is asked of a link is known of those that wait. */
function isCountable({ status, grounding, obstacle, doc, speaker, run, flagged }: Where): boolean {
  return [status, grounding, obstacle, doc, speaker, run].every((one) => one === null) && !flagged
}

/** By what the order has brought it: the entity, type or document that its block is about, or the order itself. */
function titleOf({ entityId, title = '' }: Plan, link: StoredLink, order: Order): string {
  if (entityId !== undefined) return `by entity ${drawnEnds(link).subjectId === entityId ? link.subject : link.object}`
  const isAbout = order === 'type' || order === 'doc' || order === 'oldest'
  return isAbout && title !== '' ? `by ${order} ${title}` : title
}
