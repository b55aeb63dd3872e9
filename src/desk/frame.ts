import { printable } from '../terminal/printable.ts'
import { broken } from '../terminal/wrap.ts'
import type { Cards } from './cards.ts'
import { cardLines, helpPane } from './card.ts'
import { formLines, formPrompt, type FixForm } from './fix-form.ts'
import type { Frame } from './front.ts'
import { askedKeysLine, emptyKeysLine, keysLine, type Keyboard } from './keys.ts'
import { missingLines } from './missing-card.ts'
import type { DeskState } from './state.ts'

/** All that a desk shows of itself. */
export interface Laid {
  readonly state: DeskState
  /** Null: the card lies open. */
  readonly form: FixForm | null
  readonly cards: Cards
  readonly keys: Keyboard
}

/** What a reviewer sees of a desk on a front so many columns wide. */
export function frameOf({ state, form, cards, keys }: Laid, width: number): Frame {
  const { top } = state
  if (form !== null) {
    const { message, busy } = form
    return { lines: formLines(form, width), message: printable(message), prompt: formPrompt(form), busy, top }
  }
  const { typing, message, busy } = state
  const { lines, commands } = contentOf({ state, cards, keys }, width)
  const prompt = typing === null ? commands : ` ${typing.what}: ${printable(typing.text)}▏`
  return { lines, message: printable(message), prompt, busy, top }
}

/** What lies there, and the keys for it. */
function contentOf({ state, cards, keys }: Omit<Laid, 'form'>, width: number): { lines: string[]; commands: string } {
  const { open, asked } = cards
  if (state.shown !== null && open !== null) return { lines: cardLines(open, state, width), commands: keysLine(keys) }
  const help = state.pane === 'help' ? helpPane(keys, width) : null
  if (state.asked !== null && asked !== null)
    return { lines: help ?? missingLines(asked, width), commands: askedKeysLine(keys) }
  return { lines: help ?? broken(emptyLines(state, cards), width), commands: emptyKeysLine(keys, cards.canAsk) }
}

function emptyLines({ busy }: DeskState, { filter, order }: Cards): string[] {
  if (busy) return [' looking for links …']
  const what = filter === '' ? 'Nothing' : `Nothing with ${printable(filter)}`
  const where = order === 'disagree' || order === 'contradict' ? ' in this order' : ''
  return [` ${what} waits for a person now${where}. What a running ingest proposes will appear here.`]
}
