import type { ParsedDocument } from '../../src/model/document.ts'
import { findDate, findDateInPath } from '../dates.ts'
import type { SourceText, TextReader } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { addTurns, type Segment } from '../transcripts/turns.ts'
import { HEAD_LINE_STYLES, linesToJudge, secondsOf, type Style } from '../transcripts/message-heads.ts'
import { isTimedLines, readTimedLines } from '../transcripts/timed-lines.ts'

/** A line that belongs to no speaker: title, date, who took part, what the tool says about itself. */
export interface Aside {
  readonly text: string
  readonly line: number
}

/** A transcript's lines, sorted into what was said and what stands around it. */
export interface TranscriptLines {
  readonly preamble: readonly Aside[]
  readonly segments: readonly Segment[]
  readonly closing: readonly Aside[]
}

/** What tools write under a transcript. */
const CLOSING =
  /^(?:transcribed by https?:|(?:transcription|meeting|recording) ended (?:after|at)\b|this editable transcript was computer generated)/i
/** `Weekly sync (2025-03-18 10:02 GMT+1) - Transcript` → `Weekly sync` */
const TITLE_TAIL =
  /\s*(?:[-–—]\s*)?(?:\(\d{4}-\d{2}-\d{2}[^()]{0,40}\)|\d{4}[-/]\d{2}[-/]\d{2}\b[^()\n]{0,30})?\s*[-–—]\s*Transcript$/i

/**
 * Transcripts as Otter, Teams, Zoom and Google Meet save them as text: who speaks stands on a line above the words
 * or before them under a line with the time.
 */
export const transcriptTextReader: TextReader = {
  name: 'transcript-text',
  extensions: ['txt', 'text'],
  light: true,
  recognises: (text) => styleOf(text) !== null || isTimedLines(linesToJudge(text)),
  read: (source) => ({ document: readTranscriptText(source) }),
}

function readTranscriptText(source: SourceText): ParsedDocument {
  const lines = source.text.split('\n')
  // What a tool writes below the last words is not the last speaker's.
  const tail = lines.slice(-12).findIndex((line) => CLOSING.test(line.trim()))
  const end = tail < 0 ? lines.length : Math.max(0, lines.length - 12) + tail
  const style = styleOf(source.text)
  const { preamble, segments } =
    style === null ? readTimedLines(lines.slice(0, end)) : readHeads(lines.slice(0, end), style)
  const closing = lines.slice(end).map((text, index) => ({ text, line: end + index + 1 }))

  const builder = new TextBuilder()
  addAsides(builder, preamble)
  const before = builder.text
  const about = builder.units.map((unit) => builder.textOf(unit, before))
  addTurns(builder, segments)
  builder.block()
  addAsides(builder, closing)
  const title = about[0]?.slice(0, 200).replace(TITLE_TAIL, '').trim() ?? ''
  return {
    title: title === '' ? titleFromPath(source.path) : title,
    kind: 'transcript',
    mediaType: 'text/plain',
    date: findDate(about.slice(0, 5).join('\n')) ?? findDateInPath(source.path),
    text: builder.text,
    units: builder.units,
    notes: source.notes,
  }
}

function addAsides(builder: TextBuilder, asides: readonly Aside[]): void {
  for (const { text, line } of asides) {
    builder.add('sentence', text, { line })
    builder.line()
  }
}

function styleOf(text: string): Style | null {
  const lines = linesToJudge(text)
  return HEAD_LINE_STYLES.find((style) => fits(style, lines)) ?? null
}

/** A table of times looks alike, but has no words below its lines. */
function fits(style: Style, lines: readonly string[]): boolean {
  const heads = lines.map((line) => style.readHead(line) !== null)
  const spoken = heads.filter(
    (isHead, index) => isHead && index + 1 < heads.length && heads[index + 1] === false,
  ).length
  const first = heads.indexOf(true)
  const count = heads.filter(Boolean).length
  return spoken >= 2 && spoken >= count * 0.8 && first <= 20 && spoken >= lines.length * 0.1
}

function readHeads(lines: readonly string[], style: Style): Omit<TranscriptLines, 'closing'> {
  const preamble: Aside[] = []
  const segments: Segment[] = []
  let head: Omit<Segment, 'text'> | null = null
  let words: string[] = []
  const flush = (): void => {
    if (head !== null) segments.push({ ...head, text: words.join('\n') })
    words = []
  }
  for (const [index, line] of lines.entries()) {
    const found = style.readHead(line)
    if (found !== null) {
      flush()
      head = { start: secondsOf(found.time), end: null, line: index + 2, speaker: found.name }
    } else if (head === null) preamble.push({ text: line, line: index + 1 })
    else words.push(line)
  }
  flush()
  return { preamble, segments }
}
