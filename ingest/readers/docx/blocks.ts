import type { Place } from '../../../src/model/place.ts'
import { addSentences, foldSpace, Passage } from '../../passage.ts'
import { splitSentences } from '../../sentences.ts'
import { TextBuilder } from '../../text-builder.ts'
import { LONG_ITEM } from '../text.ts'

/** A paragraph of a word processor's file; `text` holds `\n` where somebody broke the line inside it. */
export interface Paragraph {
  readonly kind: 'paragraph'
  readonly role: 'title' | 'heading' | 'item' | 'prose'
  readonly text: string
  readonly place: Place
}

/** A row of a table; cells that another one covers are ''. */
export interface Row {
  readonly kind: 'row'
  readonly isFirst: boolean
  readonly cells: readonly string[]
  readonly place: Place
}

/** What word processors' files are made of, in the order in which it is read. */
export type Block = Paragraph | Row

/** Longer than this it is prose that somebody gave a heading's style, or an outline level. */
const LONG_HEADING = 250
/** A bullet or number that somebody typed; the number stays. */
const TYPED_ITEM = /^\s*(?:[-*+•‣◦▪●–—]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s/u
const BULLET_SIGN = /^\s*[-*+•‣◦▪●–—]\s+/u

/** Writes blocks as units. Asides (notes, comments) keep to the paragraph that they belong to. */
export function addBlocks(builder: TextBuilder, blocks: Iterable<Block>): void {
  for (const block of blocks) {
    if (block.kind === 'row') addRow(builder, block)
    else addParagraph(builder, block)
  }
}

/** Cells joined by ` | `; empty ones at the end are left away. */
function addRow(builder: TextBuilder, { isFirst, cells, place }: Row): void {
  if (isFirst) builder.block()
  else builder.line()
  const texts = cells.map(foldSpace)
  const filled = texts.slice(0, texts.findLastIndex((cell) => cell !== '') + 1)
  if (filled.length > 0) builder.add('row', filled.join(' | '), place)
}

function addParagraph(builder: TextBuilder, { role, text, place }: Paragraph): void {
  if (text.trim() === '') return builder.block()
  const isItem = role === 'item' || (role === 'prose' && TYPED_ITEM.test(text))
  if (isItem || isAside(place)) builder.line()
  else builder.block()
  if ((role === 'heading' || role === 'title') && text.length <= LONG_HEADING) {
    builder.add('heading', foldSpace(text), place)
  } else if (isItem && text.length <= LONG_ITEM) {
    builder.add('item', foldSpace(text.replace(BULLET_SIGN, '')), place)
  } else addLines(builder, isItem ? 'item' : 'sentence', text.replace(BULLET_SIGN, ''), place)
  if (!isItem && !isAside(place)) builder.block()
}

function isAside(place: Place): boolean {
  return place.part !== undefined && place.part !== 'header' && place.part !== 'footer'
}

/** Sentence by sentence; a broken line ends one unless it is plainly the wrapped rest of the line before. */
function addLines(builder: TextBuilder, kind: 'sentence' | 'item', text: string, place: Place): void {
  if (!text.includes('\n')) {
    const folded = foldSpace(text)
    for (const { start, end } of splitSentences(folded)) builder.add(kind, folded.slice(start, end), place)
    return
  }
  const lines = new Passage()
  lines.append(text, 1)
  const draft = new TextBuilder()
  addSentences(draft, kind, lines, 'typed')
  const draftText = draft.text
  let end = 0
  for (const unit of draft.units) {
    if (draftText.slice(end, unit.start).includes('\n')) builder.line()
    builder.add(kind, draft.textOf(unit, draftText), place)
    end = unit.end
  }
}
