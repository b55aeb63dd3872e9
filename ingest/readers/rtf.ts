import { InputError } from '../../src/model/errors.ts'
import type { Note } from '../../src/model/note.ts'
import type { FileReader, Reading, SourceFile } from '../reading.ts'
import { assembleDocument } from './docx/assemble.ts'
import { sensibleTitle, type Properties } from './office/properties.ts'
import { readRtf, type Rtf } from './rtf/story.ts'

const METADATA: Readonly<Record<string, string>> = {
  author: 'author',
  operator: 'lastModifiedBy',
  subject: 'subject',
  keywords: 'keywords',
  category: 'category',
  doccomm: 'description',
}

/** Rich Text Format, as WordPad, TextEdit and older word processors write it. Places are paragraphs, as in Word's files. */
export const rtfReader: FileReader = {
  name: 'rtf',
  extensions: ['rtf'],
  read: async (file) => readFile(file),
}

function readFile({ path, bytes }: SourceFile): Reading {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const rtf = readRtf(source, path)
  const document = assembleDocument({
    path,
    mediaType: 'application/rtf',
    blocks: rtf.blocks,
    properties: propertiesOf(rtf.values),
    notes: notesOf(rtf),
  })
  if (document.units.length === 0 && rtf.hasPictures)
    throw new InputError('no-text', `${path}: holds pictures but no text`, {
      place: path,
      hint: 'If they are scanned pages, run text recognition on them first.',
    })
  return { document }
}

function propertiesOf(values: ReadonlyMap<string, string>): Properties {
  const shown = Object.entries(METADATA).map(([name, ours]) => [ours, values.get(name) ?? ''] as const)
  return {
    title: sensibleTitle(values.get('title') ?? ''),
    metadata: Object.fromEntries(shown.filter(([, value]) => value !== '')),
  }
}

function notesOf({ hidden, deleted, isWhole }: Rtf): Note[] {
  const notes: Note[] = []
  if (deleted > 0)
    notes.push({
      code: 'tracked-deletions',
      message: `Passages that tracked changes delete were left out: ${deleted}.`,
    })
  if (hidden > 0) notes.push({ code: 'hidden-text', message: `Passages of hidden text were left out: ${hidden}.` })
  if (!isWhole) notes.push({ code: 'cut-off', message: 'The file ends in the middle; what is there was read.' })
  return notes
}
