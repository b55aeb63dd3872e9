/** What a cell looks like, for telling headers from what they stand above. */
export type CellKind = 'empty' | 'number' | 'date' | 'boolean' | 'text'

const NUMBER = /^[-+(]?\s?(?:[$€£¥]\s?)?[-+]?(?:\d[\d.,'’\u00a0\u202f ]*|[.,]\d+)(?:[eE][-+]?\d+)?\s?(?:%|[$€£¥])?\)?$/
const DATE =
  /^(?:\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{1,2}:\d{2}.{0,20})?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?: \d{1,2}:\d{2}.{0,10})?|\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)$/
const BOOLEAN = /^(?:true|false|yes|no|✓|✗)$/i

export function kindOf(cell: string): CellKind {
  if (cell === '') return 'empty'
  // Longer cells are neither; this keeps the patterns cheap.
  if (cell.length > 40) return 'text'
  if (NUMBER.test(cell)) return 'number'
  if (DATE.test(cell)) return 'date'
  return BOOLEAN.test(cell) ? 'boolean' : 'text'
}
