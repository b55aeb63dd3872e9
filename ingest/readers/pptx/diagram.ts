import type { XmlElement } from '../../xml.ts'
import { elementAt, elementsIn } from '../office/elements.ts'
import { paragraphsOf, type Paragraph } from './paragraphs.ts'

/**
 * The texts of a SmartArt drawing (`dgm:dataModel`) from its root down, as they hang together; what hangs nowhere
 * follows in the order of the file.
 */
export function readDiagram(root: XmlElement): Paragraph[] {
  const points = new Map<string, XmlElement>()
  for (const point of elementsIn(elementAt(root, 'ptLst'), 'pt')) {
    const { modelId = '', type = 'node' } = point.attributes
    // Points of presentation are copies, those of transitions are arrows.
    if (type === 'node' || type === 'asst' || type === 'doc') points.set(modelId, point)
  }
  const below = childrenByParent(root)
  const ordered = new Set<string>()
  const start = [...points].filter(([, { attributes }]) => attributes['type'] === 'doc').map(([id]) => id)
  const open = start.toReversed()
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (ordered.has(id)) continue
    ordered.add(id)
    for (const child of below.get(id)?.toReversed() ?? []) open.push(child)
  }
  for (const id of points.keys()) ordered.add(id)
  return [...ordered].flatMap((id) => paragraphsOf(elementAt(points.get(id), 't')))
}

function childrenByParent(root: XmlElement): Map<string, string[]> {
  const connections = elementsIn(elementAt(root, 'cxnLst'), 'cxn')
    .filter(({ attributes }) => (attributes['type'] ?? 'parOf') === 'parOf')
    .toSorted((a, b) => Number(a.attributes['srcOrd'] ?? 0) - Number(b.attributes['srcOrd'] ?? 0))
  const below = new Map<string, string[]>()
  for (const { attributes } of connections) {
    const { srcId = '', destId = '' } = attributes
    const children = below.get(srcId)
    if (children === undefined) below.set(srcId, [destId])
    else children.push(destId)
  }
  return below
}
