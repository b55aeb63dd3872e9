import type { Note } from '../../../src/model/note.ts'
import { decodeText } from '../../decode.ts'
import { Passage } from '../../passage.ts'

/** The body of a mail, or one of its bodies, decoded. */
export interface MailText {
  readonly kind: 'plain' | 'html'
  /** Knows the line of the file for every stretch, if `hasLines`. */
  readonly passage: Passage
  /** Whether the text can be seen in the file as it is (not so in base64, nor in Outlook's files). */
  readonly hasLines: boolean
  /** Where the part begins; the last resort for a place. */
  readonly firstLine: number
  /** Lines that end in a space go on (https://www.rfc-editor.org/rfc/rfc3676). */
  readonly flow: 'none' | 'flowed' | 'flowed-without-space'
  readonly notes: readonly Note[]
}

/** How a part says that it is to be decoded. */
export interface TextCoding {
  readonly kind: 'plain' | 'html'
  readonly charset: string | null
  readonly firstLine: number
  readonly flow: MailText['flow']
}

/** Encodings whose texts may pass as UTF-8 by chance, or (ISO-2022) always do: here the mail is believed first. */
const NOT_TO_BE_GUESSED = /^(?:iso-2022|utf-16|utf-32|hz-|gb|big5|euc|shift_jis|ms_kanji|ks_c|cp9[345])/i
/** Names in mails that decoders do not know. */
const CHARSETS: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  cp20127: 'utf-8',
  cp65001: 'utf-8',
  cp20932: 'euc-jp',
  cp50220: 'iso-2022-jp',
  cp51949: 'euc-kr',
  cp54936: 'gb18030',
  cp28591: 'iso-8859-1',
  cp28592: 'iso-8859-2',
  cp28605: 'iso-8859-15',
  cp20866: 'koi8-r',
}
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/g

/** A text that stands in the file as it is (7bit, 8bit), or whose lines are of no use (`hasLines` false). */
export function decodeBody(bytes: Uint8Array, coding: TextCoding, hasLines: boolean): MailText {
  const { text, notes } = decodeAs(bytes, coding.charset)
  const passage = new Passage()
  passage.append(text, coding.firstLine)
  const { kind, firstLine, flow } = coding
  return { kind, passage, hasLines, firstLine, flow, notes }
}

/** Quoted-printable, line by line, so that every stretch keeps the line on which it stands in the file. */
export function decodeQuotedPrintable(bytes: Uint8Array, coding: TextCoding): MailText {
  const lines = unquoteLines(bytes)
  const { encoding, notes } = decodeAs(Buffer.concat(lines), coding.charset)
  const passage = new Passage()
  // The detector also gives names that no decoder has; UTF-8 then is what it fell back on.
  const decoder = decoderOf(encoding) ?? new TextDecoder()
  for (const [index, line] of lines.entries()) {
    const text = decoder.decode(line, { stream: true })
    passage.append(text.replace(/\r\n?/g, '\n').replace(CONTROLS, ''), coding.firstLine + index)
  }
  passage.append(decoder.decode(), coding.firstLine + lines.length)
  const { kind, firstLine, flow } = coding
  return { kind, passage, hasLines: true, firstLine, flow, notes }
}

/** A text that comes decoded and without lines of a file. */
export function plainText(text: string, kind: MailText['kind']): MailText {
  const passage = new Passage()
  passage.append(text.replace(/\r\n?/g, '\n').replace(CONTROLS, ''), 1)
  return { kind, passage, hasLines: false, firstLine: 1, flow: 'none', notes: [] }
}

/** A label that `TextDecoder` knows, for the name or code page (`cp950`) that a mail gives. */
export function charsetLabel(charset: string): string {
  const name = charset
    .trim()
    .toLowerCase()
    .replace(/^x-(?=cp|big5|gbk|euc|sjis)/, '')
    .replace(/^(?:windows|ms|ibm)-?(?=9\d\d$)/, 'cp')
  return CHARSETS[name] ?? name.replace(/^cp(?=125\d$)/, 'windows-')
}

function decodeAs(bytes: Uint8Array, charset: string | null): ReturnType<typeof decodeText> {
  const label = charset === null ? null : charsetLabel(charset)
  if (label !== null && NOT_TO_BE_GUESSED.test(label)) {
    const text = decodeStrictly(bytes, label)
    if (text !== null) {
      return { text: text.replace(/\r\n?/g, '\n').replace(CONTROLS, ''), encoding: label, notes: [] }
    }
  }
  const decoded = decodeText(bytes, label ?? undefined)
  if (label === null || decoderOf(label) !== null) return decoded
  const message = `The encoding “${charset}” is not known; read as ${decoded.encoding}.`
  return { ...decoded, notes: [...decoded.notes, { code: 'unknown-encoding', message }] }
}

function decodeStrictly(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    // The mail says what is not so: the caller finds out by itself.
    return null
  }
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(label)
  } catch {
    return null
  }
}

/** One entry for each line of the file; a line break is part of it unless the line ends in a soft break. */
function unquoteLines(bytes: Uint8Array): Buffer[] {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const lines: Buffer[] = []
  for (let start = 0; start < source.length;) {
    const newline = source.indexOf(10, start)
    const end = newline < 0 ? source.length : newline
    lines.push(unquote(source.subarray(start, end), newline >= 0))
    start = end + 1
  }
  return lines
}

function unquote(line: Buffer, hasBreak: boolean): Buffer {
  let end = line.length
  // White space at the end was added on the way (https://www.rfc-editor.org/rfc/rfc2045#section-6.7).
  while (end > 0 && (line[end - 1] === 13 || line[end - 1] === 32 || line[end - 1] === 9)) end -= 1
  const isSoft = end > 0 && line[end - 1] === 61
  if (isSoft) end -= 1
  const result = Buffer.alloc(end + 1)
  let length = 0
  for (let index = 0; index < end; index += 1) {
    const byte = line[index] ?? 0
    const code = byte === 61 && index + 2 < end ? Number.parseInt(hexPair(line, index + 1), 16) : -1
    if (code >= 0) index += 2
    result[length] = code >= 0 ? code : byte
    length += 1
  }
  if (hasBreak && !isSoft) {
    result[length] = 10
    length += 1
  }
  return result.subarray(0, length)
}

/** Two hexadecimal digits, or `-1` for anything else: a stray `=` stays what it is. */
function hexPair(line: Buffer, at: number): string {
  const pair = line.toString('latin1', at, at + 2)
  return /^[\dA-Fa-f]{2}$/.test(pair) ? pair : '-1'
}
