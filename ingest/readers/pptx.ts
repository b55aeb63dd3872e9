import { InputError } from '../../src/model/errors.ts'
import type { Note } from '../../src/model/note.ts'
import { findDateInPath, findStatedDate } from '../dates.ts'
import type { FileReader, Reading, SourceFile } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { openZip } from '../zip.ts'
import { readEmbedded } from './pptx/embedded.ts'
import { openPackage } from './pptx/package.ts'
import { propertiesOf } from './pptx/properties.ts'
import { addSlides } from './pptx/slides.ts'

/** PowerPoint by ECMA-376, part 1: slides in the order in which they are shown, with notes, comments and charts. */
export const pptxReader: FileReader = {
  name: 'pptx',
  extensions: ['pptx', 'pptm', 'ppsx'],
  read: readPresentation,
}

async function readPresentation({ path, bytes }: SourceFile): Promise<Reading> {
  const zip = await openZip(bytes, path)
  const office = openPackage(zip, path)
  const builder = new TextBuilder()
  const notes: Note[] = []
  const slides = await addSlides(office, path, builder, notes)
  const { title, metadata } = await propertiesOf(office, notes)
  const attachments = await readEmbedded(zip, notes)
  if (builder.units.length === 0 && slides.count > 0 && attachments.length === 0) throw withoutText(path, notes)
  const text = builder.text
  const head = builder.units.slice(0, 20).map((unit) => builder.textOf(unit, text))
  return {
    document: {
      title: title ?? slides.firstTitle ?? titleFromPath(path),
      kind: 'document',
      mediaType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
      date: findStatedDate(head) ?? findDateInPath(path),
      text,
      units: builder.units,
      notes,
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    },
    ...(attachments.length === 0 ? {} : { attachments }),
  }
}

function withoutText(path: string, notes: readonly Note[]): InputError {
  const damage = notes.find(({ code }) => code === 'unreadable-slide')
  if (damage !== undefined)
    return new InputError('corrupt', `${path}: no slide can be read. ${damage.message}`, {
      place: path,
      hint: 'Open it in the program that wrote it and save it again.',
    })
  return new InputError('no-text', `${path}: its slides hold no text`, {
    place: path,
    hint: 'If they are pictures, say what they show in the notes or in a text file beside it.',
  })
}
