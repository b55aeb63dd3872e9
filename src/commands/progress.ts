import type { Progress } from '../ingest-summary.ts'
import { printable } from '../terminal/printable.ts'
import { fit } from '../terminal/table.ts'
import type { Context } from './context.ts'

/** On a terminal one line that is written over, trouble above it; elsewhere trouble at once, progress now and then. */
export function progressPrinter(context: Context): { say: (progress: Progress) => void; end: () => void } {
  let last = 0
  let open = false
  const clear = (): string => (open ? '\r\u001b[K' : '')
  return {
    say({ path, message, trouble }) {
      const line = printable(`${path}: ${message}`)
      if (trouble) {
        context.say(`${clear()}${line}`)
        open = false
      } else if (context.isTerminal) {
        context.write(`${clear()}${fit(line, context.width - 1)}`)
        open = true
      } else if (Date.now() - last >= 1000) {
        last = Date.now()
        context.say(line)
      }
    },
    end() {
      if (open) context.write(clear())
      open = false
    },
  }
}
