import { printable } from '../terminal/printable.ts'
import type { Key } from './keys.ts'

/** One of several that a key picks, and what is wanted then. */
export interface Choice<T> {
  readonly label: string
  readonly wanted: T
}

/** Things of which a key picks one, a page at a time. */
export interface Choices<T> {
  readonly title: string
  readonly all: readonly Choice<T>[]
  /** The first that is shown, counted from 0 among those with the words. */
  readonly from: number
  /** Only those in whose labels they stand; empty: all. */
  readonly words: string
}

const PICKS = [...'123456789abcdefghijklmnopqrstuvwxyz']
/** As many as keys pick. */
export const PAGE = PICKS.length

export function choicesOf<T>(title: string, all: readonly Choice<T>[], from = 0): Choices<T> {
  return { title, all, from, words: '' }
}

/** Those that have the words, from their first page on. */
export function narrow<T>(choices: Choices<T>, words: string): Choices<T> {
  return { ...choices, words: words.trim(), from: 0 }
}

/** What a key picks, or the page that it leads to; null: neither. */
export function pressChoices<T>(choices: Choices<T>, key: Key): Choice<T> | Choices<T> | null {
  const some = withWords(choices)
  const { from } = choices
  if (key === ']') return from + PAGE < some.length ? { ...choices, from: from + PAGE } : null
  if (key === '[') return from > 0 ? { ...choices, from: Math.max(0, from - PAGE) } : null
  const at = PICKS.indexOf(key)
  return at < 0 ? null : (some[from + at] ?? null)
}

export function choicesLines<T>(choices: Choices<T>): string[] {
  const { title, from, words } = choices
  const some = withWords(choices)
  const having = words === '' ? '' : ` with ${printable(words)}`
  const pages = some.length > PAGE ? `, ${from + 1} to ${Math.min(some.length, from + PAGE)} of ${some.length}` : ''
  return [
    ` ${printable(title)}${having}${pages}:`,
    ...(some.length === 0 ? [`   none${words === '' ? ' is known' : ' has these words'}`] : []),
    ...some.slice(from, from + PAGE).map(({ label }, i) => `   ${PICKS[i]}  ${printable(label)}`),
  ]
}

export function choicesPrompt<T>(choices: Choices<T>): string {
  const isLong = choices.all.length > PAGE
  return ` a key picks one${isLong ? '  ] [ pages  / words' : ''}  Esc back`
}

function withWords<T>({ all, words }: Choices<T>): readonly Choice<T>[] {
  const wanted = words.toLowerCase()
  return wanted === '' ? all : all.filter(({ label }) => label.toLowerCase().includes(wanted))
}
