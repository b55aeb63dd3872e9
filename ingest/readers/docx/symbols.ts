/** Characters of pictures-for-letters fonts that people use as words: ticks, arrows, relations. */
const SYMBOLS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  wingdings: {
    0x6c: '●',
    0x6e: '■',
    0x6f: '☐',
    0x9f: '•',
    0xa7: '▪',
    0xa8: '☐',
    0xd8: '➢',
    0xdf: '←',
    0xe0: '→',
    0xe1: '↑',
    0xe2: '↓',
    0xe8: '➔',
    0xf0: '⇨',
    0xfb: '✗',
    0xfc: '✓',
    0xfd: '☒',
    0xfe: '☑',
  },
  symbol: {
    0x44: 'Δ',
    0x53: 'Σ',
    0x57: 'Ω',
    0x61: 'α',
    0x62: 'β',
    0x6c: 'λ',
    0x6d: 'μ',
    0x70: 'π',
    0x73: 'σ',
    0xa3: '≤',
    0xa5: '∞',
    0xab: '↔',
    0xac: '←',
    0xad: '↑',
    0xae: '→',
    0xaf: '↓',
    0xb0: '°',
    0xb1: '±',
    0xb3: '≥',
    0xb4: '×',
    0xb7: '•',
    0xb9: '≠',
    0xbb: '≈',
    0xd7: '⋅',
    0xde: '⇒',
  },
}

/** The character of a `w:sym`; U+FFFD for one that only its font can show. */
export function symbolOf(font = '', code = ''): string {
  const number = Number.parseInt(code, 16)
  if (Number.isNaN(number) || number > 0xffff) return '\ufffd'
  // Fonts of symbols keep their characters in the private use area.
  const isPrivate = number >= 0xf000 && number <= 0xf0ff
  const table = SYMBOLS[font.toLowerCase()]
  if (table !== undefined || isPrivate) return table?.[number & 0xff] ?? '\ufffd'
  return String.fromCharCode(number)
}
