import type { Note } from '../../../src/model/note.ts'
import type { Attachment } from '../../reading.ts'
import type { PdfFile } from './pdfjs.ts'

const MAX_FILES = 500
const MAX_BYTES = 100 * 1024 * 1024

/** Files inside the file, under names that are unique and lead nowhere. */
export async function embeddedFiles(file: PdfFile): Promise<{ files: Attachment[]; notes: Note[] }> {
  const found = await file.getAttachments().catch(() => null)
  const files = new Map<string, Attachment>()
  let bytes = 0
  let left = 0
  for (const [key, { filename, content }] of Object.entries(found ?? {})) {
    if (!(content instanceof Uint8Array)) continue
    bytes += content.length
    if (files.size >= MAX_FILES || bytes > MAX_BYTES) {
      left += 1
      continue
    }
    const name = uniqueName(cleanName(filename ?? key), files)
    files.set(name, { name, bytes: new Uint8Array(content) })
  }
  const message = `Files inside the PDF left out because they are too many or too large: ${left}.`
  return { files: [...files.values()], notes: left === 0 ? [] : [{ code: 'attachment-left-out', message }] }
}

function cleanName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  const clean = last.replace(/[\p{Cc}\p{Cf}]+/gu, '').trim()
  return clean === '' || /^\.+$/.test(clean) ? 'attachment' : clean.slice(-200)
}

function uniqueName(name: string, taken: ReadonlyMap<string, unknown>): string {
  const dot = name.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  let unique = name
  for (let count = 2; taken.has(unique); count += 1) unique = `${stem}-${count}${extension}`
  return unique
}
