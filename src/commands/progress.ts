import type { Progress } from '../ingest-summary.ts'
import { printable } from '../terminal/printable.ts'
import { fit } from '../terminal/table.ts'
import type { Context } from './context.ts'

/** Elsewhere than on a terminal each line stays, in a log perhaps. */
const MILLISECONDS_APART = 5000

/** On a terminal one line that is written over, trouble above it; elsewhere trouble at once, progress now and then. */
export function progressPrinter(context: Context): {
  say: (progress: Progress) => void
  /** Says how many of something were gone through, where there were any. */
  count: (path: string, what: string, done: number) => void
  end: () => void
} {
  let last = 0
  let open = false
  const clear = (): string => (open ? '\r\u001b[K' : '')
  const say = ({ path, message, trouble }: Progress): void => {
    const line = printable(`${path}: ${message}`)
    if (trouble) {
      context.say(`${clear()}${line}`)
      open = false
    } else if (context.isTerminal) {
      context.write(`${clear()}${fit(line, context.width - 1)}`)
      open = true
    } else if (Date.now() - last >= MILLISECONDS_APART) {
      last = Date.now()
      context.say(line)
    }
  }
  return {
    say,
    count(path, what, done) {
      if (done > 0) say({ path, message: `${done} × ${what}`, trouble: false })
    },
    end() {
      if (open) context.write(clear())
      open = false
    },
  }
}
