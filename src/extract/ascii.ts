/** 1 for each character of ASCII that a pattern takes. */
export function asciiOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0))
}

/**
 * Whether so many characters of a kind stand in a row somewhere. Looks at the last one of such a row first, and goes on
 * behind the first that is of another kind, so that it passes over most of a text.
 */
export function hasRun(text: string, kind: Uint8Array, length: number): boolean {
  for (let end = length; end <= text.length;) {
    let at = end
    while (at > end - length && kind[text.charCodeAt(at - 1)] === 1) at -= 1
    if (at === end - length) return true
    end = at + length
  }
  return false
}
