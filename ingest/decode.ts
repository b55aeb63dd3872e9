import type jschardet from 'jschardet'
import { createRequire } from 'node:module'
import type { Note } from '../src/model/note.ts'

/** The detector brings a megabyte of tables, and most files are UTF-8: it is loaded for the first that is not. */
const detector = (): typeof jschardet => createRequire(import.meta.url)('jschardet')

/** How much of a file the detector of encodings is shown; it is the slow step and gains nothing from more. */
const DETECTION_BYTES = 64 * 1024

/** Names that jschardet gives and TextDecoder does not know. */
const DECODER_NAMES: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  cp949: 'euc-kr',
  'tis-620': 'windows-874',
  maccyrillic: 'x-mac-cyrillic',
  'x-iso-10646-ucs-4-2143': 'utf-8',
}

/** Controls that no text needs: all of C0 but tab, line feed, carriage return and form feed, and DEL. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/g

export interface Decoded {
  readonly text: string
  readonly encoding: string
  readonly notes: readonly Note[]
}

/**
 * Bytes to text, from the surest sign to the weakest: byte order mark, where the NULs stand, strict UTF-8, what the
 * file declares, what the detector says, and only then UTF-8 with replacement characters and a note.
 */
export function decodeText(bytes: Uint8Array, declared?: string): Decoded {
  const marked = byByteOrderMark(bytes) ?? byZeroParity(bytes)
  if (marked !== null) {
    const text = decodeAs(bytes, marked, true)
    return text === null ? clean(decodeAs(bytes, marked, false) ?? '', marked, true) : clean(text, marked, false)
  }
  const strict = decodeAs(bytes, 'utf-8', true)
  if (strict !== null) return clean(strict, 'utf-8', false)
  const damaged = decodeAs(bytes, 'utf-8', false) ?? ''
  if (isMostlySound(damaged)) return clean(damaged, 'utf-8', true)
  for (const { encoding, isGuess } of candidates(bytes, declared)) {
    const text = decodeAs(bytes, encoding, true)
    if (text !== null) return clean(text, encoding, false, isGuess)
  }
  return clean(damaged, 'utf-8', true)
}

/** One stray byte in a UTF-8 file must not turn all its other accents into another encoding's signs. */
function isMostlySound(text: string): boolean {
  const bad = text.match(/\ufffd/g)?.length ?? 0
  const good = (text.match(/[^\p{ASCII}]/gu)?.length ?? 0) - bad
  return good > 0 && good >= bad
}

/** Whether the file is UTF-16 or UTF-32 by its mark or its NULs, which otherwise look binary. */
export function isWideText(bytes: Uint8Array): boolean {
  const marked = byByteOrderMark(bytes) ?? byZeroParity(bytes)
  return marked !== null && marked !== 'utf-8'
}

interface Candidate {
  readonly encoding: string
  /** Too little speaks for it not to mention it. */
  readonly isGuess: boolean
}

/** Detection of one-byte encodings below this is noise: a list of names has too few letters to tell. */
const WEAK = 0.1
const WESTERN = /^(?:windows-1252|iso-?8859-15?|cp1252)$/i
const MANY_BYTES = /^(?:shift_jis|cp932|cp949|euc|gb|big5|iso-2022|johab|utf)/i

/** What is declared, then what is detected; where that is weak, the most common of all, Windows-1252, comes first. */
function* candidates(bytes: Uint8Array, declared: string | undefined): Iterable<Candidate> {
  // A declared UTF-8 has just been proved wrong.
  if (declared !== undefined && !/^utf-?8$/i.test(declared)) yield { encoding: declared, isGuess: false }
  const found = detector().detectAll(Buffer.from(bytes.subarray(0, DETECTION_BYTES)))
  const [best] = found
  const western = Math.max(
    0,
    ...found.filter(({ encoding }) => WESTERN.test(encoding ?? '')).map((one) => one.confidence),
  )
  if (best?.encoding) {
    const { encoding, confidence } = best
    const isWeak = confidence < WEAK && !MANY_BYTES.test(encoding)
    const isOutdone = isWeak && western > 0 && confidence < western * 2
    const name = DECODER_NAMES[encoding.toLowerCase()] ?? (encoding === 'ascii' ? 'utf-8' : encoding)
    if (!isOutdone) yield { encoding: name, isGuess: isWeak }
  }
  yield { encoding: 'windows-1252', isGuess: true }
}

function byByteOrderMark(bytes: Uint8Array): string | null {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'utf-32le' : 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return 'utf-32be'
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  return null
}

/** UTF-16 without a mark passes as UTF-8 with NULs: in Latin text nearly every second byte is zero. */
function byZeroParity(bytes: Uint8Array): string | null {
  const length = Math.min(bytes.length, DETECTION_BYTES) & ~1
  if (length < 4 || bytes.length % 2 !== 0) return null
  let even = 0
  let odd = 0
  for (let index = 0; index < length; index += 2) {
    if (bytes[index] === 0) even += 1
    if (bytes[index + 1] === 0) odd += 1
  }
  const pairs = length / 2
  if (odd > pairs * 0.4 && even < pairs * 0.05) return 'utf-16le'
  if (even > pairs * 0.4 && odd < pairs * 0.05) return 'utf-16be'
  return null
}

function decodeAs(bytes: Uint8Array, encoding: string, strict: boolean): string | null {
  if (encoding.startsWith('utf-32')) return strict ? null : decodeUtf32(bytes, encoding === 'utf-32le')
  try {
    return new TextDecoder(encoding, { fatal: strict }).decode(bytes)
  } catch {
    // Not this encoding, or one that the decoder does not know: the next candidate follows.
    return null
  }
}

function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: string[] = []
  for (let index = 4; index + 4 <= bytes.length; index += 4) {
    const code = view.getUint32(index, littleEndian)
    parts.push(code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? '\ufffd' : String.fromCodePoint(code))
  }
  return parts.join('')
}

function clean(text: string, encoding: string, lossy: boolean, isGuess = false): Decoded {
  // A replacement character in a strictly decoded text is the source's own.
  const replaced = lossy ? (text.match(/\ufffd/g)?.length ?? 0) : 0
  const controls = text.match(CONTROLS)?.length ?? 0
  const notes: Note[] = []
  if (isGuess)
    notes.push({
      code: 'guessed-encoding',
      message: `Read as ${encoding}, which is a guess: save it as UTF-8 if letters are wrong.`,
    })
  if (replaced > 0 || controls > 0) {
    const losses = [
      ...(replaced > 0 ? [`${replaced} places could not be read and show as \ufffd`] : []),
      ...(controls > 0 ? [`${controls} control characters were dropped`] : []),
    ]
    notes.push({ code: 'lossy-decoding', message: `Read as ${encoding}: ${losses.join('; ')}.` })
  }
  const lines = text.replace(/\r\n?/g, '\n')
  return { text: controls > 0 ? lines.replace(CONTROLS, '') : lines, encoding, notes }
}
