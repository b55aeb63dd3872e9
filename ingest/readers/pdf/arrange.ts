import type { Note } from '../../../src/model/note.ts'
import { type Line, linesOfPage } from './lines.ts'
import type { PageText } from './pages.ts'
import { type Candidate, findRunning, runningNote } from './running-lines.ts'
import type { Segment } from './segments.ts'

interface SegmentCandidate extends Candidate {
  readonly segment: Segment
}

/** Rows at the upper and lower edge among which running heads are looked for. */
const ROWS = 4
/** Share of the page's height that may be margin. */
const MARGIN = 0.14

/** The lines of all pages in the order of reading, without running heads. */
export function arrange(pages: readonly PageText[]): { lines: Line[]; notes: Note[] } {
  const withText = pages.filter((page) => page.sheets.length > 0).length
  const running = findRunning(pages.flatMap(candidatesOf), withText)
  const segments = new Set([...running].map((one) => one.segment))
  const lines: Line[] = []
  let region = 1
  for (const page of pages) {
    const own = linesOfPage(page.number, page.sheets, (segment) => segments.has(segment), region)
    for (const line of own) lines.push(line)
    region = (lines.at(-1)?.region ?? region) + 1
  }
  return { lines, notes: runningNote([...running]) }
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
      const top = segment.row < ROWS && segment.baseline < sheet.height / 2
      const bottom = segment.row > rows - ROWS && segment.baseline > sheet.height / 2
      const fromBottom = sheet.height - segment.baseline
      if (top) return [make(segment, 'top', segment.baseline, segment.row === 0 && segment.baseline < sheet.height * MARGIN)]
      if (bottom)
        return [make(segment, 'bottom', fromBottom, segment.row === rows && fromBottom < sheet.height * MARGIN)]
      return []
    })
  })
}
