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

/** A plain table: a header, aligned columns, two spaces between; cells are made printable and cut to fit. */
export function renderTable(columns: readonly string[], rows: readonly (readonly string[])[], width = 200): string {
  const cells = [columns, ...rows].map((row) => row.map(printable))
  const widest = Math.max(12, Math.floor(width / Math.max(1, columns.length)))
  const natural = columns.map((_, i) => Math.max(...cells.map((row) => stringWidth(row[i] ?? ''))))
  const fits = natural.reduce((sum, one) => sum + one + 2, 0) <= width
  const widths = natural.map((one, i) => (fits || i === columns.length - 1 ? one : Math.min(one, widest)))
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
