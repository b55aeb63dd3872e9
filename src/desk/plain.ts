import { createInterface } from 'node:readline'
import type { Front, FrontEvents, Terminal } from './front.ts'
import type { Key } from './keys.ts'

/** Line by line, for screen readers and simple terminals: prints what is new, reads a key and Enter; no escape sequence. */
export function openPlain(
  { input, output }: Terminal,
  width: () => number,
  { onKeys }: Pick<FrontEvents, 'onKeys'>,
): Front {
  const lines = createInterface({ input, terminal: false })
  const say = (text: string): void => void output.write(`${text}\n`)
  lines.on('line', (line) => {
    const keys = keysOf(line)
    if (keys === null) say('one key and Enter; a note is: n and the text. ? lists the keys')
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
export function keysOf(line: string): Key[] | null {
  if (line.startsWith('n ')) return ['n', ...line.slice(2).replace(/\p{Cc}/gu, ''), 'enter']
  const word = line.trim()
  if (word === 'space' || line === ' ') return [' ']
  return [...word].length === 1 && word !== 'n' ? [word] : null
}
