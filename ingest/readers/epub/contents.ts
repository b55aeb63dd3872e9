import type { Note } from '../../../src/model/note.ts'
import { foldSpace } from '../../passage.ts'
import { parseXml, textOf, descendantsOf, type XmlElement } from '../../xml.ts'
import type { Zip } from '../../zip.ts'
import { attempt } from '../office/attempt.ts'
import { elementAt, elementsIn, localName, pushAll } from '../office/elements.ts'
import { resolveLink } from './book.ts'

/** Where a chapter begins in its file: at an id, or with the file. */
export interface ChapterStart {
  readonly fragment: string | null
  /** With the titles above it, the outer first: `Part One › The Sun-Seeker`. */
  readonly title: string
}

const MAX_LABEL = 200
const MAX_LEVELS = 4

/** The table of contents by files: of `nav.xhtml`, else of `toc.ncx`. Empty where a book has none. */
export async function readContents(
  zip: Zip,
  path: string,
  files: readonly string[],
  notes: Note[],
): Promise<ReadonlyMap<string, readonly ChapterStart[]>> {
  for (const file of files) {
    const starts = new Map<string, ChapterStart[]>()
    await attempt(notes, { code: 'unreadable-contents', what: 'The table of contents', where: file }, async () => {
      const root = parseXml(await zip.read(file), path)
      const folder = file.slice(0, file.lastIndexOf('/') + 1)
      for (const { titles, link } of localName(root) === 'ncx' ? pointsOf(root) : entriesOf(root)) {
        const { file: target, fragment } = resolveLink(folder, link)
        const start = { fragment, title: titles.join(' › ') }
        const before = starts.get(target)
        if (before === undefined) starts.set(target, [start])
        else before.push(start)
      }
    })
    if (starts.size > 0) return starts
  }
  return new Map()
}

interface Entry {
  readonly titles: readonly string[]
  readonly link: string
}

/** `toc.ncx`: points inside of points. */
function pointsOf(root: XmlElement): Entry[] {
  return walk(elementsIn(elementAt(root, 'navMap'), 'navPoint'), (point) => ({
    label: elementAt(point, 'navLabel', 'text'),
    link: elementAt(point, 'content')?.attributes['src'],
    below: elementsIn(point, 'navPoint'),
  }))
}

/** `nav.xhtml`: lists inside of lists. Other lists in there are of pages and landmarks. */
function entriesOf(root: XmlElement): Entry[] {
  const lists = [...descendantsOf(root)].filter((element) => localName(element) === 'nav')
  const list = lists.find(({ attributes }) => /(?:^|\s)toc(?:\s|$)/.test(attributes['epub:type'] ?? '')) ?? lists[0]
  return walk(elementsIn(elementAt(list, 'ol'), 'li'), (item) => ({
    label: elementAt(item, 'a') ?? elementAt(item, 'span'),
    link: elementAt(item, 'a')?.attributes['href'],
    below: elementsIn(elementAt(item, 'ol'), 'li'),
  }))
}

interface Level {
  readonly label: XmlElement | undefined
  readonly link: string | undefined
  readonly below: readonly XmlElement[]
}

function walk(roots: readonly XmlElement[], read: (element: XmlElement) => Level): Entry[] {
  const entries: Entry[] = []
  const open: { element: XmlElement; above: readonly string[] }[] = []
  const enter = (elements: readonly XmlElement[], above: readonly string[]): void =>
    pushAll(
      open,
      elements.map((element) => ({ element, above })),
    )
  enter(roots, [])
  for (let next = open.pop(); next; next = open.pop()) {
    const { label, link, below } = read(next.element)
    const title = label === undefined ? '' : foldSpace(textOf(label)).slice(0, MAX_LABEL)
    const titles = title === '' ? next.above : [...next.above, title].slice(-MAX_LEVELS)
    if (link !== undefined && titles.length > 0) entries.push({ titles, link })
    enter(below, titles)
  }
  return entries
}
