import { decodeWords } from 'postal-mime'
import { InputError } from '../../../src/model/errors.ts'
import { decodeText } from '../../decode.ts'
import type { Attachment } from '../../reading.ts'
import { slug } from './attachments.ts'
import { fieldOf } from './parts.ts'

const MAX_MESSAGES = 10_000
const SUBJECT_WITHIN = 64 * 1024
const FROM_LINE = Buffer.from('From ')

/** The messages of a mailbox (https://www.rfc-editor.org/rfc/rfc4155) as files of their own, in order. */
export function splitMailbox(bytes: Uint8Array, path: string): Attachment[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const starts = messageStarts(buffer, path)
  return starts.map((start, index) => {
    const message = unescape(buffer.subarray(afterLine(buffer, start), endOf(buffer, starts[index + 1])))
    const subject = slug(subjectOf(message)) || 'message'
    return { name: `${String(index + 1).padStart(4, '0')}-${subject}.eml`, bytes: message }
  })
}

/** Offsets of `From ` lines: the first line, and those after a blank line with a header field below. */
function messageStarts(buffer: Buffer, path: string): number[] {
  const starts: number[] = []
  for (let at = buffer.indexOf(FROM_LINE); at >= 0; at = buffer.indexOf(FROM_LINE, at + 1)) {
    if (!isAfterBlankLine(buffer, at)) continue
    const next = afterLine(buffer, at)
    // "From now on …" begins a paragraph too, but no header follows.
    if (!/^(?:>?From |[!-9;-~]+[ \t]*:)/.test(buffer.toString('latin1', next, next + 200))) continue
    if (starts.length === MAX_MESSAGES)
      throw new InputError('limit', `${path}: more than ${MAX_MESSAGES} messages`, {
        place: path,
        hint: 'Split the mailbox.',
      })
    starts.push(at)
  }
  return starts
}

function isAfterBlankLine(buffer: Buffer, at: number): boolean {
  if (at === 0) return true
  if (buffer[at - 1] !== 10) return false
  const before = buffer[at - 2] === 13 ? at - 3 : at - 2
  return before < 0 || buffer[before] === 10 || buffer.subarray(0, at).every((byte) => byte === 10 || byte === 13)
}

function afterLine(buffer: Buffer, at: number): number {
  const newline = buffer.indexOf(10, at)
  return newline < 0 ? buffer.length : newline + 1
}

/** Up to the blank line that stands before the next message. */
function endOf(buffer: Buffer, next: number | undefined): number {
  if (next === undefined) return buffer.length
  return buffer[next - 2] === 13 ? next - 2 : next - 1
}

/** Takes away one `>` of each `>From ` line, which writing into the mailbox had added. A copy of its own. */
function unescape(message: Buffer): Uint8Array {
  const pieces: Buffer[] = []
  let from = 0
  for (let at = message.indexOf('From '); at >= 0; at = message.indexOf('From ', at + 1)) {
    let mark = at
    while (mark > 0 && message[mark - 1] === 62) mark -= 1
    if (mark === at || (mark > 0 && message[mark - 1] !== 10)) continue
    pieces.push(message.subarray(from, mark))
    from = mark + 1
  }
  return new Uint8Array(Buffer.concat([...pieces, message.subarray(from)]))
}

function subjectOf(message: Uint8Array): string {
  const head = decodeText(message.subarray(0, SUBJECT_WITHIN)).text
  const blank = head.indexOf('\n\n')
  return decodeWords(fieldOf((blank < 0 ? head : head.slice(0, blank)).replace(/\n(?=[ \t])/g, ''), 'subject'))
}
