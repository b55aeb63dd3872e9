import type { Segment } from './turns.ts'
import { secondsOf } from './message-heads.ts'

const TIME_LINE = /^\s*((?:\d{1,2}:)?\d{1,2}:\d{2})\s*$/
const LABEL = /^\s*(\p{L}[^:\t]{0,60}):(?:\s+([^]*))?$/u
/** A name in a line of its own kind: every word of it with a capital, or a numbered speaker. */
const NAME_LIKE =
  /^(?:Speaker \d{1,3}|\p{Lu}[\p{L}\p{M}.'’()-]*(?: (?:[\p{Lu}(][\p{L}\p{M}.'’()-]*|van|von|de|der|da|di|del|la|bin|al)){0,5})$/u

/**
 * Google Meet's transcripts and the like: `00:05:00` on a line of its own every few minutes, `Ana Ruiz: text` below.
 * Subtitles that were copied from a video look alike, with words and no names.
 */
export function isTimedLines(lines: readonly string[]): boolean {
  const times = lines.filter((line) => TIME_LINE.test(line)).length
  if (times === 0) return false
  const named = lines.filter((line) => nameIn(line) !== null).length
  const head = lines.slice(0, 8)
  const isMeet = head.some((line) => /\bTranscript\s*$/.test(line) || /^\s*Attendees\s*$/.test(line))
  if (isMeet && named >= 1) return true
  const first = lines.findIndex((line) => TIME_LINE.test(line))
  // A line of words below each time, from the beginning on.
  const spoken = lines.filter((line, index) => TIME_LINE.test(lines[index - 1] ?? '') && !TIME_LINE.test(line)).length
  return times >= 3 && first <= 5 && spoken >= times * 0.8 && times >= lines.length * 0.2 && rises(lines)
}

export function readTimedLines(lines: readonly string[]): {
  preamble: { text: string; line: number }[]
  segments: Segment[]
} {
  const preamble: { text: string; line: number }[] = []
  const segments: Segment[] = []
  const begin = beginning(lines)
  const isSpeaker = speakersAmong(lines)
  let time: number | null = null
  let current: { segment: Omit<Segment, 'text'>; words: string[] } | null = null
  const flush = (): void => {
    if (current !== null) segments.push({ ...current.segment, text: current.words.join('\n') })
    current = null
  }
  for (const [index, line] of lines.entries()) {
    if (index < begin) {
      preamble.push({ text: line, line: index + 1 })
      continue
    }
    const clock = TIME_LINE.exec(line)?.[1]
    if (clock !== undefined) {
      flush()
      time = secondsOf(clock)
      continue
    }
    const found = nameIn(line)
    const label = found !== null && isSpeaker(found.name) ? found : null
    if (label !== null || current === null) {
      if (line.trim() === '') continue
      flush()
      const speaker = label?.name ?? null
      current = { segment: { speaker, start: time, end: null, line: index + 1 }, words: [label?.text ?? line] }
    } else current.words.push(line)
  }
  flush()
  return { preamble, segments }
}

/** The first time, or the first words of a name where they come before it: Meet begins without one. */
function beginning(lines: readonly string[]): number {
  const time = lines.findIndex((line) => TIME_LINE.test(line))
  const heading = lines.findLastIndex((line, index) => index < 12 && /^\s*Transcript\s*$/.test(line))
  const from = heading < 0 ? lines.findIndex((line) => /^\s*Attendees\s*$/.test(line)) + 1 : heading + 1
  const named = from === 0 ? -1 : lines.findIndex((line, index) => index >= from && nameIn(line) !== null)
  const starts = [time, named].filter((index) => index >= 0)
  return starts.length === 0 ? lines.length : Math.min(...starts)
}

/** Where the file lists who took part, one word that stands once before a colon is no further person: `Note: …`. */
function speakersAmong(lines: readonly string[]): (name: string) => boolean {
  const list = lines.findIndex((line) => /^\s*Attendees\s*$/.test(line))
  const below = list < 0 ? [] : lines.slice(list + 1, list + 4)
  const attendees = new Set((below.find((line) => line.trim() !== '') ?? '').split(',').map((name) => name.trim()))
  const seen = new Map<string, number>()
  for (const line of lines) {
    const name = nameIn(line)?.name
    if (name !== undefined) seen.set(name, (seen.get(name) ?? 0) + 1)
  }
  return (name) => list < 0 || attendees.has(name) || name.includes(' ') || (seen.get(name) ?? 0) > 1
}

function nameIn(line: string): { name: string; text: string } | null {
  const [, name = '', text = ''] = LABEL.exec(line) ?? []
  return NAME_LIKE.test(name.trimEnd()) ? { name: name.trimEnd(), text } : null
}

/** Times of a recording never go back. */
function rises(lines: readonly string[]): boolean {
  let latest = -1
  for (const line of lines) {
    const clock = TIME_LINE.exec(line)?.[1]
    if (clock === undefined) continue
    if (secondsOf(clock) < latest) return false
    latest = secondsOf(clock)
  }
  return true
}
