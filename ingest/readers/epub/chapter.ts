import type { Unit } from '../../../src/model/document.ts'
import { foldSpace } from '../../passage.ts'
import { TextBuilder } from '../../text-builder.ts'
import { addHtmlFragment } from '../html.ts'
import type { ChapterStart } from './contents.ts'

/** A place in a file from which on a chapter goes, by the line that it has got there. */
interface Mark {
  readonly line: number
  readonly title: string
}

const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))

/**
 * Writes one file of a book, each unit with its line in that file and the chapter that it belongs to. `current` is the
 * chapter that the file before ended in; returns the one that this file ends in.
 */
export function addChapterFile(
  builder: TextBuilder,
  source: string,
  starts: readonly ChapterStart[],
  current: string | null,
): string | null {
  const { text: marked, marks } = markStarts(asHtml(source), starts)
  const page = new TextBuilder()
  addHtmlFragment(page, marked, 1)
  const { text, units } = page
  const whole = starts.findLast(({ fragment }) => fragment === null)?.title ?? current
  const first = whole ?? headingBefore(marks[0], units, text) ?? pageTitle(source)
  let passed = 0
  let end = 0
  builder.block()
  for (const { kind, place, ...unit } of units) {
    const line = place.line ?? 1
    while (passed < marks.length && (marks[passed]?.line ?? Infinity) <= line) passed += 1
    const chapter = marks[passed - 1]?.title ?? first
    const gap = text.slice(end, unit.start)
    if (gap === '\n\n') builder.block()
    else if (gap === '\n') builder.line()
    // Each mark has put one line more before what follows it.
    builder.add(kind, text.slice(unit.start, unit.end), {
      ...(chapter === null ? {} : { chapter }),
      line: line - passed,
    })
    end = unit.end
  }
  builder.block()
  return marks.at(-1)?.title ?? first
}

/**
 * Breaks the line inside each tag in which a chapter begins, where it changes nothing but the numbers of lines: so
 * they tell what stands before the tag from what stands behind it, even in a file that is one line.
 */
function markStarts(source: string, starts: readonly ChapterStart[]): { text: string; marks: Mark[] } {
  const wanted = new Map(starts.flatMap(({ fragment, title }) => (fragment === null ? [] : [[fragment, title]])))
  const parts: string[] = []
  const marks: Mark[] = []
  let line = 1
  let from = 0
  for (const found of source.matchAll(/\s(?:xml:)?(?:id|name)="([^"<>]*)"|\s(?:xml:)?(?:id|name)='([^'<>]*)'/g)) {
    const id = found[1] ?? found[2] ?? ''
    const title = wanted.get(id)
    if (title === undefined) continue
    wanted.delete(id)
    const part = source.slice(from, found.index)
    from = found.index
    line += countLines(part) + 1
    parts.push(part, '\n')
    marks.push({ line, title })
  }
  parts.push(source.slice(from))
  return { text: parts.join(''), marks }
}

/**
 * Books are XHTML, in which any element may close itself. To a parser of HTML `<title/>` and `<script/>` are open, and
 * all that follows lies inside.
 */
function asHtml(source: string): string {
  // HTML would take what XML only shields for a comment.
  const parts = source.replaceAll('<![CDATA[', '').replaceAll(']]>', '').split('/>')
  for (let index = 0; index + 1 < parts.length; index += 1) {
    const part = parts[index] ?? ''
    const tag = part.slice(part.lastIndexOf('<') + 1)
    const name = /^[a-z][\w:.-]*/i.exec(tag)?.[0]
    const closes = name !== undefined && !tag.includes('>') && !VOID.has(name.toLowerCase())
    parts[index] = closes ? `${part}></${name}>` : `${part}/>`
  }
  return parts.join('')
}

/** In a book without contents, and before the first chapter, a heading stands for one. */
function headingBefore(mark: Mark | undefined, units: readonly Unit[], text: string): string | null {
  const heading = units.find(({ kind }) => kind === 'heading')
  if (heading === undefined || (heading.place.line ?? 1) >= (mark?.line ?? Infinity)) return null
  return text.slice(heading.start, heading.end).slice(0, 200)
}

/** What the page of a cover or a motto is called in its head. */
function pageTitle(source: string): string | null {
  const title = foldSpace(/<title>([^<]{1,200})<\/title>/i.exec(source)?.[1] ?? '')
  return title === '' ? null : title
}

function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  return count
}
