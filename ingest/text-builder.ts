import type { Unit, UnitKind } from '../src/model/document.ts'
import type { Place } from '../src/model/place.ts'

type Gap = '' | ' ' | '\n' | '\n\n'

/** Zero-width spaces and stray byte order marks, which web pages leave at the ends of headings. */
const ZERO_WIDTH = '\u200b\u2060\ufeff'
const LINE_BREAKS = /[\n\r\u0085\u2028\u2029]+/

/** Nothing that a person could see: white space, format characters (zero-width, bidi), controls. */
const INVISIBLE = /^[\s\p{Z}\p{Cf}\p{Cc}]*$/u

/** Writes a document's text and its units in one go, so that nothing but white space can stand between units. */
export class TextBuilder {
  readonly units: Unit[] = []
  readonly #parts: string[] = []
  #length = 0
  #gap: Gap = ''

  /** The next unit begins a new line. */
  line(): void {
    if (this.#gap !== '\n\n') this.#gap = '\n'
  }

  /** The next unit begins a new paragraph. */
  block(): void {
    this.#gap = '\n\n'
  }

  /** A unit never holds a line break: one that is printed into a prompt cannot pose as the next one. */
  add(kind: UnitKind, raw: string, place: Place): void {
    const trimmed = trimEnds(raw)
    const text = LINE_BREAKS.test(trimmed)
      ? trimmed
          .split(LINE_BREAKS)
          .map((line) => line.trim())
          .join(' ')
      : trimmed
    if (INVISIBLE.test(text)) return
    const gap = this.#length === 0 ? '' : this.#gap === '' ? ' ' : this.#gap
    this.#parts.push(gap, text)
    const start = this.#length + gap.length
    this.#length = start + text.length
    this.units.push({ kind, start, end: this.#length, place })
    this.#gap = ''
  }

  get text(): string {
    return this.#parts.join('')
  }

  textOf(unit: Unit, text: string): string {
    return text.slice(unit.start, unit.end)
  }
}

/** By hand: a pattern that looks for white space before the end takes quadratic time on long runs of it inside. */
function trimEnds(text: string): string {
  let trimmed = text.trim()
  while (ZERO_WIDTH.includes(trimmed.at(-1) ?? ' ')) trimmed = trimmed.slice(0, -1).trimEnd()
  while (ZERO_WIDTH.includes(trimmed[0] ?? ' ')) trimmed = trimmed.slice(1).trimStart()
  return trimmed
}
