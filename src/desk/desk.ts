import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { ulid } from 'ulid'
import { isRemark } from '../model/decision.ts'
import { ConflictError, RefusedError, WhygraphError } from '../model/errors.ts'
import { DEFAULT_SCHEMA, type Schema } from '../model/schema.ts'
import { decideLink } from '../review/decide.ts'
import { release, signOfLife } from '../review/lease.ts'
import { remarkOn } from '../review/remark.ts'
import { undoDecision } from '../review/undo.ts'
import { parseWhere } from '../review/where.ts'
import type { StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { turnInWords } from '../terminal/link-card.ts'
import { printable } from '../terminal/printable.ts'
import { Ahead, type Drawn } from './ahead.ts'
import { cardLines, quotesOf, type Card } from './card.ts'
import { openForm, performForm, type Fixing, type FormOutcome } from './fix-desk.ts'
import { formLines, formPrompt, pressForm, type FixForm, type FormEffect } from './fix-form.ts'
import type { Front, FrontEvents } from './front.ts'
import { emptyKeysLine, keyboard, keysLine, type Remapped } from './keys.ts'
import { Queue } from './queue.ts'
import { ORDERS, type Order } from './order.ts'
import { readCard } from './read-card.ts'
import { hashShown } from './shown.ts'
import { arrive, OPENING, press, type DeskState, type Effect, type Event, type Seen } from './state.ts'

export interface DeskOptions {
  readonly store: Store
  readonly order: Order
  readonly reviewer: string
  readonly keys?: Remapped
  readonly openFront: (events: FrontEvents) => Front
  /** Called when a decision is durable, for what follows from it; what it returns is shown. */
  readonly follow: (link: StoredLink) => Promise<string>
  /** By which a link may be fixed; absent: the built-in schema. */
  readonly schemaFor?: (linkId: string) => Promise<Schema>
  readonly now: () => Date
  /** From 0 to below 1: which links are drawn by chance. */
  readonly random: () => number
  readonly signal: AbortSignal
}

/** An empty queue is looked at again after so long, as an ingest may be filling it. */
const LOOK_AGAIN_MILLISECONDS = 1000

type Decide = Extract<Effect, { kind: 'decide' }>

/** Shows link after link until the reviewer leaves. The terminal is left as it was found, whatever happens. */
export async function sitDown(options: DeskOptions): Promise<{ decided: number; skipped: number }> {
  const { store, signal, reviewer } = options
  const keys = keyboard(options.keys)
  const over = new AbortController()
  const queue = new Queue(store, { ...options, signal: over.signal })
  const ahead = new Ahead(store, queue, reviewer)
  /** Links as they are by decisions of this sitting that the next card may not know of. */
  const decided = new Map<string, StoredLink>()
  /** As decisions note it, by the link; none where it was brought back. */
  const orders = new Map<string, Order>()
  let state = OPENING
  let card: Card | null = null
  let title = ''
  let filter = ''
  let form: FixForm | null = null
  let leave: (fault?: unknown) => void = () => {}
  const left = new Promise<unknown>((resolve) => {
    leave = (fault) => {
      over.abort()
      resolve(fault)
    }
  })

  const draw = (): void => {
    if (form !== null) {
      const { message, busy } = form
      const lines = formLines(form, front.width)
      const top = front.draw({ lines, message: printable(message), prompt: formPrompt(form), busy, top: state.top })
      state = { ...state, top }
      return
    }
    const lines =
      card === null || state.shown === null
        ? emptyLines(state, filter, queue.order)
        : cardLines(card, state, front.width)
    const line = state.shown === null ? emptyKeysLine(keys) : keysLine(keys)
    const { typing } = state
    const prompt = typing === null ? line : ` ${typing.what}: ${printable(typing.text)}▏`
    const top = front.draw({ lines, message: printable(state.message), prompt, busy: state.busy, top: state.top })
    state = { ...state, top }
  }

  const show = async (read: Drawn['read'], message?: string): Promise<Event> => {
    const place = state.decided.flat().length + 1
    const waiting = await queue.left()
    const total = waiting === null ? null : place + waiting + ahead.count
    const about = [filter, title].filter((text) => text !== '').join(' · ')
    card = { ...read, title: about, place, total, keyboard: keys }
    const { view, alike } = card
    const seen = alike.map(({ id, rev }) => ({ linkId: id, rev }))
    const shown = { linkId: view.link.id, rev: view.link.rev, quotes: quotesOf(view).length, alike: seen }
    return { kind: 'shown', shown, ...(message === undefined ? {} : { message }) }
  }

  const next = async (said = state.message): Promise<Event> => {
    let message = said
    for (;;) {
      const found = await ahead.next(decided)
      if (found === null) return { kind: 'empty', message }
      if ('ended' in found) {
        const asked = `${found.ended} is done: does it say anything that no link says?`
        message = [message, asked].filter((text) => text !== '').join('  ')
        continue
      }
      title = found.turn.title
      orders.set(found.turn.link.id, found.turn.order)
      decided.clear()
      return show(found.read, message)
    }
  }

  const decide = async ({ linkId, verdict, expectedRev, reason, note, alike }: Decide): Promise<Event> => {
    const order = orders.get(linkId)
    const said = {
      reviewer,
      ...(reason === undefined ? {} : { reason }),
      ...(note === undefined ? {} : { note }),
      ...(alike.length === 0 ? {} : { batch: ulid() }),
      ...(order === undefined ? {} : { order }),
    }
    const shown = card === null ? {} : { shown: hashShown(card.view) }
    try {
      const others = await signOfLife(store, reviewer, [linkId], options.now())
      const remarks = verdict === 'skip' || verdict === 'flag'
      const outcome = remarks
        ? await remarkOn(store, linkId, verdict, { ...said, ...shown }, options.now())
        : await decideLink(store, linkId, verdict, { ...said, ...shown, expectedRev }, options.now())
      decided.set(outcome.link.id, outcome.link)
      const followed = await options.follow(outcome.link)
      const also = remarks ? { ids: [], told: '' } : await decideAlike(alike, verdict, said)
      const ids = [...(outcome.decision === null ? [] : [outcome.decision.id]), ...also.ids]
      const done = `${PAST[verdict]}${reason === undefined ? '' : `: ${reason}`}${also.told}  saved ✓`
      const beside = [...others.values()].map((other) => `${other} looks at it too`)
      const told = [done, turnInWords(outcome.link) ?? '', ...beside, followed].filter((text) => text !== '')
      return { kind: 'saved', decisionIds: ids, isRemark: remarks, message: told.join('  ') }
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
      // Nothing was written: the other decision stands on the card, yours beside it.
      const event = await show(await readCard(store, linkId, reviewer))
      const last = card?.view.decisions.findLast((one) => !isRemark(one))
      const theirs = last === undefined ? 'it changed' : `${last.reviewer} chose ${last.verdict}`
      return { ...event, message: `not saved: ${theirs} meanwhile, you ${verdict}. Decide again, or s` } as Event
    }
  }

  /** What must not be accepted together with others, and what somebody else decided meanwhile, is left as it is. */
  const decideAlike = async (
    alike: readonly Seen[],
    verdict: 'accept' | 'reject',
    said: Parameters<typeof decideLink>[3],
  ): Promise<{ ids: string[]; told: string }> => {
    const ids: string[] = []
    let kept = 0
    for (const { linkId, rev } of alike)
      try {
        const together = { ...said, expectedRev: rev, inBulk: true }
        const { decision, link } = await decideLink(store, linkId, verdict, together, options.now())
        if (decision !== null) ids.push(decision.id)
        decided.set(link.id, link)
        queue.pass(link.id)
        await options.follow(link)
      } catch (error) {
        if (!(error instanceof ConflictError) && !(error instanceof RefusedError)) throw error
        kept += 1
      }
    const told = alike.length === 0 ? '' : `, ${ids.length} alike too${kept === 0 ? '' : `, ${kept} to be looked at`}`
    return { ids, told }
  }

  const takeBack = async ({ kind, decisionIds }: Extract<Effect, { kind: 'undo' | 'redo' }>): Promise<Event[]> => {
    const made: string[] = []
    let linkId = ''
    let followed = ''
    const together = { reviewer, ...(decisionIds.length > 1 ? { batch: ulid() } : {}) }
    // The one that was looked at comes last, so that it is shown.
    for (const id of decisionIds.length === 0 ? [undefined] : decisionIds.toReversed()) {
      const { link, decision, undone } = await undoDecision(store, id, together, options.now())
      if (decision !== null) made.unshift(decision.id)
      if (linkId !== '') queue.forget(linkId)
      // Where a fix is taken back, nothing is left of what it said, and what it was said of waits again.
      linkId = link.status === 'gone' ? (undone?.revision ?? link.id) : link.id
      followed = await options.follow(link)
    }
    const done = `${kind === 'undo' ? 'taken back' : 'done again'}${made.length > 1 ? `: ${made.length}` : ''}  saved ✓`
    // The card that was open comes again after this one.
    const open = card?.view.link.id
    await ahead.drop()
    if (open !== undefined && state.shown !== null && open !== linkId) queue.putBack(open)
    const message = [done, followed].join('  ').trim()
    return [
      { kind: kind === 'undo' ? 'undone' : 'redone', decisionIds: made, message },
      await show(await readCard(store, linkId, reviewer)),
    ]
  }

  /** The card that is open has its turn again, perhaps at once. */
  const goOnBy = async (change: Parameters<Queue['change']>[0], message: string): Promise<Event> => {
    const open = state.shown?.linkId
    await ahead.drop()
    queue.change(change)
    if (open !== undefined) queue.forget(open)
    return next(message)
  }

  const perform = async (effect: Effect): Promise<readonly Event[]> => {
    try {
      switch (effect.kind) {
        case 'decide':
          return [await decide(effect)]
        case 'undo':
        case 'redo':
          return await takeBack(effect)
        case 'filter': {
          const where = effect.text === '' ? null : parseWhere(effect.text)
          filter = effect.text
          return [await goOnBy({ where }, filter === '' ? 'all links' : '')]
        }
        case 'order': {
          const order = ORDERS[(ORDERS.indexOf(queue.order) + 1) % ORDERS.length] as Order
          return [await goOnBy({ order }, `order: ${order}`)]
        }
        default:
          return [await next()]
      }
    } catch (error) {
      if (!(error instanceof WhygraphError)) throw error
      return [{ kind: 'refused', message: error.message }]
    }
  }

  const carryOut = async (first: Effect): Promise<void> => takeEvents(await perform(first))

  const takeEvents = async (first: readonly Event[]): Promise<void> => {
    for (let events: readonly Event[] | null = first; events !== null;) {
      await heardSoFar()
      let effect: Effect | null = null
      for (const event of events) {
        const step = arrive(state, event)
        state = step.state
        effect = step.effect
      }
      draw()
      events = effect === null ? null : await perform(effect)
    }
    if (state.shown !== null) ahead.begin()
  }

  /** What the form works on: the link and the quote that are shown. */
  const fixing = async ({ view }: Card): Promise<Fixing> => {
    const quotes = quotesOf(view)
    const { proposal, index } = quotes[state.quote] ?? quotes[0] ?? {}
    const { reviewer, now } = options
    const shown = { chunkId: proposal?.chunkId ?? '', s: proposal?.evidence[index ?? 0]?.s ?? 1 }
    const schema = (await options.schemaFor?.(view.link.id)) ?? DEFAULT_SCHEMA
    return { store, view, schema, reviewer, note: state.note, now, ...shown }
  }

  const onForm = async (first: FormEffect, about: Card): Promise<void> => {
    for (let effect: FormEffect | null = first; effect !== null && form !== null;) {
      const {
        form: after,
        next: then = null,
        saved,
      }: FormOutcome = await performForm(await fixing(about), form, effect)
      form = after
      effect = then
      if (saved !== undefined) {
        const isAdded = first.kind === 'save' && first.looked.revision.original === null
        // The link that was looked at waits still when another was added beside it.
        if (isAdded)
          state = { ...state, decided: [[saved.decisionId], ...state.decided], undone: [], message: saved.message }
        else await takeEvents([{ kind: 'saved', decisionIds: [saved.decisionId], message: saved.message }])
      }
      draw()
    }
  }

  const openOn = (about: Card, mode: FixForm['mode']): void => {
    state = { ...state, busy: true, message: '', top: 0 }
    start(async () => {
      try {
        form = await openForm(await fixing(about), mode)
      } catch (error) {
        if (!(error instanceof WhygraphError)) throw error
        state = { ...state, message: error.message }
      }
      state = { ...state, busy: false }
      draw()
    })
  }

  // One thing after the other: what was begun is durable before anything else is done, and before the desk is left.
  let work = Promise.resolve()
  const start = (task: () => Promise<void>): void => {
    work = work.then(task).catch((error: unknown) => leave(error))
  }
  const onKeys: FrontEvents['onKeys'] = (pressed) => {
    for (const one of pressed) {
      const about = card
      if (form !== null && about !== null && one !== 'interrupt') {
        const step = pressForm(form, one)
        form = step.form
        state = { ...state, top: scrolled(state.top, one) }
        const { effect } = step
        if (effect !== null) start(() => onForm(effect, about))
        continue
      }
      const key = state.typing === null ? keys.means(one) : one
      if (key === null) continue
      const isFree = state.shown !== null && state.typing === null && !state.busy
      if ((key === 'f' || key === '+') && isFree && about !== null) {
        openOn(about, key === 'f' ? 'fix' : 'add')
        continue
      }
      const { state: after, effect } = press(state, key)
      state = after
      if (effect?.kind === 'leave') return leave()
      if (effect !== null) start(() => carryOut(effect))
    }
    draw()
  }
  const front = options.openFront({
    onKeys,
    onResize: () => draw(),
    isTyping: () => state.typing !== null || (form !== null && form.typing !== null),
    beginsText: (key) => form === null && ['n', '/'].includes(keys.means(key) ?? ''),
  })
  const stop = (): void => leave()
  signal.addEventListener('abort', stop)
  const again = setInterval(() => {
    if (state.shown === null && !state.busy)
      start(async () => {
        if (state.shown === null && !state.busy) await carryOut({ kind: 'next' })
      })
  }, LOOK_AGAIN_MILLISECONDS)
  try {
    draw()
    start(() => carryOut({ kind: 'next' }))
    const fault = signal.aborted ? undefined : await left
    await work
    await ahead.drop()
    if (fault !== undefined) throw fault
    await release(store, reviewer, null, options.now())
    return countDecided(state)
  } finally {
    clearInterval(again)
    signal.removeEventListener('abort', stop)
    front.close()
  }
}

const PAST = { accept: 'accepted', reject: 'rejected', skip: 'skipped', flag: 'flagged' } as const

function countDecided({ decided, remarks }: DeskState): { decided: number; skipped: number } {
  const standing = decided.flat()
  const skipped = standing.filter((id) => remarks.includes(id)).length
  return { decided: standing.length - skipped, skipped }
}

function emptyLines({ busy }: DeskState, filter: string, order: Order): string[] {
  if (busy) return [' looking for links …']
  const what = filter === '' ? 'Nothing' : `Nothing with ${printable(filter)}`
  const where = order === 'disagree' || order === 'contradict' ? ' in this order' : ''
  return [` ${what} waits for a person now${where}. What a running ingest proposes will appear here.`]
}

/** What does not fit of a form is scrolled to; anything else shows it from its beginning. */
function scrolled(top: number, key: string): number {
  return key === 'down' ? top + 1 : key === 'up' ? Math.max(0, top - 1) : 0
}

/**
 * Until keys that were pressed by now have arrived, which do nothing while something is read or saved: none of them is to
 * decide about what is shown only after it.
 */
async function heardSoFar(): Promise<void> {
  await delay(0)
  await nextTurn()
}
