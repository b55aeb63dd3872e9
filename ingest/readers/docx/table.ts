import { childOf, descendantsOf, textOf, type XmlElement } from '../../xml.ts'
import { LONG_ITEM } from '../text.ts'
import { pushChildren } from './paragraph.ts'
import { valueOf } from './styles.ts'

/** Properties: there is no text in them. Every other container is walked through. */
export const LEFT_OUT = new Set(['w:sectPr', 'w:tblPr', 'w:tblGrid', 'w:trPr', 'w:tcPr', 'w:sdtPr', 'w:sdtEndPr'])
/** The most columns that Word allows in a table. */
const MAX_SPAN = 63

/** The cells of a row, whatever is wrapped around them. */
export function cellsOf(row: XmlElement): XmlElement[] {
  const cells: XmlElement[] = []
  const open: XmlElement[] = []
  pushChildren(open, row)
  for (let element = open.pop(); element; element = open.pop()) {
    if (element.name === 'w:tc') cells.push(element)
    else if (!LEFT_OUT.has(element.name)) pushChildren(open, element)
  }
  return cells
}

/** A row of one cell with more than a line in it is a frame around text, or there for the layout. */
export function isFrame(row: XmlElement): boolean {
  const cells = cellsOf(row)
  const [cell] = cells
  if (cell === undefined || cells.length > 1) return false
  let filled = 0
  for (const element of descendantsOf(cell)) {
    if (element.name === 'w:tbl') return true
    if (element.name !== 'w:p') continue
    const length = textOf(element).trim().length
    filled += length === 0 ? 0 : 1
    if (filled > 1 || length > LONG_ITEM) return true
  }
  return false
}

/** Tracked changes delete rows as a whole. */
export function isDeletedRow(row: XmlElement): boolean {
  const properties = childOf(row, 'w:trPr')
  return properties !== undefined && childOf(properties, 'w:del') !== undefined
}

/** Below or right of the cell that it was merged into. */
export function isCovered(properties: XmlElement | undefined): boolean {
  return ['w:vMerge', 'w:hMerge'].some((name) => {
    const merge = properties && childOf(properties, name)
    return merge !== undefined && merge.attributes['w:val'] !== 'restart'
  })
}

/** A number of columns. */
export function span(properties: XmlElement | undefined, name: string, otherwise: number): number {
  const value = Number(properties && valueOf(properties, name))
  return Number.isInteger(value) && value >= 0 ? Math.min(value, MAX_SPAN) : otherwise
}
