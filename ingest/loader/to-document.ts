import { InputError } from '../../src/model/errors.ts'
import type { ParsedDocument } from '../../src/model/document.ts'
import { decodeText } from '../decode.ts'
import { foldSpace } from '../passage.ts'
import type { TextReader } from '../reading.ts'
import { dateOf, metadataOf, pageOf, pathOf, shiftOf, stringOf } from './metadata.ts'

/** A document that came from a loader rather than from a file. */
export interface LoadedDocument {
  /** Unique in the source. */
  readonly path: string
  readonly parsed: ParsedDocument
  /** The loader's text in UTF-8, whose hash tells whether it changed. */
  readonly bytes: Uint8Array
}

/** What LangChain's loaders give. */
export interface LoaderItem {
  readonly pageContent: string
  readonly metadata: Readonly<Record<string, unknown>>
}

const MAX_LENGTH = 10 * 1024 * 1024

const READERS: Readonly<Record<'text' | 'markdown' | 'html', () => Promise<TextReader>>> = {
  text: async () => (await import('../readers/text.ts')).textReader,
  markdown: async () => (await import('../readers/markdown.ts')).markdownReader,
  html: async () => (await import('../readers/html.ts')).htmlReader,
}

/** @throws InputError `loader-item` */
export function checkItem(item: unknown, where: string): LoaderItem {
  const { pageContent, metadata = {} } = (typeof item === 'object' && item !== null ? item : {}) as Record<
    string,
    unknown
  >
  if (typeof pageContent === 'string' && typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata))
    return { pageContent, metadata: metadata as Record<string, unknown> }
  throw new InputError('loader-item', `${where}: is no document: it has no text under pageContent`, {
    place: where,
    hint: 'A loader gives {pageContent: text, metadata: {…}}; this one gave something else here.',
  })
}

/** Gives every item a path of its own, the same in every run as long as the loader's order is. */
export function pathMaker(base: string, hide: (text: string) => string): (item: LoaderItem) => string {
  const counts = new Map<string, number>()
  return ({ metadata }) => {
    const name = pathOf(metadata, base, hide) ?? 'item'
    const page = pageOf(metadata)
    const path = page === null ? name : `${name}#page=${page}`
    let count = (counts.get(path) ?? 0) + 1
    let unique = count === 1 ? path : `${path}#${count}`
    for (; count > 1 && counts.has(unique); unique = `${path}#${count}`) count += 1
    counts.set(path, count)
    if (unique !== path) counts.set(unique, 1)
    return unique
  }
}

/** @throws InputError where there is no text, or too much */
export async function toLoadedDocument(
  { pageContent, metadata }: LoaderItem,
  path: string,
  format: 'text' | 'markdown' | 'html',
  hide: (text: string) => string,
): Promise<LoadedDocument> {
  if (pageContent.length > MAX_LENGTH)
    throw new InputError('too-large', `${path}: ${pageContent.length} characters, at most ${MAX_LENGTH} are read`, {
      place: path,
      hint: 'Let the loader split it.',
    })
  const bytes = Buffer.from(pageContent, 'utf8')
  const reader = await READERS[format]()
  const { document } = reader.read({ path, ...decodeText(bytes) })
  if (document.units.length === 0)
    throw new InputError('empty-file', `${path} holds no text`, {
      place: path,
      hint: 'There is nothing to read in it.',
    })
  const page = pageOf(metadata)
  const shift = shiftOf(metadata)
  const title = stringOf(metadata['title'])
  const kept = metadataOf(metadata, hide)
  const parsed: ParsedDocument = {
    ...document,
    title: title === null ? document.title : foldSpace(hide(title).replaceAll(/\p{Cc}+/gu, ' ')).slice(0, 500),
    date: dateOf(metadata) ?? document.date,
    units: document.units.map((unit) => ({
      ...unit,
      place: {
        ...(page === null ? {} : { page }),
        ...unit.place,
        ...(unit.place.line === undefined ? {} : { line: unit.place.line + shift }),
      },
    })),
    ...(Object.keys(kept).length === 0 ? {} : { metadata: { ...document.metadata, ...kept } }),
  }
  return { path, parsed, bytes }
}
