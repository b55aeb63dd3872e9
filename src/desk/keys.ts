/** What a key says, by its name: a character, or one of the words below. */
export type Key = string

const SEQUENCES: Readonly<Record<string, Key>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\x1b': 'escape',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x03': 'interrupt',
  '\x04': 'interrupt',
  '\x1b[A': 'up',
  '\x1b[B': 'down',
  '\x1bOA': 'up',
  '\x1bOB': 'down',
}

/** More than a key at once is a paste, or a key that was held while the machine was busy: only the first one counts. */
export function readKey(bytes: string): Key | null {
  const known = SEQUENCES[bytes]
  if (known !== undefined) return known
  const [first] = bytes
  if (first === undefined || first === '\x1b') return null
  return SEQUENCES[first] ?? (/\p{Cc}/u.test(first) ? null : first)
}

/** All that a text of several characters types into a note: its keys, or nothing of an escape sequence. */
export function readTyped(bytes: string): Key[] {
  if (SEQUENCES[bytes] !== undefined || bytes.startsWith('\x1b')) return [readKey(bytes)].filter((key) => key !== null)
  return [...bytes].map((one) => readKey(one)).filter((key) => key !== null)
}

/** `1` to `7` reject with one of these. */
export const REASONS = [
  'wrong subject',
  'wrong type',
  'wrong object',
  'wrong direction',
  'not in the quote',
  'duplicate',
  'not asserted',
] as const

export const HELP: readonly string[] = [
  'a  accept                     x  reject',
  ...REASONS.map((reason, i) => `${i + 1}  reject: ${reason}`),
  's  skip: it stays in the queue for the next time',
  'u  undo your last decision    U  do it again',
  'n  a note for your decision about this link (Enter keeps it, Escape drops it)',
  ']  next quote                 space  more of the text around it',
  'r  all steps found for it     t  the whole trace',
  'c  other links of both ends   w  what was decided about it',
  '↑ ↓  what does not fit        ?  this list, and back',
  'q  leave: what is saved stays, the rest waits',
]
