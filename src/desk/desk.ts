import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { NotFoundError, UsageError } from '../model/errors.ts'
import { LABELLED } from '../model/label.ts'
import { DISPLAYED_AS } from '../model/link.ts'
import { DEFAULT_SCHEMA, type Schema } from '../model/schema.ts'
import { release } from '../review/lease.ts'
import type { Store } from '../store/store.ts'
import { quotable, type Card } from './card.ts'
import { Cards } from './cards.ts'
import { decideCard, type Deciding } from './decide-card.ts'
import { isTooEarly, tooEarly, type EarlyKey } from './early.ts'
import { openForm, performForm, type Fixing, type FormOutcome } from './fix-desk.ts'
import { pressForm, type FixForm, type FormEffect } from './fix-form.ts'
import { frameOf } from './frame.ts'
import type { Front, FrontEvents } from './front.ts'
import { isCommand, keyboard, type Key, type Remapped } from './keys.ts'
import type { Order } from './order.ts'
import { readPattern } from './pattern.ts'
import { hashShown } from './shown.ts'
import { arrive, decides, OPENING, press, type DeskState, type Effect, type Event } from './state.ts'
import { takeBack } from './take-back.ts'
import { askAgain, noteWhole } from './note-whole.ts'
import { told } from './told.ts'

export interface DeskOptions extends Pick<Deciding, 'store' | 'reviewer' | 'follow' | 'now'> {
  readonly store: Store
  readonly order: Order
  /** Which links are asked for at first; absent: all. */
  readonly filter?: string
  readonly keys?: Remapped
  readonly openFront: (events: FrontEvents) => Front
  /** By which a link may be fixed, or one added to a document (null); absent: the built-in schema. */
  readonly schemaFor?: (linkId: string | null) => Promise<Schema>
  /** From 0 to below 1: which links are drawn by chance. */
  readonly random: () => number
  readonly signal: AbortSignal
}

/** An empty queue is looked at again after so long, as an ingest may be filling it; beside an open card, what is left. */
const LOOK_AGAIN_MILLISECONDS = 1000
const RECOUNT_MILLISECONDS = 2000

/** What came of a sitting, and where it was left. */
export interface Sitting {
  readonly decided: number
  readonly skipped: number
  readonly order: Order
  /** Which links were asked for, as it was typed; empty: all. */
  readonly filter: string
}

/** Shows link after link until the reviewer leaves. The terminal is left as it was found, whatever happens. */
export async function sitDown(options: DeskOptions): Promise<Sitting> {
  const { store, signal, reviewer } = options
  const keys = keyboard(options.keys)
  const over = new AbortController()
  let state = OPENING
  const cards = new Cards(store, { ...options, isBusy: () => isWaiting(), signal: over.signal }, keys)
  let form: FixForm | null = null
  /** Keys that were pressed before what they would act on was shown. */
  let early: EarlyKey[] = []
  /** The next card, which is looked at while what was decided is saved. */
  let coming: Card | null = null
  /** What was said of a key that means nothing, until the next one. */
  let unknown = ''
  let leave: (fault?: unknown) => void = () => {}
  const left = new Promise<unknown>((resolve) => {
    leave = (fault) => {
      early = []
      over.abort()
      resolve(fault)
    }
  })

  const draw = (): void => {
    state = { ...state, top: front.draw(frameOf({ state, form, cards, coming, keys }, front.width)) }
  }
  const tell = (message: string): void => {
    const after = (before: string): string =>
      before.includes(message) ? before : [before, message].filter((text) => text !== '').join('  ')
    if (form === null) state = { ...state, message: after(state.message) }
    else form = { ...form, message: after(form.message) }
  }
  const isBeside = (id: string): boolean => state.beside.includes(id)
  const place = (): number => state.decided.flat().filter((id) => !isBeside(id)).length + 1

  /** Of what a person added and took back nothing is left to be decided about, nor of what they called something. */
  const showAgain = async ({ linkId, isDecided }: Extract<Effect, { kind: 'show' }>): Promise<Event> => {
    const event = await cards.show(linkId, isDecided ? place() - 1 : place(), state.message)
    const { status, type } = cards.open?.view.link ?? {}
    return status === 'gone' || type === DISPLAYED_AS ? { kind: 'gone', message: state.message } : event
  }

  const perform = async (effect: Effect): Promise<Event> => {
    const desk = { ...options, cards, place: place() }
    const isCardOpen = state.shown !== null
    try {
      switch (effect.kind) {
        case 'decide':
          // What is decided alike may be what comes next.
          coming = effect.alike.length > 0 ? null : cards.coming(place() + 1)
          state = { ...state, message: 'saving …' }
          draw()
          return await decideCard(desk, effect)
        case 'undo':
        case 'redo':
          return await takeBack(desk, effect, { isCardOpen, isBeside: effect.decisionIds.some(isBeside) })
        case 'look':
          return await cards.lookAgain(state.message)
        case 'show':
          return await showAgain(effect)
        case 'pattern':
          return { kind: 'patterned', pattern: await readPattern(store, effect.linkId) }
        case 'searched':
          return await noteWhole(desk)
        case 'unsearched':
          return await askAgain(desk, effect.documentId, isCardOpen)
        case 'ask':
          return (await cards.ask('')) ?? { kind: 'empty', message: NOTHING_TO_ASK }
        case 'filter': {
          await cards.choose(effect.text, isCardOpen)
          return await cards.next(place(), effect.text === '' ? 'all links' : '')
        }
        case 'order': {
          const order = await cards.turnOrder(isCardOpen)
          return await cards.next(place(), `order: ${order}`)
        }
        default:
          return await cards.next(place(), state.message)
      }
    } catch (error) {
      // Nothing is left of what was taken back.
      if (effect.kind === 'show' && error instanceof NotFoundError) return { kind: 'gone', message: state.message }
      if (effect.kind === 'filter' && error instanceof UsageError) return noFilter(error)
      // What was done beside the card is saved.
      const before = effect.kind === 'look' ? `${state.message}  but: ` : ''
      return { kind: 'refused', message: `${before}${told(error)}` }
    }
  }

  /** In few words, as all conditions stand in the help. */
  const noFilter = ({ message }: UsageError): Event => {
    const what = message.replace(/^--where: /, '')
    return { kind: 'refused', message: `no filter: ${what}. ${keys.nameOf('help')} lists the conditions` }
  }

  /** Beside whatever else is done: what is wrong with the store is told where something is asked of it. */
  let recounting: Promise<void> | null = null
  const recount = (): void => {
    if (front.isLinear === true || over.signal.aborted) return
    recounting ??= cards
      .recount()
      .then((isChanged) => void (isChanged && !over.signal.aborted && draw()))
      .catch(() => {})
      .finally(() => (recounting = null))
  }

  const carryOut = async (first: Effect): Promise<void> => takeEvent(await perform(first))

  const takeEvent = async (first: Event): Promise<void> => {
    for (let event: Event | null = first; event !== null;) {
      await heardSoFar()
      const step = arrive(state, event)
      state = step.state
      if (event.kind !== 'saved') coming = null
      // What was taken back is told beside its own card, or the one that is looked at again.
      if (step.effect?.kind !== 'show' && step.effect?.kind !== 'look') draw()
      event = step.effect === null ? null : await perform(step.effect)
    }
    if (state.shown !== null || state.asked !== null) cards.readAhead()
    recount()
  }

  /** What the form works on: the link and the quote that are shown, or the document that is asked about. */
  const fixing = async (): Promise<Fixing> => {
    const { open, asked } = cards
    const { now, schemaFor = async () => DEFAULT_SCHEMA } = options
    const by = { store, reviewer, note: state.note, now }
    if (open === null) {
      const about = { path: asked?.document.path ?? '' }
      const [[link] = []] = asked?.quoted.values() ?? []
      return { ...by, schema: await schemaFor(link?.id ?? null), about, text: { chunks: asked?.chunks ?? [] } }
    }
    const { view } = open
    return { ...by, schema: await schemaFor(view.link.id), about: view, text: quotable(view, state.quote) }
  }

  const onForm = async (first: FormEffect): Promise<void> => {
    for (let effect: FormEffect | null = first; effect !== null && form !== null;) {
      const outcome: FormOutcome = await performForm(await fixing(), form, effect)
      await heardSoFar()
      form = outcome.form
      effect = outcome.next ?? null
      const { saved } = outcome
      if (saved !== undefined) {
        const { decisionIds, message } = saved
        // What was looked at waits still when a link was added beside it, or something was said of one of its ends.
        if (first.kind === 'save' && first.looked.revision.original === null) {
          const beside = [...decisionIds, ...state.beside]
          state = { ...state, decided: [decisionIds, ...state.decided], beside, undone: [], message, busy: true }
          await carryOut({ kind: 'look' })
        } else await takeEvent({ kind: 'saved', decisionIds, message })
      }
      draw()
    }
  }

  const openOn = (mode: FixForm['mode']): void => {
    state = { ...state, busy: true, message: '', top: 0 }
    start(async () => {
      let opened: FixForm | null = null
      try {
        opened = await openForm(await fixing(), mode)
      } catch (error) {
        state = { ...state, message: told(error) }
      }
      await heardSoFar()
      form = opened
      state = { ...state, busy: false }
      draw()
    })
  }

  // One thing after the other: what was begun is durable before anything else is done, and before the desk is left.
  let work = Promise.resolve()
  const start = (task: () => Promise<void>): void => {
    work = work
      .then(task)
      .then(takeEarly)
      .catch((error: unknown) => leave(error))
  }

  const isWaiting = (): boolean => (form === null ? state.busy : form.busy)

  /** What a key does on what is shown. */
  const act = (one: Key): void => {
    if (form !== null) {
      const step = pressForm(form, one)
      form = step.form
      state = { ...state, top: scrolled(state.top, one) }
      const { effect } = step
      if (effect !== null) start(() => onForm(effect))
      return
    }
    const key = state.typing === null ? keys.means(one) : one
    if (state.message === unknown) state = { ...state, message: '' }
    const isMeant = key !== null && (isCommand(key) || (state.pattern !== null && key === 'enter'))
    if (state.typing === null && !isMeant) {
      unknown = `${one} is no key here: ${keys.nameOf('help')} lists them`
      state = { ...state, message: unknown }
      return
    }
    if (key === null) return
    const isFree = state.typing === null && state.pattern === null
    if (isFree && state.shown !== null && key === 'f') {
      if (cards.open?.view.link.type !== LABELLED) return openOn('fix')
      state = { ...state, message: 'what a document is about has nothing to fix: reject it, or skip it' }
      return
    }
    if (isFree && (state.shown ?? state.asked) !== null && key === '+') return openOn('add')
    const { state: after, effect } = press(state, key)
    state = after
    if (effect?.kind === 'leave') leave()
    else if (effect !== null) start(() => carryOut(effect))
  }

  /** Whether a key ends something whatever is being done. */
  const isUrgent = (one: Key): boolean =>
    one === 'interrupt' || (form === null ? state.typing === null && keys.means(one) === 'q' : one === 'escape')

  const takeEarly = (): void => {
    if (early.length === 0 || over.signal.aborted) return
    const lost: Key[] = []
    while (early.length > 0 && !isWaiting()) {
      const { key: one, at } = early.shift() as EarlyKey
      const key = form === null && state.typing === null ? keys.means(one) : one
      if (key !== null && isTooEarly({ key, at }, { state, form, open: cards.open })) lost.push(one)
      else act(one)
    }
    if (lost.length > 0) tell(tooEarly(lost))
    draw()
  }

  const earlyOf = (key: Key): EarlyKey => ({ key, at: coming === null ? null : hashShown(coming.view) })

  const onKeys: FrontEvents['onKeys'] = (pressed, { isHeld = false } = {}) => {
    if (over.signal.aborted) return
    if (pressed.includes('interrupt')) return leave()
    const [one, ...others] = pressed
    if (one === undefined) return
    if (isWaiting() && !isUrgent(one)) early.push(earlyOf(one))
    else if (isHeld && form === null && decides(state, keys.means(one) ?? ''))
      tell(`${one} is held down: it counts once`)
    else act(one)
    early.push(...others.map((key) => ({ key, at: null })))
    takeEarly()
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
  const isIdle = (): boolean => (state.shown ?? state.asked) === null && !state.busy && state.typing === null
  const again = setInterval(() => {
    if (isIdle())
      start(async () => {
        if (isIdle()) await carryOut({ kind: 'next' })
      })
  }, LOOK_AGAIN_MILLISECONDS)
  const recounts = setInterval(recount, RECOUNT_MILLISECONDS)
  try {
    draw()
    const { filter = '' } = options
    start(() => carryOut(filter === '' ? { kind: 'next' } : { kind: 'filter', text: filter }))
    const fault = signal.aborted ? undefined : await left
    await work
    await recounting
    await cards.close()
    if (fault !== undefined) throw fault
    await release(store, reviewer, null, options.now())
    return { ...countDecided(state), order: cards.order, filter: cards.filter }
  } finally {
    clearInterval(again)
    clearInterval(recounts)
    signal.removeEventListener('abort', stop)
    front.close()
  }
}

const NOTHING_TO_ASK = 'you have seen no document of which it is still to be asked'

/** What was done beside a card with one key counts once. */
function countDecided({ decided, remarks, beside }: DeskState): Pick<Sitting, 'decided' | 'skipped'> {
  const standing = decided.flatMap((ids) => (ids.some((id) => beside.includes(id)) ? ids.slice(0, 1) : ids))
  const skipped = standing.filter((id) => remarks.includes(id)).length
  return { decided: standing.length - skipped, skipped }
}

/** What does not fit of a form is scrolled to; anything else shows it from its beginning. */
function scrolled(top: number, key: string): number {
  return key === 'down' ? top + 1 : key === 'up' ? Math.max(0, top - 1) : 0
}

/**
 * Until keys that were pressed by now have arrived, which are early while something is read or saved: none of them is to
 * decide about what is shown only after it.
 */
async function heardSoFar(): Promise<void> {
  await delay(0)
  await nextTurn()
}
