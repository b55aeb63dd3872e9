import stringWidth from 'string-width'
import { printable } from './printable.ts'

/** Cuts at a width in columns, with … for what is left out. */
export function fit(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let cut = ''
  let used = 0
  for (const character of text) {
    const next = stringWidth(character)
    if (used + next > width - 1) break
    cut += character
    used += next
  }
  return `${cut}…`
}

/** A plain table: a header, aligned columns, two spaces between; cells are made printable, and cut to fit a width. */
export function renderTable(columns: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const cells = [columns, ...rows].map((row) => row.map(printable))
  const natural = columns.map((_, i) => Math.max(...cells.map((row) => stringWidth(row[i] ?? ''))))
  const widths = shareWidth(natural, width - 2 * (columns.length - 1))
  return cells
    .map((row) =>
      row
        .map((cell, i) => {
          const shown = fit(cell, widths[i] ?? 0)
          return i === row.length - 1 ? shown : shown + ' '.repeat(Math.max(0, (widths[i] ?? 0) - stringWidth(shown)))
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const NARROWEST = 8

/** Narrow columns get what they need, wide ones an equal share of the rest. */
function shareWidth(natural: readonly number[], width: number): number[] {
  const widths: number[] = []
  let left = width
  const byNeed = natural.map((need, i) => ({ need, i })).toSorted((a, b) => a.need - b.need)
  byNeed.forEach(({ need, i }, done) => {
    const share = Math.max(NARROWEST, Math.floor(left / (byNeed.length - done)))
    widths[i] = Math.min(need, share)
    left -= widths[i]
  })
  return widths
}
