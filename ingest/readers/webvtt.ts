import type { ParsedDocument } from '../../src/model/document.ts'
import { orderCues } from '../transcripts/cue-order.ts'
import { findDate, findDateInPath } from '../dates.ts'
import type { SourceText, TextReader } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { addTurns } from '../transcripts/turns.ts'
import { segmentsOf, type Cue } from '../transcripts/cue-speakers.ts'
import { readCueText } from '../transcripts/cue-text.ts'

const TIMINGS =
  /^[ \t]*((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})[ \t]*-->[ \t]*((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})(?:[ \t]|$)/
/** Notes that tools write about themselves rather than about the meeting. */
const TOOL_NOTE = /https?:|copyright|©|licen[cs]e|confidence|duration|generated|created (?:by|with)|^\s*[\w-]+\s*[:=]/i

/**
 * WebVTT by the parsing rules of https://www.w3.org/TR/webvtt1/#file-parsing, line by line, because places need the
 * line numbers that libraries do not give. What one speaker says in a row becomes a turn.
 */
export const webvttReader: TextReader = {
  name: 'webvtt',
  extensions: ['vtt', 'webvtt'],
  light: true,
  recognises: (text) => /^WEBVTT(?:[ \t\n]|$)/.test(text),
  read: (source) => ({ document: readWebVtt(source) }),
}

function readWebVtt(source: SourceText): ParsedDocument {
  const { cues, header, broken } = scan(source.text)
  const { segments, notes } = orderCues(segmentsOf(cues))
  const builder = new TextBuilder()
  addTurns(builder, segments)
  const about = header.find((note) => note.length <= 160 && !note.includes('\n') && !TOOL_NOTE.test(note))
  return {
    title: (about && withoutDate(about)) || titleFromPath(source.path),
    kind: 'transcript',
    mediaType: 'text/vtt',
    date: findDate(about ?? '') ?? findDateInPath(source.path),
    text: builder.text,
    units: builder.units,
    notes: [
      ...source.notes,
      ...(broken === 0
        ? []
        : [{ code: 'broken-cue', message: `Cues left out because their times cannot be read: ${broken}.` }]),
      ...notes,
    ],
  }
}

/** The cues, and what stands in the head: the words after `WEBVTT` and the notes before the first cue. */
function scan(text: string): { cues: Cue[]; header: string[]; broken: number } {
  const lines = text.split('\n')
  const cues: Cue[] = []
  const header: string[] = []
  const first = /^(?:\ufeff)?WEBVTT(?:[ \t]+([^]*))?$/.exec(lines[0] ?? '')
  let broken = 0
  if (!first) return { cues, header, broken }
  if (first[1]) header.push(first[1].replace(/^[-–—:\s]+/u, '').trim())
  // Metadata may follow the first line directly; blocks begin after the first blank line.
  let index = 1
  while (index < lines.length && lines[index] !== '' && !(lines[index] ?? '').includes('-->')) index += 1
  while (index < lines.length) {
    const line = lines[index] ?? ''
    if (line === '') {
      index += 1
      continue
    }
    const next = lines[index + 1] ?? ''
    // A block that begins neither with timings nor with an identifier before them is a note, a style or broken.
    const at = line.includes('-->') ? index : next.includes('-->') ? index + 1 : -1
    let end = (at < 0 ? index : at) + 1
    while (end < lines.length && lines[end] !== '' && !(lines[end] ?? '').includes('-->')) end += 1
    const timings = at < 0 ? null : TIMINGS.exec(lines[at] ?? '')
    if (timings) {
      const body = lines.slice(at + 1, end).join('\n')
      cues.push({ start: seconds(timings[1]), end: seconds(timings[2]), line: at + 2, voices: readCueText(body) })
    } else if (at >= 0) {
      broken += 1
    } else if (cues.length === 0 && /^NOTE(?:[ \t]|$)/.test(line)) {
      header.push(lines.slice(index, end).join('\n').slice(4).trim())
    }
    index = end
  }
  return { cues, header: header.filter((note) => note !== ''), broken }
}

function seconds(timestamp = ''): number {
  return timestamp.split(':').reduce((total, part) => total * 60 + Number(part), 0)
}

/** `Steering group, 18 March 2025` → `Steering group`: the date has its own field. */
function withoutDate(note: string): string {
  const separator = /[,;–—(-]\s*[^,;–—(]*$/u.exec(note)
  const cut = separator && findDate(separator[0]) !== null ? note.slice(0, separator.index).trim() : note
  return cut === '' ? note : cut
}
