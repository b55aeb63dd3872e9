import { renderTable } from '../../src/terminal/table.ts'
import { bCubed, type Clusterings, pairwise, percent, precision, recall } from './scores.ts'

/** How a number is shown, and what is wanted of it; `wanted` is null where no target is set. */
export interface Measure {
  readonly shown: (value: number) => string
  readonly isMet: (value: number) => boolean
  readonly wanted: string | null
}

export const atLeast = (least: number): Measure => ({
  shown: percent,
  isMet: (value) => value >= least,
  wanted: `≥ ${percent(least)}`,
})
export const atMost = (most: number): Measure => ({
  shown: (value) => value.toFixed(2),
  isMet: (value) => value <= most,
  wanted: `≤ ${most}`,
})
export const NONE: Measure = { shown: String, isMet: (value) => value === 0, wanted: 'none' }
export const untargeted = (measure: Measure): Measure => ({ ...measure, isMet: () => true, wanted: null })

/** Results as they are told, to be told once more at the end, each beside what is wanted. */
export interface Results {
  /** `parts` are what `value` is made of: one that misses the target by itself is marked, no more. */
  readonly tell: (
    where: string,
    what: string,
    measure: Measure,
    value: number,
    parts?: Readonly<Record<string, number>>,
  ) => void
  readonly table: () => string
  readonly missed: () => number
}

const WIDTH = 160

export function openResults(say: (line: string) => void): Results {
  const rows: string[][] = []
  return {
    tell: (where, what, { shown, isMet, wanted }, value, parts = {}) => {
      const show = (number: number): string => (Number.isNaN(number) ? 'nothing' : shown(number))
      const misses = (part: number): boolean => !Number.isNaN(part) && !isMet(part)
      const each = Object.entries(parts).map(
        ([name, part]) => `${name} ${show(part)}${misses(part) ? ' (misses)' : ''}`,
      )
      say(`  ${[`${what}: ${show(value)}`, ...each].join('; ')}`)
      const verdict = wanted === null ? '–' : isMet(value) ? 'met' : 'MISSED'
      rows.push([verdict, `${where}: ${what}`, show(value), wanted ?? '–', each.join(', ')])
    },
    table: () => renderTable(['', 'what', 'measured', 'wanted', 'of which'], rows, WIDTH),
    missed: () => rows.filter(([verdict]) => verdict === 'MISSED').length,
  }
}

/** B-cubed and pairs of the same clusterings, a row for each part of the items and each way to put them together. */
export function renderClusterings(parts: Readonly<Record<string, Clusterings>>): string {
  const ways = [
    ['joins alone', 'joined'],
    ['with right proposals accepted', 'answered'],
  ] as const
  const rows = ways.flatMap(([way, of]) =>
    Object.entries(parts).map(([part, clusterings]) => {
      const [items, pairs] = [bCubed(clusterings[of], clusterings.gold), pairwise(clusterings[of], clusterings.gold)]
      return [way, part, ...[items.precision, items.recall, precision(pairs), recall(pairs)].map(percent)]
    }),
  )
  const columns = ['', 'names', 'B-cubed precision', 'recall', 'pairs precision', 'recall']
  return renderTable(columns, rows, WIDTH).replaceAll(/^/gm, '  ')
}
