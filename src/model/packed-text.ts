import { deflateSync, inflateSync } from 'node:zlib'

/**
 * Begins every packed text and says how to unpack it: behind it stands the Base64 of the UTF-8 text in the zlib format (RFC
 * 1950), which Python and browsers read without any package. A text that begins with it by itself is packed whatever its
 * length, so that no other can be taken for one.
 */
export const PACKED = 'zlib+base64:'

/** The same, of UTF-16 text with the lesser byte first: of one that must be packed and has lone surrogates, which UTF-8 lacks. */
export const PACKED_UTF16 = 'zlib+utf16+base64:'

/** Shorter ones stay as they are: they would gain next to nothing, and plain they can be searched. In UTF-16 units. */
const SHORTEST_PACKED = 512

/** Of one text when unpacked, so that none that somebody planted can fill the memory; longer ones are packed where they must be only. */
const MOST_BYTES = 50_000_000

export function isPacked(text: string): boolean {
  return text.startsWith(PACKED) || text.startsWith(PACKED_UTF16)
}

/**
 * A text as it is stored: `compressed` where that makes it shorter, else plain. So are texts with lone surrogates that need
 * not be packed. `npm run bench:traces` compares methods: Brotli is 2% shorter for half as much computing again.
 */
export function pack(text: string, compressed = true): string {
  const mustBe = isPacked(text)
  if ((!compressed || text.length < SHORTEST_PACKED) && !mustBe) return text
  if (!text.isWellFormed()) return mustBe ? packBytes(PACKED_UTF16, Buffer.from(text, 'utf16le')) : text
  const bytes = Buffer.from(text)
  if (bytes.length > MOST_BYTES && !mustBe) return text
  const packed = packBytes(PACKED, bytes)
  return packed.length < bytes.length || mustBe ? packed : text
}

function packBytes(how: string, bytes: Buffer): string {
  return how + deflateSync(bytes).toString('base64')
}

/**
 * The text that was stored, packed or not. What says that it is packed and cannot be unpacked, or is longer than `mostBytes`
 * then, is given back as it stands.
 */
export function unpack(stored: string, mostBytes = MOST_BYTES): string {
  if (!isPacked(stored)) return stored
  const [how, encoding] = stored.startsWith(PACKED) ? ([PACKED, 'utf8'] as const) : ([PACKED_UTF16, 'utf16le'] as const)
  try {
    const packed = Buffer.from(stored.slice(how.length), 'base64')
    return inflateSync(packed, { maxOutputLength: mostBytes }).toString(encoding)
  } catch {
    return stored
  }
}
