import type { DocumentKind, ParsedDocument } from '../../src/model/document.ts'
import { findDate, findDateInPath } from '../dates.ts'
import type { Reader, SourceText } from '../source-text.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'

/** The line in which a message begins. */
interface Head {
  readonly time: string
  readonly name: string
  readonly text: string
}

/** One way in which tools write down who said what when. */
interface Style {
  readonly kind: DocumentKind
  readonly readHead: (line: string) => Head | null
}

const TABBED_CHAT: Style = { kind: 'chat', readHead: readTabbed }

const STYLES: readonly Style[] = [
  TABBED_CHAT,
  { kind: 'chat', readHead: readFrom },
  // Exported transcripts: `Name (00:12:05): text`.
  {
    kind: 'transcript',
    readHead: byPattern(
      /^(?<name>\S[^\t()]{0,80}(?:\([^()]{0,40}\))?)\s\((?<time>(?:\d{1,2}:)?\d{1,2}:\d{2})\):(?:\s+(?<text>[^]*))?$/,
    ),
  },
  // `[00:12:05] Name: text`.
  {
    kind: 'transcript',
    readHead: byPattern(
      /^\[(?<time>(?:\d{1,2}:)?\d{1,2}:\d{2})\]\s+(?<name>[^\s:][^:\t]{0,80}?):(?:\s+(?<text>[^]*))?$/,
    ),
  },
]

const LONGEST_NAME = 80

/**
 * Zoom's saved chat: `10:02:41<tab>Name<tab>text`, newer ones with a colon after the name. Step by step, as the next
 * one: where blanks may stand on both sides of a name, a pattern tries every way to share out a long run of them.
 */
function readTabbed(line: string): Head | null {
  const time = /^\d{1,2}:\d{2}:\d{2}(?=\t)/.exec(line)?.[0]
  if (time === undefined) return null
  const [, nobody] = /^[^\S\t]+\t([^\t]*)$/.exec(line.slice(time.length + 1)) ?? []
  if (nobody !== undefined) return { time, name: '', text: nobody }
  const rest = line.slice(time.length + 1).trimStart()
  const tab = rest.indexOf('\t')
  const name = rest
    .slice(0, Math.max(0, tab))
    .trimEnd()
    .replace(/(?<=[^]):$/, '')
    .trimEnd()
  return tab < 1 || name.length > LONGEST_NAME ? null : { time, name, text: rest.slice(tab + 1) }
}

/** Older Zoom: `10:02:41 From Name to Everyone: text`. */
function readFrom(line: string): Head | null {
  const [, time, rest] = /^(\d{1,2}:\d{2}:\d{2})\s+From\s+([^]*)$/i.exec(line) ?? []
  if (time === undefined || rest === undefined) return null
  const colon = rest.search(/:(?:\s|$)/)
  const who = rest.slice(0, Math.max(0, colon)).trimEnd()
  const to = who.search(/\sto\s/i)
  const name = (to < 0 ? who : who.slice(0, to)).trimEnd()
  if (name === '' || name.length > LONGEST_NAME) return null
  if (to >= 0 && who.slice(to + 4).trim().length > LONGEST_NAME) return null
  return { time, name, text: rest.slice(colon + 1).trimStart() }
}

function byPattern(pattern: RegExp): (line: string) => Head | null {
  return (line) => {
    const groups = pattern.exec(line)?.groups
    return groups === undefined
      ? null
      : { time: groups['time'] ?? '', name: groups['name']?.trim() ?? '', text: groups['text'] ?? '' }
  }
}

/** Enough lines to tell the style of a conversation. */
const LINES_TO_JUDGE = 400

/** Chats and transcripts saved as text. What follows a message without a head of its own belongs to it. */
export const conversationReader: Reader = {
  name: 'conversation',
  extensions: ['txt', 'text'],
  recognises: (text) => styleOf(text) !== null,
  read: readConversation,
}

function styleOf(text: string): Style | null {
  const lines = text
    .split('\n', LINES_TO_JUDGE)
    .map((line) => line.slice(0, 400))
    .filter((line) => line.trim() !== '')
  for (const style of STYLES) {
    const heads = lines.map((line) => style.readHead(line) !== null)
    const count = heads.filter(Boolean).length
    const first = heads.indexOf(true)
    // A tabbed clock is a sign by itself; the others need company, and all must begin near the top.
    if (count >= 2 && first <= 10 && count >= lines.length * 0.2) return style
    if (count === 1 && first === 0 && style === TABBED_CHAT) return style
  }
  return null
}

function readConversation(source: SourceText): ParsedDocument {
  const style = styleOf(source.text)
  const builder = new TextBuilder()
  let head: { time: string; speaker: string; line: number } | null = null
  let message: string[] = []
  const flush = (): void => {
    builder.line()
    if (head) builder.add('utterance', message.join('\n'), { line: head.line, time: head.time, speaker: head.speaker })
    message = []
  }
  for (const [index, line] of source.text.split('\n').entries()) {
    const found = style?.readHead(line) ?? null
    if (found !== null) {
      flush()
      head = { time: clock(found.time), speaker: found.name, line: index + 1 }
      message.push(found.text)
    } else if (head) {
      if (line.trim() !== '') message.push(line.trim())
    } else {
      // Before the first message: a title, a date, who took part.
      builder.line()
      builder.add('sentence', line, { line: index + 1 })
    }
  }
  flush()
  const text = builder.text
  const preamble = builder.units.filter((unit) => unit.kind === 'sentence').map((unit) => builder.textOf(unit, text))
  return {
    title: preamble[0] ?? titleFromPath(source.path),
    kind: style?.kind ?? 'transcript',
    mediaType: 'text/plain',
    date: findDate(preamble.slice(0, 5).join('\n')) ?? findDateInPath(source.path),
    text,
    units: builder.units,
    notes: source.notes,
  }
}

/** `7:05` → `00:07:05`. */
function clock(time: string): string {
  const parts = time.split(':').map((part) => part.padStart(2, '0'))
  return (parts.length === 2 ? ['00', ...parts] : parts).join(':')
}
