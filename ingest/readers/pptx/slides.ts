import { InputError } from '../../../src/model/errors.ts'
import type { Note } from '../../../src/model/note.ts'
import type { Speaker } from '../../transcripts/speakers.ts'
import type { TextBuilder } from '../../text-builder.ts'
import { attempt } from '../office/attempt.ts'
import { readAuthors } from './comments.ts'
import { elementAt, elementsIn, relationshipId } from '../office/elements.ts'
import { layoutReader } from './layout.ts'
import { mainPart, targetsOf, type OfficePackage, type Relationship } from './package.ts'
import { addComments, addNotes, addSlide, type SlideContext } from './slide.ts'

/** As many as an archive may have files. */
const MAX_SLIDES = 2000

/** What became of the slides, beside their text. */
export interface Slides {
  readonly count: number
  readonly firstTitle: string | null
}

/** Writes all slides in the order in which they are shown. One that is damaged costs itself; a note says so. */
export async function addSlides(
  office: OfficePackage,
  path: string,
  builder: TextBuilder,
  notes: Note[],
): Promise<Slides> {
  const main = await mainPart(office, path, 'ppt/presentation.xml')
  const presentation = (await office.take(main)) ?? undefined
  const parts = targetsOf(await office.relationshipsOf(main))
  const readLayout = layoutReader(office)
  const authors = await attempt(
    notes,
    { code: 'unreadable-part', what: 'The list of those who comment', where: main },
    () => readAuthors(office, main),
  )
  const hidden: number[] = []
  const empty: number[] = []
  let firstTitle: string | null = null
  const slides = elementsIn(elementAt(presentation, 'sldIdLst'), 'sldId')
  if (slides.length > MAX_SLIDES)
    throw new InputError('limit', `${path}: more than ${MAX_SLIDES} slides; it was not read`, {
      place: path,
      hint: 'Split the presentation.',
    })
  for (const [index, listed] of slides.entries()) {
    const number = index + 1
    const where = `slide ${number}`
    const before = builder.units.length
    await attempt(notes, { code: 'unreadable-slide', what: `Slide ${number}`, where }, async () => {
      const part = parts.get(relationshipId(listed) ?? '')
      if (part === undefined) throw new InputError('corrupt', 'it is not in the file')
      const slide = await office.take(part)
      if (slide === null) throw new InputError('corrupt', `it is the same as one before (${part})`)
      if (/^(?:0|false)$/.test(slide.attributes['show'] ?? '')) hidden.push(number)
      const relationships = await office.relationshipsOf(part)
      const context: SlideContext = {
        office,
        builder,
        notes,
        targets: targetsOf(relationships),
        layout: await readLayout(part),
        authors: authors ?? new Map<string, Speaker>(),
        place: { slide: number },
      }
      const title = await addSlide(context, slide)
      firstTitle ??= title
      await addBeside(context, relationships, where)
      if (builder.units.length === before) empty.push(number)
    })
  }
  if (hidden.length > 0)
    notes.push({ code: 'hidden-slide', message: `Hidden slides are read like the others: ${hidden.join(', ')}.` })
  if (empty.length > 0) notes.push({ code: 'slide-without-text', message: `Slides without text: ${empty.join(', ')}.` })
  return { count: slides.length, firstTitle }
}

/** The speaker's notes and the comments of a slide. */
async function addBeside(context: SlideContext, relationships: readonly Relationship[], where: string): Promise<void> {
  const { office, notes } = context
  const sorted = relationships.toSorted((a, b) => Number(b.type === 'notesSlide') - Number(a.type === 'notesSlide'))
  for (const { type, target } of sorted) {
    if (type !== 'notesSlide' && type !== 'comments') continue
    const what = type === 'notesSlide' ? `The notes of ${where}` : `Comments on ${where}`
    await attempt(notes, { code: 'unreadable-part', what, where }, async () => {
      const root = await office.take(target)
      if (root === null) return
      if (type === 'notesSlide') addNotes(context, root)
      else addComments(context, root)
    })
  }
}
