import type { ParsedDocument } from '../../../src/model/document.ts'
import { findDateInPath, findStatedDate } from '../../dates.ts'
import { TextBuilder } from '../../text-builder.ts'
import { titleFromPath } from '../../titles.ts'
import { writeLines } from './flow.ts'
import type { Cell, Line } from './lines.ts'
import { type Candidate, findRunning, runningNote } from './running-lines.ts'

/** Letters of OCR text are all alike: two of them are as wide as one is high, and lines lie this far apart. */
const SIZE = 2
const LEADING = 2.5
/** Lines at the edges of a page among which running heads are looked for. */
const EDGE = 3

interface TextLine {
  readonly page: number
  readonly number: number
  readonly text: string
}

interface LineCandidate extends Candidate {
  readonly line: TextLine
}

/**
 * A document from what an OCR command printed: lines of text, pages parted by form feeds. Lines are counted as they
 * were printed, blank ones left out, as they are not seen on the page.
 */
export function readOcrText(path: string, text: string): ParsedDocument {
  const printed = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  const pages = printed.split('\f').map((page) => page.split('\n').map((line) => line.trimEnd()))
  // Most commands put a form feed after every page, the last one too.
  if (pages.length > 1 && pages.at(-1)?.every((line) => line === '') === true) pages.pop()
  const running = findRunning(pages.flatMap(candidatesOf), pages.length)
  const left = new Set([...running].map((one) => `${one.page} ${one.line.number}`))
  const lines = pages
    .flatMap((page, index) => linesOf(page, index + 1))
    .filter((line) => !left.has(`${line.page} ${line.number}`))
  const builder = new TextBuilder()
  writeLines(builder, lines, new Set(), pages.length, () => undefined)
  const whole = builder.text
  const head = builder.units.slice(0, 20).map((unit) => builder.textOf(unit, whole))
  const message =
    'The text was read from pictures of pages (OCR): letters may be wrong, and lines and columns misplaced.'
  return {
    title: titleFromPath(path),
    kind: 'document',
    mediaType: 'application/pdf',
    date: findStatedDate(head) ?? findDateInPath(path),
    text: whole,
    units: builder.units,
    notes: [{ code: 'ocr', message }, ...runningNote([...running])],
  }
}

function textLines(page: readonly string[], number: number): (TextLine & { readonly row: number })[] {
  let count = 0
  return page.flatMap((line, row) => {
    const text = line.replace(/\t/g, '    ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '')
    if (text.trim() === '') return []
    count += 1
    return [{ page: number, number: count, text, row }]
  })
}

function candidatesOf(page: readonly string[], index: number): LineCandidate[] {
  const lines = textLines(page, index + 1)
  return lines.flatMap((line, position) => {
    const fromEnd = lines.length - 1 - position
    const make = (edge: string, distance: number): LineCandidate => ({
      page: index + 1,
      text: line.text.trim(),
      edge,
      distance,
      outermost: distance === 0,
      line,
    })
    if (position < EDGE && position <= fromEnd) return [make('top', position)]
    return fromEnd < EDGE ? [make('bottom', fromEnd)] : []
  })
}

function linesOf(page: readonly string[], number: number): Line[] {
  return textLines(page, number).map(({ text, row, ...line }) => {
    const cells = cellsOf(text)
    return {
      page: number,
      number: line.number,
      region: number,
      text: cells.map((cell) => cell.text).join(' '),
      cells,
      left: cells[0]?.left ?? 0,
      right: cells.at(-1)?.right ?? 0,
      baseline: row * LEADING,
      size: SIZE,
      bold: false,
      first: { size: SIZE, bold: false },
      last: { size: SIZE, bold: false },
      rtl: /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text),
      upright: true,
    }
  })
}

/** Three spaces and more stand for a gap on the page. */
function cellsOf(text: string): Cell[] {
  const cells: Cell[] = []
  for (const { 0: part, index } of text.matchAll(/\S+(?: {1,2}\S+)*/g)) {
    cells.push({ text: part.replaceAll('  ', ' '), left: index, right: index + part.length })
  }
  return cells
}
