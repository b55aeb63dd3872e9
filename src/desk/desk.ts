import { ConflictError, WhygraphError } from '../model/errors.ts'
import { decideLink } from '../review/decide.ts'
import { undoDecision } from '../review/undo.ts'
import { viewLink, type LinkView } from '../review/view-link.ts'
import { drawnEnds, type StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { shownProposals } from '../terminal/link-card.ts'
import { printable } from '../terminal/printable.ts'
import { cardLines, KEYS_LINE, quotesOf, type Card } from './card.ts'
import type { Front, FrontEvents } from './front.ts'
import { isPending, linksAbout } from './links-about.ts'
import { Queue, type Block, type Order } from './queue.ts'
import { arrive, OPENING, press, type Effect, type Event } from './state.ts'

export interface DeskOptions {
  readonly store: Store
  readonly order: Order
  readonly reviewer: string
  readonly openFront: (events: FrontEvents) => Front
  /** Called when a decision is durable, for what follows from it; what it returns is shown. */
  readonly follow: (link: StoredLink) => Promise<string>
  readonly now: () => Date
  readonly signal: AbortSignal
}

/** An empty queue is looked at again after so long, as an ingest may be filling it. */
const LOOK_AGAIN_MILLISECONDS = 1000
const OTHERS = 50
/** Of one link; more may have been said of what every document says. */
const TRACES = 20

/** Shows link after link until the reviewer leaves. The terminal is left as it was found, whatever happens. */
export async function sitDown(options: DeskOptions): Promise<{ decided: number; skipped: number }> {
  const { store, signal } = options
  const queue = new Queue(store, options.order)
  let state = OPENING
  let card: Card | null = null
  let block: { readonly title: string; readonly links: StoredLink[]; readonly total: number } | null = null
  let leave: (fault?: unknown) => void = () => {}
  const left = new Promise<unknown>((resolve) => {
    leave = resolve
  })

  const draw = (): void => {
    const lines =
      card === null || state.shown === null
        ? [
            state.busy
              ? ' looking for links …'
              : ' Nothing waits for a person now. What a running ingest proposes will appear here.',
          ]
        : cardLines(card, state, front.width)
    const keys = state.shown === null ? ' u undo  q leave' : KEYS_LINE
    const prompt = state.typing === null ? keys : ` note: ${printable(state.typing)}▏`
    const top = front.draw({ lines, message: printable(state.message), prompt, busy: state.busy, top: state.top })
    state = { ...state, top }
  }

  const show = async (view: LinkView, message?: string): Promise<Event> => {
    const { title = '', total = 0 } = block ?? {}
    const place = state.decided.length + state.skipped + 1
    card = { view, ...(await readAround(store, view)), title, place, total: Math.max(total, place) }
    const shown = { linkId: view.link.id, rev: view.link.rev, quotes: quotesOf(view).length }
    return { kind: 'shown', shown, ...(message === undefined ? {} : { message }) }
  }

  const next = async (): Promise<Event> => {
    for (;;) {
      const link = block?.links.shift()
      if (link !== undefined) {
        // Somebody else may have decided since the block was read.
        const now = await store.link(link.id)
        if (now !== null && isPending(now)) return show(await viewLink(store, link.id))
        continue
      }
      const found: Block | null = await queue.next()
      if (found === null) return { kind: 'empty' }
      const total = state.decided.length + (await queue.pending())
      block = { title: found.title, links: [...found.links], total }
    }
  }

  const decide = async (effect: Extract<Effect, { kind: 'decide' }>): Promise<Event> => {
    const { linkId, verdict, expectedRev, reason, note } = effect
    const said = { ...(reason === undefined ? {} : { reason }), ...(note === undefined ? {} : { note }) }
    const { reviewer } = options
    try {
      const outcome = await decideLink(store, linkId, verdict, { reviewer, expectedRev, ...said }, options.now())
      const done = `${verdict}ed${reason === undefined ? '' : `: ${reason}`}  saved ✓`
      const followed = await options.follow(outcome.link)
      const message = [done, followed].filter((text) => text !== '').join('  ')
      return { kind: 'saved', decisionId: outcome.decision?.id ?? null, message }
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error
      // Nothing was written: the other decision stands on the card, yours beside it.
      const view = await viewLink(store, linkId)
      const last = view.decisions.at(-1)
      const theirs = last === undefined ? 'it changed' : `${last.reviewer} chose ${last.verdict}`
      return show(view, `not saved: ${theirs} meanwhile, you ${verdict}. Decide again, or s`)
    }
  }

  const takeBack = async ({ kind, decisionId }: Extract<Effect, { kind: 'undo' | 'redo' }>): Promise<Event[]> => {
    const { reviewer } = options
    const { link, decision } = await undoDecision(store, decisionId ?? undefined, { reviewer }, options.now())
    const followed = await options.follow(link)
    const message = [`${kind === 'undo' ? 'taken back' : 'done again'}  saved ✓`, followed].join('  ').trim()
    // The card that was open comes again after this one.
    const open = card?.view.link
    if (open !== undefined && state.shown !== null && open.id !== link.id) block?.links.unshift(open)
    const done = { decisionId: decision?.id ?? null, message }
    return [{ kind: kind === 'undo' ? 'undone' : 'redone', ...done }, await show(await viewLink(store, link.id))]
  }

  const perform = async (effect: Effect): Promise<readonly Event[]> => {
    try {
      if (effect.kind === 'decide') return [await decide(effect)]
      if (effect.kind === 'undo' || effect.kind === 'redo') return await takeBack(effect)
      return [await next()]
    } catch (error) {
      if (!(error instanceof WhygraphError)) throw error
      return [{ kind: 'refused', message: error.message }]
    }
  }

  const carryOut = async (first: Effect): Promise<void> => {
    for (let effect: Effect | null = first; effect !== null;) {
      const events = await perform(effect)
      effect = null
      for (const event of events) {
        const step = arrive(state, event)
        state = step.state
        effect = step.effect
      }
      draw()
    }
  }

  // One thing after the other: what was begun is durable before anything else is done, and before the desk is left.
  let work = Promise.resolve()
  const begin = (task: () => Promise<void>): void => {
    work = work.then(task).catch((error: unknown) => leave(error))
  }
  const onKeys: FrontEvents['onKeys'] = (keys) => {
    for (const key of keys) {
      const { state: after, effect } = press(state, key)
      state = after
      if (effect?.kind === 'leave') return leave()
      if (effect !== null) begin(() => carryOut(effect))
    }
    draw()
  }
  const front = options.openFront({ onKeys, onResize: () => draw(), isTyping: () => state.typing !== null })
  const stop = (): void => leave()
  signal.addEventListener('abort', stop)
  const again = setInterval(() => {
    if (state.shown === null && !state.busy)
      begin(async () => {
        if (state.shown === null && !state.busy) await carryOut({ kind: 'next' })
      })
  }, LOOK_AGAIN_MILLISECONDS)
  try {
    draw()
    begin(() => carryOut({ kind: 'next' }))
    const fault = signal.aborted ? undefined : await left
    await work
    if (fault !== undefined) throw fault
    return { decided: state.decided.length, skipped: state.skipped }
  } finally {
    clearInterval(again)
    signal.removeEventListener('abort', stop)
    front.close()
  }
}

/** The traces that speak of a link, and other links of its ends: those that it cannot hold beside come first. */
async function readAround(store: Store, view: LinkView): Promise<Pick<Card, 'traces' | 'others'>> {
  const traces = new Map<string, string>()
  for (const { id, replyId } of shownProposals(view).slice(0, TRACES)) {
    const reply = replyId === null ? null : await store.reply(replyId)
    if (reply !== null) traces.set(id, reply.reasoning)
  }
  const { subjectId, objectId } = drawnEnds(view.link)
  const others = await linksAbout(store, [subjectId, objectId], OTHERS)
  return { traces, others: others.filter(({ id }) => id !== view.link.id) }
}
