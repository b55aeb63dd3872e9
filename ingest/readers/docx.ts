import { InputError } from '../../src/model/errors.ts'
import type { Place } from '../../src/model/place.ts'
import type { FileReader, Reading, SourceFile } from '../reading.ts'
import { childOf, childrenOf, descendantsOf, type XmlElement } from '../xml.ts'
import { openZip } from '../zip.ts'
import { readSpeaker } from '../transcripts/speakers.ts'
import { assembleDocument, withoutRepeats } from './docx/assemble.ts'
import { readAttachments } from './docx/attachments.ts'
import type { Block } from './docx/blocks.ts'
import type { Tally } from './docx/paragraph.ts'
import {
  OFFICE_PREFIXES,
  readPart,
  readRelationships,
  readSidePart,
  type Package,
  type Relationship,
} from './docx/parts.ts'
import { readProperties } from './office/properties.ts'
import { readStory, type Aside, type Surroundings } from './docx/story.ts'
import { readStyles } from './docx/styles.ts'

const MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/**
 * Word's format (ECMA-376), read from its parts: a converter to HTML would lose the paragraphs' numbers, tracked
 * changes, headers and text boxes. Places are paragraphs; the file knows no pages.
 */
export const docxReader: FileReader = { name: 'docx', extensions: ['docx', 'docm', 'dotx'], read: readDocx }

async function readDocx({ path, bytes }: SourceFile): Promise<Reading> {
  const file: Package = { zip: await openZip(bytes, path), path, notes: [], prefixes: OFFICE_PREFIXES }
  const roots = await readRelationships(file, '')
  const main = partOf(roots, 'officeDocument') ?? 'word/document.xml'
  const body = childOf(await readPart(file, main), 'w:body')
  if (body === undefined) throw noBody(path)
  const relationships = await readRelationships(file, main)
  const tally: Tally = { deletions: 0, hidden: 0, deletedNotes: new Set() }
  const surroundings: Surroundings = {
    styles: readStyles(await readSidePart(file, partOf(relationships, 'styles'))),
    asides: new Map([
      ...asidesOf(await readSidePart(file, partOf(relationships, 'footnotes')), 'footnote'),
      ...asidesOf(await readSidePart(file, partOf(relationships, 'endnotes')), 'endnote'),
      ...asidesOf(await readSidePart(file, partOf(relationships, 'comments')), 'comment'),
    ]),
    diagrams: await readDiagrams(file, relationships),
    tally,
  }
  const blocks = [
    ...readStory(body, null, surroundings),
    ...(await readMargins(file, body, relationships, surroundings)),
  ]
  const attachments = await readAttachments(file, relationships)
  addTally(file, tally)
  const properties = readProperties(await readSidePart(file, partOf(roots, 'core-properties')))
  const document = assembleDocument({ path, mediaType: MEDIA_TYPE, blocks, properties, notes: file.notes })
  if (document.units.length === 0 && attachments.length === 0 && hasPictures(relationships)) throw onlyPictures(path)
  return attachments.length === 0 ? { document } : { document, attachments }
}

function partOf(relationships: readonly Relationship[], type: string): string | undefined {
  return relationships.find((relationship) => relationship.type === type)?.part
}

/** Notes and comments by kind and id. Those with a type are the lines that Word draws above notes. */
function asidesOf(root: XmlElement | null, part: 'footnote' | 'endnote' | 'comment'): [string, Aside][] {
  return (root === null ? [] : childrenOf(root, `w:${part}`)).flatMap((element): [string, Aside][] => {
    const {
      'w:id': id = '',
      'w:type': type = 'normal',
      'w:author': author = '',
      'w:date': date = '',
    } = element.attributes
    if (type !== 'normal') return []
    const place: Place = {
      part,
      ...(author.trim() === '' ? {} : readSpeaker(author)),
      ...(/^\d{4}-\d{2}-\d{2}/.test(date) ? { date: date.slice(0, 10) } : {}),
    }
    return [[`${part} ${id}`, { root: element, place }]]
  })
}

async function readDiagrams(file: Package, relationships: readonly Relationship[]): Promise<Map<string, XmlElement>> {
  const diagrams = new Map<string, XmlElement>()
  for (const { id, type, part } of relationships) {
    const root = type === 'diagramData' ? await readSidePart(file, part) : null
    if (root !== null) diagrams.set(id, root)
  }
  return diagrams
}

/** Headers, then footers, as the sections name them. */
async function readMargins(
  file: Package,
  body: XmlElement,
  relationships: readonly Relationship[],
  surroundings: Surroundings,
): Promise<Block[]> {
  const stories: Block[][] = []
  for (const part of ['header', 'footer'] as const) {
    const ids = new Set<string | undefined>()
    for (const { attributes } of descendantsOf(body, `w:${part}Reference`)) ids.add(attributes['r:id'])
    for (const id of ids) {
      const root = await readSidePart(file, relationships.find((relationship) => relationship.id === id)?.part)
      if (root !== null) stories.push(readStory(root, { part }, { ...surroundings, diagrams: new Map() }))
    }
  }
  return withoutRepeats(stories.flat())
}

function addTally({ notes }: Package, { deletions, hidden }: Tally): void {
  if (deletions > 0) {
    const message = `Passages that tracked changes delete were left out: ${deletions}.`
    notes.push({ code: 'tracked-deletions', message })
  }
  if (hidden > 0) notes.push({ code: 'hidden-text', message: `Passages of hidden text were left out: ${hidden}.` })
}

function hasPictures(relationships: readonly Relationship[]): boolean {
  return relationships.some(({ type }) => type === 'image')
}

function noBody(path: string): InputError {
  return new InputError('corrupt', `${path}: has no text body inside`, {
    place: path,
    hint: 'Open it in the program that wrote it and save it again.',
  })
}

function onlyPictures(path: string): InputError {
  return new InputError('no-text', `${path}: holds pictures but no text`, {
    place: path,
    hint: 'If they are scanned pages, run text recognition on them first.',
  })
}
