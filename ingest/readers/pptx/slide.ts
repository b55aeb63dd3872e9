import { InputError } from '../../../src/model/errors.ts'
import type { Note } from '../../../src/model/note.ts'
import type { Place } from '../../../src/model/place.ts'
import { foldSpace } from '../../passage.ts'
import type { Speaker } from '../../transcripts/speakers.ts'
import type { TextBuilder } from '../../text-builder.ts'
import type { XmlElement } from '../../xml.ts'
import { attempt } from '../office/attempt.ts'
import { readChart } from './chart.ts'
import { commentsOf } from './comments.ts'
import { readDiagram } from './diagram.ts'
import { elementAt, elementsIn, localName, relationshipId } from '../office/elements.ts'
import { inherited, type Layout } from './layout.ts'
import type { OfficePackage } from './package.ts'
import { addParagraph, addText, bulletsOf, lineOf, paragraphsOf } from './paragraphs.ts'
import { isTitle, shapesOf, type Shape } from './shapes.ts'

/** What it takes to read one slide. */
export interface SlideContext {
  readonly office: OfficePackage
  readonly builder: TextBuilder
  readonly notes: Note[]
  /** The parts that the slide points to, by the ids that it has for them. */
  readonly targets: ReadonlyMap<string, string>
  readonly layout: Layout
  readonly authors: ReadonlyMap<string, Speaker>
  /** The slide's number; the notes and comments add to it what they are. */
  readonly place: Place
}

/** Writes what stands on a slide. Returns its title, or null. */
export async function addSlide(context: SlideContext, slide: XmlElement): Promise<string | null> {
  const { builder, place } = context
  let title: string | null = null
  for (const shape of shapesOf(slide, context.layout)) {
    builder.block()
    if (isTitle(shape) && title === null) {
      title = paragraphsOf(elementAt(shape.element, 'txBody')).map(lineOf).join(' ')
      builder.add('heading', title, place)
    } else if (shape.kind === 'graphicFrame') await addFrame(context, shape.element)
    else if (shape.kind === 'pic') addText(builder, describe(shape.element), place)
    else addTextShape(context, shape)
  }
  builder.block()
  return title === '' ? null : title
}

/** Writes the speaker's notes: all text of the page of notes but the picture, number and date on it. */
export function addNotes(context: SlideContext, notes: XmlElement): void {
  for (const shape of shapesOf(notes, [])) {
    context.builder.block()
    for (const paragraph of paragraphsOf(elementAt(shape.element, 'txBody')))
      addParagraph(context.builder, paragraph, paragraph.bullet ?? false, { ...context.place, part: 'note' })
  }
  context.builder.block()
}

export function addComments(context: SlideContext, list: XmlElement): void {
  const { builder, place, authors } = context
  for (const { author, date, lines } of commentsOf(list, authors)) {
    builder.block()
    const said: Place = {
      ...place,
      part: 'comment',
      ...author,
      ...(date === null ? {} : { date }),
    }
    for (const line of lines) addText(builder, line, said)
  }
  builder.block()
}

/** Bodies have bullets unless something says otherwise: the paragraph, the shape, the layout. */
function addTextShape({ builder, layout, place }: SlideContext, { element, role }: Shape): void {
  const body = elementAt(element, 'txBody')
  const own = bulletsOf(body)
  const usual = role?.type === 'body' || role?.type === 'obj'
  for (const paragraph of paragraphsOf(body)) {
    const { level, bullet } = paragraph
    const isItem =
      bullet ?? own.get(level) ?? inherited(layout, role, ({ bullets }) => bullets.get(level) ?? null) ?? usual
    addParagraph(builder, paragraph, isItem, place)
  }
}

/** A frame holds a table or points to a chart, a diagram or something embedded, which has a picture in its place. */
async function addFrame(context: SlideContext, frame: XmlElement): Promise<void> {
  const { office, notes, targets, place } = context
  for (const element of elementsIn(elementAt(frame, 'graphic', 'graphicData'))) {
    const kind = localName(element)
    if (kind === 'tbl') addTable(context, element)
    if (kind !== 'relIds' && kind !== 'chart') continue
    const id = relationshipId(element, kind === 'chart' ? 'id' : 'dm')
    const where = `slide ${place.slide}`
    const what = `A ${kind === 'chart' ? 'chart' : 'diagram'} on ${where}`
    await attempt(notes, { code: 'unreadable-part', what, where }, async () => {
      const part = targets.get(id ?? '')
      if (part === undefined) throw new InputError('corrupt', 'it is not in the file')
      const root = await office.take(part)
      if (root !== null && kind === 'chart') addChart(context, root)
      else if (root !== null) addDiagram(context, root)
    })
  }
}

function addChart({ builder, place }: SlideContext, root: XmlElement): void {
  const { titles, rows } = readChart(root)
  for (const title of titles) addText(builder, title, place)
  for (const row of rows) addRow(builder, row, place)
}

function addDiagram({ builder, place }: SlideContext, root: XmlElement): void {
  for (const paragraph of readDiagram(root)) addParagraph(builder, paragraph, true, place)
}

/** Cells that were merged into another are empty. */
function addTable({ builder, place }: SlideContext, table: XmlElement): void {
  for (const row of elementsIn(table, 'tr')) {
    const cells = elementsIn(row, 'tc').map((cell) => paragraphsOf(elementAt(cell, 'txBody')).map(lineOf).join(' '))
    addRow(builder, cells, place)
  }
}

function addRow(builder: TextBuilder, cells: readonly string[], place: Place): void {
  builder.line()
  builder.add('row', cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1).join(' | '), place)
}

/** What somebody wrote for those who cannot see the picture; not its file's name, nor what a program guessed. */
function describe(picture: XmlElement): string {
  const text = foldSpace(elementAt(picture, 'nvPicPr', 'cNvPr')?.attributes['descr'] ?? '')
  return /^\S+\.\w{2,4}$|automatically generated|^https?:/i.test(text) ? '' : text
}
