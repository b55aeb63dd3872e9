import PostalMime from 'postal-mime'
import type { Attachment } from '../../reading.ts'
import { foldSpace } from '../../passage.ts'

/** An attached file as the mail gives it. */
export interface AttachedFile {
  /** As the mail names it, decoded; null where it does not. */
  readonly name: string | null
  readonly type: string
  readonly bytes: Uint8Array
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'text/plain': 'txt',
  'text/html': 'html',
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'text/markdown': 'md',
  'text/vtt': 'vtt',
  'text/calendar': 'ics',
  'text/rtf': 'rtf',
  'text/xml': 'xml',
  'text/rfc822-headers': 'txt',
  'message/delivery-status': 'txt',
  'message/disposition-notification': 'txt',
  'message/feedback-report': 'txt',
  'application/pdf': 'pdf',
  'application/rtf': 'rtf',
  'application/json': 'json',
  'application/xml': 'xml',
  'application/zip': 'zip',
  'application/epub+zip': 'epub',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.ms-powerpoint': 'ppt',
  'application/vnd.ms-outlook': 'msg',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.oasis.opendocument.text': 'odt',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
}
const LONGEST_NAME = 120

/** The file in a part, decoded. The type is hidden from the library, which would take some types for the mail's text. */
export async function decodePart(
  header: string,
  body: Uint8Array,
): Promise<{ name: string | null; bytes: Uint8Array }> {
  const hidden = /^content-type[ \t]*:/im.test(header)
    ? header.replace(/^(content-type[ \t]*:[ \t]*)[^;\s]*/im, '$1application/octet-stream')
    : `Content-Type: application/octet-stream\n${header}`
  const top = Buffer.from(`${hidden.trimEnd()}\n\n`, 'latin1')
  const { attachments } = await PostalMime.parse(Buffer.concat([top, body]))
  const file = attachments[0]
  if (file === undefined || typeof file.content === 'string') return { name: null, bytes: new Uint8Array() }
  return { name: file.filename, bytes: new Uint8Array(file.content as ArrayBuffer) }
}

/** Attachments under names that are safe and unique. */
export function nameAttachments(files: readonly AttachedFile[]): Attachment[] {
  const taken = new Set<string>()
  return files.map(({ name, type, bytes }, index) => {
    const extension = EXTENSIONS[type]
    const safe = safeName(name ?? '')
    const given = safe === '' ? `attachment-${index + 1}.${extension ?? 'bin'}` : safe
    const whole = /[^.]\.[^.\s]{1,16}$/.test(given) || extension === undefined ? given : `${given}.${extension}`
    return { name: uniqueName(whole, taken), bytes }
  })
}

/** The last step of a path without what file systems and terminals stumble over; '' if nothing is left. */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/).findLast((step) => step.trim() !== '') ?? ''
  const visible = foldSpace(last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/gu, '')).replace(/^[.\s]+|[.\s]+$/g, '')
  if (visible.length <= LONGEST_NAME) return visible
  const extension = /\.[^.\s]{1,16}$/.exec(visible)?.[0] ?? ''
  return visible.slice(0, LONGEST_NAME - extension.length).trim() + extension
}

/** Lower case words of a subject joined by `-`, for a file's name. */
export function slug(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return [...words.join('-')].slice(0, 60).join('').replace(/-+$/, '')
}

function uniqueName(name: string, taken: Set<string>): string {
  const extension = /[^.](\.[^.\s]{1,16})$/.exec(name)?.[1] ?? ''
  const stem = name.slice(0, name.length - extension.length)
  let unique = name
  for (let count = 2; taken.has(unique.toLowerCase()); count += 1) unique = `${stem}-${count}${extension}`
  taken.add(unique.toLowerCase())
  return unique
}
