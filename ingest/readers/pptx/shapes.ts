import type { XmlElement } from '../../xml.ts'
import { chooseAlternative, elementAt, elementsIn, localName, pushAll } from '../office/elements.ts'
import { cornerOf, inherited, roleOf, type Layout, type Role } from './layout.ts'

/** A shape that may hold words: `sp` text, `graphicFrame` a table, chart or diagram, `pic` a picture. */
export interface Shape {
  readonly kind: 'sp' | 'graphicFrame' | 'pic'
  readonly element: XmlElement
  readonly role: Role | null
}

const KINDS = new Set(['sp', 'graphicFrame', 'pic', 'grpSp'])
/** Number, date and foot of the slide, and the picture of the slide on a page of notes: nobody's words. */
const FURNITURE = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg'])
/** Shapes whose upper edges differ by less than a quarter of an inch stand side by side. */
const SAME_HEIGHT = 228_600

/**
 * The shapes of a slide as a person reads them: the title, then from top to bottom and from left to right; what is
 * grouped stays together.
 */
export function shapesOf(slide: XmlElement, layout: Layout): Shape[] {
  const shapes: Shape[] = []
  const open: XmlElement[] = []
  pushAll(open, inReadingOrder(candidatesIn(elementAt(slide, 'cSld', 'spTree')), layout))
  for (let element = open.pop(); element; element = open.pop()) {
    const kind = localName(element)
    if (kind === 'grpSp') pushAll(open, inReadingOrder(candidatesIn(element), layout))
    else if (kind === 'sp' || kind === 'graphicFrame' || kind === 'pic')
      shapes.push({ kind, element, role: roleOf(element) })
  }
  const rest = shapes.filter(({ role }) => !FURNITURE.has(role?.type ?? ''))
  const title = rest.find(isTitle)
  return title === undefined ? rest : [title, ...rest.filter((shape) => shape !== title)]
}

export function isTitle({ role }: Shape): boolean {
  return role?.type === 'title' || role?.type === 'ctrTitle'
}

function candidatesIn(parent: XmlElement | undefined): XmlElement[] {
  const found: XmlElement[] = []
  const open = elementsIn(parent).toReversed()
  for (let element = open.pop(); element; element = open.pop()) {
    const name = localName(element)
    if (KINDS.has(name)) found.push(element)
    else if (name === 'AlternateContent')
      pushAll(
        open,
        chooseAlternative(element, (inner) => KINDS.has(localName(inner))),
      )
  }
  return found
}

/** Shapes without a place of their own or of their layout's stay in front, in the order of the file. */
function inReadingOrder(elements: readonly XmlElement[], layout: Layout): XmlElement[] {
  const placed = elements.map((element) => ({
    element,
    ...(cornerOf(element) ??
      inherited(layout, roleOf(element), ({ corner }) => corner) ?? { x: -Infinity, y: -Infinity }),
  }))
  // Sorting is stable; a comparison with slack would not be one, so heights are cut into bands first.
  const bands: (typeof placed)[] = []
  for (const shape of placed.toSorted((a, b) => compare(a.y, b.y))) {
    const band = bands.at(-1)
    const top = band?.[0]?.y
    if (band !== undefined && top !== undefined && (shape.y === top || shape.y - top < SAME_HEIGHT)) band.push(shape)
    else bands.push([shape])
  }
  return bands.flatMap((band) => band.toSorted((a, b) => compare(a.x, b.x)).map(({ element }) => element))
}

function compare(one: number, other: number): number {
  return one === other ? 0 : one - other
}
