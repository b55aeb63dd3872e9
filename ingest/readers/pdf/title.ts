import type { Unit } from '../../../src/model/document.ts'
import type { Line } from './lines.ts'

const LONGEST = 200

/** The heading in the largest letters of the first page, or else the first heading of all. */
export function mainTitle(units: readonly Unit[], text: string, lines: readonly Line[]): string | null {
  const sizes = new Map(lines.map((line) => [`${line.page} ${line.number}`, line.size]))
  const headings = units.filter((unit) => unit.kind === 'heading')
  const firstPage = lines[0]?.page
  let best: { unit: Unit; size: number } | null = null
  for (const unit of headings) {
    if (unit.place.page !== firstPage) continue
    const size = sizes.get(`${unit.place.page} ${unit.place.line}`) ?? 0
    if (best === null || size > best.size * 1.05) best = { unit, size }
  }
  const chosen = best?.unit ?? headings[0]
  return chosen === undefined ? null : text.slice(chosen.start, chosen.end).slice(0, LONGEST)
}
