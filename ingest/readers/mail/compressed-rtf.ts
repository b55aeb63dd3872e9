/** What the window holds before the first byte (https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxrtfcp). */
const DICTIONARY =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx'
const WINDOW = 4096
const COMPRESSED = 0x75465a4c
const UNCOMPRESSED = 0x414c454d

/** The RTF in a property of an Outlook file, or null if it is none. Grows ninefold at most. */
export function decompressRtf(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < 16) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kind = view.getUint32(8, true)
  if (kind === UNCOMPRESSED) return bytes.subarray(16)
  if (kind !== COMPRESSED) return null
  const window = new Uint8Array(WINDOW)
  window.set(Buffer.from(DICTIONARY, 'latin1'))
  let write = DICTIONARY.length
  const output: number[] = []
  const put = (byte: number): void => {
    output.push(byte)
    window[write] = byte
    write = (write + 1) % WINDOW
  }
  for (let at = 16; at < bytes.length;) {
    const control = bytes[at] ?? 0
    at += 1
    for (let bit = 0; bit < 8 && at < bytes.length; bit += 1) {
      if ((control & (1 << bit)) === 0) {
        put(bytes[at] ?? 0)
        at += 1
        continue
      }
      if (at + 1 >= bytes.length) return Uint8Array.from(output)
      const reference = view.getUint16(at, false)
      at += 2
      const offset = reference >> 4
      // A reference to where the next byte will stand ends the text.
      if (offset === write) return Uint8Array.from(output)
      for (let index = 0; index < (reference & 15) + 2; index += 1) put(window[(offset + index) % WINDOW] ?? 0)
    }
  }
  return Uint8Array.from(output)
}
