import { InputError } from '../../src/model/errors.ts'
import { foldSpace } from '../passage.ts'
import type { FileReader, Reading, SourceFile } from '../reading.ts'
import { childOf, childrenOf, descendantsOf, textOf, type XmlElement } from '../xml.ts'
import { openZip } from '../zip.ts'
import { assembleDocument, withoutRepeats } from './docx/assemble.ts'
import type { Block } from './docx/blocks.ts'
import { readPart, readSidePart, type Package } from './docx/parts.ts'
import { sensibleTitle, type Properties } from './office/properties.ts'
import { localName } from './docx/usual-prefixes.ts'
import { readOdtStory } from './odt/story.ts'
import { readOdtStyles, type OdtStyles } from './odt/styles.ts'

const MEDIA_TYPE = 'application/vnd.oasis.opendocument.text'
const PREFIXES = {
  ...Object.fromEntries(
    ['office', 'text', 'table', 'style', 'meta', 'manifest'].map((name) => [
      `urn:oasis:names:tc:opendocument:xmlns:${name}:1.0`,
      name,
    ]),
  ),
  'urn:oasis:names:tc:opendocument:xmlns:drawing:1.0': 'draw',
  'urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0': 'svg',
  'http://purl.org/dc/elements/1.1/': 'dc',
}
const METADATA: Readonly<Record<string, string>> = {
  'meta:initial-creator': 'author',
  'dc:creator': 'lastModifiedBy',
  'meta:creation-date': 'created',
  'dc:date': 'modified',
  'dc:subject': 'subject',
  'dc:description': 'description',
  'meta:keyword': 'keywords',
}

/** OpenDocument text, as LibreOffice writes it. Places are paragraphs, as in Word's files. */
export const odtReader: FileReader = { name: 'odt', extensions: ['odt'], read: readOdt }

async function readOdt({ path, bytes }: SourceFile): Promise<Reading> {
  const file: Package = { zip: await openZip(bytes, path), path, notes: [], prefixes: PREFIXES }
  await refuseEncrypted(file)
  const content = await readPart(file, 'content.xml')
  const body = childOf(content, 'office:body')
  const text = body && childOf(body, 'office:text')
  if (text === undefined)
    throw new InputError('corrupt', `${path}: has no text body inside`, {
      place: path,
      hint: 'Open it in the program that wrote it and save it again.',
    })
  const common = await readSidePart(file, 'styles.xml')
  const styles = readOdtStyles([common, content])
  const blocks = [...readOdtStory(text, null, styles), ...readMargins(common, styles)]
  addNotes(file, text)
  const properties = readProperties(await readSidePart(file, 'meta.xml'))
  const document = assembleDocument({ path, mediaType: MEDIA_TYPE, blocks, properties, notes: file.notes })
  if (document.units.length === 0 && file.zip.names.some((name) => name.startsWith('Pictures/')))
    throw new InputError('no-text', `${path}: holds pictures but no text`, {
      place: path,
      hint: 'If they are scanned pages, run text recognition on them first.',
    })
  return { document }
}

/** Its archive opens all the same: only the parts are encrypted, and the manifest says so. */
async function refuseEncrypted(file: Package): Promise<void> {
  const manifest = await readSidePart(file, 'META-INF/manifest.xml')
  if (manifest === null) return
  for (const element of descendantsOf(manifest)) {
    if (localName(element) !== 'encryption-data') continue
    throw new InputError('encrypted', `${file.path}: is protected by a password`, {
      place: file.path,
      hint: 'Save a copy without the password.',
    })
  }
}

function readMargins(common: XmlElement | null, styles: OdtStyles): Block[] {
  const masters = common && childOf(common, 'office:master-styles')
  const pages = masters ? childrenOf(masters, 'style:master-page') : []
  const stories: Block[][] = []
  for (const part of ['header', 'footer'] as const) {
    for (const root of pages.flatMap((page) => childrenOf(page))) {
      // `style:header`, and `style:header-left`, `-first` where these differ.
      const isShown = root.attributes['style:display'] !== 'false'
      if (isShown && root.name.startsWith(`style:${part}`)) stories.push(readOdtStory(root, { part }, styles))
    }
  }
  return withoutRepeats(stories.flat())
}

function addNotes({ zip, notes }: Package, text: XmlElement): void {
  let deletions = 0
  for (const deletion of descendantsOf(text, 'text:deletion')) {
    const words = childrenOf(deletion).filter(({ name }) => name !== 'office:change-info')
    if (words.some((element) => textOf(element).trim() !== '')) deletions += 1
  }
  if (deletions > 0) {
    const message = `Passages that tracked changes delete were left out: ${deletions}.`
    notes.push({ code: 'tracked-deletions', message })
  }
  const objects = zip.names.filter((name) => /^Object \d+(?:\/content\.xml)?$/.test(name)).length
  if (objects > 0) {
    const message = `Embedded objects (formulas, charts, sheets) were left out: ${objects}.`
    notes.push({ code: 'embedded-object', message })
  }
}

function readProperties(root: XmlElement | null): Properties {
  const meta = root && childOf(root, 'office:meta')
  const metadata: Record<string, string> = {}
  let title: string | null = null
  for (const element of meta ? childrenOf(meta) : []) {
    const value = foldSpace(textOf(element))
    const shown = METADATA[element.name]
    if (value === '') continue
    if (element.name === 'dc:title') title ??= sensibleTitle(value)
    else if (shown === 'keywords' && metadata['keywords'] !== undefined) metadata['keywords'] += `, ${value}`
    else if (shown !== undefined) metadata[shown] ??= value
  }
  return { title, metadata }
}
