import type { XmlElement } from '../../xml.ts'

/** What a paragraph of an OpenDocument file holds besides its style. */
export interface Inline {
  /** `\n` where a line was broken inside. */
  readonly text: string
  /** Frames and shapes that are anchored here; there may be text in them. */
  readonly boxes: readonly XmlElement[]
  /** Notes and comments (`text:note`, `office:annotation`). */
  readonly asides: readonly XmlElement[]
}

const SKIPPED = new Set([
  'office:annotation-end',
  'text:ruby-text',
  'text:number',
  'text:hidden-text',
  'text:note-citation',
  'text:script',
  'svg:title',
  'svg:desc',
])
const PAGE_FIELDS = new Set(['text:page-number', 'text:page-count'])
/** More spaces than this in a row are a mistake, or meant to fill the memory. */
const MOST_SPACES = 100

/** The words of a `text:p` or `text:h`; page numbers are left out where `isPageMargin`. */
export function readInline(paragraph: XmlElement, isPageMargin: boolean): Inline {
  const parts: string[] = []
  const boxes: XmlElement[] = []
  const asides: XmlElement[] = []
  const open: (XmlElement | string)[] = paragraph.children.toReversed()
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    // White space of the file is no line break of the text (OpenDocument 1.3, part 3, 6.1.2).
    if (typeof node === 'string') parts.push(node.replace(/[ \t\r\n]+/g, ' '))
    else if (node.name === 'text:line-break') parts.push('\n')
    else if (node.name === 'text:tab') parts.push('\t')
    else if (node.name === 'text:s') parts.push(' '.repeat(countOf(node.attributes['text:c'], MOST_SPACES)))
    else if (node.name === 'text:note' || node.name === 'office:annotation') asides.push(node)
    else if (node.name.startsWith('draw:') && node.name !== 'draw:a') boxes.push(node)
    else if (!SKIPPED.has(node.name) && !(isPageMargin && PAGE_FIELDS.has(node.name)))
      for (let index = node.children.length - 1; index >= 0; index -= 1) open.push(node.children[index] ?? '')
  }
  return { text: parts.join(''), boxes, asides }
}

/** A number of repetitions: 1 where the file does not say. */
export function countOf(value: string | undefined, most: number): number {
  const count = Number(value ?? 1)
  return Number.isInteger(count) && count >= 1 ? Math.min(count, most) : 1
}
