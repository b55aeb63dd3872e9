import { InputError } from '../../src/model/errors.ts'
import type { Note } from '../../src/model/note.ts'
import { findDateInPath, findStatedDate } from '../dates.ts'
import type { FileReader, Reading, SourceFile } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { addComments } from './pdf/annotations.ts'
import { embeddedFiles } from './pdf/embedded-files.ts'
import { detailsOf } from './pdf/details.ts'
import { writeLines } from './pdf/flow.ts'
import { titlesOf } from './pdf/headings.ts'
import { arrange } from './pdf/arrange.ts'
import { withPdf } from './pdf/open-pdf.ts'
import { readPages } from './pdf/pages.ts'
import type { PdfFile } from './pdf/pdfjs.ts'
import { qualityNotes } from './pdf/quality.ts'
import { mainTitle } from './pdf/title.ts'

/** PDF by pdfjs: text in the order of reading, comments after the page they are on, fields where they lie. */
export const pdfReader: FileReader = {
  name: 'pdf',
  extensions: ['pdf'],
  read: (source) => withPdf(source, (file) => readPdf(source, file)),
}

async function readPdf(source: SourceFile, file: PdfFile): Promise<Reading> {
  const { path } = source
  const read = await readPages(file, source)
  const outline = await file.getOutline().catch(() => null)
  const details = detailsOf(await file.getMetadata().catch(() => null))
  const { files, notes: fileNotes } = await embeddedFiles(file)
  const { lines, notes: runningNotes } = arrange(read.pages)
  const comments = new Map(read.pages.map((page) => [page.number, page.comments]))
  const builder = new TextBuilder()
  writeLines(builder, lines, titlesOf(outline), file.numPages, (page) =>
    addComments(builder, page, comments.get(page) ?? []),
  )
  const isEmpty = builder.units.length === 0
  if (isEmpty && read.hasPictures && files.length === 0) throw noTextLayer(path, file.numPages)
  const text = builder.text
  const head = builder.units.slice(0, 20).map((unit) => builder.textOf(unit, text))
  const notes: Note[] = isEmpty
    ? [...read.notes]
    : [...read.notes, ...runningNotes, ...fileNotes, ...qualityNotes(read.pages, lines)]
  return {
    document: {
      title: details.title ?? mainTitle(builder.units, text, lines) ?? titleFromPath(path),
      kind: 'document',
      mediaType: 'application/pdf',
      date: findStatedDate(head) ?? findDateInPath(path),
      text,
      units: builder.units,
      notes,
      ...(Object.keys(details.metadata).length === 0 ? {} : { metadata: details.metadata }),
    },
    ...(files.length === 0 ? {} : { attachments: files }),
  }
}

function noTextLayer(path: string, pages: number): InputError {
  const where = pages === 1 ? 'its only page' : `any of its ${pages} pages`
  return new InputError('no-text', `${path}: no text layer on ${where}`, {
    place: path,
    hint: 'Run OCR first, or give --ocr COMMAND.',
  })
}
