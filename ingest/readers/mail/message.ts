import { decodeWords } from 'postal-mime'
import { InputError } from '../../../src/model/errors.ts'
import type { Note } from '../../../src/model/note.ts'
import { decodeText, isWideText } from '../../decode.ts'
import type { Reading, SourceFile } from '../../reading.ts'
import { TextBuilder } from '../../text-builder.ts'
import { addHtmlFragment } from '../html.ts'
import { decodePart, nameAttachments, slug, type AttachedFile } from './attachments.ts'
import { readHeader } from './header.ts'
import { decodeBody, decodeQuotedPrintable, type MailText, type TextCoding } from './mail-text.ts'
import { fieldOf, parameter, splitParts, type MailPart } from './parts.ts'
import { rawName, sortParts, type SortedParts } from './sort-parts.ts'
import { MAX_HTML_LENGTH, writeMail } from './write-mail.ts'

/** What postal-mime takes. */
const MAX_HEADER_BYTES = 2 * 1024 * 1024
/** A plain version shorter than this, and than a fifth of the HTML, only says that the mail is in HTML. */
const STUB_LENGTH = 200

/** Reads one mail in the format of the internet (RFC 5322, MIME). */
export async function readMessage({ path, bytes: given }: SourceFile): Promise<Reading> {
  const bytes = isWideText(given) ? new TextEncoder().encode(decodeText(given).text) : given
  const root = splitParts(bytes, path)
  const bodyOf = (part: MailPart): Uint8Array => bytes.subarray(part.bodyStart, part.bodyEnd)
  const sorted = sortParts(root, (part) => isBlank(bodyOf(part)))
  refuseUnreadable(root, sorted, path)
  if (root.bodyStart - root.headerStart > MAX_HEADER_BYTES)
    throw new InputError('limit', `${path}: its header is larger than 2 MB`, {
      place: path,
      hint: 'It may be damaged, or no mail at all.',
    })
  const headerBytes = bytes.subarray(root.headerStart, root.bodyStart)
  const header = await readHeader(headerBytes, lineOf(bytes, root))
  const notes: Note[] = notesAbout(sorted)
  const texts: MailText[] = []
  for (const part of await preferFullTexts(sorted, bodyOf)) {
    texts.push(await readText(part, bodyOf(part)))
  }
  if (texts.some((text) => isArmoured(text))) throw encrypted(path)
  const files: AttachedFile[] = []
  for (const [index, part] of sorted.files.entries()) files.push(await readFile(part, bodyOf(part), index + 1))
  const attachments = nameAttachments(files)
  for (const [index, part] of sorted.files.entries()) {
    if (part.type !== 'text/calendar' && part.type !== 'application/ics') continue
    const where = attachments[index]?.name ?? ''
    notes.push({ code: 'unsupported-attachment', message: 'Calendar invitations are not read.', where })
  }
  return writeMail({ path, mediaType: 'message/rfc822', header, texts, attachments, notes })
}

/** @throws InputError where all that a mail says is locked up */
function refuseUnreadable(root: MailPart, { encrypted: locked, wrapped, texts }: SortedParts, path: string): void {
  if (locked.includes(root) || (locked.length > 0 && texts.length === 0)) throw encrypted(path)
  if (wrapped.length > 0 && texts.length === 0)
    throw new InputError('unsupported-format', `${path}: its text is wrapped into an S/MIME signature`, {
      place: path,
      hint: 'Open it in a mail program and save it without the signature.',
    })
}

function encrypted(path: string): InputError {
  return new InputError('encrypted', `${path}: the mail is encrypted`, {
    place: path,
    hint: 'Open it in a mail program that holds the key, and save the decrypted text.',
  })
}

function notesAbout(sorted: SortedParts): Note[] {
  const about = (code: string, message: string) => (part: MailPart) => ({
    code,
    message,
    where: `line ${part.bodyLine}`,
  })
  return [
    ...sorted.encrypted.map(about('encrypted-part', 'A part of the mail is encrypted; left out.')),
    ...sorted.wrapped.map(about('unsupported-part', 'A part is wrapped into an S/MIME signature; left out.')),
    ...sorted.winmail.map(about('unsupported-attachment', 'winmail.dat (Outlook’s own container) is not opened.')),
    ...sorted.tooDeep.map(about('nested-too-deep', 'Parts nested more than 50 deep were left out.')),
    ...sorted.broken.map(about('broken-parts', 'No boundary of its parts was found; read as plain text.')),
  ]
}

/** `This mail is in HTML` is no text: then the HTML version is the mail. */
async function preferFullTexts(
  { texts, otherTexts }: SortedParts,
  bodyOf: (part: MailPart) => Uint8Array,
): Promise<readonly MailPart[]> {
  const [plain] = texts
  const [html] = otherTexts
  if (plain === undefined || html === undefined || texts.length > 1 || otherTexts.length > 1) return texts
  const short = (await readText(plain, bodyOf(plain))).passage.text.trim().length
  if (short >= STUB_LENGTH) return texts
  const page = (await readText(html, bodyOf(html))).passage.text
  if (page.length > MAX_HTML_LENGTH) return texts
  const builder = new TextBuilder()
  addHtmlFragment(builder, page, 1)
  return builder.text.length > short * 5 ? [html] : texts
}

async function readText(part: MailPart, body: Uint8Array): Promise<MailText> {
  const flowed = /^flowed$/i.test(parameter(part.header, 'content-type', 'format') ?? '')
  const withoutSpace = /^yes$/i.test(parameter(part.header, 'content-type', 'delsp') ?? '')
  const coding: TextCoding = {
    kind: part.type === 'text/html' ? 'html' : 'plain',
    charset: parameter(part.header, 'content-type', 'charset'),
    firstLine: part.bodyLine,
    flow: flowed ? (withoutSpace ? 'flowed-without-space' : 'flowed') : 'none',
  }
  const transfer = fieldOf(part.header, 'content-transfer-encoding').toLowerCase()
  if (transfer.includes('quoted-printable')) return decodeQuotedPrintable(body, coding)
  if (!transfer.includes('base64')) return decodeBody(body, coding, true)
  return decodeBody((await decodePart(part.header, body)).bytes, coding, false)
}

/** A file of the mail. Mails in the mail are named by their subjects. */
async function readFile(part: MailPart, body: Uint8Array, number: number): Promise<AttachedFile> {
  const { name, bytes } = await decodePart(part.header, body)
  if (part.type !== 'message/rfc822') return { name: rawName(part) === '' ? null : name, type: part.type, bytes }
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', 0, 64 * 1024)
  const blank = /\r?\n\r?\n/.exec(head)?.index ?? head.length
  const subject = decodeWords(fieldOf(head.slice(0, blank).replace(/\r?\n(?=[ \t])/g, ''), 'subject'))
  return { name: `${slug(subject) || 'message'}-${number}.eml`, type: part.type, bytes }
}

/** The whole text is a PGP message. */
function isArmoured(text: MailText): boolean {
  return /^\s*-----BEGIN PGP MESSAGE-----/.test(text.passage.text.slice(0, 1000))
}

function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 32 && (byte < 9 || byte > 13)) return false
  return true
}

function lineOf(bytes: Uint8Array, part: MailPart): number {
  let line = 1
  for (let index = 0; index < part.headerStart; index += 1) if (bytes[index] === 10) line += 1
  return line
}
