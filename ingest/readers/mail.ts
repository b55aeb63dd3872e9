import { InputError } from '../../src/model/errors.ts'
import { findDateInPath } from '../dates.ts'
import type { FileReader } from '../reading.ts'
import { titleFromPath } from '../titles.ts'

/** Mail is told by its first lines where the file's name does not tell. */
type MailReader = FileReader & { readonly recognises: (head: string) => boolean }

const HEADER_LINE = /^[!-9;-~]+[ \t]*:/
const OF_MAIL =
  /^(?:from|to|cc|subject|date|received|message-id|mime-version|return-path|delivered-to|reply-to)[ \t]*:/i

/** One mail, with its attachments as files. */
export const mailReader: MailReader = {
  name: 'mail',
  extensions: ['eml'],
  recognises: (head) => isMailHeader(head.replace(/^\s+/, '')),
  read: async (source) => (await import('./mail/message.ts')).readMessage(source),
}

/** A mailbox is an archive: each message is read as a document of its own, and keeps its thread. */
export const mboxReader: MailReader = {
  name: 'mbox',
  extensions: ['mbox'],
  recognises: (head) => {
    const [, rest] = /^\s*From [^\n]{1,200}\n([^]*)$/.exec(head) ?? []
    return rest !== undefined && isMailHeader(rest.replace(/^>?From [^\n]*\n/, ''))
  },
  read: async ({ path, bytes }) => {
    const { splitMailbox } = await import('./mail/mbox.ts')
    const messages = splitMailbox(bytes, path)
    const isBlank = bytes.every((byte) => byte <= 32)
    // Some programs save a single mail under this name.
    if (messages.length === 0 && mailReader.recognises(Buffer.from(bytes.subarray(0, 4096)).toString('latin1')))
      return mailReader.read({ path, bytes })
    if (messages.length === 0 && !isBlank)
      throw new InputError('corrupt', `${path}: holds no line \`From …\` with which a message would begin`, {
        place: path,
        hint: 'Export the mailbox again, or give its messages as .eml.',
      })
    const document = {
      title: titleFromPath(path),
      kind: 'archive' as const,
      mediaType: 'application/mbox',
      date: findDateInPath(path),
      text: '',
      units: [],
      notes: [],
    }
    return { document, attachments: messages }
  },
}

/** Header fields from the first line to the first blank one, at least two of them a mail's and one `From` or `Received`. */
function isMailHeader(head: string): boolean {
  const lines = head.split(/\r?\n/)
  const blank = lines.indexOf('')
  // The last line of the head may be cut.
  const fields = lines.slice(0, blank < 0 ? -1 : blank)
  if (fields.length < 2 || !fields.every((line) => HEADER_LINE.test(line) || /^[ \t]/.test(line))) return false
  return (
    fields.filter((line) => OF_MAIL.test(line)).length >= 2 &&
    fields.some((line) => /^(?:from|received)[ \t]*:/i.test(line))
  )
}
