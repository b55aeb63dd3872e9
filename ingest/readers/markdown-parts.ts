/** A piece of a Markdown file, small and tame enough for the parser; or one that it must not see. */
export interface MarkdownPart {
  /**
   * `table` goes on with one: its first two lines repeat the table's head, which is not to be read again.
   * `plain` and `code` are for the parser neither; the latter is a fenced block without its fences.
   */
  readonly kind: 'markdown' | 'table' | 'plain' | 'code'
  readonly text: string
  /** Line of the file in which `text` begins. */
  readonly firstLine: number
}

interface Block {
  readonly firstLine: number
  readonly lines: string[]
  readonly isFenced: boolean
  /** It begins with the two lines of a table's head; known once, since these may be long. */
  isTable: boolean
  length: number
}

/** The parser's memory grows with what it is given at once, and beyond this its time more than that. */
const PART_LENGTH = 32 * 1024
/** Longest run of inline text that is parsed: `*a_ ` repeated takes time quadratic in it. */
const MAX_INLINE_LENGTH = 8 * 1024
/** What is quadratic are the delimiters; no paragraph that a person wrote comes near. */
const MAX_DELIMITERS = 500
const MAX_INDENT = 64
const MAX_MARKERS = 20
/** The innermost of a line's containers, with their markers: `> - 1. `. */
const MARKERS = new RegExp(`^(?:[ \\t]*(?:[-*+>]|\\d{1,9}[.)])(?=[ \\t>]|$)){${MAX_MARKERS},}`)
/** Lines that end a paragraph before them, so that inline text begins anew. */
const BREAKS_INLINE = /^ {0,3}(?:[-*+] +\S|1[.)] +\S|#{1,6} )/
const FENCE = /^ {0,3}(`{3,}|~{3,})([^\n]*)$/
const CONTAINER = /^ {0,3}(?:[-*+>]|\d{1,9}[.)])(?:[ \t>]|$)/
const DELIMITER_ROW = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?$/
const DEFINITION = /^ {0,3}\[([^\]\n]{1,200})\]:[ \t]*\S/

/**
 * Cuts a file at borders of blocks, with the link definitions that each part needs. Without a cut, definitions and
 * nesting are exactly Markdown's; a cut inside a long list loses the depth of what follows, never its words.
 */
export function cutMarkdown(text: string): MarkdownPart[] {
  const blocks = blocksOf(tame(text))
  const parts: MarkdownPart[] = []
  let gathered: Block[] = []
  let length = 0
  const flush = (): void => {
    const first = gathered[0]
    if (first)
      parts.push(
        partOf(
          'markdown',
          gathered.flatMap((block) => block.lines),
          first.firstLine,
        ),
      )
    gathered = []
    length = 0
  }
  for (const block of blocks) {
    if (block.isFenced && block.length > MAX_INLINE_LENGTH) {
      flush()
      const isClosed = FENCE.test(block.lines.findLast((line) => line.trim() !== '') ?? '')
      parts.push(partOf('code', block.lines.slice(1, isClosed ? -1 : undefined), block.firstLine + 1))
    } else if (block.length > MAX_INLINE_LENGTH && block.isTable) {
      flush()
      parts.push(...cutTable(block))
    } else if (isHostile(block)) {
      flush()
      parts.push(partOf('plain', block.lines, block.firstLine))
    } else {
      if (length > 0 && (length + block.length > PART_LENGTH || (length > PART_LENGTH / 2 && startsAnew(block))))
        flush()
      gathered.push(block)
      length += block.length
    }
  }
  flush()
  if (parts.length === 1) return parts
  const definitions = definitionsOf(blocks)
  return parts.map((part) => withDefinitions(part, definitions))
}

function partOf(kind: MarkdownPart['kind'], lines: readonly string[], firstLine: number): MarkdownPart {
  return { kind, text: lines.join('\n'), firstLine }
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

/** Runs of lines up to and with the blank lines after them. Fenced code and tables are blocks of their own. */
function blocksOf(lines: readonly string[]): Block[] {
  const frontMatterEnd = lines[0] === '---' ? lines.indexOf('---', 1) : -1
  const blocks: Block[] = []
  let fence: string | null = null
  const begin = (index: number, isFenced: boolean): Block => {
    const block = { firstLine: index + 1, lines: [], isFenced, isTable: false, length: 0 }
    blocks.push(block)
    return block
  }
  const push = (target: Block, line: string): void => {
    target.lines.push(line)
    target.length += line.length + 1
  }
  for (const [index, line] of lines.entries()) {
    const current = blocks.at(-1)
    const after: string | null = index <= frontMatterEnd ? null : fenceAfter(fence, line)
    if (current === undefined) push(begin(index, after !== null), line)
    else if (index <= frontMatterEnd || fence !== null) push(current, line)
    else if (after !== null) push(begin(index, true), line)
    else if (!current.isTable && isTableHead(current.lines.at(-1), line)) {
      if (current.lines.length === 1) {
        push(current, line)
        current.isTable = true
        fence = after
        continue
      }
      const head = current.lines.pop() ?? ''
      current.length -= head.length + 1
      const table = begin(index - 1, false)
      table.isTable = true
      push(table, head)
      push(table, line)
    } else if (
      (current.lines.at(-1)?.trim() === '' && line.trim() !== '') ||
      (current.isFenced && line.trim() !== '') ||
      index === frontMatterEnd + 1 ||
      (current.length > PART_LENGTH && !current.isTable)
    ) {
      push(begin(index, false), line)
    } else push(current, line)
    fence = after
  }
  return blocks
}

/** The fence that is open after a line. */
function fenceAfter(fence: string | null, line: string): string | null {
  const [, mark, rest = ''] = FENCE.exec(line) ?? []
  if (mark === undefined) return fence
  if (fence !== null) return mark.startsWith(fence) && rest.trim() === '' ? null : fence
  return mark.startsWith('`') && rest.includes('`') ? null : mark
}

function startsAnew(block: Block): boolean {
  return /^#{1,6} /.test(block.lines[0] ?? '')
}

function isTableHead(head: string | undefined, delimiters: string): boolean {
  if (head?.includes('|') !== true || !delimiters.includes('-') || !DELIMITER_ROW.test(delimiters)) return false
  // A row of `-` that is not indented goes on with the paragraph of a quote or list item, and makes no table of it.
  return !CONTAINER.test(head) || (delimiters.startsWith(' ') && !head.trimStart().startsWith('>'))
}

function isHostile(block: Block): boolean {
  const rowsAreApart = block.isTable
  let inline = 0
  let delimiters = 0
  for (const line of block.lines) {
    if (rowsAreApart || BREAKS_INLINE.test(line)) inline = delimiters = 0
    inline += line.length
    delimiters += line.match(/[*_~]+|[[\]!<`]/g)?.length ?? 0
    if (inline > MAX_INLINE_LENGTH || delimiters > MAX_DELIMITERS) return true
  }
  return false
}

/** A long table in pieces, each with the head in front, so that each is a table to the parser. */
function cutTable(block: Block): MarkdownPart[] {
  const head = block.lines.slice(0, 2)
  // In a list item, rows that are not indented cost the parser time quadratic in their number.
  const most = CONTAINER.test(head[0] ?? '') ? PART_LENGTH / 8 : PART_LENGTH
  const parts: MarkdownPart[] = []
  let lines = [...head]
  let length = 0
  let firstLine = block.firstLine
  const flush = (): void => {
    parts.push(partOf(parts.length === 0 ? 'markdown' : 'table', lines, firstLine))
  }
  for (const [index, line] of block.lines.entries()) {
    if (index < 2) continue
    if (length + line.length > most && length > 0) {
      flush()
      lines = [...head]
      length = 0
      firstLine = block.firstLine + index - 2
    }
    // A row that cannot be parsed keeps its words and loses its marks.
    const isTooMuch = line.length > MAX_INLINE_LENGTH || (line.match(/[*_~]+|[[\]!<`]/g)?.length ?? 0) > MAX_DELIMITERS
    lines.push(isTooMuch ? line.replace(/[*_~`[\]!<&\\]/g, ' ') : line)
    length += line.length + 1
  }
  flush()
  return parts
}

function definitionsOf(blocks: readonly Block[]): Map<string, string> {
  const definitions = new Map<string, string>()
  for (const block of blocks) {
    for (const line of block.lines) {
      const label = DEFINITION.exec(line)?.[1]
      if (label !== undefined && !label.startsWith('^') && line.length < 2000)
        definitions.set(label.toLowerCase(), line)
    }
  }
  return definitions
}

function withDefinitions(part: MarkdownPart, definitions: ReadonlyMap<string, string>): MarkdownPart {
  if (part.kind === 'plain' || part.kind === 'code' || definitions.size === 0) return part
  const needed = new Set<string>()
  for (const [, label] of part.text.matchAll(/\[([^[\]\n]{1,200})\]/g)) {
    const definition = definitions.get((label ?? '').toLowerCase())
    if (definition !== undefined) needed.add(definition)
  }
  return needed.size === 0 ? part : { ...part, text: `${part.text}\n\n${[...needed].join('\n')}` }
}
