/** Code pages by the character sets of fonts (`\fcharset`), as Windows numbers them. */
const BY_CHARSET: Readonly<Record<number, number>> = {
  77: 10_000,
  128: 932,
  129: 949,
  130: 1361,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
}
const DECODERS: Readonly<Record<number, string>> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10_000: 'macintosh',
  65_001: 'utf-8',
}

/** Making one takes longer than reading a word with it. */
const decoders = new Map<string, InstanceType<typeof TextDecoder>>()

/** Null where a font follows the document's own code page. */
export function codePageOf(charset: number): number | null {
  return BY_CHARSET[charset] ?? null
}

/** Characters of one byte each, as a code page reads them; unknown ones are taken for Western. */
export function decodeBytes(bytes: string, codePage: number): string {
  // oxlint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(bytes)) return bytes
  const label = DECODERS[codePage] ?? (codePage >= 1250 && codePage <= 1258 ? `windows-${codePage}` : 'windows-1252')
  const decoder = decoders.get(label) ?? new TextDecoder(label)
  decoders.set(label, decoder)
  return decoder.decode(Buffer.from(bytes, 'latin1'))
}
