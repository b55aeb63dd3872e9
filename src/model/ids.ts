import { createHash } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * The identity of anything that is named by its content: SHA-256 over the parts, shortened to 128 bits and
 * written in 26 characters of lower-case base32 (RFC 4648 alphabet, no padding). Parts are length-prefixed,
 * so ('ab', 'c') and ('a', 'bc') differ.
 */
export function contentId(...parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part)
  return base32(hash.digest().subarray(0, 16))
}

/** The hash of a file's bytes, in the same form as {@link contentId}. */
export function bytesId(bytes: Uint8Array): string {
  return base32(createHash('sha256').update(bytes).digest().subarray(0, 16))
}

function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(value >>> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31] : text
}
