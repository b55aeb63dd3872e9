import type { PdfTextContent, PdfTextItem, PdfViewport } from './pdfjs.ts'

/**
 * A stretch of text in one font on one baseline. In points from the upper left corner of the page, turned so that
 * the text runs to the right.
 */
export interface Run {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly baseline: number
  /** Height of the font. */
  readonly size: number
  readonly bold: boolean
  readonly rtl: boolean
  /** The file itself sets a space after it. */
  readonly spaceAfter: boolean
}

/** All runs of a page that are turned alike, with the size of the page as one sees it after turning. */
export interface Sheet {
  /** Quarter turns clockwise by which the text departs from upright. */
  readonly turn: number
  readonly width: number
  readonly height: number
  readonly runs: readonly Run[]
}

/** Spaces in a row with which somebody set a column by hand. */
const COLUMN_OF_SPACES = / {3,}/
/** Anything but white space, controls and signs that only steer. */
const VISIBLE = /[^\s\p{Cc}\p{Cf}]|\u00ad/u
/** Bullets of the fonts Symbol and Wingdings, and other signs of such fonts that stand by themselves: icons. */
const SYMBOL_BULLETS = /^[\uf0b7\uf0a7\uf0a8\uf0d8\uf076\uf0fc\uf02d\uf06c\uf06e\uf071]$/
const LONELY_ICON = /^[\ue000-\uf8ff]$/
/** Share of the font's height that a space takes in nearly all fonts. */
const SPACE_WIDTH = 0.25
/** An em that is missing or beyond all sense says that an item is no text to look at. */
const MAX_SIZE = 2000

/** The runs of a page by the way they are turned, that of most of the text first. */
export function sheetsOf(
  content: PdfTextContent,
  viewport: PdfViewport,
  isBold: (fontName: string) => boolean,
  more: readonly Run[] = [],
): Sheet[] {
  const runs: Run[][] = [[...more], [], [], []]
  let previous: { list: Run[]; run: Run } | null = null
  for (const item of content.items) {
    if (!('str' in item)) continue
    if (!VISIBLE.test(item.str)) {
      // An empty item only says that a line ends; one of white space ends a word.
      const last = previous?.list.pop()
      if (previous && last) previous.list.push(item.str === '' ? last : { ...last, spaceAfter: true })
      continue
    }
    const vertical = content.styles[item.fontName]?.vertical === true
    const placed = place(item, viewport, vertical)
    if (placed === null) continue
    const list = runs[placed.turn] ?? []
    for (const run of splitAtColumns(item, placed, isBold(item.fontName))) {
      list.push(run)
      previous = { list, run }
    }
  }
  const sheets = runs.map((list, turn) => ({
    turn,
    width: turn % 2 === 0 ? viewport.width : viewport.height,
    height: turn % 2 === 0 ? viewport.height : viewport.width,
    runs: list,
  }))
  const letters = (sheet: Sheet): number => sheet.runs.reduce((sum, run) => sum + run.text.length, 0)
  return sheets.filter((sheet) => sheet.runs.length > 0).toSorted((a, b) => letters(b) - letters(a))
}

interface Placed {
  readonly turn: number
  readonly left: number
  readonly baseline: number
  readonly length: number
  readonly size: number
}

function place(item: PdfTextItem, viewport: PdfViewport, vertical: boolean): Placed | null {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = viewport.transform
  const [ia = 1, ib = 0, ic = 0, id = 1, ie = 0, jf = 0] = item.transform
  const x = a * ie + c * jf + e
  const y = b * ie + d * jf + f
  const alongX = a * ia + c * ib
  const alongY = b * ia + d * ib
  const size = Math.hypot(a * ic + c * id, b * ic + d * id) || item.height
  if (![x, y, size, item.width].every(Number.isFinite) || size <= 0 || size > MAX_SIZE) return null
  const angle = Math.round(Math.atan2(alongY, alongX) / (Math.PI / 2))
  const turn = (angle + (vertical ? 1 : 0) + 4) % 4
  const length = Math.abs(vertical ? item.height : item.width)
  if (turn === 1) return { turn, left: y, baseline: viewport.width - x, length, size }
  if (turn === 2) return { turn, left: viewport.width - x, baseline: viewport.height - y, length, size }
  if (turn === 3) return { turn, left: viewport.height - y, baseline: x, length, size }
  return { turn, left: x, baseline: y, length, size }
}

/** One run, or several where the text holds columns made of spaces. */
function splitAtColumns(item: PdfTextItem, placed: Placed, bold: boolean): Run[] {
  const text = item.str.replaceAll('\u00a0', ' ')
  const spaces = text.length - text.replaceAll(' ', '').length
  const space = spaces === 0 ? 0 : Math.min(placed.size * SPACE_WIDTH, placed.length / text.length)
  const letter = (placed.length - spaces * space) / Math.max(1, text.length - spaces)
  const runs: Run[] = []
  let at = placed.left
  for (const part of text.split(new RegExp(`(${COLUMN_OF_SPACES.source})`))) {
    const inner = part.length - part.replaceAll(' ', '').length
    const width = inner * space + (part.length - inner) * letter
    const trimmed = SYMBOL_BULLETS.test(part.trim()) ? '•' : part.trim()
    if (trimmed !== '' && !LONELY_ICON.test(trimmed)) {
      const before = (part.length - part.trimStart().length) * space
      const after = (part.length - part.trimEnd().length) * space
      runs.push({
        text: trimmed,
        left: at + before,
        right: at + width - after,
        baseline: placed.baseline,
        size: placed.size,
        bold,
        rtl: item.dir === 'rtl',
        spaceAfter: part.endsWith(' '),
      })
    }
    at += width
  }
  return runs
}
