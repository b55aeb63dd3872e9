import { isWideText } from './decode.ts'

/** First bytes of formats that turn up under a text name. Two-letter marks (`MZ`, `BM`) are left to the ratio. */
const SIGNATURES: readonly (readonly [what: string, offset: number, bytes: string])[] = [
  ['a PDF', 0, '%PDF-'],
  ['a zip archive or Office file', 0, 'PK\x03\x04'],
  ['an old Office file', 0, '\xd0\xcf\x11\xe0'],
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
  ['a Parquet table', 0, 'PAR1'],
  ['an audio file', 0, 'ID3'],
  ['an audio file', 0, 'OggS'],
  ['a RIFF media file', 8, 'WAVE'],
  ['a RIFF media file', 8, 'AVI '],
  ['a WebP image', 8, 'WEBP'],
  ['a video', 4, 'ftyp'],
]

const SAMPLE_BYTES = 64 * 1024

/** What a file really is if it is no text, for a message (`a PNG image`), or null if it may well be text. */
export function sniffBinary(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 32)).toString('latin1')
  for (const [what, offset, mark] of SIGNATURES) {
    // A mark of printable letters alone could begin a text; then controls must follow.
    if (head.startsWith(mark, offset) && (!/^[ -~]+$/.test(mark) || mark === '%PDF-' || hasControls(bytes))) return what
  }
  if (isWideText(bytes)) return null
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  // Compressed data has 11 % of control bytes, programs more; a short text may hold a few strays.
  const allowed = sample.length >= 256 ? 0.08 : 0.3
  return controlBytes(sample) > sample.length * allowed ? 'binary data' : null
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
