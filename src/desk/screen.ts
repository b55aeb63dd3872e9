import { counted } from '../model/counted.ts'
import { fit } from '../terminal/table.ts'
import type { Frame, Front, FrontEvents, Terminal } from './front.ts'
import { readKey, readTyped } from './keys.ts'

const ENTER = '\x1b[?1049h\x1b[?25l'
const LEAVE = '\x1b[?25h\x1b[?1049l'

/** What some terminals say of themselves is 0. */
const ROWS = 24
const COLUMNS = 80

/** The whole screen of a terminal, drawn anew for every frame. Uses no colour. The terminal is left as it was, also by a throw. */
export function openScreen({ input, output }: Terminal, { onKeys, onResize, isTyping }: FrontEvents): Front {
  const read = (bytes: Buffer | string): void => {
    const text = bytes.toString()
    const key = isTyping() ? null : readKey(text)
    onKeys(isTyping() ? readTyped(text) : key === null ? [] : [key])
  }
  let isOpen = true
  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    process.off('exit', close)
    input.off('data', read)
    output.off('resize', onResize)
    // Where an interrupt closed the input already, Node gives the terminal back itself.
    if (!input.destroyed) input.setRawMode(false)
    input.pause()
    output.write(LEAVE)
  }
  process.on('exit', close)
  input.setRawMode(true)
  input.setEncoding('utf8').on('data', read).resume()
  output.on('resize', onResize)
  output.write(ENTER)
  return {
    get width() {
      return output.columns || COLUMNS
    },
    draw(frame) {
      if (!isOpen) return frame.top
      const { rows, top } = layOut(frame, output.columns || COLUMNS, output.rows || ROWS)
      output.write(rows.map((row, i) => `\x1b[${i + 1};1H\x1b[K${row}`).join(''))
      return top
    },
    close,
  }
}

/** A frame as the rows of a screen: what fits of it, and at the bottom what became of the last key, and the keys. */
export function layOut(frame: Frame, columns: number, height: number): { rows: string[]; top: number } {
  const room = Math.max(1, height - 2)
  const isLonger = frame.lines.length > room
  const shown = isLonger ? Math.max(1, room - 1) : room
  const top = Math.max(0, Math.min(frame.top, frame.lines.length - shown))
  const rows = frame.lines.slice(top, top + shown)
  while (rows.length < shown) rows.push('')
  const below = frame.lines.length - top - shown
  if (isLonger) rows.push(` ${below > 0 ? `↓ ${counted(below, 'more line')}` : '↑ the end'}`)
  const bottom = [...rows, ` ${frame.message}`, frame.prompt]
  return { rows: bottom.slice(-height).map((row) => fit(row, columns)), top }
}
