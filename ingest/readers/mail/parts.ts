import { InputError } from '../../../src/model/errors.ts'

/** One part of a mail (https://www.rfc-editor.org/rfc/rfc2046): offsets into the file's bytes, end exclusive. */
export interface MailPart {
  readonly headerStart: number
  /** Lower case: `text/plain`. */
  type: string
  /** Its header as latin1 text, unfolded; empty where the part has none. */
  header: string
  bodyStart: number
  bodyEnd: number
  /** Line of the file on which the body begins, from 1. */
  bodyLine: number
  /** Empty for what is no multipart, and for a multipart in which no boundary was found. */
  readonly children: MailPart[]
  /** Set on a multipart so deep in others that its own parts were not looked for. */
  tooDeep?: true
}

interface Open {
  readonly boundary: string
  readonly part: MailPart
}

const MAX_DEPTH = 50
const MAX_PARTS = 2000
const HEADER_LINE = /^[!-9;-~]+[ \t]*:/
/** What a mailbox puts before each message; it stays when a message is saved from one. */
const ENVELOPE_LINE = /^>?From /

/**
 * The tree of a mail's parts, with the line on which each begins, which libraries do not tell. One pass over the
 * lines, without recursion.
 */
export function splitParts(bytes: Uint8Array, path: string): MailPart {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const root = newPart(skipBlank(buffer), 'text/plain')
  const open: Open[] = []
  let part: MailPart | null = root
  let inHeader = true
  let count = 1
  let line = countLines(buffer, root.headerStart) + 1
  let lastEnd = root.headerStart

  const endHeader = (headerEnd: number, bodyStart: number, bodyLine: number): void => {
    inHeader = false
    if (part === null) return
    readPartHeader(part, buffer, headerEnd)
    part.bodyStart = bodyStart
    part.bodyLine = bodyLine
    const boundary = part.type.startsWith('multipart/') ? parameter(part.header, 'content-type', 'boundary') : null
    if (boundary === null) return
    if (open.length < MAX_DEPTH) open.push({ boundary, part })
    else part.tooDeep = true
  }

  for (let start = root.headerStart; start < buffer.length;) {
    const newline = buffer.indexOf(10, start)
    const next = newline < 0 ? buffer.length : newline + 1
    const end = newline > start && buffer[newline - 1] === 13 ? newline - 1 : newline < 0 ? buffer.length : newline
    const boundary = open.length > 0 ? findBoundary(buffer, start, end, open) : null
    if (boundary !== null) {
      if (inHeader && part !== null) endHeader(start, start, line)
      closeParts(open, boundary.index + 1, lastEnd)
      if (part !== null && part.bodyEnd < 0) part.bodyEnd = Math.max(part.bodyStart, lastEnd)
      part = null
      const parent = open[boundary.index]
      if (boundary.isLast) closeParts(open, boundary.index, lastEnd)
      else if (parent !== undefined) {
        count += 1
        if (count > MAX_PARTS) throw tooManyParts(path)
        part = newPart(next, parent.part.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain')
        parent.part.children.push(part)
        inHeader = true
      }
    } else if (inHeader && part !== null) {
      const isFirst = start === part.headerStart
      if (end === start) endHeader(start, next, line + 1)
      else if (isFirst && !startsHeader(buffer, start, end)) endHeader(start, start, line)
    }
    lastEnd = end
    start = next
    line += 1
  }
  if (inHeader && part !== null) endHeader(buffer.length, buffer.length, line)
  closeParts(open, 0, buffer.length)
  if (part !== null && part.bodyEnd < 0) part.bodyEnd = buffer.length
  return root
}

/** A parameter of a header field (`charset` of `content-type`), or null. */
export function parameter(header: string, field: string, name: string): string | null {
  const value = fieldOf(header, field)
  const pattern = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, 'i')
  const match = pattern.exec(value)
  const found = (match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2] ?? '').trim()
  return found === '' ? null : found
}

/** The first value of a field, unfolded; '' where there is none. */
export function fieldOf(header: string, field: string): string {
  const pattern = new RegExp(`^${field}[ \\t]*:[ \\t]*(.*)$`, 'im')
  return pattern.exec(header)?.[1]?.trim() ?? ''
}

function newPart(headerStart: number, type: string): MailPart {
  return { headerStart, type, header: '', bodyStart: headerStart, bodyEnd: -1, bodyLine: 1, children: [] }
}

function readPartHeader(part: MailPart, buffer: Buffer, headerEnd: number): void {
  part.header = buffer
    .toString('latin1', part.headerStart, headerEnd)
    .replace(/\r\n?/g, '\n')
    .replace(/\n(?=[ \t])/g, '')
  const type = /^[^\s;]+/.exec(fieldOf(part.header, 'content-type'))?.[0].toLowerCase() ?? ''
  if (/^[\w.+-]+\/[\w.+-]+$/.test(type)) part.type = type
}

function findBoundary(
  buffer: Buffer,
  start: number,
  end: number,
  open: readonly Open[],
): { index: number; isLast: boolean } | null {
  if (end - start < 3 || end - start > 300 || buffer[start] !== 45 || buffer[start + 1] !== 45) return null
  const text = buffer.toString('latin1', start + 2, end).trimEnd()
  for (let index = open.length - 1; index >= 0; index -= 1) {
    const boundary = open[index]?.boundary ?? ''
    if (text === boundary) return { index, isLast: false }
    if (text === `${boundary}--`) return { index, isLast: true }
  }
  return null
}

/** Closes the multiparts from `from` on. */
function closeParts(open: Open[], from: number, end: number): void {
  while (open.length > from) {
    const closed = open.pop()
    if (closed !== undefined && closed.part.bodyEnd < 0) closed.part.bodyEnd = Math.max(closed.part.bodyStart, end)
  }
}

function startsHeader(buffer: Buffer, start: number, end: number): boolean {
  const text = buffer.toString('latin1', start, Math.min(end, start + 200))
  return HEADER_LINE.test(text) || ENVELOPE_LINE.test(text)
}

function skipBlank(buffer: Buffer): number {
  let start = buffer.length >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf ? 3 : 0
  while (start < buffer.length && (buffer[start] === 10 || buffer[start] === 13)) start += 1
  return start
}

function countLines(buffer: Buffer, end: number): number {
  let lines = 0
  for (let index = 0; index < end; index += 1) if (buffer[index] === 10) lines += 1
  return lines
}

function tooManyParts(path: string): InputError {
  return new InputError('limit', `${path}: the mail has more than ${MAX_PARTS} parts`, {
    place: path,
    hint: 'Save its attachments as files and give those.',
  })
}
