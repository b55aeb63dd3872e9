import type { ParsedDocument } from '../../../src/model/document.ts'
import { InputError } from '../../../src/model/errors.ts'
import type { Note } from '../../../src/model/note.ts'
import type { Place } from '../../../src/model/place.ts'
import { findDateInPath } from '../../dates.ts'
import type { Attachment, Reading } from '../../reading.ts'
import { TextBuilder } from '../../text-builder.ts'
import { titleFromPath } from '../../titles.ts'
import { dateOfField, type MailHeader } from './header.ts'
import type { MailText } from './mail-text.ts'
import { writeBody } from './write-body.ts'

/** A mail of whatever format, taken apart. */
export interface Mail {
  readonly path: string
  readonly mediaType: string
  readonly header: MailHeader
  readonly texts: readonly MailText[]
  readonly attachments: readonly Attachment[]
  readonly notes: readonly Note[]
}

/** What parse5 is given; a page beyond is no mail that anybody wrote. */
export const MAX_HTML_LENGTH = 5 * 1024 * 1024

/**
 * Subject, header lines and bodies as units. A mail that says nothing and brings nothing has none.
 * @throws InputError `too-large` where all that it says is a page beyond the limit
 */
export function writeMail(mail: Mail): Reading {
  const { header, path } = mail
  const date = dateOfField(header.date) ?? findDateInPath(path)
  const whole = new TextBuilder()
  writeHeader(whole, header)
  const headerUnits = whole.units.length
  const notes = [...header.notes, ...mail.texts.flatMap((text) => text.notes), ...mail.notes]
  for (const text of mail.texts) {
    const { length } = text.passage.text
    if (text.kind === 'html' && length > MAX_HTML_LENGTH) {
      const message = `${length} characters of HTML, at most 5 MB are read; this text was left out.`
      notes.push({ code: 'too-large', message })
      continue
    }
    whole.block()
    writeBody(whole, text, { sender: header.sender, date })
  }
  const isEmpty = whole.units.length === headerUnits && mail.attachments.length === 0
  // Else the caller would say that the mail is empty.
  if (isEmpty && notes.some((note) => note.code === 'too-large'))
    throw new InputError('too-large', `${path}: more than 5 MB of HTML`, {
      place: path,
      hint: 'Save its text as .txt.',
    })
  const builder = isEmpty ? new TextBuilder() : whole
  const document: ParsedDocument = {
    title: header.subject ?? titleFromPath(path),
    kind: 'mail',
    mediaType: mail.mediaType,
    date,
    text: builder.text,
    units: builder.units,
    notes,
    metadata: metadataOf(header),
  }
  return mail.attachments.length === 0 ? { document } : { document, attachments: mail.attachments }
}

function writeHeader(builder: TextBuilder, header: MailHeader): void {
  const placeOf = (field: string): Place => {
    const line = header.lines.get(field)
    if (line !== undefined) return { line }
    return header.sender === null ? { part: 'header' } : { speaker: header.sender }
  }
  if (header.subject !== null) builder.add('heading', header.subject, placeOf('subject'))
  builder.block()
  const fields = [
    ['From', header.from ?? ''],
    ['To', header.to.join(', ')],
    ['Cc', header.cc.join(', ')],
    ['Date', header.date ?? ''],
  ] as const
  for (const [name, value] of fields) {
    builder.line()
    if (value !== '') builder.add('item', `${name}: ${value}`, placeOf(name.toLowerCase()))
  }
}

function metadataOf(header: MailHeader): Record<string, string | readonly string[]> {
  const { from, to, cc, messageId, inReplyTo, references, subject, date } = header
  const all = { from, to, cc, messageId, inReplyTo, references, subject, date }
  const metadata: Record<string, string | readonly string[]> = {}
  for (const [name, value] of Object.entries(all)) {
    if (value !== null && value.length > 0) metadata[name] = value
  }
  return metadata
}
