import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'

/**
 * Begins every packed text and says how to unpack it: behind it stands the Base64 of the Brotli-compressed UTF-8 text
 * (RFC 4648, RFC 7932). A text that begins with it by itself is packed whatever its length, so that no other can be taken
 * for one.
 */
export const PACKED = 'brotli+base64:'

/** Shorter ones stay as they are: they would gain next to nothing, and plain they can be searched. In UTF-16 units. */
const SHORTEST_PACKED = 512

/** A good deal of what the best level would save, in a small part of its time; measured by `npm run bench:traces`. */
const QUALITY = 6

/**
 * A text as it is stored: `compressed` where that makes it shorter, else plain. So are texts with lone surrogates, which
 * UTF-8 does not have.
 */
export function pack(text: string, compressed = true): string {
  const mustBe = text.startsWith(PACKED)
  if (((!compressed || text.length < SHORTEST_PACKED) && !mustBe) || !text.isWellFormed()) return text
  const bytes = Buffer.from(text)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  }
  const packed = PACKED + brotliCompressSync(bytes, { params }).toString('base64')
  return packed.length < bytes.length || mustBe ? packed : text
}

/** The text that was stored, packed or not. What says that it is packed and cannot be unpacked is given back as it stands. */
export function unpack(stored: string, mostBytes?: number): string {
  if (!stored.startsWith(PACKED)) return stored
  const limit = mostBytes === undefined ? {} : { maxOutputLength: mostBytes }
  try {
    return brotliDecompressSync(Buffer.from(stored.slice(PACKED.length), 'base64'), limit).toString()
  } catch {
    return stored
  }
}
