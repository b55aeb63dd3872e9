import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { InvalidPDFException, PasswordException, PDFParse } from 'pdf-parse'
import { InputError } from '../../../src/model/errors.ts'
import type { SourceFile } from '../../reading.ts'
import type { PdfFile } from './pdfjs.ts'

/** Larger files take longer than anybody waits. */
const MAX_PAGES = 5000

/** Where pdfjs keeps what it knows of fonts that a file only names. Found from pdf-parse: its pdfjs is the one in use. */
function pdfjsFolder(): string {
  const fromHere = createRequire(import.meta.url)
  return dirname(createRequire(fromHere.resolve('pdf-parse')).resolve('pdfjs-dist/package.json'))
}

/**
 * Opens a PDF without fetching, evaluating or decoding pictures, and closes it after `use`.
 * @throws InputError `encrypted`, `corrupt`, `limit`
 */
export async function withPdf<Result>(source: SourceFile, use: (file: PdfFile) => Promise<Result>): Promise<Result> {
  const { path } = source
  const folder = pdfjsFolder()
  const parser = new PDFParse({
    // A copy: pdfjs takes the bytes away from whoever hands them over.
    data: new Uint8Array(source.bytes),
    verbosity: 0,
    cMapUrl: `${folder}/cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${folder}/standard_fonts/`,
    isEvalSupported: false,
    useSystemFonts: false,
    useWasm: false,
    useWorkerFetch: false,
    disableAutoFetch: true,
    enableXfa: false,
    // Pictures are never looked at; of one point at most, none is unpacked.
    maxImageSize: 1,
  })
  try {
    const file = await load(parser, path)
    if (file.numPages > MAX_PAGES) {
      const message = `${path}: ${file.numPages} pages, at most ${MAX_PAGES} are read`
      throw new InputError('limit', message, { place: path, hint: 'Split the file.' })
    }
    return await use(file)
  } finally {
    await parser.destroy()
  }
}

async function load(parser: PDFParse, path: string): Promise<PdfFile> {
  try {
    // The way to coordinates, which none of pdf-parse's own methods gives.
    return await parser['load']()
  } catch (cause) {
    if (cause instanceof PasswordException)
      throw new InputError('encrypted', `${path}: is protected by a password`, {
        place: path,
        hint: 'Save a copy without the password.',
        cause,
      })
    const what =
      cause instanceof InvalidPDFException ? 'a damaged PDF, its structure cannot be read' : 'a PDF that cannot be read'
    throw new InputError('corrupt', `${path}: ${what}`, {
      place: path,
      hint: 'Open it in a PDF viewer and save it anew.',
      cause,
    })
  }
}
