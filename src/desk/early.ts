import type { Card } from './card.ts'
import type { FixForm } from './fix-form.ts'
import type { Key } from './keys.ts'
import { hashShown } from './shown.ts'
import { decides, type DeskState } from './state.ts'

/** A key that was pressed while something was read or saved. */
export interface EarlyKey {
  readonly key: Key
  /** Hash of the card that was looked at meanwhile, see {@link hashShown}; null: none was. */
  readonly at: string | null
}

/**
 * Keys that were pressed while something was read or saved, before what comes of it was shown. Those that open or show
 * something act on it then, and what is typed is typed, so that no text falls upon a card as commands; one that decides
 * is left out and told, unless the card that was looked at meanwhile is the one that is `open` now, unchanged: it would
 * decide about what its reviewer has not seen.
 */
export function isTooEarly(
  { key, at }: EarlyKey,
  { state, form, open }: { state: DeskState; form: FixForm | null; open: Card | null },
): boolean {
  if (form === null) return decides(state, key) && (at === null || open === null || at !== hashShown(open.view))
  return form.typing === null && (key === 'enter' || (key === 'i' && form.open === null))
}

/** What is said of keys that did nothing, by their names on the keyboard. */
export function tooEarly(names: readonly string[]): string {
  const all = [...new Set(names)]
  return `${all.join(', ')} came before this was shown, and did nothing`
}
