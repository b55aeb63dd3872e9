import type { Place } from '../../../src/model/place.ts'
import { TextBuilder } from '../../text-builder.ts'
import type { Unit } from '../../../src/model/document.ts'
import { addHtmlFragment } from '../html.ts'
import { addPlainText } from '../text.ts'
import { markQuotations, readMarks } from './html-quotes.ts'
import type { MailText } from './mail-text.ts'
import { plainLines, type PlainLine } from './plain-lines.ts'
import { voicesOf, type Voice } from './quoted.ts'

/** Who sends a mail, and its ISO date. */
export interface Origin {
  readonly sender: string | null
  readonly date: string | null
}

/** As much of a unit as is looked for in its source line, and how far. */
const KEY_LENGTH = 24
const REACH = 100_000
const MOST_MISSES = 50

/** Writes a body as units, each with its line, if the file shows it, and with the person whose words it holds. */
export function writeBody(builder: TextBuilder, body: MailText, origin: Origin): void {
  if (body.kind === 'plain') writePlain(builder, body, origin)
  else writeHtml(builder, body, origin)
}

function writePlain(builder: TextBuilder, body: MailText, origin: Origin): void {
  const lines = plainLines(body)
  const voices = voicesOf(lines, origin.sender)
  for (let start = 0; start < lines.length;) {
    const voice = voices[start] as Voice
    let end = start + 1
    while (end < lines.length && voices[end] === voice) end += 1
    const group = lines.slice(start, end)
    const locate = locator(group)
    builder.block()
    if (voice.role === 'attribution') {
      const text = group.map((line) => line.text.trim()).join(' ')
      builder.add('item', text, placeOf(body, origin, voice, locate(text, 0)))
    } else if (voice.role === 'head') {
      for (const [index, { text }] of group.entries()) {
        builder.line()
        builder.add('item', text.replace(/\s+/g, ' '), placeOf(body, origin, voice, locate(text, index)))
      }
    } else {
      const inner = new TextBuilder()
      addPlainText(inner, group.map((line) => line.text).join('\n'), 1)
      copyUnits(inner, builder, (unit, text) => placeOf(body, origin, voice, locate(text, (unit.place.line ?? 1) - 1)))
    }
    builder.block()
    start = end
  }
}

function writeHtml(builder: TextBuilder, body: MailText, origin: Origin): void {
  const source = body.passage.text
  const inner = new TextBuilder()
  addHtmlFragment(inner, markQuotations(source), 1)
  const text = inner.text
  let depth = 0
  const lines = inner.units.map((unit) => {
    const marks = readMarks(inner.textOf(unit, text))
    const line = { text: marks.text, depth: depth + marks.begins }
    depth = Math.max(0, depth + marks.begins - marks.ends)
    return line
  })
  const voices = new Map<Unit, Voice>()
  const told = inner.units.flatMap((unit, index) => (lines[index]?.text === '' ? [] : [{ unit, line: lines[index] }]))
  const all = voicesOf(
    told.map(({ line }) => line ?? { text: '', depth: 0 }),
    origin.sender,
  )
  for (const [index, { unit }] of told.entries()) voices.set(unit, all[index] as Voice)
  const locate = locator(sourceLines(source))
  copyUnits(inner, builder, (unit, shown) => {
    const voice = voices.get(unit)
    return voice === undefined ? null : placeOf(body, origin, voice, locate(shown, (unit.place.line ?? 1) - 1))
  })
}

/** Copies units with the gaps between them; those that get no place were marks and stay behind. */
function copyUnits(from: TextBuilder, to: TextBuilder, placeUnit: (unit: Unit, text: string) => Place | null): void {
  const text = from.text
  let end = 0
  for (const unit of from.units) {
    const gap = text.slice(end, unit.start)
    if (gap === '\n\n') to.block()
    else if (gap === '\n') to.line()
    const shown = readMarks(from.textOf(unit, text)).text
    const place = placeUnit(unit, shown)
    if (place !== null) to.add(unit.kind, shown, place)
    end = unit.end
  }
}

function placeOf(body: MailText, origin: Origin, voice: Voice, offset: number): Place {
  const place: Place = {
    ...(body.hasLines ? { line: body.passage.lineAt(offset) } : {}),
    ...(voice.isQuoted ? { part: 'quoted' as const } : {}),
    ...(voice.speaker === null ? {} : { speaker: voice.speaker }),
    ...(voice.date === null || voice.date === origin.date ? {} : { date: voice.date }),
  }
  return Object.keys(place).length === 0 ? { line: body.firstLine } : place
}

function sourceLines(source: string): PlainLine[] {
  let offset = 0
  return source.split('\n').map((text) => {
    const line = { text, depth: 0, pieces: [{ at: 0, offset }] }
    offset += text.length + 1
    return line
  })
}

/**
 * Finds units, asked for in their order, within long lines, which stand on several lines of the file. Where a unit
 * cannot be found (its markup or spaces differ), its line begins.
 */
function locator(lines: readonly PlainLine[]): (text: string, index: number) => number {
  let current = -1
  let cursor = 0
  let misses = 0
  return (text, index) => {
    const line = lines[index]
    if (line === undefined) return 0
    if (index !== current) {
      current = index
      cursor = 0
      misses = 0
    }
    const reach = misses < MOST_MISSES ? line.text.slice(cursor, cursor + REACH) : ''
    const found = reach.indexOf(text.slice(0, KEY_LENGTH))
    if (found < 0) {
      misses += 1
      return offsetAt(line, 0)
    }
    cursor += found
    const offset = offsetAt(line, cursor)
    cursor += Math.min(text.length, KEY_LENGTH)
    return offset
  }
}

function offsetAt(line: PlainLine, at: number): number {
  let low = 0
  let high = line.pieces.length
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if ((line.pieces[middle]?.at ?? 0) <= at) low = middle
    else high = middle
  }
  const piece = line.pieces[low]
  return piece === undefined ? 0 : piece.offset + at - piece.at
}
