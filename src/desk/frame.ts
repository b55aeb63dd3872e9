import { counted } from '../model/counted.ts'
import { printable } from '../terminal/printable.ts'
import { broken } from '../terminal/wrap.ts'
import type { Cards } from './cards.ts'
import { cardLines, helpPane, type Card } from './card.ts'
import { formLines, formPrompt, type FixForm } from './fix-form.ts'
import type { Frame } from './front.ts'
import { askedKeysLine, emptyKeysLine, keysLine, type Keyboard } from './keys.ts'
import { missingLines } from './missing-card.ts'
import type { Elsewhere } from './queue.ts'
import { OPENING, type DeskState } from './state.ts'
import { PATTERN_KEYS } from './pattern.ts'

/** All that a desk shows of itself. */
export interface Laid {
  readonly state: DeskState
  /** Null: the card lies open. */
  readonly form: FixForm | null
  readonly cards: Cards
  /** The next card, while something is saved about the one that is open; null: nothing is, or it is not read yet. */
  readonly coming: Card | null
  readonly keys: Keyboard
}

/** What a reviewer sees of a desk on a front so many columns wide. */
export function frameOf({ state, form, cards, coming, keys }: Laid, width: number): Frame {
  const top = coming === null ? state.top : 0
  if (form !== null) {
    const { message, busy } = form
    return { lines: formLines(form, width), message: printable(message), prompt: formPrompt(form), busy, top }
  }
  const { typing, message, busy } = state
  const { lines, commands } =
    coming === null
      ? contentOf({ state, cards, keys }, width)
      : { lines: cardLines(coming, OPENING, width), commands: keysLine(keys) }
  const prompt = typing === null ? commands : ` ${typing.what}: ${printable(typing.text)}▏`
  return { lines, message: printable(message), prompt, busy, top }
}

/** What lies there, and the keys for it. */
function contentOf(
  { state, cards, keys }: Pick<Laid, 'state' | 'cards' | 'keys'>,
  width: number,
): { lines: string[]; commands: string } {
  const { open, asked } = cards
  if (state.shown !== null && open !== null)
    return { lines: cardLines(open, state, width), commands: state.pattern === null ? keysLine(keys) : PATTERN_KEYS }
  const help = state.pane === 'help' ? helpPane(keys, width) : null
  if (state.asked !== null && asked !== null)
    return { lines: help ?? missingLines(asked, width), commands: askedKeysLine(keys) }
  return { lines: help ?? broken(emptyLines(state, cards), width), commands: emptyKeysLine(keys, cards.canAsk) }
}

function emptyLines({ busy }: DeskState, { filter, order, elsewhere }: Cards): string[] {
  if (busy) return [' looking for links …']
  if (elsewhere !== null)
    return [...elsewhereLines(elsewhere, filter), ' What a running ingest proposes will appear here.']
  const what = filter === '' ? 'Nothing' : `Nothing with ${printable(filter)}`
  const where = order === 'disagree' || order === 'contradict' ? ' in this order' : ''
  return [` ${what} waits for a person now${where}. What a running ingest proposes will appear here.`]
}

function elsewhereLines({ count, reviewers, until }: Elsewhere, filter: string): string[] {
  const what = `${counted(count, 'link')}${filter === '' ? '' : ` with ${printable(filter)}`}`
  const who = reviewers.map(printable).join(' and ')
  const free = new Date(until).toTimeString().slice(0, 5)
  const [lies, it] = count === 1 ? ['lies', 'it'] : ['lie', 'them']
  return [
    ` Nothing waits for you now but ${what}, which ${lies} before ${who}.`,
    ` Where nothing more is done about ${it}, free from ${free} on, and shown here then.`,
  ]
}
