import type { DefaultTreeAdapterTypes as Tree } from 'parse5'
import { addSentences, addWhole, foldSpace, Passage } from '../passage.ts'
import type { TextBuilder } from '../text-builder.ts'
import { LONG_ITEM } from './text.ts'

type Kind = 'sentence' | 'item' | 'heading' | 'cell'

const SKIPPED = new Set(
  'script style template noscript nav head title svg math iframe object embed canvas audio video map select datalist textarea button'.split(
    ' ',
  ),
)
const HEADINGS = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
const BLOCKS = new Set(
  'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form header hgroup hr html legend li main menu ol p pre search section summary table tbody tfoot thead tr td th ul'.split(
    ' ',
  ),
)
/** Inside a table cell these say that the table is there for the layout, and its rows are no rows. */
const LAYOUT = new Set([...HEADINGS, 'table', 'ul', 'ol', 'dl', 'pre', 'form', 'blockquote', 'article', 'section'])

/** One step of the walk: a node to enter, or what to do when everything below it is done. */
type Step = Tree.Node | (() => void)

/**
 * Writes the text under some nodes as units. Iterative, since a hostile page nests deeper than the stack.
 * `shift` is added to line numbers, for HTML inside Markdown.
 */
export function addHtml(builder: TextBuilder, roots: readonly Tree.Node[], shift = 0): void {
  const layoutRows = findLayoutRows(roots)
  let passage = new Passage()
  let kind: Kind = 'sentence'
  let cells: { texts: string[]; line: number | null } | null = null
  let preformatted = 0

  const flush = (): void => {
    if (kind === 'cell') return
    if (!passage.isBlank) {
      if (preformatted > 0) addLines(builder, passage)
      else if (kind === 'heading' || (kind === 'item' && passage.text.length <= LONG_ITEM)) {
        builder.line()
        addWhole(builder, kind, passage)
      } else addSentences(builder, kind, passage)
    }
    passage = new Passage()
    // What follows the first paragraph of an item is prose again.
    if (kind === 'item') kind = 'sentence'
  }
  const endCell = (): void => {
    const text = passage.text
    if (!passage.isBlank && cells) cells.line ??= passage.lineAt(text.search(/\S/))
    cells?.texts.push(foldSpace(text))
    passage = new Passage()
  }
  const enter = (element: Tree.Element, steps: Step[]): void => {
    const name = element.tagName
    if (name === 'br') passage.append(kind === 'cell' ? ' ' : '\n', lineOf(element) + shift)
    if (name === 'br' && kind !== 'cell' && kind !== 'heading' && preformatted === 0) {
      const before = kind
      flush()
      kind = before
    }
    if (name === 'img') passage.append(attribute(element, 'alt') ?? '', lineOf(element) + shift)
    if (name === 'a') {
      const title = foldSpace(attribute(element, 'title') ?? '')
      // What a link says when one points at it, unless its words say it already.
      if (title !== '' && saysMore(title, element))
        steps.push(() => passage.append(` (${title})`, lineOf(element) + shift))
    }
    if (kind === 'cell') {
      if (name === 'td' || name === 'th') steps.push(endCell)
      else if (BLOCKS.has(name)) passage.append(' ', lineOf(element) + shift)
      return
    }
    if (name === 'tr' && !layoutRows.has(element)) {
      flush()
      kind = 'cell'
      cells = { texts: [], line: null }
      steps.push(() => {
        addRow(builder, cells?.texts ?? [], cells?.line ?? lineOf(element) + shift)
        cells = null
        passage = new Passage()
        kind = 'sentence'
      })
    } else if (HEADINGS.has(name)) {
      flush()
      builder.block()
      kind = 'heading'
      steps.push(() => {
        flush()
        kind = 'sentence'
        builder.block()
      })
    } else if (BLOCKS.has(name)) {
      flush()
      if (name === 'li' || name === 'dt' || name === 'dd') {
        builder.line()
        kind = 'item'
      } else if (name !== 'tbody' && kind !== 'item') builder.block()
      if (name === 'pre') preformatted += 1
      steps.push(() => {
        flush()
        if (name === 'pre') preformatted -= 1
        if (name === 'li' || name === 'dt' || name === 'dd') kind = 'sentence'
        else builder.block()
      })
    }
  }

  const steps: Step[] = roots.toReversed()
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (typeof step === 'function') step()
    else if (step.nodeName === '#text') {
      const node = step as Tree.TextNode
      passage.append(node.value, lineOf(node) + shift)
    } else if ('tagName' in step) {
      if (SKIPPED.has(step.tagName) || isHidden(step)) continue
      enter(step, steps)
      for (let index = step.childNodes.length - 1; index >= 0; index -= 1)
        steps.push(step.childNodes[index] as Tree.Node)
    } else if ('childNodes' in step) {
      for (let index = step.childNodes.length - 1; index >= 0; index -= 1)
        steps.push(step.childNodes[index] as Tree.Node)
    }
  }
  flush()
}

function saysMore(title: string, link: Tree.Element): boolean {
  const words: string[] = []
  const open: Tree.Node[] = [link]
  for (let node = open.pop(); node; node = open.pop()) {
    if ('value' in node) words.push(node.value)
    if (!('childNodes' in node)) continue
    for (let index = node.childNodes.length - 1; index >= 0; index -= 1) open.push(node.childNodes[index] as Tree.Node)
  }
  const [text, about] = [foldSpace(words.join('')).toLowerCase(), title.toLowerCase()]
  return text !== '' && !text.includes(about) && !about.includes(text)
}

export function attribute(element: Tree.Element, name: string): string | undefined {
  return element.attrs.find((candidate) => candidate.name === name)?.value
}

/** Every element of a tree, in the order of the page. */
export function* elementsOf(root: Tree.Node): Iterable<Tree.Element> {
  const nodes = [root]
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    if ('tagName' in node) yield node
    if (!('childNodes' in node)) continue
    for (let index = node.childNodes.length - 1; index >= 0; index -= 1) nodes.push(node.childNodes[index] as Tree.Node)
  }
}

/** One row: its cells joined by ` | `; empty cells at the end are left away. */
export function addRow(builder: TextBuilder, cells: readonly string[], line: number): void {
  builder.line()
  const filled = cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1)
  builder.add('row', filled.join(' | '), { line })
}

function addLines(builder: TextBuilder, passage: Passage): void {
  let offset = 0
  for (const line of passage.text.split('\n')) {
    builder.line()
    builder.add('sentence', line, { line: passage.lineAt(offset) })
    offset += line.length + 1
  }
}

function findLayoutRows(roots: readonly Tree.Node[]): Set<Tree.Element> {
  const rows = new Set<Tree.Element>()
  for (const root of roots) {
    for (const element of elementsOf(root)) {
      if (!LAYOUT.has(element.tagName)) continue
      let above: Tree.ParentNode | null = element.parentNode
      while (above && !('tagName' in above && above.tagName === 'tr'))
        above = 'parentNode' in above ? above.parentNode : null
      if (above && 'tagName' in above) rows.add(above)
    }
  }
  return rows
}

function isHidden(element: Tree.Element): boolean {
  return element.attrs.some(({ name, value }) => name === 'hidden' || (name === 'role' && value === 'navigation'))
}

function lineOf(node: Tree.Element | Tree.TextNode): number {
  return node.sourceCodeLocation?.startLine ?? 1
}
