import { looksLikeColumns } from './column-test.ts'
import type { Run } from './runs.ts'
import { makeSegment, type Segment } from './segments.ts'

/** A page with more than this on it is drawn rather than written; it is read from top to bottom. */
const MAX_SEGMENTS = 4000
const MAX_REGIONS = 60
/** Fewer lines beside each other are not called columns. */
const MIN_LINES = 3
/** Least space between two columns, in heights of the font. */
const GUTTER = 0.7
/** Quotation marks may hang out of a column by so much. */
const HANG = 0.5
/** A gap of so many heights of the font ends columns on a side that goes on alone. */
const END_OF_COLUMN = 3.5

/**
 * Cuts a sheet into parts that are read one after the other: what spans the columns, the columns from left to right
 * (or right to left), what follows below. Lines that stand beside each other as in a table stay together.
 */
export function readingOrder(segments: readonly Segment[], rtl: boolean): Segment[][] {
  const regions: Segment[][] = []
  const stack: (readonly Segment[])[] = [segments]
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (part.length === 0) continue
    const canSplit = part.length <= MAX_SEGMENTS && regions.length + stack.length < MAX_REGIONS
    const cut = canSplit ? findColumns(part) : null
    if (cut === null) regions.push([...part])
    else {
      const sides = rtl ? [cut.right, cut.left] : [cut.left, cut.right]
      stack.push(...[cut.above, ...sides, cut.below].toReversed())
    }
  }
  return regions
}

interface Cut {
  readonly above: readonly Segment[]
  readonly left: readonly Segment[]
  readonly right: readonly Segment[]
  readonly below: readonly Segment[]
}

/** The cut that takes most lines into columns, or null where there are none. */
function findColumns(segments: readonly Segment[]): Cut | null {
  if (segments.length < 2 * MIN_LINES) return null
  const ordered = segments.toSorted((a, b) => a.baseline - b.baseline || a.left - b.left)
  let best: { cut: Cut; lines: number } | null = null
  for (const edge of leftEdges(ordered)) {
    for (const [from, to] of stretchesBeside(ordered, edge)) {
      if (best !== null && to - from <= best.lines) continue
      const cut = cutAt(ordered, from, to, edge)
      if (cut !== null && looksLikeColumns(cut.left, cut.right)) best = { cut, lines: to - from }
    }
  }
  return best?.cut ?? null
}

/** Where columns could begin: places at which several segments begin. */
function leftEdges(segments: readonly Segment[]): number[] {
  const counts = new Map<number, { count: number; least: number }>()
  for (const segment of segments) {
    for (const left of innerLefts(segment)) {
      const key = Math.round(left / 3)
      const entry = counts.get(key) ?? { count: 0, least: left }
      counts.set(key, { count: entry.count + 1, least: Math.min(entry.least, left) })
    }
  }
  const first = segments.reduce((least, segment) => Math.min(least, segment.left), Infinity)
  return [...counts.values()]
    .filter((entry) => entry.count >= 2 && entry.least > first + 10)
    .toSorted((a, b) => b.count - a.count)
    .slice(0, 40)
    .map((entry) => entry.least)
}

/** A segment's own left end, and where a gap in it could be a narrow gutter. */
function innerLefts(segment: Segment): number[] {
  const lefts = [segment.left]
  let right = -Infinity
  for (const run of segment.runs) {
    if (right > -Infinity && run.left - right > GUTTER * segment.size) lefts.push(run.left)
    right = Math.max(right, run.right)
  }
  return lefts
}

/** Longest stretches of segments, by index, that all keep off the space to the left of `edge`. */
function stretchesBeside(segments: readonly Segment[], edge: number): [number, number][] {
  const stretches: [number, number][] = []
  let from = 0
  for (let index = 0; index <= segments.length; index += 1) {
    const segment = segments[index]
    if (segment !== undefined && sideOf(segment, edge) !== null) continue
    if (index - from >= 2 * MIN_LINES) stretches.push([from, index])
    from = index + 1
  }
  return stretches
}

type Side = 'left' | 'right' | 'both'

function sideOf(segment: Segment, edge: number): Side | null {
  if (segment.left >= edge - HANG * segment.size) return 'right'
  if (segment.right <= edge - GUTTER * segment.size) return 'left'
  return cutSegment(segment, edge) === null ? null : 'both'
}

/** A segment whose words reach over the gutter's place may still have a gap right there. */
function cutSegment(segment: Segment, edge: number): [Run[], Run[]] | null {
  const right = segment.runs.filter((run) => run.left >= edge - HANG * segment.size)
  const left = segment.runs.filter((run) => run.left < edge - HANG * segment.size)
  const end = left.reduce((most, run) => Math.max(most, run.right), -Infinity)
  const start = right.reduce((least, run) => Math.min(least, run.left), Infinity)
  const fits = right.length > 0 && left.length > 0 && start - end >= 0.4 * segment.size && start <= edge + 3
  return fits ? [left, right] : null
}

function cutAt(ordered: readonly Segment[], from: number, to: number, edge: number): Cut | null {
  const left: Segment[] = []
  const right: Segment[] = []
  for (const segment of ordered.slice(from, to)) {
    const side = sideOf(segment, edge)
    if (side === 'both') {
      const [before, after] = cutSegment(segment, edge) ?? [[], []]
      left.push(makeSegment(before, segment.row))
      right.push(makeSegment(after, segment.row))
    } else if (side === 'left') left.push(segment)
    else right.push(segment)
  }
  const above = [...ordered.slice(0, from), ...takeLonelyHead(left, right)]
  const below = [...takeLonelyTail(left, right), ...ordered.slice(to)]
  if (rowCount(left) < MIN_LINES || rowCount(right) < MIN_LINES) return null
  return { above, left, right, below }
}

/** Takes away what stands above both columns, parted from them by a wide gap. */
function takeLonelyHead(left: Segment[], right: Segment[]): Segment[] {
  const [early, late] = (left[0]?.baseline ?? 0) <= (right[0]?.baseline ?? 0) ? [left, right] : [right, left]
  const start = late[0]?.baseline ?? 0
  let cut = 0
  for (let index = 0; index + 1 < early.length; index += 1) {
    const one = early[index]
    const next = early[index + 1]
    if (one === undefined || next === undefined || one.baseline > start - one.size) break
    if (next.baseline - one.baseline > END_OF_COLUMN * Math.min(one.size, next.size)) cut = index + 1
  }
  return early.splice(0, cut)
}

/** The same below them. */
function takeLonelyTail(left: Segment[], right: Segment[]): Segment[] {
  const [late, early] = (left.at(-1)?.baseline ?? 0) >= (right.at(-1)?.baseline ?? 0) ? [left, right] : [right, left]
  const end = early.at(-1)?.baseline ?? 0
  for (let index = late.length - 1; index > 0; index -= 1) {
    const one = late[index - 1]
    const next = late[index]
    if (one === undefined || next === undefined || next.baseline < end + next.size) break
    if (next.baseline - one.baseline > END_OF_COLUMN * Math.min(one.size, next.size) && one.baseline >= end - one.size)
      return late.splice(index)
  }
  return []
}

function rowCount(segments: readonly Segment[]): number {
  return new Set(segments.map((segment) => segment.row)).size
}
