import { createInterface } from 'node:readline'
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
  lines.on('line', (line) => {
    const keys = isTyping() && line !== ESCAPE ? [...line.replace(/\p{Cc}/gu, ''), 'enter'] : keysOf(line, beginsText)
    if (keys === null) say('one key and Enter; what is a text follows its key: n and the note. ? lists the keys')
    else onKeys(keys)
  })
  let isOpen = true
  // The end of the input (Ctrl-D) leaves.
  lines.on('close', () => {
    if (isOpen) onKeys(['interrupt'])
  })
  let before = ''
  return {
    get width() {
      return width()
    },
    draw({ lines: card, message, prompt, busy, top }) {
      const text = [...(message === '' ? [] : [message]), '', ...card, prompt.trim()].join('\n')
      if (busy || !isOpen || text === before) return top
      before = text
      say(text)
      return top
    },
    close() {
      isOpen = false
      lines.close()
      input.pause()
    },
  }
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
