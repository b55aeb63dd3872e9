import { deflateSync, inflateSync } from 'node:zlib'

/**
 * Begins every packed text and says how to unpack it: behind it stands the Base64 of the UTF-8 text in the zlib format (RFC
 * 1950), which Python and browsers read without any package. A text that begins with it by itself is packed whatever its
 * length, so that no other can be taken for one.
 */
export const PACKED = 'zlib+base64:'

/** Shorter ones stay as they are: they would gain next to nothing, and plain they can be searched. In UTF-16 units. */
const SHORTEST_PACKED = 512

/**
 * A text as it is stored: `compressed` where that makes it shorter, else plain. So are texts with lone surrogates, which
 * UTF-8 does not have. `npm run bench:traces` compares methods: Brotli is 2% shorter for half as much computing again.
 */
export function pack(text: string, compressed = true): string {
  const mustBe = text.startsWith(PACKED)
  if (((!compressed || text.length < SHORTEST_PACKED) && !mustBe) || !text.isWellFormed()) return text
  const bytes = Buffer.from(text)
  const packed = PACKED + deflateSync(bytes).toString('base64')
  return packed.length < bytes.length || mustBe ? packed : text
}

/** The text that was stored, packed or not. What says that it is packed and cannot be unpacked is given back as it stands. */
export function unpack(stored: string, mostBytes?: number): string {
  if (!stored.startsWith(PACKED)) return stored
  const limit = mostBytes === undefined ? {} : { maxOutputLength: mostBytes }
  try {
    return inflateSync(Buffer.from(stored.slice(PACKED.length), 'base64'), limit).toString()
  } catch {
    return stored
  }
}
