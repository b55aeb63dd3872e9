import type { Note } from '../../../src/model/note.ts'
import { listPages } from './page-list.ts'
import { type Line, linesOfPage } from './lines.ts'
import type { PageText } from './pages.ts'
import { type Candidate, findRunning, runningNote } from './running-lines.ts'
import type { Segment } from './segments.ts'

interface SegmentCandidate extends Candidate {
  readonly segment: Segment
}

/** Rows at the upper and lower edge among which running heads are looked for. */
const ROWS = 4
/** A shorter line may well stand on two pages. */
const REPEATED_LETTERS = 20
/** Share of the page's height in which text may repeat. */
const EDGE = 0.2
/** Share of it that may be margin, with nothing but page numbers. */
const MARGIN = 0.14

/** The lines of all pages in the order of reading, without running heads. */
export function arrange(pages: readonly PageText[]): { lines: Line[]; notes: Note[] } {
  const withText = pages.filter((page) => page.sheets.length > 0).length
  const running = findRunning(pages.flatMap(candidatesOf), withText)
  const segments = new Set([...running].map((one) => one.segment))
  const lines: Line[] = []
  const repeated: number[] = []
  let region = 1
  for (const page of pages) {
    const own = linesOfPage(page.number, page.sheets, (segment) => segments.has(segment), region)
    const again = isPrintedAgain(lines.at(-1), own[0])
    if (again) repeated.push(page.number)
    for (const line of again ? own.slice(1) : own) lines.push(line)
    region = (lines.at(-1)?.region ?? region) + 1
  }
  return { lines, notes: [...runningNote([...running]), ...repeatedNote(repeated)] }
}

function candidatesOf(page: PageText): SegmentCandidate[] {
  return page.sheets.flatMap(({ sheet, segments }, index) => {
    const make = (segment: Segment, edge: string, distance: number, outermost: boolean): SegmentCandidate => ({
      page: page.number,
      text: segment.text,
      edge,
      distance,
      outermost,
      segment,
    })
    // Text along the side of a page is beside its flow anyway: all of it may repeat.
    if (index > 0) return segments.slice(0, 50).map((one) => make(one, `turn ${sheet.turn}`, one.baseline, false))
    const rows = segments.at(-1)?.row ?? 0
    return segments.flatMap((segment) => {
      const fromBottom = sheet.height - segment.baseline
      const top = segment.row < ROWS && segment.baseline < sheet.height * EDGE
      const bottom = segment.row > rows - ROWS && fromBottom < sheet.height * EDGE
      if (top)
        return [make(segment, 'top', segment.baseline, segment.row === 0 && segment.baseline < sheet.height * MARGIN)]
      if (bottom)
        return [make(segment, 'bottom', fromBottom, segment.row === rows && fromBottom < sheet.height * MARGIN)]
      return []
    })
  })
}

/** Browsers that cut a page through a line print it on both. */
function isPrintedAgain(last: Line | undefined, first: Line | undefined): boolean {
  if (last === undefined || first === undefined || first.page !== last.page + 1) return false
  return first.text === last.text && first.text.length >= REPEATED_LETTERS && first.cells.length === 1
}

function repeatedNote(pages: readonly number[]): Note[] {
  if (pages.length === 0) return []
  const message = `The last line of a page is printed once more on top of the next; it is read once (pages ${listPages(pages)}).`
  return [{ code: 'repeated-line', message, where: `p. ${pages[0]}` }]
}
