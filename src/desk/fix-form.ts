import type { EndAsked } from '../review/fix-ends.ts'
import type { Revision } from '../review/fix.ts'
import { printable } from '../terminal/printable.ts'
import { fold, wrap } from '../terminal/wrap.ts'
import type { Key } from './keys.ts'

/** What a person wants of a link: of one that is there what is otherwise, of one that the model missed all. */
export interface Wanted {
  readonly flip?: boolean
  readonly type?: string
  readonly subject?: EndAsked
  readonly object?: EndAsked
  readonly evidence?: readonly string[]
  readonly when?: string
}

/** Something that was looked at before it is done: what becomes of the graph, in lines that are safe to print. */
export interface Looked {
  readonly lines: readonly string[]
  readonly revision: Revision
}

export type Side = 'subject' | 'object'
type Typed = Side | 'type' | 'when'

/** One of several that a key picks. */
export interface Choice {
  readonly label: string
  readonly wanted: Wanted
}

/** The form in which a link is fixed, or one is added that the model missed. */
export interface FixForm {
  readonly mode: 'fix' | 'add'
  /** What is there, as an arrow, and what the names of its ends are. */
  readonly about: string
  readonly ends: Readonly<Record<Side, string>>
  readonly types: readonly Choice[]
  readonly quotes: readonly Choice[]
  /** What the other way round would be, or why it cannot be. */
  readonly flipped: Looked | string
  readonly wanted: Wanted
  /** Null: the fields; else a list of which a key picks one, or something that is being typed. */
  readonly open: { readonly title: string; readonly choices: readonly Choice[] } | null
  readonly typing: { readonly what: Typed; readonly text: string } | null
  /** What Enter would do; null: nothing yet. */
  readonly looked: Looked | null
  readonly message: string
  readonly busy: boolean
}

export type FormEffect =
  | { readonly kind: 'close' }
  | { readonly kind: 'look' }
  | { readonly kind: 'find'; readonly side: Side; readonly text: string }
  | { readonly kind: 'save'; readonly looked: Looked }

export interface FormStep {
  readonly form: FixForm
  readonly effect: FormEffect | null
}

const PICKS = [...'123456789abcdefghijklmnopqrstuvwxyz']
/** As many as keys pick. */
export const MOST_CHOICES = PICKS.length

/** What a key does in the form. While something is read or saved, only Escape does anything. */
export function pressForm(form: FixForm, key: Key): FormStep {
  if (form.typing !== null) return type(form, form.typing, key)
  if (key === 'escape')
    return form.open === null ? { form, effect: { kind: 'close' } } : still({ ...form, open: null, message: '' })
  if (form.busy) return still(form)
  if (form.open !== null) {
    const choice = form.open.choices[PICKS.indexOf(key)]
    return choice === undefined ? still(form) : want({ ...form, open: null }, choice.wanted)
  }
  switch (key) {
    case 'enter':
      return form.looked === null ? still(form) : busy(form, { kind: 'save', looked: form.looked })
    case 'i':
      return flip(form)
    case 't':
      return still({ ...form, open: { title: 'another type', choices: form.types } })
    case '=':
      return still({ ...form, typing: { what: 'type', text: '' } })
    case 'e':
      return still({ ...form, open: { title: 'the words that say so', choices: form.quotes } })
    case 's':
    case 'o':
      return still({ ...form, typing: { what: key === 's' ? 'subject' : 'object', text: '' } })
    case 'w':
      return still({ ...form, typing: { what: 'when', text: '' } })
    default:
      return still(form)
  }
}

/** By itself it is done at once, as what it does is shown; with anything else it is looked at first. */
function flip(form: FixForm): FormStep {
  if (form.mode === 'add' || Object.keys(form.wanted).length > 0) return want(form, { flip: form.wanted.flip !== true })
  if (typeof form.flipped === 'string') return still({ ...form, message: form.flipped })
  return busy(form, { kind: 'save', looked: form.flipped })
}

function type(form: FixForm, { what, text }: NonNullable<FixForm['typing']>, key: Key): FormStep {
  if (key === 'escape') return still({ ...form, typing: null })
  if (key === 'backspace') return still({ ...form, typing: { what, text: [...text].slice(0, -1).join('') } })
  if (key !== 'enter') return still([...key].length === 1 ? { ...form, typing: { what, text: text + key } } : form)
  const said = text.trim()
  const typed = { ...form, typing: null }
  if (what === 'when') return want(typed, { when: said })
  if (said === '') return still(typed)
  if (what === 'type') return want(typed, { type: said })
  return busy(typed, { kind: 'find', side: what, text: said })
}

/** Wants this too, and looks what would become of it. */
export function want(form: FixForm, more: Wanted): FormStep {
  return busy({ ...form, wanted: { ...form.wanted, ...more }, looked: null }, { kind: 'look' })
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
  const indented = (line: string): string => wrap(line, width - 4, '      ')
  if (open !== null)
    return [
      title,
      ` ${open.title}:`,
      ...(open.choices.length === 0 ? ['   none is known'] : []),
      ...open.choices.map(({ label }, i) => `   ${PICKS[i]}  ${indented(printable(label))}`),
    ].flatMap((line) => lines(line, width))
  const turned =
    mode === 'add' || Object.keys(wanted).length > 0
      ? ['  i  the other way round']
      : ['  i  the other way round, at once:', ...(typeof flipped === 'string' ? [`     ${flipped}`] : flipped.lines)]
  return [
    title,
    ...turned,
    `  s  subject  ${shownEnd(form, 'subject')}`,
    `  t  type     ${wanted.type ?? (mode === 'fix' ? 'as it is' : '–')}    =  one that is typed`,
    `  o  object   ${shownEnd(form, 'object')}`,
    `  e  words    ${indented(wanted.evidence === undefined ? (mode === 'fix' ? 'as they are' : '–') : `»${printable(wanted.evidence.join(' … '))}«`)}`,
    `  w  when     ${wanted.when === undefined ? (mode === 'fix' ? 'as it is' : '–') : printable(wanted.when) || 'not known'}`,
    ...(looked === null ? [] : ['', ' BECOMES OF THE GRAPH', ...looked.lines, ' Enter saves it']),
  ].flatMap((line) => lines(line, width))
}

/** Which keys there are, or what is being typed. */
export function formPrompt({ typing, open, looked, mode }: FixForm): string {
  if (typing !== null) return ` ${typing.what}: ${printable(typing.text)}▏`
  if (open !== null) return ' a key picks one  Esc back'
  return looked === null ? ` Esc leaves it${mode === 'fix' ? ' as it is' : ''}` : ' Enter saves  Esc leaves it'
}

function shownEnd({ wanted, ends }: FixForm, side: Side): string {
  const own = wanted.flip === true ? (side === 'subject' ? 'object' : 'subject') : side
  const asked = wanted[side]
  return printable(asked === undefined ? ends[own] : (asked.shown ?? asked.named))
}

function lines(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => fold(line, width))
}
