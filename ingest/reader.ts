import type { ParsedDocument } from '../src/model/document.ts'
import { InputError } from '../src/model/errors.ts'
import { decodeText } from './decode.ts'
import { conversationReader } from './readers/conversation.ts'
import { htmlReader } from './readers/html.ts'
import { markdownReader } from './readers/markdown.ts'
import { textReader } from './readers/text.ts'
import { webvttReader } from './readers/webvtt.ts'
import { sniffBinary } from './sniff.ts'
import type { Reader } from './source-text.ts'
import { unsupportedReason } from './unsupported.ts'

/**
 * The formats. Under one extension the first reader that recognises the content takes it, else the first that does
 * not ask. A new format is a file in `readers/` and a line here.
 */
const READERS: readonly Reader[] = [webvttReader, htmlReader, markdownReader, conversationReader, textReader]

/** Larger files are refused before they are decoded. */
export const MAX_FILE_BYTES = 50 * 1024 * 1024

/**
 * From a file's bytes to its text and units. Pure: the path is only a name. Throws InputError with a code that says
 * why a file cannot be taken: `unsupported-format`, `empty-file`, `binary-content`, `too-large`.
 */
export function readDocument(input: { path: string; bytes: Uint8Array }): ParsedDocument {
  const { path, bytes } = input
  const extension = extensionOf(path)
  if (extension !== '' && !READERS.some((reader) => reader.extensions.includes(extension))) {
    const { reason, hint } = unsupportedReason(extension)
    throw new InputError('unsupported-format', `${path}: ${reason}`, { place: path, hint })
  }
  if (bytes.length > MAX_FILE_BYTES) {
    const size = Math.ceil(bytes.length / 1024 / 1024)
    throw new InputError('too-large', `${path}: ${size} MB, at most ${MAX_FILE_BYTES / 1024 / 1024} MB are read`, {
      place: path,
      hint: 'Split the file.',
    })
  }
  const binary = sniffBinary(bytes)
  if (binary !== null) {
    throw new InputError('binary-content', `${path}: not text but ${binary}`, {
      place: path,
      hint: 'Give it its right extension, or leave it out.',
    })
  }
  const { text, notes } = decodeText(bytes, declaredEncoding(extension, bytes))
  if (text.trim() === '') throw emptyFile(path, 'is empty')
  const document = chooseReader(extension, text).read({ path, text, notes })
  if (document.units.length === 0) throw emptyFile(path, 'holds no text')
  return document
}

function chooseReader(extension: string, text: string): Reader {
  // Without an extension (README, LICENSE) content alone decides; a transcript that was saved as .txt is one too.
  const anyFormat = extension === '' || textReader.extensions.includes(extension)
  const candidates = anyFormat ? READERS : READERS.filter((reader) => reader.extensions.includes(extension))
  const mine = candidates.filter((reader) => reader.extensions.includes(extension))
  return (
    candidates.find((reader) => reader.recognises?.(text)) ??
    mine.find((reader) => reader.recognises === undefined) ??
    mine[0] ??
    textReader
  )
}

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return /[^.]\.([^.\s]{1,16})$/.exec(name)?.[1]?.toLowerCase() ?? ''
}

/** HTML may say its encoding in its head; other formats cannot. */
function declaredEncoding(extension: string, bytes: Uint8Array): string | undefined {
  if (!htmlReader.extensions.includes(extension)) return undefined
  const head = Buffer.from(bytes.subarray(0, 2048)).toString('latin1')
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})/i.exec(head)?.[1]
}

function emptyFile(path: string, what: string): InputError {
  return new InputError('empty-file', `${path} ${what}`, { place: path, hint: 'There is nothing to read in it.' })
}
