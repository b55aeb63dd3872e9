import type { Line } from './lines.ts'
import { BULLET } from './bullets.ts'
import { isAlike, isShort, isTerminal, startsSmall } from './line-breaks.ts'
import type { Measures } from './measures.ts'
import type { OutlineNode } from './pdfjs.ts'

const MAX_TITLES = 5000
const LONGEST_LINE = 160
const LONGEST_HEADING = 250
const MOST_LINES = 4
/** A heading stands out by at least this. */
const LARGER = 1.15

const SECTION_NUMBER = /^(?:\d{1,3}(?:\.\d{1,3}){0,4}|[A-Z]|[IVX]{1,6})[.)]?$/

/** Titles of the outline as they are compared with lines. */
export function titlesOf(outline: readonly OutlineNode[] | null): Set<string> {
  const titles = new Set<string>()
  const stack = [...(outline ?? [])]
  for (let node = stack.pop(); node !== undefined && titles.size < MAX_TITLES; node = stack.pop()) {
    const title = comparable(node.title)
    if (title.length >= 3) titles.add(title)
    stack.push(...node.items)
  }
  return titles
}

/**
 * How many lines from `index` on make up one heading; 0 where none begins. The outline says so, or a larger or
 * bolder font does.
 */
export function headingLength(
  lines: readonly Line[],
  index: number,
  titles: ReadonlySet<string>,
  measures: Measures,
): number {
  const line = lines[index]
  if (line === undefined) return 0
  let text = ''
  for (let length = 1; length <= 3; length += 1) {
    const next = lines[index + length - 1]
    if (next === undefined || (length > 1 && !belongTogether(line, next, measures))) break
    text = `${text} ${next.text}`
    if (titles.size > 0 && titles.has(comparable(text))) return length
  }
  if (!standsOut(line, measures) || BULLET.test(line.text) || goesOnFrom(lines[index - 1], line, measures)) return 0
  let end = index + 1
  let letters = line.text.length
  for (let next = lines[end]; next !== undefined; next = lines[end]) {
    if (!belongTogether(lines[end - 1] ?? line, next, measures) || !isLike(line, next)) break
    if (SECTION_NUMBER.test(next.cells[0]?.text ?? '') || /^\d+(?:\.\d+)*\.?\s+\p{Lu}/u.test(next.text)) break
    letters += next.text.length
    end += 1
    if (letters > LONGEST_HEADING || end - index > MOST_LINES) return 0
  }
  const after = lines[end]
  const larger = line.size >= measures.bodySize * LARGER
  const last = lines[end - 1] ?? line
  if (/[,;]$/.test(last.text) || (!larger && /[.]$/.test(last.text))) return 0
  // Bold words that fill their line run into the text that follows.
  if (!larger && after !== undefined && !isShort(lines, end - 1) && belongTogether(last, after, measures)) return 0
  // A paragraph may begin with bold words that happen to fill its first line.
  if (!larger && after !== undefined && startsSmall(after.text) && belongTogether(last, after, measures)) return 0
  return end - index
}

/** Bold words that began in the line above. */
function goesOnFrom(above: Line | undefined, line: Line, measures: Measures): boolean {
  if (above === undefined || !belongTogether(above, line, measures) || isTerminal(above.text)) return false
  const whole = isAlike(above.size, line.size) && above.bold === line.bold
  return !whole && above.last.bold === line.first.bold && isAlike(above.last.size, line.first.size)
}

function standsOut(line: Line, measures: Measures): boolean {
  if (!line.upright || line.text.length > LONGEST_LINE || (line.text.match(/\p{L}/gu)?.length ?? 0) < 2) return false
  if (line.cells.length > 2 || (line.cells.length === 2 && !SECTION_NUMBER.test(line.cells[0]?.text ?? '')))
    return false
  if (line.size >= measures.bodySize * LARGER) return true
  return line.bold && !measures.boldBody && line.size >= measures.bodySize * 0.9
}

function isLike(line: Line, next: Line): boolean {
  return Math.abs(line.size - next.size) < 0.06 * line.size && line.bold === next.bold
}

function belongTogether(above: Line, next: Line, measures: Measures): boolean {
  if (above.region !== next.region) return false
  const usual = Math.max(measures.leading(next.size), next.size * 1.3)
  return next.baseline - above.baseline <= usual * 1.15
}

function comparable(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^\s*(?:chapter|section|appendix)?\s*(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivx]{1,6})[.):]?\s+(?=\p{L})/u, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
