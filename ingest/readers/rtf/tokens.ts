/** What an RTF file is made of. `bytes` are characters of one byte each, to be read in the code page of their font. */
export type Token =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  | { readonly kind: 'word'; readonly name: string; readonly value: number | null }
  | { readonly kind: 'bytes'; readonly bytes: string }

const WORD = /([a-zA-Z]{1,32})(-?\d{1,10})? ?/y
const HEX = /'([0-9a-fA-F]{2})/y
const PLAIN = /[^\\{}\r\n]+/y
const OPEN: Token = { kind: 'open' }
const CLOSE: Token = { kind: 'close' }

/** The tokens of a file that was read byte by byte (latin1). Other marks after a backslash are words of one sign. */
export function* tokensOf(source: string): Iterable<Token> {
  const take = (pattern: RegExp, at: number): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(source)
  }
  let at = 0
  while (at < source.length) {
    const sign = source[at]
    if (sign === '{' || sign === '}') {
      at += 1
      yield sign === '{' ? OPEN : CLOSE
    } else if (sign === '\\') {
      const hex = take(HEX, at + 1)
      const word = hex === null ? take(WORD, at + 1) : null
      const next = source[at + 1] ?? ''
      at += 1 + (hex?.[0] ?? word?.[0] ?? next).length
      if (hex !== null) yield { kind: 'bytes', bytes: String.fromCharCode(Number.parseInt(hex[1] ?? '', 16)) }
      else if (word === null)
        yield '\\{}'.includes(next) ? { kind: 'bytes', bytes: next } : { kind: 'word', name: next, value: null }
      else {
        const [, name = '', digits] = word
        const value = digits === undefined ? null : Number(digits)
        // Raw bytes of a picture, which may look like anything.
        if (name === 'bin') at += Math.max(0, value ?? 0)
        else yield { kind: 'word', name, value }
      }
    } else {
      const plain = take(PLAIN, at)?.[0] ?? ''
      at += Math.max(1, plain.length)
      if (plain !== '') yield { kind: 'bytes', bytes: plain }
    }
  }
}
