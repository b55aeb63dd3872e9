import type { XmlElement } from '../../xml.ts'
import { elementAt, elementsIn, localName } from '../office/elements.ts'
import type { OfficePackage } from './package.ts'
import { bulletsOf, type Bullets } from './paragraphs.ts'

/** No layout has more; each shape looks through them. */
const MAX_PLACEHOLDERS = 200

/** Upper left corner of a shape, in EMU (914,400 to the inch). */
export interface Corner {
  readonly x: number
  readonly y: number
}

/** The role of a shape on its slide: `title`, `body`, `sldNum` … */
export interface Role {
  readonly type: string
  readonly index: string | undefined
}

/** What a slide's shape takes from the layout if it does not say so itself. */
export interface Placeholder extends Role {
  readonly corner: Corner | null
  readonly bullets: Bullets
}

/** The placeholders of a slide's layout and of the master behind it, the nearer first. */
export type Layout = readonly (readonly Placeholder[])[]

/** Layouts are shared by slides, so each is read once. One that cannot be read costs the order on its slides only. */
export function layoutReader(office: OfficePackage): (slide: string) => Promise<Layout> {
  const known = new Map<string, Promise<readonly Placeholder[]>>()
  const read = (part: string): Promise<readonly Placeholder[]> => {
    const placeholders = known.get(part) ?? office.take(part).then(placeholdersOf, () => [])
    known.set(part, placeholders)
    return placeholders
  }
  const behind = async (part: string, type: string): Promise<string | undefined> =>
    (await office.relationshipsOf(part)).find((relationship) => relationship.type === type)?.target
  return async (slide) => {
    const layout = await behind(slide, 'slideLayout')
    if (layout === undefined) return []
    const master = await behind(layout, 'slideMaster').catch(() => undefined)
    return [await read(layout), ...(master === undefined ? [] : [await read(master)])]
  }
}

export function roleOf(shape: XmlElement): Role | null {
  const properties = elementsIn(shape).find((child) => /^nv\w+Pr$/.test(localName(child)))
  const placeholder = elementAt(properties, 'nvPr', 'ph')
  if (placeholder === undefined) return null
  return { type: placeholder.attributes['type'] ?? 'obj', index: placeholder.attributes['idx'] }
}

export function cornerOf(shape: XmlElement): Corner | null {
  const transform = elementAt(shape, 'spPr', 'xfrm') ?? elementAt(shape, 'grpSpPr', 'xfrm') ?? elementAt(shape, 'xfrm')
  const { x, y } = elementAt(transform, 'off')?.attributes ?? {}
  const corner = { x: Number(x), y: Number(y) }
  return Number.isFinite(corner.x) && Number.isFinite(corner.y) ? corner : null
}

/** By the number that layouts give their placeholders, else by what they are for. */
export function inherited<Value>(
  layout: Layout,
  role: Role | null,
  take: (placeholder: Placeholder) => Value | null,
): Value | null {
  if (role === null) return null
  for (const placeholders of layout) {
    const placeholder =
      placeholders.find(({ index }) => index !== undefined && index === role.index) ??
      placeholders.find(({ type }) => purpose(type) === purpose(role.type))
    const value = placeholder === undefined ? null : take(placeholder)
    if (value !== null) return value
  }
  return null
}

function purpose(type: string): string {
  return type === 'ctrTitle' ? 'title' : type === 'obj' || type === 'subTitle' ? 'body' : type
}

function placeholdersOf(layout: XmlElement | null): Placeholder[] {
  const shapes = elementsIn(elementAt(layout ?? undefined, 'cSld', 'spTree'), 'sp')
  return shapes.slice(0, MAX_PLACEHOLDERS).flatMap((shape) => {
    const role = roleOf(shape)
    return role === null ? [] : [{ ...role, corner: cornerOf(shape), bullets: bulletsOf(elementAt(shape, 'txBody')) }]
  })
}
