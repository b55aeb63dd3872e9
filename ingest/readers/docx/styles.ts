import { childOf, childrenOf, type XmlElement } from '../../xml.ts'
import type { Paragraph } from './blocks.ts'

interface Style {
  readonly id: string
  /** Built-in styles have their English name in every language; only ids are translated. */
  readonly name: string
  readonly basedOn: string | undefined
  readonly outlineLevel: number | null
  /** Null where the style says nothing about lists, false where it ends them. */
  readonly isNumbered: boolean | null
}

/** The paragraph styles of a file by id. */
export type Styles = ReadonlyMap<string, Style>

const HEADING =
  /^(?:heading|überschrift|titre|título|titolo|encabezado|kop|rubrik|overskrift|nagłówek|nadpis|заголовок|标题|標題|見出し)\s*[1-9]$|^(?:toc heading|contents heading|heading|subtitle)$/iu
/** Entries of tables of contents and indexes: lines, not sentences. */
const LISTING = /^(?:toc|contents|index) \d$|^table of (?:figures|authorities)$/i
const LIST = /^list (?:bullet|number)(?: \d)?$/i
/** A chain is some four long; a circle would never end. */
const LONGEST_CHAIN = 20

export function readStyles(root: XmlElement | null): Styles {
  const styles = new Map<string, Style>()
  for (const element of root === null ? [] : childrenOf(root, 'w:style')) {
    const id = element.attributes['w:styleId']
    if (id === undefined || (element.attributes['w:type'] ?? 'paragraph') !== 'paragraph') continue
    const properties = childOf(element, 'w:pPr')
    styles.set(id, {
      id,
      name: valueOf(element, 'w:name') ?? id,
      basedOn: valueOf(element, 'w:basedOn'),
      outlineLevel: outlineLevel(properties),
      isNumbered: isNumbered(properties),
    })
  }
  return styles
}

/** What a paragraph is, by its style, outline level and numbering. */
export function roleOf(properties: XmlElement | undefined, styles: Styles): Paragraph['role'] {
  const chain = chainOf(properties && valueOf(properties, 'w:pStyle'), styles)
  const names = chain.flatMap(({ name, id }) => [name, id.replace(/(?<=\D)(?=\d$)/, ' ')])
  const named = roleOfNames(names)
  if (named === 'title' || named === 'heading') return named
  // Level 10 (9 when counted from 0) is body text.
  const level = outlineLevel(properties) ?? chain.find((style) => style.outlineLevel !== null)?.outlineLevel ?? 9
  if (level < 9) return 'heading'
  if (named !== null) return named
  const numbered = isNumbered(properties) ?? chain.find((style) => style.isNumbered !== null)?.isNumbered
  return (numbered ?? names.some((name) => LIST.test(name))) ? 'item' : 'prose'
}

/** What names of styles say: those of a paragraph's style and of what it is based on. */
export function roleOfNames(names: readonly string[]): Paragraph['role'] | null {
  if (names.some((name) => /^title$/i.test(name))) return 'title'
  if (names.some((name) => HEADING.test(name))) return 'heading'
  return names.some((name) => LISTING.test(name)) ? 'item' : null
}

/** A style and what it is based on. One that the file does not describe goes by its id. */
function chainOf(id: string | undefined, styles: Styles): Style[] {
  const chain: Style[] = []
  for (let next = id; next !== undefined && chain.length < LONGEST_CHAIN;) {
    const style: Style = styles.get(next) ?? {
      id: next,
      name: next,
      basedOn: undefined,
      outlineLevel: null,
      isNumbered: null,
    }
    chain.push(style)
    next = style.basedOn
  }
  return chain
}

function outlineLevel(properties: XmlElement | undefined): number | null {
  const value = properties && valueOf(properties, 'w:outlineLvl')
  return value !== undefined && /^\d$/.test(value) ? Number(value) : null
}

function isNumbered(properties: XmlElement | undefined): boolean | null {
  const numbering = properties && childOf(properties, 'w:numPr')
  if (numbering === undefined) return null
  return valueOf(numbering, 'w:numId') !== '0'
}

/** `w:val` of the child of that name. */
export function valueOf(element: XmlElement, name: string): string | undefined {
  return childOf(element, name)?.attributes['w:val']
}

/** A switch such as `w:vanish`: on where it is there, unless it says that it is off. */
export function isOn(element: XmlElement | undefined, name: string): boolean {
  const property = element && childOf(element, name)
  return property !== undefined && !/^(?:0|false|off)$/.test(property.attributes['w:val'] ?? '')
}
