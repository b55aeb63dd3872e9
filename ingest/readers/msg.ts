import { createRequire } from 'node:module'
import type msgReaderModule from '@kenjiuno/msgreader'
import type { FieldsData } from '@kenjiuno/msgreader'
import { InputError } from '../../src/model/errors.ts'
import type { Note } from '../../src/model/note.ts'
import type { FileReader, Reading, SourceFile } from '../reading.ts'
import { nameAttachments, slug, type AttachedFile } from './mail/attachments.ts'
import { decompressRtf } from './mail/compressed-rtf.ts'
import { charsetLabel, decodeBody, plainText, type MailText } from './mail/mail-text.ts'
import { readMsgHeader } from './mail/msg-header.ts'
import { writeMail } from './mail/write-mail.ts'

// Required, because loaders do not agree on what the default import of such a CommonJS module is.
const { default: MsgReader } = createRequire(import.meta.url)('@kenjiuno/msgreader') as typeof msgReaderModule
type OutlookFile = InstanceType<typeof MsgReader>

/** Outlook's own file of one mail. Its places are the sender and, in quotations, who is quoted: it has no lines. */
export const msgReader: FileReader = {
  name: 'msg',
  extensions: ['msg'],
  read: readMsg,
}

async function readMsg({ path, bytes }: SourceFile): Promise<Reading> {
  const { file, fields } = open(bytes, path)
  refuseUnreadable(fields, path)
  const header = await readMsgHeader(fields)
  const notes: Note[] = []
  const attachments = nameAttachments(readFiles(file, fields, notes))
  const text = await readText(fields, path, notes)
  return writeMail({
    path,
    mediaType: 'application/vnd.ms-outlook',
    header,
    texts: text === null ? [] : [text],
    attachments,
    notes,
  })
}

/** Reads the file twice: only its own fields tell in which encoding its texts are. */
function open(bytes: Uint8Array, path: string): { file: OutlookFile; fields: FieldsData } {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const first = new MsgReader(view)
    const { internetCodepage, messageCodepage } = first.getFileData()
    const codepage = internetCodepage ?? messageCodepage
    if (codepage === undefined) return { file: first, fields: first.getFileData() }
    const file = new MsgReader(view)
    file.parserConfig = { ansiEncoding: codepage === 65001 ? 'utf8' : String(codepage) }
    return { file, fields: file.getFileData() }
  } catch (error) {
    throw corrupt(path, error)
  }
}

/** @throws InputError `corrupt` for other compound files, which show no fields of a mail, and `encrypted` */
function refuseUnreadable(fields: FieldsData, path: string): void {
  const { dataType, subject, senderName, body, html, bodyHtml, compressedRtf, attachments, recipients } = fields
  const isEmpty = [subject, senderName, body, html, bodyHtml, compressedRtf].every((field) => field === undefined)
  if (dataType !== 'msg' || (isEmpty && !attachments?.length && !recipients?.length)) throw corrupt(path)
  const isProtected = attachments?.some(({ fileName }) => /\.rpmsg$/i.test(fileName ?? '')) === true
  if (/^IPM\.Note\.(?:SMIME|Secure)$/i.test(fields.messageClass ?? '') || isProtected)
    throw new InputError('encrypted', `${path}: the mail is encrypted`, {
      place: path,
      hint: 'Open it in Outlook, and save the decrypted text.',
    })
}

function corrupt(path: string, cause?: unknown): InputError {
  return new InputError('corrupt', `${path}: is no Outlook message, or damaged`, {
    place: path,
    hint: 'Save it again in Outlook, best as .eml or as text.',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** Plain text, or else HTML, or else what the RTF says. */
async function readText(fields: FieldsData, path: string, notes: Note[]): Promise<MailText | null> {
  const { body, bodyHtml, html, compressedRtf, internetCodepage } = fields
  if (body !== undefined && body.trim() !== '') return plainText(body, 'plain')
  if (bodyHtml !== undefined && bodyHtml.trim() !== '') return plainText(bodyHtml, 'html')
  if (html !== undefined && html.length > 0) {
    const charset = internetCodepage === undefined ? null : charsetLabel(`cp${internetCodepage}`)
    return decodeBody(html, { kind: 'html', charset, firstLine: 1, flow: 'none' }, false)
  }
  const rtf = compressedRtf === undefined ? null : decompressRtf(compressedRtf)
  if (rtf === null) return null
  try {
    const { rtfReader } = await import('./rtf.ts')
    const { document } = await rtfReader.read({ path, bytes: rtf })
    notes.push(...document.notes)
    return plainText(document.text, 'plain')
  } catch (error) {
    const message = `Its text is RTF that cannot be read: ${error instanceof Error ? error.message : String(error)}`
    notes.push({ code: 'unreadable-part', message, where: path })
    return null
  }
}

function readFiles(file: OutlookFile, fields: FieldsData, notes: Note[]): AttachedFile[] {
  const isSigned = /^IPM\.Note\.SMIME\.MultipartSigned$/i.test(fields.messageClass ?? '')
  const files: AttachedFile[] = []
  for (const [index, attachment] of (fields.attachments ?? []).entries()) {
    const type = attachment.attachMimeTag?.toLowerCase() ?? ''
    const name = attachment.fileName ?? attachment.fileNameShort ?? attachment.name ?? null
    // Pictures in the page, as in other mails.
    if (isPicture(type, name) && (attachment.pidContentId !== undefined || attachment.attachmentHidden)) continue
    try {
      const { content } = file.getAttachment(attachment)
      if (attachment.innerMsgContent) {
        const subject = attachment.innerMsgContentFields?.subject ?? attachment.name ?? ''
        files.push({ name: `${slug(subject) || 'message'}-${index + 1}.msg`, type, bytes: content })
      } else if (isSigned && /^multipart\/signed|pkcs7/.test(type)) {
        // The mail itself in the internet's format, with its signature.
        files.push({ name: 'signed-message.eml', type: 'message/rfc822', bytes: content })
      } else files.push({ name, type, bytes: content })
    } catch {
      const message = 'The attachment cannot be taken out of the message; left out.'
      notes.push({ code: 'unreadable-attachment', message, where: name ?? `attachment ${index + 1}` })
    }
  }
  return files
}

function isPicture(type: string, name: string | null): boolean {
  return type.startsWith('image/') || /\.(?:png|jpe?g|gif|bmp|emz|wmz)$/i.test(name ?? '')
}
