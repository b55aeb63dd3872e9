import type { UnitKind } from '../../../src/model/document.ts'
import type { Place } from '../../../src/model/place.ts'
import { foldSpace } from '../../passage.ts'
import { splitSentences } from '../../sentences.ts'
import type { TextBuilder } from '../../text-builder.ts'
import { textOf as plainText, type XmlElement } from '../../xml.ts'
import { LONG_ITEM } from '../text.ts'
import { chooseAlternative, elementAt, elementsIn, localName, pushAll } from '../office/elements.ts'

/** Which levels of a text (from 1) have bullets, where that is said. */
export type Bullets = ReadonlyMap<number, boolean>

/** A paragraph of a shape, note or comment: its lines, as they were broken by hand. */
export interface Paragraph {
  readonly lines: readonly string[]
  /** From 1. */
  readonly level: number
  /** What the paragraph itself says; null where it is left to the shape and the layout. */
  readonly bullet: boolean | null
}

/** The paragraphs of a text body (`p:txBody`, `dgm:t`, `c:rich`) that hold words. */
export function paragraphsOf(body: XmlElement | undefined): Paragraph[] {
  return elementsIn(body, 'p').flatMap((paragraph) => {
    const lines = textOf(paragraph)
      .split('\n')
      .map(foldSpace)
      .filter((line) => line !== '')
    if (lines.length === 0) return []
    const properties = elementAt(paragraph, 'pPr')
    return [{ lines, level: levelOf(properties), bullet: bulletOf(properties) }]
  })
}

/** What the list style of a shape says of its levels. */
export function bulletsOf(body: XmlElement | undefined): Bullets {
  const bullets = new Map<number, boolean>()
  for (const style of elementsIn(elementAt(body, 'lstStyle'))) {
    const level = Number(/^lvl(\d)pPr$/.exec(localName(style))?.[1])
    const bullet = bulletOf(style)
    if (!Number.isNaN(level) && bullet !== null) bullets.set(level, bullet)
  }
  return bullets
}

/** The paragraph's words on one line. */
export function lineOf(paragraph: Paragraph): string {
  return paragraph.lines.join(' ')
}

/** Writes a paragraph: a bullet as one item, other text sentence by sentence. */
export function addParagraph(builder: TextBuilder, paragraph: Paragraph, isItem: boolean, place: Place): void {
  const text = lineOf(paragraph)
  if (isItem && text.length <= LONG_ITEM) {
    builder.line()
    builder.add('item', text, place)
  } else
    for (const line of isItem ? [text] : joinLines(paragraph.lines))
      addText(builder, line, place, isItem ? 'item' : 'sentence')
}

/** Writes one line of text, sentence by sentence. */
export function addText(builder: TextBuilder, text: string, place: Place, kind: UnitKind = 'sentence'): void {
  builder.line()
  const folded = foldSpace(text)
  for (const { start, end } of splitSentences(folded)) builder.add(kind, folded.slice(start, end), place)
}

/** A line that goes on in lower case was broken for its looks; others stand for themselves (a name, a job, a town). */
function joinLines(lines: readonly string[]): string[] {
  const joined: string[] = []
  for (const line of lines) {
    const before = joined.at(-1)
    if (before !== undefined && (/^[\p{Ll}\p{N}&(]/u.test(line) || /[,;–—-]$/u.test(before)))
      joined[joined.length - 1] = `${before} ${line}`
    else joined.push(line)
  }
  return joined
}

/** All words of a paragraph, `\n` for breaks. What was struck out reads as its opposite without a mark. */
function textOf(paragraph: XmlElement): string {
  const parts: string[] = []
  let isStruck = false
  const strike = (struck: boolean): void => {
    if (struck !== isStruck) parts.push('~~')
    isStruck = struck
  }
  const open: XmlElement[] = [paragraph]
  for (let element = open.pop(); element; element = open.pop()) {
    const name = localName(element)
    if (name === 't') parts.push(plainText(element))
    else if (name === 'br') parts.push('\n')
    else if (name === 'AlternateContent')
      pushAll(
        open,
        chooseAlternative(element, (inner) => localName(inner) === 't'),
      )
    // The number of the slide is no words of anybody's.
    else if (!(name === 'fld' && element.attributes['type'] === 'slidenum')) {
      if (name === 'r') strike(/^(?:sng|dbl)Strike$/.test(elementAt(element, 'rPr')?.attributes['strike'] ?? ''))
      pushAll(open, elementsIn(element))
    }
  }
  strike(false)
  return parts.join('')
}

function levelOf(properties: XmlElement | undefined): number {
  return (Number(properties?.attributes['lvl'] ?? 0) || 0) + 1
}

function bulletOf(properties: XmlElement | undefined): boolean | null {
  for (const { name } of elementsIn(properties)) {
    if (/(?:^|:)buNone$/.test(name)) return false
    if (/(?:^|:)bu(?:Char|AutoNum|Blip)$/.test(name)) return true
  }
  return null
}
