import { printable } from './printable.ts'

const INDENT = ' '.repeat(13)

/** The first of some lines, below a word of a summary, and how many more there are. */
export function listed(lines: readonly string[], most: number): string[] {
  return [
    ...lines.slice(0, most).map((line) => `${INDENT}${printable(line)}`),
    ...(lines.length > most ? [`${INDENT}… ${lines.length - most} more: --json lists them`] : []),
  ]
}
