import type { Nodes, Parents } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { frontmatter } from 'micromark-extension-frontmatter'
import { gfm } from 'micromark-extension-gfm'
import { parse as parseYaml } from 'yaml'
import type { ParsedDocument } from '../../src/model/document.ts'
import { findDate, findDateInPath, findStatedDate } from '../dates.ts'
import { addSentences, addWhole, foldSpace, Passage } from '../passage.ts'
import type { SourceText, TextReader } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { addHtmlFragment } from './html.ts'
import { addRow } from './html-walk.ts'
import { MARKDOWN } from './late-formats.ts'
import { cutMarkdown } from './markdown-parts.ts'
import { addPlainText, LONG_ITEM } from './text.ts'

interface Heading {
  readonly depth: number
  readonly text: string
}

interface Found {
  readonly headings: Heading[]
  readonly properties: Record<string, unknown>
}

/** GitHub's Markdown with front matter. Code blocks are kept, line by line; comments and link targets are not. */
export const markdownReader: TextReader = {
  ...MARKDOWN,
  read: (source) => ({ document: readMarkdown(source) }),
}

function readMarkdown(source: SourceText): ParsedDocument {
  const builder = new TextBuilder()
  const found: Found = { headings: [], properties: {} }
  for (const part of cutMarkdown(source.text)) {
    if (part.kind === 'code') addCode(builder, part.text, part.firstLine)
    else if (part.kind === 'plain' && part.text.startsWith('<')) addHtmlFragment(builder, part.text, part.firstLine)
    else if (part.kind === 'plain') addPlainText(builder, part.text, part.firstLine)
    else {
      const tree = fromMarkdown(part.text, {
        extensions: [gfm(), ...(part.firstLine === 1 ? [frontmatter(['yaml', 'toml'])] : [])],
        mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml', 'toml'])],
      })
      addBlocks(builder, tree, part.firstLine - 1, part.kind === 'table', found)
    }
    builder.block()
  }
  const text = builder.text
  const head = builder.units.slice(0, 20).map((unit) => builder.textOf(unit, text))
  return {
    title:
      stringOf(found.properties['title']) ??
      titleOf(found.headings) ??
      (found.headings.length === 0 ? titleOfHtml(builder, text) : null) ??
      titleFromPath(source.path),
    kind: 'document',
    mediaType: 'text/markdown',
    date: dateOf(found.properties['date']) ?? findStatedDate(head) ?? findDateInPath(source.path),
    text,
    units: builder.units,
    notes: source.notes,
  }
}

/** Walks the blocks with a stack of its own; lists nest deeper than calls may. */
function addBlocks(builder: TextBuilder, root: Nodes, shift: number, skipFirstRow: boolean, found: Found): void {
  let skipRow = skipFirstRow
  const stack: { node: Nodes; isItem: boolean }[] = [{ node: root, isItem: false }]
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { node, isItem } = entry
    const line = (node.position?.start.line ?? 1) + shift
    switch (node.type) {
      case 'yaml':
        readFrontMatter(node.value, parseYamlProperties, found)
        break
      case 'heading': {
        const passages = inlineOf(node, shift, false)
        builder.block()
        for (const passage of passages) addWhole(builder, 'heading', passage)
        builder.block()
        found.headings.push({ depth: node.depth, text: foldSpace(passages.map((passage) => passage.text).join(' ')) })
        break
      }
      case 'paragraph':
        addParagraph(builder, inlineOf(node, shift, true), isItem)
        break
      case 'code':
        builder.block()
        addCode(builder, node.value, line + (isFenced(node) ? 1 : 0))
        builder.block()
        break
      case 'html':
        addHtmlFragment(builder, node.value, line)
        break
      case 'tableRow':
        if (!skipRow)
          addRow(
            builder,
            node.children.map((cell) => cellText(cell, shift)),
            line,
          )
        skipRow = false
        break
      case 'listItem':
        builder.line()
        pushChildren(stack, node, true)
        break
      case 'definition':
      case 'thematicBreak':
        break
      default:
        if (isToml(node)) readFrontMatter(node.value, tomlStrings, found)
        if (!('children' in node)) break
        // Only a list inside an item keeps to the item's line; everything else is a block of its own.
        if (node.type !== 'list' || !isItem) builder.block()
        pushChildren(stack, node, false)
    }
  }
}

function pushChildren(stack: { node: Nodes; isItem: boolean }[], parent: Parents, isItem: boolean): void {
  for (let index = parent.children.length - 1; index >= 0; index -= 1) {
    const node = parent.children[index]
    // The item's own words are its first paragraph; later ones are prose below it.
    if (node) stack.push({ node, isItem: isItem && (index === 0 || node.type === 'list') })
  }
}

function addParagraph(builder: TextBuilder, passages: readonly Passage[], isItem: boolean): void {
  if (!isItem) builder.block()
  for (const passage of passages) {
    if (!isItem) addSentences(builder, 'sentence', passage)
    else if (passage.text.length > LONG_ITEM) addSentences(builder, 'item', passage)
    else {
      builder.line()
      addWhole(builder, 'item', passage)
    }
  }
  if (!isItem) builder.block()
}

/** Only a fence makes code take more lines than it holds. */
function isFenced(node: Nodes & { value: string }): boolean {
  const span = (node.position?.end.line ?? 1) - (node.position?.start.line ?? 1) + 1
  return span > node.value.split('\n').length
}

function addCode(builder: TextBuilder, code: string, firstLine: number): void {
  for (const [index, line] of code.split('\n').entries()) {
    builder.line()
    builder.add('sentence', line, { line: firstLine + index })
  }
}

function cellText(cell: Parents, shift: number): string {
  return foldSpace(
    inlineOf(cell, shift, false)
      .map((passage) => passage.text)
      .join(' '),
  )
}

/** The words of a block, without marks (but for `~~`): one passage, or one for each line where `breaks` are to be kept. */
function inlineOf(block: Parents, shift: number, breaks: boolean): Passage[] {
  let passage = new Passage()
  const passages = [passage]
  const breakLine = (): void => {
    if (!breaks) return passage.append(' ', 1)
    passage = new Passage()
    passages.push(passage)
  }
  const nodes: Nodes[] = block.children.toReversed()
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const line = (node.position?.start.line ?? 1) + shift
    if (node.type === 'text' || node.type === 'inlineCode') passage.append(node.value, line)
    else if (node.type === 'image' || node.type === 'imageReference') passage.append(node.alt ?? '', line)
    else if (node.type === 'break' || (node.type === 'html' && /^<br\b/i.test(node.value))) breakLine()
    else if (node.type === 'delete') {
      // What was struck out says the opposite of what it reads like, so this one mark stays.
      const mark: Nodes = { type: 'text', value: '~~', ...(node.position ? { position: node.position } : {}) }
      nodes.push(mark, ...node.children.toReversed(), mark)
    } else if ('children' in node) nodes.push(...node.children.toReversed())
  }
  return passages
}

function readFrontMatter(text: string, parse: (text: string) => unknown, found: Found): void {
  let properties: unknown
  try {
    properties = parse(text)
  } catch {
    // Broken front matter costs the title and the date that it holds, not the document.
    return
  }
  if (typeof properties !== 'object' || properties === null) return
  for (const [name, value] of Object.entries(properties)) found.properties[name.toLowerCase()] ??= value
}

function parseYamlProperties(text: string): unknown {
  return parseYaml(text, { maxAliasCount: 100, logLevel: 'silent' })
}

/** TOML front matter is a node that the types of mdast do not list. */
function isToml(node: object): node is { value: string } {
  return 'type' in node && node.type === 'toml' && 'value' in node
}

/** Title and date are simple `name = value` lines at the top of a TOML front matter. */
function tomlStrings(text: string): unknown {
  const lines = text.matchAll(/^(\w+)[ \t]*=(.*)$/gm)
  return Object.fromEntries(
    [...lines].flatMap(([, name = '', rest = '']) => {
      const value = /^["']?([^"']*)["']?$/.exec(rest.trim())?.[1]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** The first heading of level 1; without one, a heading that is alone on its level. */
function titleOf(headings: readonly Heading[]): string | null {
  const top = headings.find((heading) => heading.depth === 1 && heading.text !== '')
  if (top) return top.text
  const first = headings[0]
  const alone = first !== undefined && headings.every((other) => other === first || other.depth > first.depth)
  return alone && first.text !== '' ? first.text : null
}

/** Headings written in HTML count where there are no others. */
function titleOfHtml(builder: TextBuilder, text: string): string | null {
  const heading = builder.units.find((unit) => unit.kind === 'heading')
  return heading ? builder.textOf(heading, text) : null
}

function stringOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? foldSpace(value) : null
}

function dateOf(value: unknown): string | null {
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  return typeof value === 'string' ? findDate(value) : null
}
