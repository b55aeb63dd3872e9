import { type Key, REASONS } from './keys.ts'

/** What stands below the link: its card, or something else that was asked for until the same key, or another, is pressed. */
export type Pane = 'card' | 'steps' | 'trace' | 'others' | 'history' | 'help'

/** The link that is shown, at the revision that a decision about it names. */
export interface Shown {
  readonly linkId: string
  readonly rev: number
  readonly quotes: number
}

/** All that the next key depends on. */
export interface DeskState {
  /** Null: nothing waits at the moment. */
  readonly shown: Shown | null
  readonly pane: Pane
  /** Which quote, from 0. */
  readonly quote: number
  /** With the units around the quote. */
  readonly wide: boolean
  /** Lines scrolled past. */
  readonly top: number
  /** Goes with the next decision about this link. */
  readonly note: string
  /** A note that is being written; null: keys are commands. */
  readonly typing: string | null
  readonly message: string
  /** Something is being read or saved: no key decides about what nobody has seen yet. */
  readonly busy: boolean
  /** Standing decisions of this sitting, which `u` takes back, the last first; and undos, which `U` takes back. */
  readonly decided: readonly string[]
  readonly undone: readonly string[]
  readonly skipped: number
}

export type Effect =
  | {
      readonly kind: 'decide'
      readonly linkId: string
      readonly expectedRev: number
      readonly verdict: 'accept' | 'reject'
      readonly reason?: string
      readonly note?: string
    }
  /** Takes back a decision; of `redo` it is an undo. Null: the reviewer's last one before this sitting. */
  | { readonly kind: 'undo' | 'redo'; readonly decisionId: string | null }
  | { readonly kind: 'next' | 'leave' }

/** What came of an effect. */
export type Event =
  | { readonly kind: 'shown'; readonly shown: Shown; readonly message?: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'saved'; readonly decisionId: string | null; readonly message: string }
  | { readonly kind: 'undone' | 'redone'; readonly decisionId: string | null; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }

export interface Step {
  readonly state: DeskState
  readonly effect: Effect | null
}

export const OPENING: DeskState = {
  shown: null,
  pane: 'card',
  quote: 0,
  wide: false,
  top: 0,
  note: '',
  typing: null,
  message: '',
  busy: true,
  decided: [],
  undone: [],
  skipped: 0,
}

const PANES: Readonly<Record<Key, Pane>> = { r: 'steps', t: 'trace', c: 'others', w: 'history', '?': 'help' }

/** What a key does. Keys that come while something is read or saved do nothing, but for those that leave. */
export function press(state: DeskState, key: Key): Step {
  if (key === 'interrupt') return { state, effect: { kind: 'leave' } }
  if (state.typing !== null) return { state: type(state, state.typing, key), effect: null }
  if (key === 'q') return { state, effect: { kind: 'leave' } }
  if (state.busy) return { state, effect: null }
  if (key === 'u') return busy(state, { kind: 'undo', decisionId: state.decided[0] ?? null })
  const [undo] = state.undone
  if (key === 'U')
    return undo === undefined
      ? still({ ...state, message: 'nothing to do again' })
      : busy(state, { kind: 'redo', decisionId: undo })
  const pane = PANES[key]
  if (pane !== undefined) return still({ ...state, pane: state.pane === pane ? 'card' : pane, top: 0 })
  if (key === 'escape') return still({ ...state, pane: 'card', top: 0 })
  if (key === 'down') return still({ ...state, top: state.top + 1 })
  if (key === 'up') return still({ ...state, top: Math.max(0, state.top - 1) })
  return state.shown === null ? still(state) : pressOnLink(state, state.shown, key)
}

function pressOnLink(state: DeskState, { linkId, rev, quotes }: Shown, key: Key): Step {
  if (key === 'a' || key === 'x' || /^[1-7]$/.test(key)) {
    const verdict = key === 'a' ? 'accept' : 'reject'
    const reason = REASONS[Number(key) - 1]
    return busy(state, {
      kind: 'decide',
      linkId,
      expectedRev: rev,
      verdict,
      ...(reason === undefined ? {} : { reason }),
      ...(state.note === '' ? {} : { note: state.note }),
    })
  }
  if (key === 's') {
    return busy({ ...state, skipped: state.skipped + 1, message: 'skipped' }, { kind: 'next' })
  }
  if (key === 'n') return still({ ...state, typing: state.note })
  if (key === ']') return still({ ...state, pane: 'card', quote: (state.quote + 1) % Math.max(1, quotes), top: 0 })
  if (key === ' ') return still({ ...state, pane: 'card', wide: !state.wide, top: 0 })
  return still({ ...state, message: '? lists the keys' })
}

/** What became of what a key asked for. */
export function arrive(state: DeskState, event: Event): Step {
  const ready = { ...state, busy: false }
  switch (event.kind) {
    case 'shown': {
      const fresh = { shown: event.shown, pane: 'card', quote: 0, wide: false, top: 0, typing: null } as const
      // A note waits for the link that it was written about, also where somebody else was faster.
      const note = event.shown.linkId === state.shown?.linkId ? state.note : ''
      return still({ ...ready, ...fresh, note, message: event.message ?? state.message })
    }
    case 'empty':
      return still({ ...ready, shown: null, pane: 'card', note: '', typing: null, top: 0 })
    case 'saved': {
      const { decisionId, message } = event
      const decided = decisionId === null ? state.decided : [decisionId, ...state.decided]
      return busy({ ...state, decided, undone: [], note: '', message }, { kind: 'next' })
    }
    case 'undone': {
      const undone = event.decisionId === null ? state.undone : [event.decisionId, ...state.undone]
      return still({ ...state, decided: state.decided.slice(1), undone, message: event.message })
    }
    case 'redone': {
      // The undo of an undo is what a further `u` takes back.
      const decided = event.decisionId === null ? state.decided : [event.decisionId, ...state.decided]
      return still({ ...state, decided, undone: state.undone.slice(1), message: event.message })
    }
    case 'refused':
      return still({ ...ready, message: event.message })
  }
}

function type(state: DeskState, typed: string, key: Key): DeskState {
  if (key === 'enter') return { ...state, note: typed.trim(), typing: null }
  if (key === 'escape') return { ...state, typing: null }
  if (key === 'backspace') return { ...state, typing: [...typed].slice(0, -1).join('') }
  return [...key].length === 1 ? { ...state, typing: typed + key } : state
}

function still(state: DeskState): Step {
  return { state, effect: null }
}

function busy(state: DeskState, effect: Effect): Step {
  return { state: { ...state, busy: true }, effect }
}
