import { defaultTreeAdapter, html, parse, parseFragment } from 'parse5'
import type { DefaultTreeAdapterTypes as Tree, TreeAdapter } from 'parse5'
import { InputError } from '../../src/model/errors.ts'
import type { ParsedDocument } from '../../src/model/document.ts'
import type { Note } from '../../src/model/note.ts'
import { findDate, findDateInPath, findStatedDate } from '../dates.ts'
import { foldSpace } from '../passage.ts'
import type { SourceText, TextReader } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { addHtml, attribute, elementsOf } from './html-walk.ts'
import { HTML } from './late-formats.ts'
import { addPlainText } from './text.ts'

/** parse5 builds some 60 bytes of tree for a byte of page. */
const MAX_HTML_LENGTH = 5 * 1024 * 1024
/** Browsers stop nesting at 512 elements; beyond, every start tag costs a walk through all that are open. */
const MAX_DEPTH = 512
const DATE_METAS =
  /^(?:date|dc\.date|dcterms\.(?:date|created|modified)|article:(?:published|modified)_time|last-modified)$/i

/** Written onto the nodes while the tree grows; a map beside it would double the time. */
interface Nested {
  depth?: number
}

/** Thrown out of the parser by its own tree adapter; never leaves this file. */
class TooMuchMarkup extends Error {}

export const htmlReader: TextReader = {
  ...HTML,
  read: (source) => ({ document: readHtml(source) }),
}

function readHtml(source: SourceText): ParsedDocument {
  if (source.text.length > MAX_HTML_LENGTH) {
    throw new InputError(
      'too-large',
      `${source.path}: ${source.text.length} characters of HTML, at most 5 MB are read`,
      {
        place: source.path,
        hint: 'Split the page, or save its text as .txt.',
      },
    )
  }
  const builder = new TextBuilder()
  const page = parseSafely(() =>
    parse(source.text, { sourceCodeLocationInfo: true, treeAdapter: boundedAdapter(source.text) }),
  )
  const about = page && survey(page)
  if (page === null) addPlainText(builder, withoutTags(source.text), 1)
  else {
    addHtml(builder, [about?.main ?? page])
    if (about?.main && builder.units.length === 0) addHtml(builder, [page])
  }
  const text = builder.text
  const texts = builder.units.map((unit) => builder.textOf(unit, text))
  const heading = texts[builder.units.findIndex((unit) => unit.kind === 'heading')]
  return {
    title: about?.title ?? heading ?? titleFromPath(source.path),
    kind: 'document',
    mediaType: 'text/html',
    date: about?.date ?? findStatedDate(texts) ?? findDateInPath(source.path),
    text,
    units: builder.units,
    notes: page === null ? [...source.notes, TOO_DEEP] : source.notes,
  }
}

const TOO_DEEP: Note = {
  code: 'markup-too-deep',
  message: `Elements are nested more than ${MAX_DEPTH} deep; tags were stripped and the rest read as plain text.`,
}

/** HTML inside another format, `firstLine` being where it begins there. */
export function addHtmlFragment(builder: TextBuilder, source: string, firstLine: number): void {
  const fragment = parseSafely(() =>
    parseFragment(source, { sourceCodeLocationInfo: true, treeAdapter: boundedAdapter(source) }),
  )
  if (fragment === null) addPlainText(builder, withoutTags(source), firstLine)
  else addHtml(builder, [fragment], firstLine - 1)
}

function parseSafely<Result>(parsePage: () => Result): Result | null {
  try {
    return parsePage()
  } catch (error) {
    if (error instanceof TooMuchMarkup) return null
    throw error
  }
}

/**
 * parse5's own tree with two stops that the HTML algorithm lacks: depth, and the number of elements, which unclosed
 * formatting tags multiply (each new paragraph opens all of them again).
 */
function boundedAdapter(source: string): TreeAdapter<Tree.DefaultTreeAdapterMap> {
  let budget = source.length / 2 + 1000
  const place = (parent: Tree.Node & Nested, node: Tree.Node & Nested): void => {
    const depth = (parent.depth ?? 0) + 1
    if (depth > MAX_DEPTH) throw new TooMuchMarkup()
    node.depth = depth
  }
  return {
    ...defaultTreeAdapter,
    createElement(...details) {
      budget -= 1
      if (budget < 0) throw new TooMuchMarkup()
      return defaultTreeAdapter.createElement(...details)
    },
    appendChild(parent, node) {
      place(parent, node)
      defaultTreeAdapter.appendChild(parent, node)
    },
    insertBefore(parent, node, reference) {
      place(parent, node)
      defaultTreeAdapter.insertBefore(parent, node, reference)
    },
  }
}

/** Keeps the line breaks inside of tags, so that places stay right. */
function withoutTags(source: string): string {
  return source.replace(/<(?:"[^"<>]*"|'[^'<>]*'|[^<>"'])*>/g, (tag) => ' ' + tag.replace(/[^\n]/g, ''))
}

interface Survey {
  /** The one `<main>` of the page, or null where there is none or several. */
  readonly main: Tree.Element | null
  readonly title: string | null
  readonly date: string | null
}

/** What a page says about itself, in one pass. */
function survey(page: Tree.Document): Survey {
  const mains: Tree.Element[] = []
  const times: string[] = []
  let title: string | null = null
  let metaDate: string | null = null
  for (const element of elementsOf(page)) {
    const name = element.tagName
    if (name === 'main' || attribute(element, 'role') === 'main') mains.push(element)
    else if (name === 'title' && element.namespaceURI === html.NS.HTML) title ??= titleText(element)
    else if (name === 'meta') metaDate ??= dateOfMeta(element)
    else if (name === 'time') times.push(attribute(element, 'datetime') ?? '')
  }
  return {
    main: mains.length === 1 ? (mains[0] ?? null) : null,
    title: title === '' ? null : title,
    // Several `<time>` are about other things than the page.
    date: metaDate ?? (times.length === 1 ? findDate(times[0] ?? '') : null),
  }
}

function titleText(element: Tree.Element): string {
  return foldSpace(element.childNodes.map((node) => ('value' in node ? node.value : '')).join(''))
}

function dateOfMeta(element: Tree.Element): string | null {
  const name = attribute(element, 'name') ?? attribute(element, 'property') ?? attribute(element, 'http-equiv') ?? ''
  return DATE_METAS.test(name) ? findDate(attribute(element, 'content') ?? '') : null
}
