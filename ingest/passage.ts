import type { UnitKind } from '../src/model/document.ts'
import { splitSentences } from './sentences.ts'
import type { TextBuilder } from './text-builder.ts'

/** How line ends inside a passage are meant: white space only (markup), or what somebody typed (plain text). */
export type LineEnds = 'soft' | 'typed'

interface Line {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A run of words as a reader collects it, with the source line of every stretch; `\n` where the source has one. */
export class Passage {
  readonly #parts: string[] = []
  /** Offsets at which a stretch of known line begins. */
  readonly #offsets: number[] = []
  readonly #lines: number[] = []
  #length = 0
  #text: string | null = null

  append(text: string, line: number): void {
    if (text === '') return
    this.#text = null
    this.#mark(this.#length, line)
    let at = line
    for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) {
      at += 1
      this.#mark(this.#length + index + 1, at)
    }
    this.#parts.push(text)
    this.#length += text.length
  }

  get text(): string {
    this.#text ??= this.#parts.join('')
    return this.#text
  }

  get isBlank(): boolean {
    return this.text.trim() === ''
  }

  lineAt(offset: number): number {
    let low = 0
    let high = this.#offsets.length
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if ((this.#offsets[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return this.#lines[low] ?? 1
  }

  #mark(offset: number, line: number): void {
    this.#offsets.push(offset)
    this.#lines.push(line)
  }
}

/** The whole passage as one unit, white space folded: headings, short list items, cells. */
export function addWhole(builder: TextBuilder, kind: UnitKind, passage: Passage): void {
  const text = passage.text
  const first = text.search(/\S/)
  if (first >= 0) builder.add(kind, foldSpace(text), { line: passage.lineAt(first) })
}

/** The passage sentence by sentence. `width` is the measure at which typed lines were wrapped. */
export function addSentences(
  builder: TextBuilder,
  kind: UnitKind,
  passage: Passage,
  lineEnds: LineEnds = 'soft',
  width = 0,
): void {
  for (const group of joinLines(linesOf(passage.text), lineEnds, width)) {
    builder.line()
    const { text, offsets, origins } = foldGroup(group)
    let run = 0
    for (const { start, end } of splitSentences(text)) {
      while (run + 1 < offsets.length && (offsets[run + 1] ?? 0) <= start) run += 1
      builder.add(kind, text.slice(start, end), { line: passage.lineAt(origins[run] ?? 0) })
    }
  }
}

/** Runs of white space become one space; a single no-break space ("99.5 %") stays what it is. */
export function foldSpace(text: string): string {
  return text.replace(/[ \t\n\r\f\v\u00a0]{2,}|[\t\n\r\f\v]/g, ' ').trim()
}

/** `From: Zuzana Křížová`, `Note taker: …`: a short name and a colon; such a line stands for itself. */
function isField(line: string): boolean {
  const name = /^(\p{Lu}[\p{L}\p{N}'’.()/& -]{0,30}):(?:\s|$)/u.exec(line)?.[1]
  return name !== undefined && name.split(/\s+/).length <= 4
}

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  for (let start = 0; start <= text.length;) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(start, end).trim()
    if (line !== '') lines.push({ start, end, text: line })
    start = end + 1
  }
  return lines
}

function joinLines(lines: readonly Line[], lineEnds: LineEnds, width: number): Line[][] {
  const groups: Line[][] = []
  let previous: Line | null = null
  for (const line of lines) {
    const group = groups.at(-1)
    if (group && previous && continues(previous.text, line.text, lineEnds, width)) group.push(line)
    else groups.push([line])
    previous = line
  }
  return groups
}

/** Whether a line is the wrapped rest of the one before it. */
function continues(line: string, next: string, lineEnds: LineEnds, width: number): boolean {
  if (isField(next) && !/[,;(–—-]$/u.test(line)) return false
  const firstWord = /^\S+/.exec(next)?.[0].length ?? 0
  // The next word would not have fitted: the line was broken for want of room. With some grace for those who wrap
  // by hand.
  const full = width >= 30 && line.length + 1 + firstWord > width - Math.max(5, width * 0.1)
  if (lineEnds === 'soft') return !isField(line) || line.length + 1 + firstWord > 70 || startsLower(next)
  return full || (line.length >= 30 && startsLower(next) && /[\p{L}\p{N},;–—-]$/u.test(line))
}

function startsLower(text: string): boolean {
  return /^\p{Ll}/u.test(text)
}

/** Joins lines and folds white space, keeping for every word where it stood in the passage. */
function foldGroup(group: readonly Line[]): { text: string; offsets: number[]; origins: number[] } {
  const parts: string[] = []
  const offsets: number[] = []
  const origins: number[] = []
  let length = 0
  for (const line of group) {
    const text = foldSpace(line.text)
    if (length > 0) {
      parts.push(' ')
      length += 1
    }
    offsets.push(length)
    origins.push(line.start)
    parts.push(text)
    length += text.length
  }
  return { text: parts.join(''), offsets, origins }
}
