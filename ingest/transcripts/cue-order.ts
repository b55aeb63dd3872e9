import type { Note } from '../../src/model/note.ts'
import type { Segment } from './turns.ts'

/** Captions as they were heard: by their start, each said once. */
export interface OrderedCues {
  readonly segments: readonly Segment[]
  readonly notes: readonly Note[]
}

/**
 * Puts cues into the order of their start and takes out those that are there twice: the very same cue again, and the
 * lines that rolling captions (YouTube's) show a second time while the next line comes in.
 */
export function orderCues(cues: readonly Segment[]): OrderedCues {
  const notes: Note[] = []
  const { sorted, late } = sortByStart(cues)
  if (late > 0) {
    const message = `Cues that stood after later ones were put where their times belong: ${late}.`
    notes.push({ code: 'cues-sorted', message })
  }
  const once = withoutCopies(sorted)
  const { segments, rolled } = isRolling(once) ? withoutRolledLines(once) : { segments: once, rolled: 0 }
  const repeated = cues.length - once.length + rolled
  if (repeated > 0) {
    const message = `Cues that repeat the words before them, whose repeated lines were left out: ${repeated}.`
    notes.push({ code: 'repeated-cues', message })
  }
  return { segments, notes }
}

function sortByStart(cues: readonly Segment[]): { sorted: readonly Segment[]; late: number } {
  let latest = 0
  let late = 0
  // A cue without a time stays behind the one before it.
  const timed = cues.map((cue) => {
    const start = cue.start ?? latest
    if (start < latest) late += 1
    latest = cue.start === null ? latest : Math.max(latest, start)
    return { cue, start }
  })
  if (late === 0) return { sorted: cues, late }
  return { sorted: timed.toSorted((one, other) => one.start - other.start).map(({ cue }) => cue), late }
}

function withoutCopies(cues: readonly Segment[]): readonly Segment[] {
  let start: number | null = null
  let seen = new Set<string>()
  return cues.filter((cue) => {
    if (cue.start === null) return true
    if (cue.start !== start) {
      start = cue.start
      seen = new Set()
    }
    // Two who are not named may say "Yes." at once; a copy is certain where it has several words.
    if (!/\S\s+\S/.test(cue.text)) return true
    const key = `${cue.end}\n${cue.speaker ?? ''}\n${cue.text}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/**
 * A cue that begins with the last line of the one before and adds a line is how captions roll. People repeat
 * themselves too ("Yes." "Yes."), so it takes several such cues before anything is taken for it.
 */
function isRolling(cues: readonly Segment[]): boolean {
  let rolled = 0
  for (let index = 1; index < cues.length; index += 1) {
    const before = linesOf(cues[index - 1])
    const lines = linesOf(cues[index])
    if (lines.length > 1 && lines[0] === before.at(-1) && follows(cues[index - 1], cues[index])) rolled += 1
  }
  return rolled >= 2 && rolled >= cues.length / 5
}

function withoutRolledLines(cues: readonly Segment[]): { segments: Segment[]; rolled: number } {
  const segments: Segment[] = []
  let rolled = 0
  let before: string[] = []
  let previous: Segment | undefined
  for (const cue of cues) {
    const lines = linesOf(cue)
    const shown = follows(previous, cue) ? overlap(before, lines) : 0
    if (shown > 0) rolled += 1
    const rest = withoutFirstLines(cue, shown)
    if (rest !== null) segments.push(rest)
    before = lines
    previous = cue
  }
  return { segments, rolled }
}

function follows(previous: Segment | undefined, next: Segment | undefined): boolean {
  if (previous === undefined || next === undefined || previous.speaker !== next.speaker) return false
  return previous.end === null || next.start === null || next.start - previous.end <= 1
}

/** How many lines at the end of the first are the lines at the beginning of the second; captions have a few at most. */
function overlap(before: readonly string[], lines: readonly string[]): number {
  for (let count = Math.min(before.length, lines.length, 4); count > 0; count -= 1) {
    if (lines.slice(0, count).every((line, index) => line === before[before.length - count + index])) return count
  }
  return 0
}

function linesOf(cue: Segment | undefined): string[] {
  const lines = cue?.text.split('\n').map((line) => line.trim()) ?? []
  return lines.filter((line) => line !== '')
}

function withoutFirstLines(cue: Segment, count: number): Segment | null {
  const lines = cue.text.split('\n')
  let skipped = 0
  let index = 0
  while (index < lines.length && (skipped < count || lines[index]?.trim() === '')) {
    if (lines[index]?.trim() !== '') skipped += 1
    index += 1
  }
  if (count > 0 && index >= lines.length) return null
  return count === 0
    ? cue
    : { ...cue, text: lines.slice(index).join('\n'), ...(cue.line === undefined ? {} : { line: cue.line + index }) }
}
