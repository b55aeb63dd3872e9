/** A piece of a Markdown file, small and tame enough for the parser; or one that it must not see. */
export interface MarkdownPart {
  readonly text: string
  /** Line of the file in which `text` begins. */
  readonly firstLine: number
  readonly plain: boolean
  /** The part goes on with a table: its first two lines repeat the table's head, which is not to be read again. */
  readonly continuesTable: boolean
}

interface Block {
  lines: string[]
  firstLine: number
  length: number
}

/** The parser's memory grows with what it is given at once, and beyond this its time more than that. */
const PART_LENGTH = 32 * 1024
/** Longest run of inline text that is parsed: `*a_ ` repeated takes time quadratic in it. */
const MAX_INLINE_LENGTH = 8 * 1024
/** The same danger spread over one block of short lines. */
const MAX_DELIMITERS = 4000
const MAX_INDENT = 64
const MAX_MARKERS = 20
/** The innermost of a line's containers, with their markers: `> - 1. `. */
const MARKERS = new RegExp(`^(?:[ \\t]*(?:[-*+>]|\\d{1,9}[.)])(?=[ \\t>]|$)){${MAX_MARKERS},}`)
const BREAKS_INLINE = /^ {0,3}(?:[-*+] |1[.)] |#{1,6} |\|)/
const DELIMITER_ROW = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/
const DEFINITION = /^ {0,3}\[([^\]\n]{1,200})\]:[ \t]*\S/

/**
 * Cuts a file at borders of blocks, with the link definitions that each part needs. Without a cut, definitions and
 * nesting are exactly Markdown's; a cut inside a long list loses the depth of what follows, never its words.
 */
export function cutMarkdown(text: string): MarkdownPart[] {
  const blocks = blocksOf(tame(text))
  const definitions = definitionsOf(blocks)
  const parts: MarkdownPart[] = []
  let gathered: Block[] = []
  let length = 0
  const flush = (): void => {
    const first = gathered[0]
    if (first) parts.push(toPart(gathered.flatMap((block) => block.lines).join('\n'), first.firstLine))
    gathered = []
    length = 0
  }
  for (const block of blocks) {
    if (block.length > MAX_INLINE_LENGTH && isTable(block)) {
      flush()
      parts.push(...cutTable(block))
    } else if (isHostile(block)) {
      flush()
      parts.push({ ...toPart(block.lines.join('\n'), block.firstLine), plain: true })
    } else {
      if (length > 0 && (length + block.length > PART_LENGTH || (length > PART_LENGTH / 2 && startsAnew(block)))) flush()
      gathered.push(block)
      length += block.length
    }
  }
  flush()
  return parts.length === 1 ? parts : parts.map((part) => withDefinitions(part, definitions))
}

function toPart(text: string, firstLine: number): MarkdownPart {
  return { text, firstLine, plain: false, continuesTable: false }
}

/** Caps indentation and the number of list and quote markers in one line: nesting is what the parser pays for. */
function tame(text: string): string[] {
  return text.split('\n').map((line) => {
    const markers = MARKERS.exec(line)
    if (markers) return line.slice(markers[0].length).trimStart()
    const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0
    return indent > MAX_INDENT ? ' '.repeat(MAX_INDENT) + line.slice(indent) : line
  })
}

/** Runs of lines up to and with the blank lines after them; a fenced block or a front matter is never cut. */
function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = []
  let block: Block = { lines: [], firstLine: 1, length: 0 }
  let fence: string | null = lines[0] === '---' && lines.indexOf('---', 1) > 0 ? '---' : null
  for (const [index, line] of lines.entries()) {
    const afterBlank = block.lines.at(-1)?.trim() === '' && fence === null
    if ((afterBlank && line.trim() !== '') || (block.length > PART_LENGTH && fence !== '---')) {
      blocks.push(block)
      block = { lines: [], firstLine: index + 1, length: 0 }
    }
    if (index > 0 || fence === null) fence = fenceAfter(fence, line)
    block.lines.push(line)
    block.length += line.length + 1
  }
  if (block.lines.length > 0) blocks.push(block)
  return blocks
}

function fenceAfter(fence: string | null, line: string): string | null {
  if (fence === '---') return line === '---' ? null : fence
  const mark = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$/.exec(line)
  if (!mark?.[1]) return fence
  if (fence === null) return mark[1].startsWith('`') && mark[2]?.includes('`') ? null : mark[1]
  return mark[1].startsWith(fence) && mark[2]?.trim() === '' ? null : fence
}

function startsAnew(block: Block): boolean {
  return /^#{1,6} /.test(block.lines[0] ?? '')
}

function isTable(block: Block): boolean {
  return (block.lines[0] ?? '').includes('|') && DELIMITER_ROW.test(block.lines[1] ?? '') && (block.lines[1] ?? '').includes('-')
}

function isHostile(block: Block): boolean {
  let inline = 0
  let delimiters = 0
  for (const line of block.lines) {
    inline = BREAKS_INLINE.test(line) ? line.length : inline + line.length
    if (inline > MAX_INLINE_LENGTH) return true
    delimiters += line.match(/[*_~]+|[[\]!<`]/g)?.length ?? 0
  }
  return delimiters > MAX_DELIMITERS
}

/** A long table in pieces, each with the head in front, so that each is a table to the parser. */
function cutTable(block: Block): MarkdownPart[] {
  const head = block.lines.slice(0, 2)
  const parts: MarkdownPart[] = []
  let lines = head
  let length = 0
  let firstLine = block.firstLine
  for (const [index, line] of [...block.lines.entries()].slice(2)) {
    if (line.length > MAX_INLINE_LENGTH || length + line.length > PART_LENGTH) {
      parts.push({ ...toPart(lines.join('\n'), firstLine), continuesTable: parts.length > 0 })
      lines = head
      length = 0
      firstLine = block.firstLine + index - 2
    }
    // A row too long to be parsed keeps its words and loses its marks.
    lines = lines === head ? [...head] : lines
    lines.push(line.length > MAX_INLINE_LENGTH ? line.replace(/[*_~`[\]!<&\\]/g, ' ') : line)
    length += line.length + 1
  }
  parts.push({ ...toPart(lines.join('\n'), firstLine), continuesTable: parts.length > 0 })
  return parts
}

function definitionsOf(blocks: readonly Block[]): Map<string, string> {
  const definitions = new Map<string, string>()
  for (const block of blocks) {
    for (const line of block.lines) {
      const label = DEFINITION.exec(line)?.[1]
      if (label !== undefined && !label.startsWith('^') && line.length < 2000) definitions.set(label.toLowerCase(), line)
    }
  }
  return definitions
}

function withDefinitions(part: MarkdownPart, definitions: ReadonlyMap<string, string>): MarkdownPart {
  if (part.plain || definitions.size === 0) return part
  const needed = new Set<string>()
  for (const [, label] of part.text.matchAll(/\[([^[\]\n]{1,200})\]/g)) {
    const definition = definitions.get((label ?? '').toLowerCase())
    if (definition !== undefined) needed.add(definition)
  }
  return needed.size === 0 ? part : { ...part, text: `${part.text}\n\n${[...needed].join('\n')}` }
}
