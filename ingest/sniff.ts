import { InputError } from '../src/model/errors.ts'
import { isWideText } from './decode.ts'

/** What a file is by its content, whatever its name: a format with a reader of its own, or text. */
export type Sniffed = 'pdf' | 'docx' | 'pptx' | 'xlsx' | 'epub' | 'odt' | 'zip' | 'msg' | 'parquet' | 'rtf' | 'text'

/** First bytes of formats that are not read. Two-letter marks (`MZ`, `BM`) are left to the ratio. */
const SIGNATURES: readonly (readonly [what: string, offset: number, bytes: string])[] = [
  ['a PNG image', 0, '\x89PNG'],
  ['a JPEG image', 0, '\xff\xd8\xff'],
  ['a GIF image', 0, 'GIF8'],
  ['a gzip archive', 0, '\x1f\x8b\x08'],
  ['a bzip2 archive', 0, 'BZh'],
  ['an xz archive', 0, '\xfd7zXZ\x00'],
  ['a 7-Zip archive', 0, '7z\xbc\xaf'],
  ['a RAR archive', 0, 'Rar!\x1a\x07'],
  ['a Zstandard archive', 0, '\x28\xb5\x2f\xfd'],
  ['a program', 0, '\x7fELF'],
  ['a program', 0, '\xcf\xfa\xed\xfe'],
  ['a Java class', 0, '\xca\xfe\xba\xbe'],
  ['a WebAssembly module', 0, '\x00asm'],
  ['an SQLite database', 0, 'SQLite format 3\x00'],
  ['an audio file', 0, 'ID3'],
  ['an audio file', 0, 'OggS'],
  ['a RIFF media file', 8, 'WAVE'],
  ['a RIFF media file', 8, 'AVI '],
  ['a WebP image', 8, 'WEBP'],
  ['a video', 4, 'ftyp'],
]

const SAMPLE_BYTES = 64 * 1024

/** Folders by which Office files are told apart, and the types that books and OpenDocument files name themselves by. */
const ZIP_FOLDERS = [
  ['word/', 'docx'],
  ['ppt/', 'pptx'],
  ['xl/', 'xlsx'],
] as const
const ZIP_MIMETYPES: Readonly<Record<string, Sniffed>> = {
  'application/epub+zip': 'epub',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'xlsx',
}

/**
 * What a file is. Content decides, never the name.
 * @throws InputError `binary-content`, `encrypted`, `unsupported-format`, and what an archive that cannot be opened throws
 */
export async function sniff(bytes: Uint8Array, path: string): Promise<Sniffed> {
  const head = headOf(bytes)
  const marked = markedAs(bytes, head)
  if (marked === 'zip') return sniffZip(bytes, path)
  if (marked === 'compound') return sniffCompound(bytes, path)
  if (marked !== null) return marked
  const binary = nameOfBinary(bytes, head)
  if (binary === null) return 'text'
  throw new InputError('binary-content', `${path}: not text but ${binary}`, {
    place: path,
    hint: 'Give it its right extension, or leave it out.',
  })
}

/** Whether {@link sniff} will call it text; nothing is opened to tell. */
export function isText(bytes: Uint8Array): boolean {
  const head = headOf(bytes)
  return markedAs(bytes, head) === null && nameOfBinary(bytes, head) === null
}

function markedAs(bytes: Uint8Array, head: string): 'zip' | 'compound' | 'pdf' | 'parquet' | 'rtf' | null {
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) return 'zip'
  if (head.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return 'compound'
  // Readers of PDF look for the mark in the first kilobyte, and so do those who write them.
  if (head.startsWith('%PDF-') || (head.includes('%PDF-') && hasControls(bytes))) return 'pdf'
  if (head.startsWith('PAR1')) return 'parquet'
  return head.startsWith('{\\rtf') ? 'rtf' : null
}

async function sniffZip(bytes: Uint8Array, path: string): Promise<Sniffed> {
  const { openZip } = await import('./zip.ts')
  const zip = await openZip(bytes, path)
  const mimetype = zip.has('mimetype') ? latin1(await zip.read('mimetype')).trim() : ''
  const office = ZIP_FOLDERS.find(([folder]) => zip.names.some((name) => name.startsWith(folder)))
  return ZIP_MIMETYPES[mimetype] ?? (zip.has('[Content_Types].xml') && office ? office[1] : 'zip')
}

/** Compound files (https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb) name their parts in UTF-16LE. */
function sniffCompound(bytes: Uint8Array, path: string): Sniffed {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const has = (part: string): boolean => buffer.includes(Buffer.from(part, 'utf16le'))
  if (has('EncryptedPackage'))
    throw new InputError('encrypted', `${path}: is protected by a password`, {
      place: path,
      hint: 'Save a copy without the password.',
    })
  if (has('__properties_version1.0')) return 'msg'
  if (has('Workbook') || has('Book')) return 'xlsx'
  const hint = 'Open it in a word processor and save it in a format of this century (.docx, .pptx).'
  throw new InputError('unsupported-format', `${path}: old Office files are not read`, { place: path, hint })
}

/** What a file is if it is no text, for a message (`a PNG image`), or null if it may well be text. */
function nameOfBinary(bytes: Uint8Array, head: string): string | null {
  for (const [what, offset, mark] of SIGNATURES) {
    // A mark of printable letters alone could begin a text; then controls must follow.
    if (head.startsWith(mark, offset) && (!/^[ -~]+$/.test(mark) || hasControls(bytes))) return what
  }
  if (isWideText(bytes)) return null
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  // Compressed data has 11 % of control bytes, programs more; a short text may hold a few strays.
  const allowed = sample.length >= 256 ? 0.08 : 0.3
  return controlBytes(sample) > sample.length * allowed ? 'binary data' : null
}

function headOf(bytes: Uint8Array): string {
  return latin1(bytes.subarray(0, 1024))
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function hasControls(bytes: Uint8Array): boolean {
  return controlBytes(bytes.subarray(0, 256)) > 0
}

function controlBytes(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) {
    // Tab to carriage return are white space, 27 begins terminal colours (and ISO-2022 Japanese).
    if ((byte < 32 && (byte < 9 || byte > 13) && byte !== 27) || byte === 127) count += 1
  }
  return count
}
