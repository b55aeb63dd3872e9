import { REASONS } from '../review/reasons.ts'
import { CONDITIONS } from '../review/where.ts'

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

/** Arrows that were held while the machine was busy. */
const ARROWS = /^(?:\x1b[[O][AB])+$/

/**
 * All keys of what came at once: one, or several that were pressed while the machine was busy, or a paste; nothing of an
 * escape sequence or a control that nobody knows.
 */
export function readKeys(bytes: string): Key[] {
  if (SEQUENCES[bytes] !== undefined) return [SEQUENCES[bytes]]
  if (bytes.startsWith('\x1b')) return ARROWS.test(bytes) ? (bytes.match(/\x1b[[O][AB]/g) ?? []).flatMap(readKeys) : []
  return [...bytes].flatMap((one) => SEQUENCES[one] ?? (/\p{Cc}/u.test(one) ? [] : one))
}

/** What keys do, and those that do it where nobody says otherwise; by their own keys the desk knows them. */
export const COMMANDS = {
  accept: 'a',
  reject: 'x',
  fix: 'f',
  pattern: 'X',
  add: '+',
  skip: 's',
  flag: 'F',
  undo: 'u',
  redo: 'U',
  note: 'n',
  quote: ']',
  context: ' ',
  steps: 'r',
  trace: 't',
  others: 'c',
  alike: 'p',
  history: 'w',
  filter: '/',
  order: 'o',
  help: '?',
  leave: 'q',
} as const
export type Command = keyof typeof COMMANDS

/** Keys in the place of {@link COMMANDS}'. */
export type Remapped = Readonly<Partial<Record<Command, Key>>>

/** The keys in force. */
export interface Keyboard {
  /** The command's own key, by whichever is pressed; null: it does nothing any more. */
  readonly means: (pressed: Key) => Key | null
  /** As people read it. */
  readonly nameOf: (command: Command) => string
}

export function keyboard(remapped: Remapped = {}): Keyboard {
  const inForce: Readonly<Record<Command, Key>> = { ...COMMANDS, ...remapped }
  const own = new Map(commandNames().map((command) => [inForce[command], COMMANDS[command] as Key]))
  const left = new Set<Key>(commandNames().map((command) => COMMANDS[command]))
  return {
    means: (pressed) => own.get(pressed) ?? (left.has(pressed) ? null : pressed),
    nameOf: (command) => (inForce[command] === ' ' ? 'space' : inForce[command]),
  }
}

const OTHERS: readonly Key[] = ['up', 'down', 'escape', ...REASONS.map((_, i) => `${i + 1}`)]

/** Whether it does anything at a desk: a command's own key, a reason, or one that scrolls or goes back. */
export function isCommand(key: Key): boolean {
  return OTHERS.includes(key) || Object.values<Key>(COMMANDS).includes(key)
}

/** What is wrong with each key that cannot be given to a command, in words. */
export function clashes(remapped: Remapped): { readonly command: Command; readonly problem: string }[] {
  const inForce: Readonly<Record<Command, Key>> = { ...COMMANDS, ...remapped }
  return commandNames().flatMap((command) => {
    const key = remapped[command]
    if (key === undefined) return []
    if ([...key].length !== 1 || /\p{Cc}/u.test(key)) return [{ command, problem: 'must be one character' }]
    const reason = REASONS[Number(key) - 1]
    if (reason !== undefined) return [{ command, problem: `takes ${key}, which rejects: ${reason}` }]
    const other = commandNames().find((one) => one !== command && inForce[one] === key)
    return other === undefined
      ? []
      : [{ command, problem: `takes ${key === ' ' ? 'space' : key}, which is the key of ${other}` }]
  })
}

export function commandNames(): Command[] {
  return Object.keys(COMMANDS) as Command[]
}

const HALF = 30

/** All keys, as they are in force. */
export function helpLines({ nameOf }: Keyboard): string[] {
  const key = (command: Command, text: string): string => `${nameOf(command)}  ${text}`
  const pair = (left: string, right: string): string => `${left.padEnd(HALF)} ${right}`
  return [
    pair(key('accept', 'accept'), key('reject', 'reject')),
    ...REASONS.map((reason, i) => `${i + 1}  reject: ${reason}`),
    key('fix', 'fix it: direction, type, ends, words, time, names; shown before it is saved'),
    key('pattern', 'reject it as one of many: such links of replies to come are held'),
    key('add', 'add a link that the text says and nobody proposed'),
    pair(key('skip', 'skip: others are asked'), key('flag', 'flag: somebody else is to look at it')),
    pair(key('undo', 'undo your last decision'), key('redo', 'do it again')),
    key('note', 'a note for your decision about this link (Enter keeps it, Escape drops it)'),
    pair(key('quote', 'next quote'), key('context', 'more of the text around it')),
    pair(key('steps', 'all steps found for it'), key('trace', 'the whole trace')),
    pair(key('others', 'other links of both ends'), key('history', 'what was decided about it')),
    key('alike', 'links that are much like it, to be decided together with it'),
    pair(key('filter', 'only some links'), key('order', 'another order')),
    `   by ${CONDITIONS}`,
    pair('↑ ↓  what does not fit', key('help', 'this list, and back')),
    key('leave', 'leave: what is saved stays, the rest waits'),
  ]
}

/** Below a card. */
export function keysLine({ nameOf }: Keyboard): string {
  const shown = (['accept', 'reject', 'fix', 'skip', 'undo'] as const).map((command) => `${nameOf(command)} ${command}`)
  return ` ${[...shown, `${nameOf('help')} more`].join('  ')}`
}

/** Below a document of which is asked what is missing. */
export function askedKeysLine({ nameOf }: Keyboard): string {
  const [nothing, later] = [`${nameOf('accept')} nothing is missing`, `${nameOf('skip')} later`]
  return ` ${nothing}  ${nameOf('add')} add a link  ${later}  ${nameOf('undo')} undo  ${nameOf('help')} more`
}

/** Where nothing waits; documents may be asked about. */
export function emptyKeysLine({ nameOf }: Keyboard, canAsk: boolean): string {
  const asks = canAsk ? [`${nameOf('add')} missing links?`] : []
  const others = (['undo', 'filter', 'order', 'leave'] as const).map((command) => `${nameOf(command)} ${command}`)
  return ` ${[...asks, ...others].join('  ')}`
}
