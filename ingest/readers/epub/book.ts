import { InputError } from '../../../src/model/errors.ts'
import type { Note } from '../../../src/model/note.ts'
import { findDate } from '../../dates.ts'
import { foldSpace } from '../../passage.ts'
import { parseXml, textOf, type XmlElement } from '../../xml.ts'
import type { Zip } from '../../zip.ts'
import { elementAt, elementsIn, localName } from '../office/elements.ts'

/** What a book says of itself in its package document (https://www.w3.org/TR/epub-33/#sec-package-doc). */
export interface Book {
  readonly title: string | null
  /** ISO date on which it was published, or null. */
  readonly date: string | null
  readonly metadata: Readonly<Record<string, string | readonly string[]>>
  /** Names of the files in the archive that make up the text, in reading order, each once. */
  readonly spine: readonly string[]
  /** Names of the files that may hold the table of contents, the better first. */
  readonly contents: readonly string[]
}

/** A spine item is one of an archive's files, and an archive may have as many. */
const MAX_SPINE = 2000
const TEXT_TYPES = /^(?:application\/(?:xhtml\+xml|x-dtbook\+xml|xml)|text\/(?:html|x-oeb1-document|xml))$/i
const NAMES: Readonly<Record<string, string>> = {
  creator: 'author',
  contributor: 'contributor',
  publisher: 'publisher',
  language: 'language',
  subject: 'subject',
  identifier: 'identifier',
}

/** @throws InputError `corrupt` where there is no package document, and what reading it throws */
export async function readBook(zip: Zip, path: string, notes: Note[]): Promise<Book> {
  const packagePath = await findPackage(zip, path)
  const root = parseXml(await zip.read(packagePath), path)
  const folder = packagePath.slice(0, packagePath.lastIndexOf('/') + 1)
  const items = elementsIn(elementAt(root, 'manifest'), 'item').map(({ attributes }) => attributes)
  const byId = new Map(items.map((item) => [item['id'], item]))
  const spineElement = elementAt(root, 'spine')
  const spine = new Set<string>()
  for (const { attributes } of elementsIn(spineElement, 'itemref').slice(0, MAX_SPINE)) {
    const item = byId.get(attributes['idref'])
    const file = resolveLink(folder, item?.['href'] ?? '').file
    if (item !== undefined && TEXT_TYPES.test(item['media-type'] ?? '')) spine.add(file)
    else
      notes.push({
        code: 'unreadable-chapter',
        message: `The book lists ${item === undefined ? 'a chapter that it does not have' : 'one that is no text'}.`,
        where: item === undefined ? (attributes['idref'] ?? '') : file,
      })
  }
  const navigation = items.find((item) => item['properties']?.split(/\s+/).includes('nav'))
  const ncx =
    byId.get(spineElement?.attributes['toc']) ?? items.find((item) => item['media-type'] === 'application/x-dtbncx+xml')
  return {
    ...describe(elementAt(root, 'metadata')),
    spine: [...spine],
    contents: [navigation, ncx].flatMap((item) => (item?.['href'] ? [resolveLink(folder, item['href']).file] : [])),
  }
}

/** A link inside a book: the file's name in the archive, and the id in it to which it leads. */
export function resolveLink(folder: string, link: string): { readonly file: string; readonly fragment: string | null } {
  const [address = '', fragment] = link.split('#', 2)
  const names: string[] = []
  for (const name of (folder + decoded(address)).split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return { file: names.join('/'), fragment: fragment === undefined || fragment === '' ? null : decoded(fragment) }
}

async function findPackage(zip: Zip, path: string): Promise<string> {
  const container = 'META-INF/container.xml'
  const root = zip.has(container) ? parseXml(await zip.read(container), path) : undefined
  const named = elementAt(root, 'rootfiles', 'rootfile')?.attributes['full-path']
  const found = [named, ...zip.names.filter((name) => name.endsWith('.opf'))].find(
    (name): name is string => name !== undefined && zip.has(name),
  )
  if (found !== undefined) return found
  throw new InputError('corrupt', `${path}: the book's list of its chapters is missing`, {
    place: path,
    hint: 'Open it in a program for books and save it again.',
  })
}

function describe(metadata: XmlElement | undefined): Pick<Book, 'title' | 'date' | 'metadata'> {
  const values = new Map<string, string[]>()
  let title: string | null = null
  let date: string | null = null
  for (const property of descriptionsIn(metadata)) {
    const name = localName(property)
    const value = foldSpace(textOf(property))
    if (value === '') continue
    if (name === 'title') title ??= value
    else if (name === 'date') date ??= publicationDate(property, value)
    const ours = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
    if (ours !== undefined) values.set(ours, [...(values.get(ours) ?? []).slice(0, 99), value])
  }
  const single = [...values].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all] as const)
  return { title, date, metadata: Object.fromEntries(single) }
}

/** The first versions of the format wrap the Dublin Core elements once more. */
function descriptionsIn(metadata: XmlElement | undefined): XmlElement[] {
  return elementsIn(metadata).flatMap((child) => (localName(child) === 'dc-metadata' ? elementsIn(child) : [child]))
}

/** The day on which the text came out, not the file; programs that know none write the year 101. */
function publicationDate(property: XmlElement, value: string): string | null {
  const event = Object.entries(property.attributes).find(([name]) => name.endsWith('event'))?.[1] ?? 'publication'
  const date = event === 'publication' || event === 'original-publication' ? findDate(value.slice(0, 10)) : null
  return date !== null && date >= '1000' ? date : null
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}
