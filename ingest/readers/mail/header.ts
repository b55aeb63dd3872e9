import PostalMime, { addressParser, decodeWords, type Address } from 'postal-mime'
import type { Note } from '../../../src/model/note.ts'
import { findDate } from '../../dates.ts'
import { decodeText } from '../../decode.ts'
import { foldSpace } from '../../passage.ts'

/** What stands above a mail, decoded. Addresses are written `Name <address>`. */
export interface MailHeader {
  readonly subject: string | null
  readonly from: string | null
  /** Display name of the sender, or else the address. */
  readonly sender: string | null
  readonly to: readonly string[]
  readonly cc: readonly string[]
  /** As the mail writes it. */
  readonly date: string | null
  readonly messageId: string | null
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  /** Line of the file on which a field (lower case) stands; empty where the format has no lines. */
  readonly lines: ReadonlyMap<string, number>
  readonly notes: readonly Note[]
}

/** More are no sign of who works with whom; a mail to 10,000 would be all addresses. */
const MAX_ADDRESSES = 200
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g

/** Reads the header of a mail from its bytes, `firstLine` being the line of the file on which they begin. */
export async function readHeader(bytes: Uint8Array, firstLine: number): Promise<MailHeader> {
  const decoded = decodeText(bytes)
  const lines = new Map<string, number>()
  for (const [index, line] of decoded.text.split('\n').entries()) {
    const name = /^([!-9;-~]+)[ \t]*:/.exec(line)?.[1]?.toLowerCase()
    if (name !== undefined && !lines.has(name)) lines.set(name, firstLine + index)
  }
  const { headers } = await PostalMime.parse(`${decoded.text.trimEnd()}\n\n`)
  const valueOf = (name: string): string | null => {
    const value = clean(headers.find((header) => header.key === name)?.value ?? '')
    return value === '' ? null : value
  }
  const textOf = (name: string): string | null => {
    const value = clean(decodeWords(valueOf(name) ?? ''))
    return value === '' ? null : value
  }
  const notes = [...decoded.notes]
  const addressesOf = (name: string): string[] => {
    const values = headers.filter((header) => header.key === name && header.value !== '').map((header) => header.value)
    return limitAddresses(
      values.flatMap((value) => formatAddresses(value)),
      name,
      notes,
    )
  }
  const fromField = valueOf('from') === null ? 'sender' : 'from'
  const from = addressesOf(fromField)
  const fromLine = lines.get(fromField)
  if (fromLine !== undefined) lines.set('from', fromLine)
  return {
    subject: textOf('subject'),
    from: from.length === 0 ? null : from.join(', '),
    sender: from[0] === undefined ? null : displayName(from[0]),
    to: addressesOf('to'),
    cc: addressesOf('cc'),
    date: valueOf('date'),
    messageId: valueOf('message-id'),
    inReplyTo: valueOf('in-reply-to'),
    references: (valueOf('references') ?? '').split(/[\s,]+/).filter((id) => id !== ''),
    lines,
    notes,
  }
}

/** Keeps the first addresses of a field and says how many were left out. */
export function limitAddresses(addresses: string[], field: string, notes: Note[]): string[] {
  if (addresses.length <= MAX_ADDRESSES) return addresses
  const message = `${addresses.length} addresses, of which the first ${MAX_ADDRESSES} are kept.`
  notes.push({ code: 'many-addresses', message, where: field })
  return addresses.slice(0, MAX_ADDRESSES)
}

/** `Ana Ruiz <ana@x.example>` → `Ana Ruiz`; a bare address stays. */
export function displayName(address: string): string {
  const name = address.replace(/<[^<>]*>$/, '').trim()
  return name === '' ? address.replace(/^<|>$/g, '') : name.replace(/^"(.*)"$/, '$1')
}

/** Name and address as one text; '' where both are missing. A name with a comma stays in quotes, or it would be two. */
export function formatAddress(name: string, address: string): string {
  const shown = clean(name).replace(/^["']+|["']+$/g, '')
  const at = clean(address)
  if (shown === '' || shown === at) return at
  if (at === '') return shown
  return /[,;]/.test(shown) ? `"${shown}" <${at}>` : `${shown} <${at}>`
}

/** The ISO date of a `Date:` field, as the sender's own clock showed it. */
export function dateOfField(date: string | null): string | null {
  if (date === null) return null
  const written = findDate(date)
  if (written !== null) return written
  const parsed = new Date(date)
  return Number.isNaN(parsed.getTime()) ? null : parsed.toISOString().slice(0, 10)
}

export function formatAddresses(value: string): string[] {
  const found = addressParser(value).map((address) => formatParsed(address))
  const named = found.filter((address) => address !== '')
  const raw = clean(decodeWords(value))
  return named.length > 0 || raw === '' ? named : [raw]
}

function formatParsed(address: Address): string {
  if (address.group === undefined) return formatAddress(address.name, address.address)
  const members = address.group.map((member) => formatAddress(member.name, member.address)).filter((one) => one !== '')
  return members.length === 0 ? `${clean(address.name)}:;` : `${clean(address.name)}: ${members.join(', ')};`
}

function clean(text: string): string {
  return foldSpace(text.replace(CONTROLS, ''))
}
