import { LONG_ITEM } from '../text.ts'
import type { TextBuilder } from '../../text-builder.ts'
import { type Block, blocksOfRegion, withoutBullet } from './blocks.ts'
import { vocabularyOf, type Vocabulary } from './hyphens.ts'
import { isTerminal, startsSmall } from './line-breaks.ts'
import type { Line } from './lines.ts'
import { bucket, measure } from './measures.ts'
import { addProse, joinLines, placeOf } from './prose.ts'

/** What a sentence may run past before it goes on: footnotes, captions, the rows of a table. */
const LOOK_AHEAD = 60
const REGIONS_AHEAD = 6
const PAGES_AHEAD = 2

/** Writes the lines of a document as units. `afterPage` is called when all that begins on a page is written. */
export function writeLines(
  builder: TextBuilder,
  lines: readonly Line[],
  titles: ReadonlySet<string>,
  pages: number,
  afterPage: (page: number) => void,
): void {
  const measures = measure(lines)
  const vocabulary = vocabularyOf(lines.map((line) => line.text))
  const blocks: Block[] = []
  for (let from = 0; from < lines.length;) {
    let to = from + 1
    while (to < lines.length && lines[to]?.region === lines[from]?.region) to += 1
    blocks.push(...blocksOfRegion(lines.slice(from, to), titles, measures))
    from = to
  }
  let page = 1
  for (const block of joinAcross(blocks)) {
    const begins = block.lines[0]?.page ?? page
    for (; page < begins; page += 1) afterPage(page)
    addBlock(builder, block, vocabulary)
  }
  for (; page <= pages; page += 1) afterPage(page)
}

function addBlock(builder: TextBuilder, block: Block, vocabulary: Vocabulary): void {
  const first = block.lines[0]
  if (first === undefined) return
  if (block.kind === 'row') {
    const cells = block.cells ?? []
    builder.line()
    builder.add('row', cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1).join(' | '), placeOf(first))
    return
  }
  if (block.kind === 'heading') {
    builder.block()
    builder.add('heading', joinLines(block.lines, vocabulary).text, placeOf(first))
    builder.block()
    return
  }
  if (block.kind === 'item') {
    builder.line()
    const prose = joinLines(block.lines, vocabulary, (line, index) =>
      index === 0 ? withoutBullet(line.text) : line.text,
    )
    if (prose.text.length <= LONG_ITEM) builder.add('item', prose.text, placeOf(first))
    else addProse(builder, 'item', prose)
    return
  }
  builder.block()
  addProse(builder, 'sentence', joinLines(block.lines, vocabulary))
  builder.block()
}

/** Paragraphs that go on in the next column or on the next page become one, before what stands between. */
function joinAcross(blocks: readonly Block[]): Block[] {
  const joined: Block[] = []
  const taken = new Set<number>()
  for (const [index, block] of blocks.entries()) {
    if (taken.has(index)) continue
    const lines = [...block.lines]
    let last = block
    for (let next = nextPart(blocks, index, last, taken); next !== null; next = nextPart(blocks, next, last, taken)) {
      const part = blocks[next]
      if (part === undefined) break
      taken.add(next)
      for (const line of part.lines) lines.push(line)
      last = { ...part, kind: block.kind }
    }
    joined.push({ ...block, lines })
  }
  return joined
}

function nextPart(blocks: readonly Block[], from: number, block: Block, taken: ReadonlySet<number>): number | null {
  const last = block.lines.at(-1)
  if (last === undefined || (block.kind !== 'paragraph' && block.kind !== 'item') || isTerminal(last.text)) return null
  const regions = new Set([last.region])
  for (let index = from + 1; index < Math.min(blocks.length, from + 1 + LOOK_AHEAD); index += 1) {
    const candidate = blocks[index]
    const first = candidate?.lines[0]
    if (candidate === undefined || first === undefined || taken.has(index)) continue
    regions.add(first.region)
    if (regions.size > REGIONS_AHEAD || first.page > last.page + PAGES_AHEAD) return null
    if (candidate.kind === 'row') continue
    const size = bucket(first.size) - bucket(last.size)
    if (size < -0.4) continue
    // In its own column only smaller print can follow a paragraph that goes on elsewhere.
    if (first.region === last.region || candidate.kind !== 'paragraph' || size > 0.4) return null
    return goesOn(block, last, candidate, first) ? index : null
  }
  return null
}

function goesOn(block: Block, last: Line, candidate: Block, first: Line): boolean {
  if (last.rtl !== first.rtl) return false
  if (startsSmall(first.text) || /[\p{L}\p{N}][-\u00ad,]$/u.test(last.text)) return true
  return (
    block.kind === 'paragraph' &&
    block.full &&
    !candidate.indented &&
    block.lines.length > 1 &&
    last.bold === first.bold
  )
}
