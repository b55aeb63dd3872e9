/** What one voice says in one cue. */
export interface Voice {
  readonly speaker: string | null
  readonly text: string
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00a0',
  lrm: '\u200e',
  rlm: '\u200f',
  quot: '"',
  apos: "'",
}

/**
 * Takes the markup out of a cue's text, tag by tag and without a tree: depth does not matter, and 20,000 nested
 * tags are as cheap as 20,000 in a row. `<v Name>` begins a new voice, `</v>` ends it.
 */
export function readCueText(raw: string): Voice[] {
  const voices: Voice[] = []
  let speaker: string | null = null
  let parts: string[] = []
  const flush = (next: string | null): void => {
    const text = decodeEntities(parts.join(''))
    if (text.trim() !== '') voices.push({ speaker, text })
    parts = []
    speaker = next
  }
  for (let position = 0; position < raw.length;) {
    const open = raw.indexOf('<', position)
    const close = open < 0 ? -1 : raw.indexOf('>', open)
    if (open < 0 || close < 0) {
      parts.push(raw.slice(position))
      break
    }
    parts.push(raw.slice(position, open))
    const tag = raw.slice(open + 1, close)
    const voice = /^v(?:\.[^\s]*)?[\s]+([^]+)$/.exec(tag)
    if (voice?.[1] !== undefined) flush(decodeEntities(voice[1]).replace(/\s+/g, ' ').trim())
    else if (tag === '/v') flush(null)
    // "a < b > c" is no tag: what a person typed stays.
    else if (!/^\/?(?:[a-z]|\d|$)/i.test(tag)) parts.push(raw.slice(open, close + 1))
    position = close + 1
  }
  flush(null)
  return joinTrailing(voices)
}

/** `<v Esme>Hee!</v> <i>laughter</i>`: what trails a voice without one of its own is still heard with it. */
function joinTrailing(voices: readonly Voice[]): Voice[] {
  const joined: Voice[] = []
  for (const voice of voices) {
    const last = joined.at(-1)
    if (last && voice.speaker === null) joined[joined.length - 1] = { ...last, text: last.text + voice.text }
    else joined.push(voice)
  }
  return joined
}

export function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi,
    (whole, decimal, hex, name: string | undefined) => {
      if (name !== undefined) return ENTITIES[name] ?? whole
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
      return code >= 0x20 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole
    },
  )
}
