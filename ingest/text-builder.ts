import type { Unit, UnitKind } from '../src/model/document.ts'
import type { Place } from '../src/model/place.ts'

type Gap = '' | ' ' | '\n' | '\n\n'

/** Zero-width spaces and stray byte order marks, which web pages leave at the ends of headings. */
const ZERO_WIDTH_ENDS = /^[\s\u200b\u2060\ufeff]+|[\s\u200b\u2060\ufeff]+$/g

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
    const text = raw.replace(ZERO_WIDTH_ENDS, '').replace(/\s*[\n\r\u0085\u2028\u2029]\s*/g, ' ')
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
