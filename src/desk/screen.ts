import { counted } from '../model/counted.ts'
import { fit } from '../terminal/table.ts'
import { fold, wrap } from '../terminal/wrap.ts'
import type { Frame, Front, FrontEvents, Terminal } from './front.ts'
import { readKeys, type Key } from './keys.ts'

const ENTER = '\x1b[?1049h\x1b[?25l'
const LEAVE = '\x1b[?25h\x1b[?1049l'

/** A key that is held down comes again sooner (keyboards repeat some 10 to 40 times a second) than anybody reads a card. */
const HELD_MILLISECONDS = 150

/** Of what became of the last key. */
const MOST_LINES_OF_MESSAGE = 3

/** What some terminals say of themselves is 0. */
const ROWS = 24
const COLUMNS = 80

/** The whole screen of a terminal, drawn anew for every frame. Uses no colour. The terminal is left as it was, also by a throw. */
export function openScreen(
  { input, output }: Terminal,
  { onKeys, onResize }: Pick<FrontEvents, 'onKeys' | 'onResize'>,
): Front {
  let last: { readonly key: Key; readonly at: number } | null = null
  const read = (bytes: Buffer | string): void => {
    const keys = readKeys(bytes.toString())
    const [key] = keys
    if (key === undefined) return
    const at = performance.now()
    const isHeld = key === last?.key && at - last.at < HELD_MILLISECONDS
    last = { key, at }
    onKeys(keys, { isHeld })
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
  const said = wrap(frame.message, columns - 1, '')
    .split('\n')
    .flatMap((line) => fold(line, columns - 1))
  const last = MOST_LINES_OF_MESSAGE - 1
  const message = said.length > last ? [...said.slice(0, last), said.slice(last).join(' ')] : said
  const room = Math.max(1, height - 1 - message.length)
  const isLonger = frame.lines.length > room
  const shown = isLonger ? Math.max(1, room - 1) : room
  const top = Math.max(0, Math.min(frame.top, frame.lines.length - shown))
  const rows = frame.lines.slice(top, top + shown)
  while (rows.length < shown) rows.push('')
  const below = frame.lines.length - top - shown
  if (isLonger) rows.push(` ${below > 0 ? `↓ ${counted(below, 'more line')}` : '↑ the end'}`)
  const bottom = [...rows, ...message.map((line) => ` ${line}`), frame.prompt]
  return { rows: bottom.slice(-height).map((row) => fit(row, columns)), top }
}
