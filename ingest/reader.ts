import { isUtf8 } from 'node:buffer'
import { InputError } from '../src/model/errors.ts'
import { extensionOf } from './extension.ts'
import { decodeText } from './decode.ts'
import type { FileReader, Reading, SourceFile, SourceText, TextReader } from './reading.ts'
import { conversationReader } from './readers/conversation.ts'
import { jsonReader } from './readers/json.ts'
import { mailReader, mboxReader } from './readers/mail.ts'
import { CSV, HTML, MARKDOWN, YAML } from './readers/late-formats.ts'
import { srtReader } from './readers/srt.ts'
import { textReader } from './readers/text.ts'
import { transcriptJsonReader } from './readers/transcript-json.ts'
import { transcriptTextReader } from './readers/transcript-text.ts'
import { webvttReader } from './readers/webvtt.ts'
import { isText, sniff, type Sniffed } from './sniff.ts'
import { unsupportedReason } from './unsupported.ts'

const csv: LateTextReader = {
  ...CSV,
  read: async (source) => (await import('./readers/csv.ts')).csvReader.read(source),
}

/**
 * The formats of plain text. Under one extension the first reader that recognises the content takes it, else the
 * first that does not ask. A new format is a file in `readers/` and a line here.
 */
const TEXT_READERS: readonly LateTextReader[] = [
  webvttReader,
  srtReader,
  { ...HTML, read: async (source) => (await import('./readers/html.ts')).htmlReader.read(source) },
  { ...MARKDOWN, read: async (source) => (await import('./readers/markdown.ts')).markdownReader.read(source) },
  transcriptJsonReader,
  jsonReader,
  { ...YAML, read: async (source) => (await import('./readers/yaml.ts')).yamlReader.read(source) },
  csv,
  transcriptTextReader,
  conversationReader,
  textReader,
]

type LateTextReader = Omit<TextReader, 'read'> & { readonly read: (source: SourceText) => Reading | Promise<Reading> }

/** Mail is text in parts of different encodings, so it is read from its bytes. */
const MAIL_READERS: readonly (FileReader & { recognises: (head: string) => boolean })[] = [mboxReader, mailReader]

/** The other formats by their content; loaded when the first such file comes. */
const FILE_READERS: Readonly<Record<Exclude<Sniffed, 'text'>, () => Promise<FileReader>>> = {
  pdf: async () => (await import('./readers/pdf.ts')).pdfReader,
  docx: async () => (await import('./readers/docx.ts')).docxReader,
  pptx: async () => (await import('./readers/pptx.ts')).pptxReader,
  xlsx: async () => (await import('./readers/xlsx.ts')).xlsxReader,
  epub: async () => (await import('./readers/epub.ts')).epubReader,
  odt: async () => (await import('./readers/odt.ts')).odtReader,
  rtf: async () => (await import('./readers/rtf.ts')).rtfReader,
  zip: async () => (await import('./readers/zip.ts')).zipReader,
  msg: async () => (await import('./readers/msg.ts')).msgReader,
  parquet: async () => (await import('./readers/parquet.ts')).parquetReader,
}

/** Larger files are refused before they are looked into. */
export const MAX_FILE_BYTES = 50 * 1024 * 1024
/** Up to here a `light` reader takes some milliseconds. */
const MAX_LIGHT_BYTES = 256 * 1024

/**
 * From a file's bytes to its text and units. Pure: the path is only a name. Not to be called on files of strangers in
 * a process that has to live, where {@link readLight} may be: `reading-room.ts` calls it in another one.
 *
 * @throws InputError with a code that says why a file cannot be taken: `unsupported-format`, `empty-file`,
 * `binary-content`, `too-large`, `limit`, `corrupt`, `encrypted`, `no-text`
 */
export async function readSource(file: SourceFile): Promise<Reading> {
  const { path, bytes } = file
  const extension = extensionOf(path)
  if (bytes.length > MAX_FILE_BYTES) {
    const size = Math.ceil(bytes.length / 1024 / 1024)
    throw new InputError('too-large', `${path}: ${size} MB, at most ${MAX_FILE_BYTES / 1024 / 1024} MB are read`, {
      place: path,
      hint: 'Split the file.',
    })
  }
  const reason = unsupportedReason(extension)
  if (reason !== null)
    throw new InputError('unsupported-format', `${path}: ${reason.reason}`, { place: path, hint: reason.hint })
  if (bytes.length === 0) throw emptyFile(path, 'is empty')
  const sniffed = await sniff(bytes, path)
  const reading =
    sniffed === 'text' ? await readTextOrMail(file, extension) : await (await FILE_READERS[sniffed]()).read(file)
  const { document, attachments = [], tables = [] } = reading
  if (document.units.length === 0 && attachments.length === 0 && tables.length === 0)
    throw emptyFile(path, 'holds no text')
  return reading
}

/**
 * Reads a small text of a format whose reader is `light`. Null for all other files, and for those that are to be
 * refused: they take a process of their own.
 */
export async function readLight({ path, bytes }: SourceFile): Promise<Reading | null> {
  if (bytes.length > MAX_LIGHT_BYTES || !isUtf8(bytes) || !isText(bytes)) return null
  const extension = extensionOf(path)
  if (unsupportedReason(extension) !== null || mailReaderFor(bytes, extension) !== undefined) return null
  const { text, notes } = decodeText(bytes)
  const reader = chooseReader(extension, text)
  if (reader.light !== true) return null
  const reading = await reader.read({ path, text, notes })
  return reading.document.units.length === 0 ? null : reading
}

async function readTextOrMail({ path, bytes }: SourceFile, extension: string): Promise<Reading> {
  const mail = mailReaderFor(bytes, extension)
  if (mail !== undefined) return mail.read({ path, bytes })
  const { text, notes } = decodeText(bytes, declaredEncoding(extension, bytes))
  if (text.trim() === '') throw emptyFile(path, 'is empty')
  return chooseReader(extension, text).read({ path, text, notes })
}

function mailReaderFor(bytes: Uint8Array, extension: string): FileReader | undefined {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
  return MAIL_READERS.find(
    (reader) => reader.extensions.includes(extension) || (extension === '' && reader.recognises(head)),
  )
}

const WORKBOOKS: ReadonlySet<string> = new Set(['xlsx', 'xlsm', 'xls', 'ods'])

function chooseReader(extension: string, text: string): LateTextReader {
  // Without an extension (README, LICENSE), or under one of a format that it is not (a page saved as .doc), content
  // alone decides; a transcript that was saved as .txt is one too.
  const mine = TEXT_READERS.filter((reader) => reader.extensions.includes(extension))
  const candidates = mine.length === 0 || mine.includes(textReader) ? TEXT_READERS : mine
  return (
    candidates.find((reader) => reader.recognises?.(text)) ??
    // A table that was given the name of a workbook.
    (WORKBOOKS.has(extension) ? csv : undefined) ??
    mine.find((reader) => reader.recognises === undefined) ??
    mine[0] ??
    textReader
  )
}

/** HTML may say its encoding in its head; other formats cannot. */
function declaredEncoding(extension: string, bytes: Uint8Array): string | undefined {
  if (!HTML.extensions.includes(extension)) return undefined
  const head = Buffer.from(bytes.subarray(0, 2048)).toString('latin1')
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})/i.exec(head)?.[1]
}

function emptyFile(path: string, what: string): InputError {
  return new InputError('empty-file', `${path} ${what}`, { place: path, hint: 'There is nothing to read in it.' })
}
