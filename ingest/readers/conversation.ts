import { findDate, findDateInPath } from '../dates.ts'
import type { ParsedDocument } from '../../src/model/document.ts'
import type { SourceText, TextReader } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { addTurns, type Segment } from '../transcripts/turns.ts'
import { splitMessage } from '../transcripts/chat-messages.ts'
import { INLINE_STYLES, linesToJudge, secondsOf, TABBED_CHAT, type Style } from '../transcripts/message-heads.ts'

/** Chats and transcripts saved as text. What follows a message without a head of its own belongs to it. */
export const conversationReader: TextReader = {
  name: 'conversation',
  extensions: ['txt', 'text'],
  light: true,
  recognises: (text) => styleOf(text) !== null,
  read: (source) => ({ document: readConversation(source) }),
}

function styleOf(text: string): Style | null {
  const lines = linesToJudge(text)
  for (const style of INLINE_STYLES) {
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
  const kind = style?.kind ?? 'transcript'
  const builder = new TextBuilder()
  const segments: Segment[] = []
  let message: string[] = []
  let head: Omit<Segment, 'text'> | null = null
  const flush = (): void => {
    if (head !== null) segments.push({ ...head, text: message.join('\n') })
    message = []
  }
  for (const [index, line] of source.text.split('\n').entries()) {
    const found = style?.readHead(line) ?? null
    if (found !== null) {
      flush()
      head = { start: secondsOf(found.time), end: null, line: index + 1, speaker: found.name }
      message.push(found.text)
    } else if (head !== null) {
      message.push(line.trim())
    } else {
      // Before the first message: a title, a date, who took part.
      builder.line()
      builder.add('sentence', line, { line: index + 1 })
    }
  }
  flush()
  const before = builder.text
  const preamble = builder.units.map((unit) => builder.textOf(unit, before))
  if (kind === 'chat') addTurns(builder, segments.flatMap(splitMessage), 'message')
  else addTurns(builder, segments)
  return {
    title: preamble[0] ?? titleFromPath(source.path),
    kind,
    mediaType: 'text/plain',
    date: findDate(preamble.slice(0, 5).join('\n')) ?? findDateInPath(source.path),
    text: builder.text,
    units: builder.units,
    notes: source.notes,
  }
}
