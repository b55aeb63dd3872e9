import type { ParsedDocument } from '../../src/model/document.ts'
import { findDateInPath, findStatedDate } from '../dates.ts'
import { addSentences, addWhole, Passage } from '../passage.ts'
import type { SourceText, TextReader } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'

const BULLET = /^\s*(?:[-*+•‣◦▪–—]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s+/u
const BULLET_SIGN = /^\s*[-*+•‣◦▪–—]\s+/u
const RULER = /^[-=_*~#.\s]{3,}$/
/** Longer lines than this are paragraphs that nobody wrapped. */
const WIDEST_WRAP = 200
/** A list item beyond this is read sentence by sentence. */
export const LONG_ITEM = 500

/** Plain text: paragraphs between blank lines, lists, `Key: value` lines, headings in capitals or underlined. */
export const textReader: TextReader = {
  name: 'text',
  extensions: ['txt', 'text'],
  light: true,
  read: (source) => ({ document: readText(source) }),
}

function readText(source: SourceText): ParsedDocument {
  const builder = new TextBuilder()
  addPlainText(builder, source.text, 1)
  const text = builder.text
  const texts = builder.units.map((unit) => builder.textOf(unit, text))
  const head = texts.slice(0, 20)
  const subject = head.map((line) => /^(?:subject|title|re)\s*:\s*(\S.*)$/iu.exec(line)?.[1]).find(Boolean)
  const heading = builder.units[0]?.kind === 'heading' ? texts[0] : undefined
  return {
    title: subject ?? heading ?? titleFromPath(source.path),
    kind: 'document',
    mediaType: 'text/plain',
    date: findStatedDate(head) ?? findDateInPath(source.path),
    text,
    units: builder.units,
    notes: source.notes,
  }
}

/** Also the way out for text of other formats that its parser had better not see. */
export function addPlainText(builder: TextBuilder, text: string, firstLine: number): void {
  const lines = text.split('\n')
  const width = wrapWidth(lines)
  let passage = new Passage()
  let isItem = false
  const flush = (): void => {
    if (isItem && passage.text.length <= LONG_ITEM) {
      builder.line()
      addWhole(builder, 'item', passage)
    } else addSentences(builder, isItem ? 'item' : 'sentence', passage, isItem ? 'soft' : 'typed', width)
    passage = new Passage()
    isItem = false
  }
  for (const [index, line] of lines.entries()) {
    const number = firstLine + index
    if (line.trim() === '' || RULER.test(line)) {
      flush()
      builder.block()
    } else if (isHeading(lines, index)) {
      flush()
      builder.block()
      builder.add('heading', line, { line: number })
      builder.block()
    } else if (BULLET.test(line)) {
      flush()
      isItem = true
      passage.append(`${line.replace(BULLET_SIGN, '')}\n`, number)
    } else {
      // Under a list item, what is not indented and does not follow from it is a new paragraph.
      if (isItem && !/^\s/.test(line) && !/^\p{Ll}/u.test(line)) flush()
      passage.append(`${line}\n`, number)
    }
  }
  flush()
}

/** The measure of a hard-wrapped text: what nearly all of its lines keep to. 0 where lines are not wrapped. */
function wrapWidth(lines: readonly string[]): number {
  const lengths = lines.map((line) => line.trimEnd().length).filter((length) => length > 0)
  const width = lengths.toSorted((a, b) => a - b)[Math.floor(lengths.length * 0.95)] ?? 0
  // One long line is no measure: something must have been broken at the same width twice.
  const full = lengths.filter((length) => length >= width * 0.85).length
  return width > WIDEST_WRAP || full < 2 ? 0 : width
}

/** A short line by itself that is underlined, or in capitals and followed by text. */
function isHeading(lines: readonly string[], index: number): boolean {
  const line = (lines[index] ?? '').trim()
  const after = lines[index + 1] ?? ''
  if (line.length > 80 || BULLET.test(line)) return false
  if (/^\s*(?:={3,}|-{3,}|~{3,})\s*$/.test(after) && line.length > 1) return (lines[index - 1] ?? '').trim() === ''
  const alone = (lines[index - 1] ?? '').trim() === '' && after.trim() === ''
  return alone && /\p{Lu}{2}/u.test(line) && !/\p{Ll}/u.test(line) && !/[.!?:]$/.test(line)
}
