import { InputError } from '../../src/model/errors.ts'
import type { Note } from '../../src/model/note.ts'
import { findDateInPath } from '../dates.ts'
import { decodeText } from '../decode.ts'
import type { FileReader, Reading, SourceFile } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { openZip } from '../zip.ts'
import { readBook } from './epub/book.ts'
import { addChapterFile } from './epub/chapter.ts'
import { readContents } from './epub/contents.ts'
import { refuseLocked } from './epub/locks.ts'
import { attempt } from './office/attempt.ts'

/** As much HTML as the parser is given of a page of the web. */
const MAX_CHAPTER_BYTES = 5 * 1024 * 1024

/** Books: the files of the text in reading order, each read like a page of the web, by the chapters of the contents. */
export const epubReader: FileReader = {
  name: 'epub',
  extensions: ['epub'],
  read: readEpub,
}

async function readEpub({ path, bytes }: SourceFile): Promise<Reading> {
  const zip = await openZip(bytes, path)
  const notes: Note[] = []
  const book = await readBook(zip, path, notes)
  await refuseLocked(zip, path, book.spine, notes)
  const contents = await readContents(zip, path, book.contents, notes)
  const builder = new TextBuilder()
  let chapter: string | null = null
  for (const file of book.spine) {
    await attempt(notes, { code: 'unreadable-chapter', what: file, where: file }, async () => {
      const page = await zip.read(file)
      if (page.length > MAX_CHAPTER_BYTES) throw new InputError('limit', 'it is longer than 5 MB')
      const { text, notes: losses } = decodeText(page, declaredEncoding(page))
      for (const loss of losses) notes.push({ ...loss, where: file })
      const starts = contents.get(file) ?? []
      // Without contents each file may begin a chapter; with them, it goes on with the last one.
      const before: string | null = contents.size === 0 ? null : chapter
      chapter = addChapterFile(builder, text, starts, before) ?? chapter
    })
  }
  if (builder.units.length === 0) throw withoutText(path, notes)
  return {
    document: {
      title: book.title ?? titleFromPath(path),
      kind: 'document',
      mediaType: 'application/epub+zip',
      date: book.date ?? findDateInPath(path),
      text: builder.text,
      units: builder.units,
      notes,
      ...(Object.keys(book.metadata).length === 0 ? {} : { metadata: book.metadata }),
    },
  }
}

function declaredEncoding(page: Uint8Array): string | undefined {
  const head = Buffer.from(page.subarray(0, 200)).toString('latin1')
  return /^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head)?.[1]
}

function withoutText(path: string, notes: readonly Note[]): InputError {
  const damage = notes.find(({ code }) => code === 'unreadable-chapter')
  if (damage !== undefined)
    return new InputError('corrupt', `${path}: no chapter can be read. ${damage.message}`, {
      place: path,
      hint: 'Open it in a program for books and save it again.',
    })
  return new InputError('no-text', `${path}: the book holds no text`, {
    place: path,
    hint: 'Its pages may be pictures. Give a text version of it.',
  })
}
