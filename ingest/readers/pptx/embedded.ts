import type { Note } from '../../../src/model/note.ts'
import type { Attachment } from '../../reading.ts'
import type { Zip } from '../../zip.ts'
import { uniqueNames } from '../zip/unique-names.ts'
import { attempt } from '../office/attempt.ts'

const FOLDER = 'ppt/embeddings/'
const OFFICE_FILE = /\.(?:xls|doc|ppt|sld)[xm]$/i

/** Office files inside a presentation: workbooks behind charts, documents pasted onto slides. */
export async function readEmbedded(zip: Zip, notes: Note[]): Promise<Attachment[]> {
  const inside = zip.names.filter((name) => name.startsWith(FOLDER)).toSorted()
  const files = inside.filter((name) => OFFICE_FILE.test(name))
  const others = inside.filter((name) => !files.includes(name))
  if (others.length > 0)
    notes.push({
      code: 'embedded-not-read',
      message: `Embedded objects of old or unknown kinds are not read: ${others.map((name) => name.slice(FOLDER.length)).join(', ')}.`,
    })
  const attachments: Attachment[] = []
  for (const [index, name] of uniqueNames(files.map((file) => file.slice(FOLDER.length))).entries()) {
    const bytes = await attempt(notes, { code: 'embedded-not-read', what: name, where: name }, () =>
      zip.read(files[index] ?? ''),
    )
    if (bytes !== null) attachments.push({ name, bytes })
  }
  return attachments
}
