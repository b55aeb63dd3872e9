import type { DocumentKind, ParsedDocument } from '../../src/model/document.ts'
import { findDate, findDateInPath } from '../dates.ts'
import type { Reader, SourceText } from '../source-text.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'

/** One way in which tools write down who said what when; every pattern has the groups time, name and text. */
interface Style {
  readonly kind: DocumentKind
  readonly pattern: RegExp
}

const STYLES: readonly Style[] = [
  // Zoom's saved chat: `10:02:41<tab>Name<tab>text`, newer ones with a colon after the name.
  { kind: 'chat', pattern: /^(?<time>\d{1,2}:\d{2}:\d{2})\t\s*(?<name>[^\t]{1,80}?)\s*:?\t(?<text>.*)$/ },
  // Older Zoom: `10:02:41 From Name to Everyone: text`.
  {
    kind: 'chat',
    pattern: /^(?<time>\d{1,2}:\d{2}:\d{2})\s+From\s+(?<name>.{1,80}?)(?:\s+to\s+.{1,80}?)?\s*:(?:\s+(?<text>.*))?$/i,
  },
  // Exported transcripts: `Name (00:12:05): text`.
  {
    kind: 'transcript',
    pattern:
      /^(?<name>\S[^\t()]{0,80}(?:\([^()]{0,40}\))?)\s\((?<time>(?:\d{1,2}:)?\d{1,2}:\d{2})\):(?:\s+(?<text>.*))?$/,
  },
  // `[00:12:05] Name: text`.
  {
    kind: 'transcript',
    pattern: /^\[(?<time>(?:\d{1,2}:)?\d{1,2}:\d{2})\]\s+(?<name>[^\s:][^:\t]{0,80}?):(?:\s+(?<text>.*))?$/,
  },
]

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
    const heads = lines.map((line) => style.pattern.test(line))
    const count = heads.filter(Boolean).length
    const first = heads.indexOf(true)
    // A tabbed clock is a sign by itself; the others need company, and all must begin near the top.
    if (count >= 2 && first <= 10 && count >= lines.length * 0.2) return style
    if (count === 1 && first === 0 && style === STYLES[0]) return style
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
    const groups = style?.pattern.exec(line)?.groups
    if (groups) {
      flush()
      head = { time: clock(groups['time'] ?? ''), speaker: groups['name']?.trim() ?? '', line: index + 1 }
      message.push(groups['text'] ?? '')
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
