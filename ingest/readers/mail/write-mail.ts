import type { ParsedDocument } from '../../../src/model/document.ts'
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

/** Subject, header lines and bodies as units. A mail that says nothing and brings nothing has none. */
export function writeMail(mail: Mail): Reading {
  const { header, path } = mail
  const date = dateOfField(header.date) ?? findDateInPath(path)
  const whole = new TextBuilder()
  writeHeader(whole, header)
  const headerUnits = whole.units.length
  for (const text of mail.texts) {
    whole.block()
    writeBody(whole, text, { sender: header.sender, date })
  }
  const isEmpty = whole.units.length === headerUnits && mail.attachments.length === 0
  const builder = isEmpty ? new TextBuilder() : whole
  const document: ParsedDocument = {
    title: header.subject ?? titleFromPath(path),
    kind: 'mail',
    mediaType: mail.mediaType,
    date,
    text: builder.text,
    units: builder.units,
    notes: [...header.notes, ...mail.texts.flatMap((text) => text.notes), ...mail.notes],
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
