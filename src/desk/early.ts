import type { FixForm } from './fix-form.ts'
import type { Key } from './keys.ts'
import { decides, type DeskState } from './state.ts'

/**
 * Keys that were pressed while something was read or saved, before what comes of it was shown. Those that open or show
 * something act on it then, and what is typed is typed, so that no text falls upon a card as commands; one that decides
 * is left out and told, as it would decide about what its reviewer has not seen.
 */
export function isTooEarly(key: Key, state: DeskState, form: FixForm | null): boolean {
  if (form === null) return decides(state, key)
  return form.typing === null && form.open === null && (key === 'enter' || key === 'i')
}

/** What is said of keys that did nothing, by their names on the keyboard. */
export function tooEarly(names: readonly string[]): string {
  const all = [...new Set(names)]
  return `${all.join(', ')} came before this was shown, and did nothing`
}
