import { createInterface } from 'node:readline'
import { printable } from '../terminal/printable.ts'
import type { Front, FrontEvents, Terminal } from './front.ts'
import type { Key } from './keys.ts'

const ESCAPE = '\x1b'

/** Line by line, for screen readers and simple terminals: prints what is new, reads a key and Enter; no escape sequence. */
export function openPlain(
  { input, output }: Terminal,
  width: () => number,
  { onKeys, beginsText, isTyping }: Pick<FrontEvents, 'onKeys' | 'beginsText' | 'isTyping'>,
): Front {
  const lines = createInterface({ input, terminal: false })
  const say = (text: string): void => void output.write(`${text}\n`)
  /** A line was read and nothing was said since: whoever does not see the screen is answered each time. */
  let isOwed = false
  lines.on('line', (line) => {
    const keys = isTyping() && line !== ESCAPE ? [...line.replace(/\p{Cc}/gu, ''), 'enter'] : keysOf(line, beginsText)
    if (keys === null) return say(notOneKey(line))
    isOwed = true
    onKeys(keys)
  })
  let isOpen = true
  // The end of the input (Ctrl-D) leaves.
  lines.on('close', () => {
    if (isOpen) onKeys(['interrupt'])
  })
  let before = { card: '', said: '' }
  return {
    isLinear: true,
    get width() {
      return width()
    },
    draw({ lines: card, message, prompt, busy, top }) {
      if (busy || !isOpen) return top
      const now = { card: card.join('\n'), said: [message, prompt.trim()].filter((text) => text !== '').join('\n') }
      if (now.card !== before.card) say([...(message === '' ? [] : [message]), '', ...card, prompt.trim()].join('\n'))
      else if (now.said !== before.said || isOwed) say(now.said)
      before = now
      isOwed = false
      return top
    },
    close() {
      isOpen = false
      lines.close()
      input.pause()
    },
  }
}

function notOneKey(line: string): string {
  const what = line.trim() === '' ? 'that' : `'${printable(line.trim())}'`
  return `${what} is no key: one key and Enter; what is a text follows its key: n and the note. ? lists the keys`
}

/** What a line means; null: nothing. */
export function keysOf(line: string, beginsText: (key: Key) => boolean): Key[] | null {
  const [first = '', after] = line
  const text = line.slice(first.length + 1).replace(/\p{Cc}/gu, '')
  if (beginsText(first) && after === ' ') return [first, ...text, 'enter']
  const word = line.trim()
  if (word === 'space' || line === ' ') return [' ']
  if (line === '') return ['enter']
  if (word === 'esc' || line === ESCAPE) return ['escape']
  return [...word].length === 1 && !beginsText(word) ? [word] : null
}
