import type { Place } from '../../../src/model/place.ts'
import { childOf, descendantsOf, textOf, type XmlElement } from '../../xml.ts'
import type { Block } from './blocks.ts'
import { countDeletion, pushChildren, readInline, type Box, type Field, type Inline, type Tally } from './paragraph.ts'
import { roleOf, type Styles } from './styles.ts'
import { cellsOf, isCovered, isDeletedRow, isFrame, LEFT_OUT, span } from './table.ts'

/** Something that stands beside the text: its part, and where and by whom it is. */
export interface Aside {
  readonly root: XmlElement
  readonly place: Place
}

/** What a walk over the text looks up. */
export interface Surroundings {
  readonly styles: Styles
  /** Notes and comments by kind and id (`footnote 2`). */
  readonly asides: ReadonlyMap<string, Aside>
  /** Diagrams by relationship id. */
  readonly diagrams: ReadonlyMap<string, XmlElement>
  readonly tally: Tally
}

interface Step {
  readonly element: XmlElement
  /** Where all of it is; null in the main text, whose paragraphs are counted. */
  readonly place: Place | null
  readonly fields: Field[]
}

interface Placed {
  readonly inline: Inline
  readonly place: Place
}

/**
 * The blocks of a text in order, each note and comment after the paragraph or row that refers to it first. Paragraphs
 * are counted as Word counts them: all in the main text, empty ones and those in tables too, but none in text boxes.
 * Walks with a stack of its own, for tables nest deep and notes may refer to each other.
 */
export function readStory(
  root: XmlElement,
  place: Place | null,
  { styles, asides, diagrams, tally }: Surroundings,
): Block[] {
  const blocks: Block[] = []
  const used = new Set<string>()
  let counted = 0
  let isFirstRow = false
  let isAtEnd = false
  /** Comments may begin between two paragraphs. */
  let early: string[] = []

  const read = (step: Step): Placed => {
    if (step.place === null) counted += 1
    const isPageMargin = step.place?.part === 'header' || step.place?.part === 'footer'
    return {
      inline: readInline(step.element, step.fields, tally, isPageMargin),
      place: step.place ?? { paragraph: counted },
    }
  }
  const pushAsides = (steps: Step[], paragraphs: readonly Placed[]): void => {
    const found: Step[] = []
    for (const { inline, place: at } of paragraphs) {
      for (const key of [...early, ...inline.references.map(({ kind, id }) => `${kind} ${id}`)]) {
        const aside = asides.get(key)
        if (aside === undefined || used.has(key)) continue
        used.add(key)
        const paragraph = at.paragraph === undefined ? {} : { paragraph: at.paragraph }
        found.push({ element: aside.root, place: { ...paragraph, ...aside.place }, fields: [] })
      }
      early = []
    }
    for (const aside of found.toReversed()) steps.push(aside)
  }
  const pushBoxes = (steps: Step[], boxes: readonly Box[], at: Place): void => {
    for (const box of boxes.toReversed()) {
      const isDiagram = typeof box === 'string'
      const element = isDiagram ? diagrams.get(box) : box
      if (element === undefined || (isDiagram && used.has(`diagram ${box}`))) continue
      if (isDiagram) used.add(`diagram ${box}`)
      steps.push({ element, place: at, fields: [] })
    }
  }
  const readRow = (row: XmlElement, step: Step, steps: Step[]): void => {
    const cells: string[] = Array.from({ length: span(childOf(row, 'w:trPr'), 'w:gridBefore', 0) }, () => '')
    const paragraphs: Placed[] = []
    let at: Place | null = null
    for (const cell of cellsOf(row)) {
      const texts: string[] = []
      const inside: Step[] = []
      pushParagraphs(inside, { ...step, element: cell }, tally)
      for (let next = inside.pop(); next; next = inside.pop()) {
        if (next.element.name === 'a:p') texts.push(diagramText(next.element))
        else if (next.element.name !== 'w:p') pushParagraphs(inside, next, tally)
        else {
          const paragraph = read(next)
          const { inline, place: own } = paragraph
          paragraphs.push(paragraph)
          texts.push(inline.text.trim())
          if (inline.text.trim() !== '') at ??= own
          pushBoxes(inside, inline.boxes, own)
        }
      }
      const properties = childOf(cell, 'w:tcPr')
      cells.push(isCovered(properties) ? '' : texts.filter((text) => text !== '').join(' '))
      for (let extra = span(properties, 'w:gridSpan', 1); extra > 1; extra -= 1) cells.push('')
    }
    const found = at ?? step.place ?? { paragraph: counted }
    blocks.push({ kind: 'row', isFirst: isFirstRow, cells, place: found })
    isFirstRow = false
    pushAsides(steps, paragraphs)
  }

  const steps: Step[] = [{ element: root, place, fields: [] }]
  for (let step = steps.pop(); step; step = steps.pop()) {
    const { element } = step
    if (element.name === 'w:p') {
      const paragraph = read(step)
      const { inline, place: at } = paragraph
      blocks.push({ kind: 'paragraph', role: roleOf(childOf(element, 'w:pPr'), styles), text: inline.text, place: at })
      pushAsides(steps, [paragraph])
      pushBoxes(steps, inline.boxes, at)
    } else if (element.name === 'a:p') {
      blocks.push({ kind: 'paragraph', role: 'item', text: diagramText(element), place: step.place ?? {} })
    } else if (element.name === 'w:tr' && isDeletedRow(element)) {
      countDeletion(element, tally)
      if (step.place === null) counted += [...descendantsOf(element, 'w:p')].length
    } else if (element.name === 'w:tr' && !isFrame(element)) readRow(element, step, steps)
    else if (element.name === 'w:commentRangeStart') early.push(`comment ${element.attributes['w:id'] ?? ''}`)
    else if (!LEFT_OUT.has(element.name)) {
      if (element.name === 'w:tbl') isFirstRow = true
      const inside: XmlElement[] = []
      pushChildren(inside, element)
      for (const child of inside) steps.push({ ...step, element: child })
    }
    if (steps.length === 0 && place === null && !isAtEnd) {
      isAtEnd = true
      // Comments on something that is no text, notes that lost their mark.
      const left = [...asides].filter(([key]) => !used.has(key) && !tally.deletedNotes.has(key))
      for (const [key] of left) used.add(key)
      for (const [, aside] of left.toReversed()) steps.push({ element: aside.root, place: aside.place, fields: [] })
    }
  }
  return blocks
}

/** The paragraphs of a cell, with those of tables inside it; text boxes come with the paragraph that holds them. */
function pushParagraphs(steps: Step[], from: Step, tally: Tally): void {
  const found: Step[] = []
  const open: XmlElement[] = []
  pushChildren(open, from.element)
  for (let element = open.pop(); element; element = open.pop()) {
    if (element.name === 'w:p' || element.name === 'a:p') found.push({ ...from, element })
    else if (element.name === 'w:tr' && isDeletedRow(element)) countDeletion(element, tally)
    else if (!LEFT_OUT.has(element.name)) pushChildren(open, element)
  }
  for (const step of found.toReversed()) steps.push(step)
}

function diagramText(paragraph: XmlElement): string {
  return [...descendantsOf(paragraph, 'a:t')].map(textOf).join('').trim()
}
