import type { EndAsked } from '../review/fix-ends.ts'
import type { Revision } from '../review/fix.ts'
import { printable } from '../terminal/printable.ts'
import { broken } from '../terminal/wrap.ts'
import { choicesLines, choicesOf, choicesPrompt, narrow, pressChoices, type Choice, type Choices } from './choices.ts'
import { endInWords, endsToPick, moveToOtherSide, type EndWanted, type Side } from './end-form.ts'
import type { Key } from './keys.ts'

/** What a person wants of a link: of one that is there what is otherwise, of one that the model missed all. */
export interface Wanted {
  readonly flip?: boolean
  readonly type?: string
  readonly subject?: EndAsked
  readonly object?: EndAsked
  readonly evidence?: readonly string[]
  /** Id of the chunk in which they stand, where one is added. */
  readonly in?: string
  readonly when?: string
  /** The same is wrong wherever it is said: replies that come are read so. */
  readonly isRule?: boolean
  /** Of an end itself, in place of anything else. */
  readonly end?: EndWanted
}

/** Something that was looked at before it is done: what becomes of the graph, in lines that are safe to print. */
export interface Looked {
  readonly lines: readonly string[]
  readonly revision: Revision
  /** What is said once it is done. */
  readonly done: string
}

type Typed = Side | 'type' | 'when' | 'words' | 'name' | 'one with'

/** The form in which a link is fixed, or one is added that the model missed. */
export interface FixForm {
  readonly mode: 'fix' | 'add'
  /** What is there, as an arrow, or the document to which one is added; and what the ends go by, where there are any. */
  readonly about: string
  readonly ends: Readonly<Partial<Record<Side, string>>>
  readonly types: readonly Choice<Wanted>[]
  readonly quotes: readonly Choice<Wanted>[]
  /** The first of them that is offered at first, from 0. */
  readonly firstQuote: number
  /** What the other way round would be, or why it cannot be. */
  readonly flipped: Looked | string
  readonly wanted: Wanted
  /** Null: the fields; else a list of which a key picks one, or something that is being typed. */
  readonly open: Choices<Wanted> | null
  readonly typing: { readonly what: Typed; readonly text: string; readonly end?: EndWanted } | null
  /** What Enter would do; null: nothing yet. */
  readonly looked: Looked | null
  readonly message: string
  readonly busy: boolean
}

export type FormEffect =
  | { readonly kind: 'close' }
  | { readonly kind: 'look' }
  /** Another end; or what an end is one with. */
  | { readonly kind: 'find'; readonly side: Side; readonly text: string; readonly end?: EndWanted }
  /** What is one in an end, to be split. */
  | { readonly kind: 'parts'; readonly end: EndWanted }
  | { readonly kind: 'save'; readonly looked: Looked }

export interface FormStep {
  readonly form: FixForm
  readonly effect: FormEffect | null
}

/** What a key does in the form. While something is read or saved, only Escape does anything. */
export function pressForm(form: FixForm, key: Key): FormStep {
  if (form.typing !== null) return type(form, form.typing, key)
  if (key === 'escape')
    return form.open === null ? { form, effect: { kind: 'close' } } : still({ ...form, ...goBack(form), message: '' })
  if (form.busy) return still(form)
  if (form.open !== null) return pressOpen(form, form.open, key)
  switch (key) {
    case 'enter':
      return form.looked === null ? still(form) : busy(form, { kind: 'save', looked: form.looked })
    case 'i':
      return flip(form)
    case 't':
      return still({ ...form, open: choicesOf('another type', form.types), message: '' })
    case '=':
      return still({ ...form, typing: { what: 'type', text: '' } })
    case 'e':
      return still({ ...form, open: choicesOf('the words that say so', form.quotes, form.firstQuote), message: '' })
    case 's':
    case 'o':
      return still({ ...form, typing: { what: key === 's' ? 'subject' : 'object', text: '' } })
    case 'w':
      return still({ ...form, typing: { what: 'when', text: '' } })
    case 'r':
      return form.mode === 'fix' ? rule(form) : still(form)
    case 'n':
      return form.mode === 'fix'
        ? still({ ...form, open: choicesOf(ENDS, endsToPick(form.ends)), message: '' })
        : still(form)
    default:
      return still(key === 'up' || key === 'down' ? form : { ...form, message: `${key} is no key of this form` })
  }
}

const ENDS = 'an end itself, with all its links'

function pressOpen(form: FixForm, open: Choices<Wanted>, key: Key): FormStep {
  if (key === '/') return still({ ...form, typing: { what: 'words', text: open.words } })
  if (key === 'enter' && isSplitting(form)) return enterSplit(form, open)
  const picked = pressChoices(open, key)
  if (picked === null) return still(form)
  if (!('label' in picked)) return still({ ...form, open: picked })
  const { end } = picked.wanted
  if (end?.apart !== undefined) return move(form, open, picked)
  const closed = { ...form, open: null }
  if (end === undefined || end.named !== undefined) return want(closed, picked.wanted)
  if (end.what === 'split') return busy(closed, { kind: 'parts', end })
  return still({ ...closed, typing: { what: end.what === 'rename' ? 'name' : 'one with', text: '', end } })
}

/** Whether the things that are one in an end lie open, to be put apart. */
function isSplitting({ open, wanted }: FixForm): boolean {
  return open !== null && wanted.end?.apart !== undefined
}

/** Where there is something on either side it is looked at, which may take a while, and once more Enter saves it. */
function enterSplit(form: FixForm, open: Choices<Wanted>): FormStep {
  const { looked } = form
  if (looked !== null) return busy(form, { kind: 'save', looked })
  return isParted(form, open) ? busy(form, { kind: 'look' }) : still(form)
}

function isParted({ wanted }: FixForm, open: Choices<Wanted>): boolean {
  const { length = 0 } = wanted.end?.apart ?? []
  return length > 0 && length < open.all.length
}

function move(form: FixForm, open: Choices<Wanted>, picked: Choice<Wanted>): FormStep {
  const { end } = form.wanted
  if (end === undefined) return still(form)
  const moved = moveToOtherSide(open, picked, end)
  return still({ ...form, open: moved.open, wanted: { end: moved.end }, looked: null, message: '' })
}

/** Who leaves the list of a split wants none. */
function goBack(form: FixForm): Partial<FixForm> {
  return isSplitting(form) ? { open: null, wanted: {}, looked: null } : { open: null }
}

/** By itself it is done at once, as what it does is shown; with anything else it is looked at first. */
function flip(form: FixForm): FormStep {
  if (form.mode === 'add' || Object.keys(form.wanted).length > 0) return want(form, { flip: form.wanted.flip !== true })
  if (typeof form.flipped === 'string') return still({ ...form, message: form.flipped })
  return busy(form, { kind: 'save', looked: form.flipped })
}

/** By itself it is nothing to be looked at. */
function rule(form: FixForm): FormStep {
  const { isRule = false, ...others } = form.wanted
  const wanted = isRule ? others : { ...others, isRule: true }
  return Object.keys(others).length > 0 ? want({ ...form, wanted }, {}) : still({ ...form, wanted, message: '' })
}

function type(form: FixForm, typing: NonNullable<FixForm['typing']>, key: Key): FormStep {
  const { what, text, end } = typing
  if (key === 'escape') return still({ ...form, typing: null })
  if (key === 'backspace') return still({ ...form, typing: { ...typing, text: [...text].slice(0, -1).join('') } })
  if (key !== 'enter') return still([...key].length === 1 ? { ...form, typing: { ...typing, text: text + key } } : form)
  const said = text.trim()
  const typed = { ...form, typing: null }
  if (what === 'words') return still({ ...typed, open: form.open === null ? null : narrow(form.open, said) })
  if (what === 'when') return want(typed, { when: said })
  if (said === '') return still(typed)
  if (what === 'type') return want(typed, { type: said })
  if (end === undefined) return busy(typed, { kind: 'find', side: what as Side, text: said })
  return end.what === 'rename'
    ? want(typed, { end: { ...end, named: said } })
    : busy(typed, { kind: 'find', side: end.side, text: said, end })
}

/** Wants this too, and looks what would become of it. What is said of an end itself is said alone. */
export function want(form: FixForm, more: Wanted): FormStep {
  const { end: _, ...before } = form.wanted
  const wanted = more.end === undefined ? { ...before, ...more } : more
  return busy({ ...form, wanted, looked: null }, { kind: 'look' })
}

function still(form: FixForm): FormStep {
  return { form, effect: null }
}

function busy(form: FixForm, effect: FormEffect): FormStep {
  return { form: { ...form, busy: true, message: '' }, effect }
}

/** The form as lines for a terminal. */
export function formLines(form: FixForm, width: number): string[] {
  const { mode, about, open, looked, flipped, wanted } = form
  const title = mode === 'fix' ? ` FIX  ${about}` : ' ADD  a link that the text says and nobody proposed'
  const becomes = looked === null ? [] : ['', ' BECOMES OF THE GRAPH', ...looked.lines, ' Enter saves it']
  if (open !== null) return broken([title, ...choicesLines(open), ...(isSplitting(form) ? becomes : [])], width)
  const kept = mode === 'fix' ? 'as it is' : '–'
  const words =
    wanted.evidence === undefined
      ? mode === 'fix'
        ? 'as they are'
        : '–'
      : `»${printable(wanted.evidence.join(' … '))}«`
  const when = wanted.when === undefined ? kept : printable(wanted.when) || 'not known'
  const names =
    wanted.end === undefined
      ? 'as they are: renames, merges or splits an end'
      : endInWords(wanted.end, form.ends[wanted.end.side] ?? '')
  const rule = wanted.isRule === true ? 'yes: replies that come are read so too' : 'no: this link only'
  return broken(
    [
      title,
      ...turnedLines(form, Object.keys(wanted).length > 0 ? null : flipped),
      `  s  subject  ${shownEnd(form, 'subject')}`,
      `  t  type     ${wanted.type ?? kept}    =  one that is typed`,
      `  o  object   ${shownEnd(form, 'object')}`,
      `  e  words    ${words}`,
      `  w  when     ${when}`,
      ...(mode === 'fix' ? [`  r  rule     ${rule}`, `  n  names    ${names}`] : []),
      ...becomes,
    ],
    width,
  )
}

/** The other way round: what that would do, where it is done at once. */
function turnedLines({ mode }: FixForm, flipped: FixForm['flipped'] | null): string[] {
  if (mode === 'add' || flipped === null) return ['  i  the other way round']
  return typeof flipped === 'string'
    ? [`  i  the other way round: not possible. ${flipped}`]
    : ['  i  the other way round, at once:', ...flipped.lines]
}

/** Which keys there are, or what is being typed. */
export function formPrompt(form: FixForm): string {
  const { typing, open, looked, mode, ends } = form
  if (typing !== null) return ` ${typing.what}: ${printable(typing.text)}▏`
  if (open !== null) return isSplitting(form) ? partsPrompt(form, open) : choicesPrompt(open)
  if (looked !== null) return ' Enter saves  Esc leaves it'
  if (mode === 'fix') return ' Esc leaves it as it is'
  return ` ${ends.subject === undefined ? 's, o, t and e' : 't and e'} say what it is  Esc leaves it`
}

function partsPrompt(form: FixForm, open: Choices<Wanted>): string {
  const enter = form.looked !== null ? '  Enter saves' : isParted(form, open) ? '  Enter shows it' : ''
  return ` a key puts one apart, or back${enter}  Esc back`
}

function shownEnd({ wanted, ends }: FixForm, side: Side): string {
  const own = wanted.flip === true ? (side === 'subject' ? 'object' : 'subject') : side
  const asked = wanted[side]
  return printable(asked === undefined ? (ends[own] ?? '–') : (asked.shown ?? asked.named))
}
