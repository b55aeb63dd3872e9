import { hash } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** Ten bits, as two characters. */
const PAIRS = Array.from({ length: 1024 }, (_, value) => `${ALPHABET[value >>> 5]}${ALPHABET[value & 31]}`)
const ID_BYTES = 16

/**
 * The identity of anything that is named by its content: SHA-256 over the parts, shortened to 128 bits and
 * written in 26 characters of lower-case base32 (RFC 4648 alphabet, no padding). Parts are length-prefixed,
 * so ('ab', 'c') and ('a', 'bc') differ.
 */
export function contentId(...parts: readonly string[]): string {
  let whole = ''
  for (const part of parts) whole += `${Buffer.byteLength(part)}:${part}`
  return shorten(whole)
}

/** The hash of a file's bytes, in the same form as {@link contentId}. */
export function bytesId(bytes: Uint8Array): string {
  return shorten(bytes)
}

/** In one call, and the digest as a string of bytes: a hash object and a buffer would cost more than the hashing. */
function shorten(data: string | Uint8Array): string {
  return base32(hash('sha256', data, 'binary').slice(0, ID_BYTES))
}

function base32(bytes: string): string {
  let text = ''
  let bits = 0
  let value = 0
  for (let index = 0; index < bytes.length; index += 1) {
    value = ((value << 8) | bytes.charCodeAt(index)) & 0xffff
    bits += 8
    if (bits < 10) continue
    bits -= 10
    text += PAIRS[(value >>> bits) & 1023]
  }
  return text + PAIRS[(value << (10 - bits)) & 1023]
}
