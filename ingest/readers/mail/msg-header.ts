import type { FieldsData } from '@kenjiuno/msgreader'
import type { Note } from '../../../src/model/note.ts'
import { displayName, formatAddress, limitAddresses, readHeader, type MailHeader } from './header.ts'

/**
 * The header of an Outlook file. A mail that came from outside still has its own, which knows the date with its time
 * zone and the thread; who wrote to whom is told by Outlook's fields.
 */
export async function readMsgHeader(fields: FieldsData): Promise<MailHeader> {
  const notes: Note[] = []
  const transport = fields.headers === undefined ? null : await readTransport(fields.headers, notes)
  const { senderName = '', senderSmtpAddress, senderEmail, sentRepresentingSmtpAddress } = fields
  const address = [senderSmtpAddress, senderEmail, sentRepresentingSmtpAddress].find((one) => isAddress(one)) ?? ''
  const from = formatAddress(senderName, address) || (transport?.from ?? '')
  const to = recipients(fields, 'to', notes)
  const cc = recipients(fields, 'cc', notes)
  return {
    subject: textOrNull(fields.subject),
    from: textOrNull(from),
    sender: from === '' ? null : displayName(from),
    to: to.length > 0 ? to : (transport?.to ?? []),
    cc: cc.length > 0 ? cc : (transport?.cc ?? []),
    date: transport?.date ?? textOrNull(fields.clientSubmitTime ?? fields.messageDeliveryTime),
    messageId: transport?.messageId ?? textOrNull(fields.messageId),
    inReplyTo: transport?.inReplyTo ?? null,
    references: transport?.references ?? [],
    lines: new Map(),
    notes,
  }
}

async function readTransport(headers: string, notes: Note[]): Promise<MailHeader | null> {
  try {
    return await readHeader(new TextEncoder().encode(headers), 1)
  } catch (error) {
    const message = `The header it was sent with cannot be read: ${error instanceof Error ? error.message : String(error)}`
    notes.push({ code: 'unreadable-header', message })
    return null
  }
}

function recipients(fields: FieldsData, type: 'to' | 'cc', notes: Note[]): string[] {
  const found = (fields.recipients ?? []).filter((recipient) => recipient.recipType === type)
  const shown = found.map(({ name = '', smtpAddress, email }) =>
    formatAddress(name, [smtpAddress, email].find((one) => isAddress(one)) ?? ''),
  )
  return limitAddresses(
    shown.filter((one) => one !== ''),
    type,
    notes,
  )
}

/** Within an organisation Outlook writes `/O=FIRM/OU=…` for an address. */
function isAddress(address: string | undefined): boolean {
  return address !== undefined && /^[^\s@]+@[^\s@]+$/.test(address)
}

function textOrNull(text: string | undefined): string | null {
  const trimmed = (text ?? '').replace(/\s+/g, ' ').trim()
  return trimmed === '' ? null : trimmed
}
