import { InputError } from '../../../src/model/errors.ts'
import type { Note } from '../../../src/model/note.ts'
import type { SourceFile } from '../../reading.ts'
import { type Comment, commentsOf } from './annotations.ts'
import { fieldRuns } from './fields.ts'
import { fontBook } from './fonts.ts'
import type { SegmentedSheet } from './lines.ts'
import type { PdfAnnotation, PdfFile } from './pdfjs.ts'
import { listPages } from './page-list.ts'
import { hasPictures } from './pictures.ts'
import { countUnreadable, type PageQuality } from './quality.ts'
import { sheetsOf } from './runs.ts'
import { findSegments } from './segments.ts'

/** What stands on one page, before anything is known of the others. */
export interface PageText extends PageQuality {
  readonly sheets: readonly SegmentedSheet[]
  readonly comments: readonly Comment[]
}

/** All pages that can be read, and what is to be said of the others. */
export interface PagesRead {
  readonly pages: readonly PageText[]
  readonly notes: readonly Note[]
  /** Looked for only where there is no text at all. */
  readonly hasPictures: boolean
}

/** No text that people read is longer; what is, would not fit into memory a few times over. */
const MAX_CHARACTERS = 20_000_000
/** So many broken pages are named one by one. */
const NAMED_PAGES = 20

/**
 * Page after page; a broken one costs itself.
 * @throws InputError `limit`, or `corrupt` where no page can be read
 */
export async function readPages(file: PdfFile, source: SourceFile): Promise<PagesRead> {
  const { path, bytes } = source
  const fonts = fontBook()
  const pages: PageText[] = []
  const bad: { page: number; why: string; cause: unknown }[] = []
  let characters = 0
  for (let number = 1; number <= file.numPages; number += 1) {
    try {
      const page = await file.getPage(number)
      const content = await page.getTextContent()
      const texts = content.items.map((item) => ('str' in item ? item.str : ''))
      const length = texts.reduce((sum, text) => sum + text.length, 0)
      characters += length
      if (characters > MAX_CHARACTERS) throw tooMuch(path)
      await fonts.learn(page, content)
      const annotations = await page.getAnnotations().catch((): readonly PdfAnnotation[] => [])
      const viewport = page.getViewport({ scale: 1 })
      const sheets = sheetsOf(content, viewport, fonts.isBold, fieldRuns(annotations, viewport))
      const segmented = sheets.map((sheet) => ({ sheet, segments: findSegments(sheet.runs) }))
      const unreadable = texts.reduce((sum, text) => sum + countUnreadable(text), 0)
      pages.push({ number, sheets: segmented, comments: commentsOf(annotations), characters: length, unreadable })
      page.cleanup()
    } catch (cause) {
      if (cause instanceof InputError) throw cause
      bad.push({ page: number, why: cause instanceof Error ? cause.message : String(cause), cause })
    }
  }
  const [first] = bad
  if (first !== undefined && pages.length === 0)
    throw new InputError('corrupt', `${path}: damaged, none of its ${file.numPages} pages can be read (${first.why})`, {
      place: path,
      hint: 'Open it in a PDF viewer and save it anew.',
      cause: first.cause,
    })
  const isEmpty = pages.every((page) => page.sheets.length === 0)
  return {
    pages,
    notes: [...cutOffNotes(bytes), ...badPageNotes(bad), ...(isEmpty ? [] : emptyPageNotes(pages))],
    hasPictures: isEmpty && (await hasPictures(file, bytes)),
  }
}

function badPageNotes(bad: readonly { page: number; why: string }[]): Note[] {
  const notes = bad.slice(0, NAMED_PAGES).map(({ page, why }) => ({
    code: 'bad-page',
    message: `Page ${page} cannot be read and is left out: ${why.slice(0, 200)}`,
    where: `p. ${page}`,
  }))
  const rest = bad.slice(NAMED_PAGES)
  if (rest.length > 0) {
    const message = `${rest.length} further pages cannot be read and are left out: ${listPages(rest.map(({ page }) => page))}.`
    notes.push({ code: 'bad-page', message, where: `p. ${rest[0]?.page}` })
  }
  return notes
}

function emptyPageNotes(pages: readonly PageText[]): Note[] {
  const empty = pages.filter((page) => page.sheets.length === 0).map((page) => page.number)
  if (empty.length === 0) return []
  const what = empty.length === 1 ? `Page ${empty[0]} holds no text` : `Pages ${listPages(empty)} hold no text`
  const message = `${what}: empty, or a picture. If it shows text, run OCR on the file first, or give --ocr COMMAND.`
  return [{ code: 'page-without-text', message, where: `p. ${empty[0]}` }]
}

/** Every PDF ends with a mark; one that was cut off has been put together from what is there. */
function cutOffNotes(bytes: Uint8Array): Note[] {
  const end = Buffer.from(bytes.subarray(Math.max(0, bytes.length - 4096))).toString('latin1')
  if (/%%EOF|startxref|\btrailer\b/.test(end)) return []
  return [{ code: 'pages-missing', message: 'The file is cut off before its end: pages may be missing.' }]
}

function tooMuch(path: string): InputError {
  return new InputError('limit', `${path}: more than ${MAX_CHARACTERS / 1_000_000} million characters of text`, {
    place: path,
    hint: 'Split the file.',
  })
}
