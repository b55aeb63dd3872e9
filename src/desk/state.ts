import type { Remark } from '../model/decision.ts'
import type { LinkStatus } from '../model/link.ts'
import type { RejectionRule } from '../model/rejection-rule.ts'
import { REASONS } from '../review/reasons.ts'
import type { Key } from './keys.ts'
import { pressPattern, ruleOf, type Pattern } from './pattern.ts'

/** What stands below the link: its card, or something else that was asked for until the same key, or another, is pressed. */
export type Pane = 'card' | 'steps' | 'trace' | 'others' | 'alike' | 'history' | 'help'

/** A link as it stood when it was looked at: a decision about it counts while it stands so. */
export interface Seen {
  readonly linkId: string
  readonly rev: number
  readonly status: LinkStatus
}

/** The link that is shown. */
export interface Shown extends Seen {
  readonly quotes: number
  /** Those that are decided with it where they are looked at together. */
  readonly alike: readonly Seen[]
}

/** Something that is being written: a note for a decision, or which links are to be shown. */
export interface Typing {
  readonly what: 'note' | 'filter'
  readonly text: string
}

/** All that the next key depends on. */
export interface DeskState {
  /** Null: a document is asked about, or nothing waits at the moment. */
  readonly shown: Shown | null
  /** Id of the document of which is asked whether it says anything that no link says; null: none is. */
  readonly asked: string | null
  readonly pane: Pane
  /** Which quote, from 0. */
  readonly quote: number
  /** With the units around the quote. */
  readonly wide: boolean
  /** Lines scrolled past. */
  readonly top: number
  /** Null: the link is not to be rejected as one of many. */
  readonly pattern: Pattern | null
  /** Goes with the next decision about this link. */
  readonly note: string
  /** Null: keys are commands. */
  readonly typing: Typing | null
  readonly message: string
  /** Something is being read or saved: no key decides about what nobody has seen yet. */
  readonly busy: boolean
  /**
   * Standing decisions of this sitting, which `u` takes back, the last first; and undos, which `U` takes back. Those that were
   * made with one key go together.
   */
  readonly decided: readonly (readonly string[])[]
  readonly undone: readonly (readonly string[])[]
  /** Those decisions of this sitting that skipped or flagged a link. */
  readonly remarks: readonly string[]
  /** Those decisions of this sitting, and undos, that were made beside what lay open, which waited still. */
  readonly beside: readonly string[]
  /** Documents of which nothing is missing, by a key that `u` takes back once so many of {@link decided} are left; the last first. */
  readonly searched: readonly { readonly documentId: string; readonly after: number }[]
}

export type Effect =
  | {
      readonly kind: 'decide'
      readonly link: Seen
      readonly verdict: 'accept' | 'reject' | Remark
      /** Decided in the same way. */
      readonly alike: readonly Seen[]
      readonly reason?: string
      readonly note?: string
      /** Rejects such links of replies to come too. */
      readonly rule?: RejectionRule
    }
  /** Takes back decisions; of `redo` they are undos. None: the reviewer's last one before this sitting. */
  | { readonly kind: 'undo' | 'redo'; readonly decisionIds: readonly string[] }
  /** What was taken back, or done again, is looked at; it is one of those that are decided then. */
  | { readonly kind: 'show'; readonly linkId: string; readonly isDecided: boolean }
  /** What lies open is looked at as it is now: something was decided beside it. */
  | { readonly kind: 'look' }
  /** Which links are shown from now on; empty: all. */
  | { readonly kind: 'filter'; readonly text: string }
  /** What a link would have in common with others that are rejected with it. */
  | { readonly kind: 'pattern'; readonly linkId: string }
  /** Nothing is missing from what a document says. */
  | { readonly kind: 'searched'; readonly documentId: string }
  /** Takes that back. */
  | { readonly kind: 'unsearched'; readonly documentId: string }
  /** Asks about the documents of links that were shown. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'order' | 'next' | 'leave' }

/** What came of an effect. */
export type Event =
  | { readonly kind: 'shown'; readonly shown: Shown; readonly message?: string }
  | { readonly kind: 'asked'; readonly documentId: string; readonly message?: string }
  | { readonly kind: 'empty'; readonly message?: string }
  | { readonly kind: 'patterned'; readonly pattern: Pattern }
  | {
      readonly kind: 'saved'
      readonly decisionIds: readonly string[]
      /** It says nothing of what becomes of the link. */
      readonly isRemark?: boolean
      readonly message: string
    }
  | {
      readonly kind: 'undone' | 'redone'
      readonly decisionIds: readonly string[]
      /** What is shown of it; null: what lies open, beside which it was made. */
      readonly linkId: string | null
      readonly message: string
    }
  /** It was noted that nothing is missing from what a document says. */
  | { readonly kind: 'searched'; readonly documentId: string; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  /** There is nothing (any more) to be decided about: the next one is shown. */
  | { readonly kind: 'gone'; readonly message: string }

export interface Step {
  readonly state: DeskState
  readonly effect: Effect | null
}

export const OPENING: DeskState = {
  shown: null,
  asked: null,
  pane: 'card',
  quote: 0,
  wide: false,
  top: 0,
  pattern: null,
  note: '',
  typing: null,
  message: '',
  busy: true,
  decided: [],
  undone: [],
  remarks: [],
  beside: [],
  searched: [],
}

const PANES: Readonly<Record<Key, Pane>> = {
  r: 'steps',
  t: 'trace',
  c: 'others',
  p: 'alike',
  w: 'history',
  '?': 'help',
}

/** Whether a key says what becomes of something: it counts for what its reviewer saw only. */
export function decides({ typing, pattern }: DeskState, key: Key): boolean {
  if (typing !== null) return false
  if (pattern !== null) return key === 'enter'
  return verdictOf(key) !== undefined || key === 'u' || key === 'U'
}

/** What a key does. Keys that come while something is read or saved do nothing, but for those that leave. */
export function press(state: DeskState, key: Key): Step {
  if (key === 'interrupt') return { state, effect: { kind: 'leave' } }
  if (state.typing !== null) return type(state, state.typing, key)
  if (key === 'q') return { state, effect: { kind: 'leave' } }
  if (state.busy) return { state, effect: null }
  if (state.pattern !== null && state.shown !== null) return pressOnPattern(state, state.shown, state.pattern, key)
  if (key === 'u') return pressUndo(state)
  const [undo] = state.undone
  if (key === 'U')
    return undo === undefined
      ? still({ ...state, message: 'nothing to do again' })
      : busy(state, { kind: 'redo', decisionIds: undo })
  if (key === 'o') return busy(state, { kind: 'order' })
  if (key === '/') return still({ ...state, typing: { what: 'filter', text: '' } })
  const pane = PANES[key]
  if (pane !== undefined) return still({ ...state, pane: state.pane === pane ? 'card' : pane, top: 0 })
  if (key === 'escape') return still({ ...state, pane: 'card', top: 0 })
  if (key === 'down') return still({ ...state, top: state.top + 1 })
  if (key === 'up') return still({ ...state, top: Math.max(0, state.top - 1) })
  if (state.shown !== null) return pressOnLink(state, state.shown, key)
  if (state.asked !== null) return pressOnDocument(state, state.asked, key)
  return key === '+'
    ? busy(state, { kind: 'ask' })
    : still({ ...state, message: 'nothing is shown that it could be about' })
}

/** What was done last: a decision, or that nothing is missing from what a document says. */
function pressUndo(state: DeskState): Step {
  const [last, ...searched] = state.searched
  return last?.after === state.decided.length
    ? busy({ ...state, searched }, { kind: 'unsearched', documentId: last.documentId })
    : busy(state, { kind: 'undo', decisionIds: state.decided[0] ?? [] })
}

/** Only what makes the rule, saves or leaves it counts. */
function pressOnPattern(state: DeskState, { linkId, rev, status }: Shown, pattern: Pattern, key: Key): Step {
  const link = { linkId, rev, status }
  if (key === 'escape' || key === 'X') return still({ ...state, pattern: null, top: 0 })
  const note = state.note === '' ? {} : { note: state.note }
  if (key === 'enter')
    return busy(state, { kind: 'decide', link, verdict: 'reject', alike: [], rule: ruleOf(pattern), ...note })
  return still({ ...state, pattern: pressPattern(pattern, key) ?? pattern })
}

/** Whether anything is missing from what a document says. */
function pressOnDocument(state: DeskState, documentId: string, key: Key): Step {
  if (key === 'a') return busy(state, { kind: 'searched', documentId })
  if (key === 's') return busy({ ...state, message: '' }, { kind: 'next' })
  if (key === ' ') return still({ ...state, top: state.top + SCREEN })
  return still({ ...state, message: 'that is about a link: a says that nothing is missing, + adds what is' })
}

/** Lines, of the smallest screen. */
const SCREEN = 10

const VERDICTS: Readonly<Record<Key, 'accept' | 'reject' | Remark>> = { a: 'accept', x: 'reject', s: 'skip', F: 'flag' }

function verdictOf(key: Key): 'accept' | 'reject' | Remark | undefined {
  return VERDICTS[key] ?? (/^[1-7]$/.test(key) ? 'reject' : undefined)
}

function pressOnLink(state: DeskState, { quotes, alike, ...link }: Shown, key: Key): Step {
  const verdict = verdictOf(key)
  if (verdict !== undefined) {
    const reason = REASONS[Number(key) - 1]
    return busy(state, {
      kind: 'decide',
      link,
      verdict,
      alike: state.pane === 'alike' && verdict !== 'skip' && verdict !== 'flag' ? alike : [],
      ...(reason === undefined ? {} : { reason }),
      ...(state.note === '' ? {} : { note: state.note }),
    })
  }
  if (key === 'n') return still({ ...state, typing: { what: 'note', text: state.note } })
  if (key === 'X') return busy({ ...state, message: '' }, { kind: 'pattern', linkId: link.linkId })
  const onCard = { pane: 'card', top: 0 } as const
  if (key === ']') return still({ ...state, ...onCard, quote: (state.quote + 1) % Math.max(1, quotes) })
  if (key === ' ') return still({ ...state, ...onCard, wide: !state.wide })
  return still(state)
}

/** What became of what a key asked for. */
export function arrive(state: DeskState, event: Event): Step {
  const ready = { ...state, busy: false }
  switch (event.kind) {
    case 'shown': {
      // What is being typed goes on: keys would fall upon a card that came beside it.
      const at = { pane: 'card', pattern: null, quote: 0, wide: false, top: 0 } as const
      const fresh = { shown: event.shown, asked: null, ...at }
      // A note waits for the link that it was written about, also where somebody else was faster.
      const note = event.shown.linkId === state.shown?.linkId ? state.note : ''
      return still({ ...ready, ...fresh, note, message: event.message ?? state.message })
    }
    case 'asked':
    case 'empty': {
      const asked = event.kind === 'asked' ? event.documentId : null
      const none = { shown: null, asked, pane: 'card', pattern: null, note: '', top: 0 } as const
      return still({ ...ready, ...none, message: event.message ?? state.message })
    }
    case 'patterned':
      return still({ ...ready, pattern: event.pattern, top: 0 })
    case 'saved': {
      const { decisionIds, isRemark = false, message } = event
      const decided = before(decisionIds, state.decided)
      const remarks = isRemark ? [...decisionIds, ...state.remarks] : state.remarks
      return busy({ ...state, decided, remarks, undone: [], note: '', message }, { kind: 'next' })
    }
    case 'undone': {
      const undone = before(event.decisionIds, state.undone)
      return takenBack({ ...state, decided: state.decided.slice(1), undone }, event)
    }
    case 'redone': {
      // The undo of an undo is what a further `u` takes back.
      const decided = before(event.decisionIds, state.decided)
      return takenBack({ ...state, decided, undone: state.undone.slice(1) }, event)
    }
    case 'searched': {
      const searched = [{ documentId: event.documentId, after: state.decided.length }, ...state.searched]
      return busy({ ...state, searched, message: event.message }, { kind: 'next' })
    }
    case 'refused':
      return still({ ...ready, message: event.message })
    case 'gone':
      return busy({ ...state, note: '', message: event.message }, { kind: 'next' })
  }
}

function takenBack(state: DeskState, event: Extract<Event, { kind: 'undone' | 'redone' }>): Step {
  const { kind, decisionIds, linkId, message } = event
  return linkId === null
    ? busy({ ...state, beside: [...decisionIds, ...state.beside], message }, { kind: 'look' })
    : busy({ ...state, message }, { kind: 'show', linkId, isDecided: kind === 'redone' })
}

function type(state: DeskState, typing: Typing, key: Key): Step {
  const text = typing.text.trim()
  if (key === 'enter' && typing.what === 'filter') return busy({ ...state, typing: null }, { kind: 'filter', text })
  if (key === 'enter') return still({ ...state, note: text, typing: null })
  if (key === 'escape') return still({ ...state, typing: null })
  if (key === 'backspace')
    return still({ ...state, typing: { ...typing, text: [...typing.text].slice(0, -1).join('') } })
  return still([...key].length === 1 ? { ...state, typing: { ...typing, text: typing.text + key } } : state)
}

function before<T>(some: readonly T[], others: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return some.length === 0 ? others : [some, ...others]
}

function still(state: DeskState): Step {
  return { state, effect: null }
}

function busy(state: DeskState, effect: Effect): Step {
  return { state: { ...state, busy: true }, effect }
}
