import type { Place } from '../../../src/model/place.ts'
import { foldSpace } from '../../passage.ts'
import { readSpeaker } from '../../transcripts/speakers.ts'
import { childOf, childrenOf, descendantsOf, textOf, type XmlElement } from '../../xml.ts'
import type { Block, Paragraph } from '../docx/blocks.ts'
import { LONG_ITEM } from '../text.ts'
import { countOf, readInline, type Inline } from './inline.ts'
import type { OdtStyles } from './styles.ts'

interface Step {
  readonly element: XmlElement
  /** Where all of it is; null in the main text, whose paragraphs are counted. */
  readonly place: Place | null
  /** Whether a paragraph here is a list item, or an entry of a table of contents. */
  readonly isItem: boolean
}

interface Placed {
  readonly inline: Inline
  readonly place: Place
}

const LEFT_OUT = new Set(['text:tracked-changes', 'office:forms', 'office:event-listeners', 'svg:title', 'svg:desc'])
const CELLS = new Set(['table:table-cell', 'table:covered-table-cell'])
const MOST_COLUMNS = 63

/**
 * The blocks of a text in order, each note and comment after the paragraph or row that it is in. Paragraphs are
 * counted in the main text, empty ones and those in tables too, but not in frames. Walks with a stack of its own.
 */
export function readOdtStory(root: XmlElement, place: Place | null, styles: OdtStyles): Block[] {
  const blocks: Block[] = []
  let counted = 0
  let isFirstRow = false

  const read = (step: Step): Placed => {
    if (step.place === null) counted += 1
    const isPageMargin = step.place?.part === 'header' || step.place?.part === 'footer'
    return { inline: readInline(step.element, isPageMargin), place: step.place ?? { paragraph: counted } }
  }
  const readRow = (row: XmlElement, step: Step, steps: Step[]): void => {
    const cells: string[] = []
    const paragraphs: Placed[] = []
    let at: Place | null = null
    for (const cell of childrenOf(row).filter(({ name }) => CELLS.has(name))) {
      const texts: string[] = []
      const inside: Step[] = []
      pushParagraphs(inside, { ...step, element: cell })
      for (let next = inside.pop(); next; next = inside.pop()) {
        const paragraph = read(next)
        const { inline, place: own } = paragraph
        paragraphs.push(paragraph)
        texts.push(inline.text.trim())
        if (inline.text.trim() !== '') at ??= own
        for (const box of inline.boxes.toReversed()) pushParagraphs(inside, { ...next, element: box, place: own })
      }
      const text = cell.name === 'table:table-cell' ? texts.filter((each) => each !== '').join(' ') : ''
      const repeated = countOf(cell.attributes['table:number-columns-repeated'], MOST_COLUMNS)
      cells.push(text)
      for (let extra = repeated; extra > 1; extra -= 1) cells.push('')
    }
    const found = at ?? step.place ?? { paragraph: counted }
    blocks.push({ kind: 'row', isFirst: isFirstRow, cells, place: found })
    isFirstRow = false
    pushAsides(steps, paragraphs)
  }

  const steps: Step[] = [{ element: root, place, isItem: false }]
  for (let step = steps.pop(); step; step = steps.pop()) {
    const { element } = step
    if (isParagraph(element)) {
      const paragraph = read(step)
      const { inline, place: at } = paragraph
      blocks.push({ kind: 'paragraph', role: roleOf(element, step.isItem, styles), text: inline.text, place: at })
      for (const box of inline.boxes.toReversed()) steps.push({ element: box, place: at, isItem: false })
      pushAsides(steps, [paragraph])
    } else if (element.name === 'table:table-row' && !isFrame(element)) readRow(element, step, steps)
    else if (!LEFT_OUT.has(element.name)) {
      if (element.name === 'table:table') isFirstRow = true
      // A frame that hangs on the page rather than on a paragraph.
      const isFree = step.place === null && element.name.startsWith('draw:')
      const inherited = { ...step, place: isFree ? { paragraph: Math.max(counted, 1) } : step.place }
      const children = childrenOf(element)
      const first = element.name === 'text:list-item' ? children.find(isParagraph) : undefined
      for (const child of children.toReversed()) {
        const isItem =
          element.name === 'text:list-item' ? child === first : element.name === 'text:index-body' || step.isItem
        steps.push({ ...inherited, element: child, isItem })
      }
    }
  }
  return blocks
}

function pushAsides(steps: Step[], paragraphs: readonly Placed[]): void {
  const found: Step[] = []
  for (const { inline, place } of paragraphs) {
    const paragraph = place.paragraph === undefined ? {} : { paragraph: place.paragraph }
    for (const aside of inline.asides) {
      if (aside.name === 'office:annotation') {
        found.push({ element: aside, place: { ...paragraph, part: 'comment', ...authorOf(aside) }, isItem: false })
      } else {
        const part = aside.attributes['text:note-class'] === 'endnote' ? 'endnote' : 'footnote'
        const body = childOf(aside, 'text:note-body')
        if (body !== undefined) found.push({ element: body, place: { ...paragraph, part }, isItem: false })
      }
    }
  }
  for (const step of found.toReversed()) steps.push(step)
}

function authorOf(annotation: XmlElement): Place {
  const author = foldSpace(textOfChild(annotation, 'dc:creator'))
  const date = textOfChild(annotation, 'dc:date').trim()
  return {
    ...(author === '' ? {} : readSpeaker(author)),
    ...(/^\d{4}-\d{2}-\d{2}/.test(date) ? { date: date.slice(0, 10) } : {}),
  }
}

function textOfChild(element: XmlElement, name: string): string {
  const child = childOf(element, name)
  return child === undefined ? '' : textOf(child)
}

/** The paragraphs below an element, with those of tables inside it; those in boxes come with what holds the box. */
function pushParagraphs(steps: Step[], from: Step): void {
  const found: Step[] = []
  const open: XmlElement[] = childrenOf(from.element).toReversed()
  for (let element = open.pop(); element; element = open.pop()) {
    if (isParagraph(element)) found.push({ ...from, element })
    else if (!LEFT_OUT.has(element.name)) for (const child of childrenOf(element).toReversed()) open.push(child)
  }
  for (const step of found.toReversed()) steps.push(step)
}

/** A row of one cell with more than a line in it is a frame around text, or there for the layout. */
function isFrame(row: XmlElement): boolean {
  const cells = childrenOf(row).filter(({ name }) => CELLS.has(name))
  const [cell] = cells
  if (cell === undefined || cells.length > 1) return false
  let filled = 0
  for (const element of descendantsOf(cell)) {
    if (element.name === 'table:table') return true
    if (!isParagraph(element)) continue
    const length = textOf(element).trim().length
    filled += length === 0 ? 0 : 1
    if (filled > 1 || length > LONG_ITEM) return true
  }
  return false
}

function isParagraph(element: XmlElement): boolean {
  return element.name === 'text:p' || element.name === 'text:h'
}

function roleOf(element: XmlElement, isItem: boolean, styles: OdtStyles): Paragraph['role'] {
  const named = styles.roleOf(element.attributes['text:style-name'])
  if (named === 'title' || named === 'heading') return named
  if (element.name === 'text:h') return 'heading'
  return named ?? (isItem ? 'item' : 'prose')
}
