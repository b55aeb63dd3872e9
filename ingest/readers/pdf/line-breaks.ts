import type { Line } from './lines.ts'
import type { Measures } from './measures.ts'

/** Distances beyond the usual by this factor part paragraphs. */
const PARTED = 1.28
/** An indent, in heights of the font. */
const INDENT = 0.8

/** How far a line reaches, in its own direction of writing. */
export function startOf(line: Line): number {
  return line.rtl ? -line.right : line.left
}

function endOf(line: Line): number {
  return line.rtl ? -line.left : line.right
}

/** Whether a line ends what it says. */
export function isTerminal(text: string): boolean {
  return /[.!?:。！？؟](?:["'”’»)\]]|\s|\d{1,2}$)*$/u.test(text.slice(-12))
}

export function startsSmall(text: string): boolean {
  return /^["'“‘(]?\p{Ll}/u.test(text)
}

/** Whether a new paragraph begins at `index`, where the one before began at `first`. */
export function breaksBefore(lines: readonly Line[], index: number, first: number, measures: Measures): boolean {
  const above = lines[index - 1]
  const line = lines[index]
  if (above === undefined || line === undefined) return true
  if (isParted(above, line, measures)) return true
  const goesOn = startsSmall(line.text) && !isTerminal(above.text)
  if (changesStyle(above, line) || (above.bold !== line.bold && above.last.bold !== line.first.bold && !goesOn))
    return true
  // Fields follow each other; in prose, a colon stands where it likes.
  if (isField(line.text) && (isShort(lines, index - 1) || isField(lines[first]?.text ?? ''))) return true
  // Lines of a title page; a centred sentence goes on in small letters.
  if (isCentred(above, line)) return !goesOn
  const shift = startOf(line) - startOf(above)
  const em = Math.max(above.size, line.size)
  if (shift > INDENT * em && !isHanging(lines, index, first) && !goesOn) return true
  // Where paragraphs hang, the next one begins further out again.
  if (shift < -INDENT * em && index - 1 > first && !goesOn) return true
  return hadRoom(lines, index) && !goesOn
}

/** Another size of print, unless the change falls inside a line. */
export function changesStyle(above: Line, line: Line): boolean {
  return !isAlike(above.size, line.size) && !isAlike(above.last.size, line.first.size)
}

export function isAlike(one: number, other: number): boolean {
  return Math.abs(one - other) <= 0.12 * Math.max(one, other)
}

export function isParted(above: Line, line: Line, measures: Measures): boolean {
  return line.baseline - above.baseline > measures.leading(Math.max(above.size, line.size)) * PARTED + 0.5
}

/** Whether a line ends short of the margin, so that nothing forced its end. */
export function isShort(lines: readonly Line[], index: number): boolean {
  const line = lines[index]
  if (line === undefined) return false
  const margin = marginAt(lines, index)
  return endOf(line) < margin - Math.max(2 * line.size, (margin - startOf(line)) * 0.12)
}

/** The first word of a line would have fitted into the one above: somebody ended that line. */
export function hadRoom(lines: readonly Line[], index: number): boolean {
  const above = lines[index - 1]
  const line = lines[index]
  if (above === undefined || line === undefined || line.text.length === 0) return false
  const word = /^\S+/.exec(line.text)?.[0].length ?? 0
  const width = ((line.right - line.left) / line.text.length) * (word + 1)
  return endOf(above) + width < marginAt(lines, index - 1) - line.size * 0.5
}

/** How far the lines around reach: the margin of this stretch, not of the page. */
function marginAt(lines: readonly Line[], index: number): number {
  const line = lines[index]
  if (line === undefined) return 0
  let margin = endOf(line)
  for (let near = Math.max(0, index - 8); near < Math.min(lines.length, index + 9); near += 1) {
    const other = lines[near]
    if (other === undefined || !isAlike(other.size, line.size)) continue
    if (Math.abs(startOf(other) - startOf(line)) < 4 * line.size) margin = Math.max(margin, endOf(other))
  }
  return margin
}

/** The second line of a paragraph is indented, and so is the third: a bibliography. */
function isHanging(lines: readonly Line[], index: number, first: number): boolean {
  const line = lines[index]
  const next = lines[index + 1]
  const above = lines[index - 1]
  if (line === undefined || above === undefined || index - 1 !== first) return false
  if (next === undefined || next.region !== line.region) return !isTerminal(above.text)
  const same = Math.abs(startOf(next) - startOf(line)) < 0.3 * line.size
  // The next entry hangs out as far as this one did.
  const entry = Math.abs(startOf(next) - startOf(above)) < 0.3 * line.size && !isShort(lines, index - 1)
  return same || (entry && !isTerminal(above.text))
}

function isCentred(above: Line, line: Line): boolean {
  const shift = Math.abs(above.left - line.left)
  return shift > line.size && Math.abs(above.left + above.right - line.left - line.right) < line.size * 0.6
}

/** `Date: …`, `Note taker: …`: such a line stands for itself. */
function isField(text: string): boolean {
  return /^\p{Lu}[\p{L}\p{N}'’./&-]{0,24}(?: [\p{L}\p{N}'’./&-]{1,16}){0,2}:(?:\s|$)/u.test(text)
}
