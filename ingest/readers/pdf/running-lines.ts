import type { Note } from '../../../src/model/note.ts'

/** A stretch of text near the upper or lower edge of a page, which may be a running head. */
export interface Candidate {
  readonly page: number
  readonly text: string
  /** `top` or `bottom`, and for text along the sides the way it is turned. */
  readonly edge: string
  /** Distance from that edge. */
  readonly distance: number
  /** Whether it stands in the margin, with no line between it and the edge. */
  readonly outermost: boolean
}

/** Where text repeats at one height on fewer pages than these, it is no running head. */
const MIN_PAGES = 3
/** Heads of left and right pages differ, and the first page of a chapter has none. */
const MOST_PAGES = 0.4
/** Heights that differ by less are the same. */
const BAND = 6

const PAGE_NUMBER =
  /^\W*(?:(?:page|p\.|pg\.?|seite|página|sivu|strana|str\.)\s*)?(\d{1,5}|[ivxlc]{1,7})(?:\s*(?:\/|\||of|von|de|sur|z|ze)\s*\d{1,5})?\W*$/iu
const PAGE_OF =
  /^\W*(?:page|seite|página|p\.?)\s*\d{1,5}\W*$|^\W*(?:(?:page|seite|página|p\.?)\s*)?\d{1,5}\s*(?:of|von|de|sur)\s*\d{1,5}\W*$/iu

/** Those of the candidates that are running heads or feet, or page numbers. `pages` have text. */
export function findRunning<Found extends Candidate>(candidates: readonly Found[], pages: number): Set<Found> {
  const running = new Set<Found>()
  const enough = Math.max(MIN_PAGES, pages * MOST_PAGES)
  const addGroups = (textOf: (one: Found) => string, fits: (group: readonly Found[]) => boolean): void => {
    for (const group of groupsBy(candidates, textOf)) {
      if (pagesOf(group) >= enough && fits(group)) for (const one of group) running.add(one)
    }
  }
  addGroups(
    (one) => one.text.toLowerCase(),
    () => true,
  )
  addGroups((one) => one.text.toLowerCase().replace(/\d+/g, '#'), counts)
  for (const one of candidates) if (isPageNumber(one)) running.add(one)
  // At a height that nearly always holds a head, one that changes with the chapter is a head too.
  const heights = new Map<string, Set<number>>()
  for (const one of running) for (const band of bandsOf(one)) addTo(heights, band, one.page)
  const isHeadHeight = (one: Found): boolean =>
    bandsOf(one).some((band) => (heights.get(band)?.size ?? 0) >= Math.max(MIN_PAGES, pages * 0.6))
  for (const group of groupsBy(candidates, (one) => one.text.toLowerCase())) {
    if (pagesOf(group) >= 2 && pages >= MIN_PAGES && group.every(isHeadHeight))
      for (const one of group) running.add(one)
  }
  for (const one of candidates) if (one.outermost && PAGE_NUMBER.test(one.text) && isHeadHeight(one)) running.add(one)
  return running
}

/** Says what was left out. */
export function runningNote(running: readonly { readonly page: number; readonly text: string }[]): Note[] {
  const letters = (one: { text: string }): number => one.text.match(/\p{L}/gu)?.length ?? 0
  const example = running.reduce<(typeof running)[number] | undefined>(
    (best, one) => (best === undefined || letters(one) > letters(best) ? one : best),
    undefined,
  )
  if (example === undefined) return []
  const pages = new Set(running.map((one) => one.page)).size
  const what =
    running.length === 1
      ? 'Left out as a running head or page number'
      : 'Left out as running heads, feet and page numbers'
  const count = `${running.length} ${running.length === 1 ? 'line' : 'lines'} on ${pages} ${pages === 1 ? 'page' : 'pages'}`
  const shown = example.text.length > 100 ? `${example.text.slice(0, 99)}…` : example.text
  return [{ code: 'running-head', message: `${what}: ${count}, such as “${shown}”.`, where: `p. ${example.page}` }]
}

function groupsBy<Found extends Candidate>(candidates: readonly Found[], textOf: (one: Found) => string): Found[][] {
  const groups = new Map<string, Found[]>()
  for (const one of candidates) {
    for (const band of bandsOf(one)) {
      const key = `${band} ${textOf(one)}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [one])
      else group.push(one)
    }
  }
  return [...groups.values()]
}

/** Two bands that overlap by half, so that no pair of close heights falls apart at a border. */
function bandsOf(one: Candidate): string[] {
  return [
    `${one.edge} a ${Math.floor(one.distance / (2 * BAND))}`,
    `${one.edge} b ${Math.floor((one.distance + BAND) / (2 * BAND))}`,
  ]
}

function pagesOf(group: readonly Candidate[]): number {
  return new Set(group.map((one) => one.page)).size
}

/** Texts that differ in numbers only: every number stays, or goes on with the pages. */
function counts(group: readonly Candidate[]): boolean {
  const rows = group.map((one) => ({ page: one.page, numbers: (one.text.match(/\d+/g) ?? []).map(Number) }))
  const first = rows[0]
  if (first === undefined) return false
  return first.numbers.every((_, index) => {
    const constant = mostCommon(rows.map((row) => row.numbers[index] ?? 0))
    const going = mostCommon(rows.map((row) => (row.numbers[index] ?? 0) - row.page))
    return constant === rows.length || going >= rows.length * 0.8
  })
}

function mostCommon(numbers: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return Math.max(...counts.values())
}

/** `Page 3 of 7` in the margin of any document; a bare number only if it is that of its page. */
function isPageNumber(one: Candidate): boolean {
  if (!one.outermost) return false
  const number = PAGE_NUMBER.exec(one.text)?.[1]
  return PAGE_OF.test(one.text) || (number !== undefined && Number(number) === one.page)
}

function addTo(map: Map<string, Set<number>>, key: string, page: number): void {
  const pages = map.get(key)
  if (pages === undefined) map.set(key, new Set([page]))
  else pages.add(page)
}
