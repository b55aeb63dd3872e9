import { InputError } from '../../src/model/errors.ts'
import type { ParsedDocument } from '../../src/model/document.ts'
import type { Note } from '../../src/model/note.ts'
import { orderCues } from '../transcripts/cue-order.ts'
import { findDateInPath } from '../dates.ts'
import type { SourceText, TextReader } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { addTurns } from '../transcripts/turns.ts'
import { segmentsOf, type Cue } from '../transcripts/cue-speakers.ts'
import { decodeEntities, readCueText, type Voice } from '../transcripts/cue-text.ts'

const TIME = '(\\d{1,3}):(\\d{1,2}):(\\d{1,2})(?:[,.](\\d{1,3}))?'
const TIMINGS = new RegExp(`^\\s*${TIME}\\s*-->\\s*${TIME}(?:\\s|$)`)
/** Formatting that players know; other angle brackets are what somebody wrote. */
const TAG = /<\/?(?:i|b|u|s|em|strong|font|span|br|c)(?:[\s.][^<>]*)?\/?>/gi
/** `{\an8}`, `{\i1}`: places and styles that SubStation Alpha left behind. */
const STYLE = /\{\\[^{}]{0,200}\}/g

/**
 * SubRip, which no standard describes: a number, a line of times, words up to the next such pair. Only the times are
 * relied upon: numbers may be missing, and blank lines may stand among the words.
 */
export const srtReader: TextReader = {
  name: 'srt',
  extensions: ['srt'],
  light: true,
  recognises: (text) =>
    /^\ufeff?\s{0,20}(?:\d{1,7}[ \t]*\n\s{0,20})?\d{2,3}:\d{2}:\d{2}[,.]\d{3}[ \t]*-->/.test(text.slice(0, 200)),
  read: (source) => ({ document: readSrt(source) }),
}

function readSrt(source: SourceText): ParsedDocument {
  const { cues, preamble, broken } = scan(source.text)
  if (cues.length === 0) {
    throw new InputError('corrupt', `${source.path}: no times of subtitles in it`, {
      place: source.path,
      hint: 'A plain text may be named .txt.',
    })
  }
  const { segments, notes } = orderCues(segmentsOf(cues))
  const builder = new TextBuilder()
  for (const { text, line } of preamble) {
    builder.line()
    builder.add('sentence', text, { line })
  }
  addTurns(builder, segments)
  const brokenCues: Note[] =
    broken === 0
      ? []
      : [{ code: 'broken-cue', message: `Cues without a time because theirs cannot be read: ${broken}.` }]
  return {
    title: titleFromPath(source.path),
    kind: 'transcript',
    mediaType: 'application/x-subrip',
    date: findDateInPath(source.path),
    text: builder.text,
    units: builder.units,
    notes: [...source.notes, ...brokenCues, ...notes],
  }
}

interface Scan {
  readonly cues: readonly Cue[]
  /** What stands before the first cue. */
  readonly preamble: readonly { readonly text: string; readonly line: number }[]
  readonly broken: number
}

function scan(text: string): Scan {
  const lines = text.replace(/^\ufeff/, '').split('\n')
  const heads = [...lines.keys()].filter((index) => lines[index]?.includes('-->') && isTimes(lines[index] ?? ''))
  const cues: Cue[] = []
  let number: number | null = null
  const numbered = heads.map((head) => (number = numberOf(lines, head, number)) !== null)
  const begins = (position: number): number => (heads[position] ?? lines.length) - (numbered[position] === true ? 1 : 0)
  let broken = 0
  for (const [position, head] of heads.entries()) {
    const times = TIMINGS.exec(lines[head] ?? '')
    if (times === null) broken += 1
    cues.push({
      start: times === null ? null : seconds(times.slice(1, 5)),
      end: times === null ? null : seconds(times.slice(5, 9)),
      line: head + 2,
      voices: readVoices(lines.slice(head + 1, begins(position + 1)).join('\n')),
    })
  }
  const preamble = lines.slice(0, begins(0)).map((line, index) => ({ text: line, line: index + 1 }))
  return { cues, preamble, broken }
}

/** A line of times, though they may be garbled: `00:00:0x,000 --> 00:00:02,000`. */
function isTimes(line: string): boolean {
  return /^\s*[\d:.,x]{5,16}\s*-->\s*[\d:.,x]{5,16}/i.test(line.slice(0, 200))
}

/** The number of a cue, if the line before its times is one; not where a caption just says a number. */
function numberOf(lines: readonly string[], times: number, previous: number | null): number | null {
  const line = (lines[times - 1] ?? '').slice(0, 40).trim()
  if (!/^\d{1,7}$/.test(line)) return null
  const isBelowBlank = (lines[times - 2] ?? '').trim() === ''
  return isBelowBlank || Number(line) === (previous ?? 0) + 1 ? Number(line) : null
}

function readVoices(raw: string): Voice[] {
  const plain = raw.replace(STYLE, '')
  if (/<v[\s.]/.test(plain)) return readCueText(plain)
  const text = decodeEntities(plain.replace(TAG, (tag) => (/^<br/i.test(tag) ? '\n' : '')))
  return text.trim() === '' ? [] : [{ speaker: null, text }]
}

function seconds(parts: readonly (string | undefined)[]): number {
  const [hours, minutes, whole, fraction] = parts
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(`0.${fraction ?? '0'}`)
}
