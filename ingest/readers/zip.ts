import { InputError } from '../../src/model/errors.ts'
import type { Note } from '../../src/model/note.ts'
import { findDateInPath } from '../dates.ts'
import type { Attachment, FileReader, Reading, SourceFile } from '../reading.ts'
import { titleFromPath } from '../titles.ts'
import { openZip } from '../zip.ts'
import { uniqueNames } from './zip/unique-names.ts'

/** What systems and programs leave beside the files that somebody packed. */
const NOBODYS_FOLDERS = new Set(['__MACOSX', 'node_modules'])
const NOBODYS_FILES = new Set(['thumbs.db', 'desktop.ini'])

/** An archive has no text: the files inside are its attachments. How deep they nest is for the caller to bound. */
export const zipReader: FileReader = {
  name: 'zip',
  extensions: ['zip'],
  read: readArchive,
}

async function readArchive({ path, bytes }: SourceFile): Promise<Reading> {
  const zip = await openZip(bytes, path)
  const notes: Note[] = zip.leftOut
    .filter(({ name }) => !isNobodys(name))
    .map(({ name, why }) => ({
      code: 'entry-left-out',
      message: `${printable(name)} is left out: it ${why}.`,
      where: printable(name),
    }))
  const names = zip.names.filter((name) => !isNobodys(name)).toSorted()
  const attachments: Attachment[] = []
  let firstError: InputError | null = null
  for (const [index, name] of uniqueNames(names.map(printable)).entries()) {
    try {
      attachments.push({ name, bytes: await zip.read(names[index] ?? '') })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      firstError ??= error
      notes.push({ code: 'entry-unreadable', message: `${name} cannot be read (${error.code}).`, where: name })
    }
  }
  if (attachments.length === 0 && firstError !== null) throw firstError
  return {
    document: {
      title: titleFromPath(path),
      kind: 'archive',
      mediaType: 'application/zip',
      date: findDateInPath(path),
      text: '',
      units: [],
      notes,
    },
    attachments,
  }
}

/** Hidden files are settings of programs, and packages are somebody else's. */
function isNobodys(name: string): boolean {
  const folders = name.split('/')
  const file = folders.at(-1) ?? ''
  return (
    folders.some((folder) => folder.startsWith('.') && folder !== '..' && folder !== '.') ||
    folders.some((folder) => NOBODYS_FOLDERS.has(folder)) ||
    NOBODYS_FILES.has(file.toLowerCase())
  )
}

/** Line breaks, controls and signs that turn the direction of writing let a name pose as something else. */
function printable(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '_')
    .split('/')
    .filter((part) => part.trim() !== '' && part !== '.')
    .join('/')
}
