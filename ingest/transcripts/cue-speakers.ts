import type { Segment } from './turns.ts'
import type { Voice } from './cue-text.ts'

/** A caption: what is said between two times. */
export interface Cue {
  /** Seconds from the start, with fractions; null where the file's times cannot be read. */
  readonly start: number | null
  readonly end: number | null
  /** Source line of the first line of text. */
  readonly line: number
  readonly voices: readonly Voice[]
}

const SPEAKER_PREFIX = /^([\p{L}\p{N}\p{Extended_Pictographic}@][^:<>\n]{0,59}?)\s?:(?:\s+|$)/u
/** Two people in one caption, as subtitles write them. */
const DASH = /^\s*[-–—]\s*\S/u

/** The segments of captions: one for each voice in a cue, with the name that stands before the words, if any. */
export function segmentsOf(cues: readonly Cue[]): Segment[] {
  const labels = prefixLabels(cues)
  return cues.flatMap((cue) =>
    cue.voices.flatMap((voice) => {
      const { start, end, line } = cue
      if (voice.speaker !== null) return [{ start, end, line, speaker: voice.speaker, text: voice.text }]
      return splitVoices(voice.text, labels).map(({ speaker, text, index }) => ({
        start,
        end,
        line: line + index,
        speaker,
        text,
      }))
    }),
  )
}

/** `Name: text` in most cues is how Zoom writes speakers; in a few it is just a colon. */
function prefixLabels(cues: readonly Cue[]): ReadonlySet<string> | null {
  const labels = new Set<string>()
  let named = 0
  for (const { voices } of cues) {
    const label = voices[0]?.speaker === null ? labelOf(voices[0].text.trimStart()) : null
    if (label === null) continue
    named += 1
    labels.add(label.name)
  }
  return named > 0 && named >= cues.length / 2 ? labels : null
}

function labelOf(text: string): { name: string; length: number } | null {
  const prefix = SPEAKER_PREFIX.exec(text)
  return prefix === null ? null : { name: prefix[1]?.trim() ?? '', length: prefix[0].length }
}

/** A further line of a cue begins another voice where it begins with a name that begins cues, or with a dash. */
function splitVoices(
  text: string,
  labels: ReadonlySet<string> | null,
): { speaker: string | null; text: string; index: number }[] {
  const lines = text.split('\n')
  const dashed = lines.filter((line) => DASH.test(line)).length > 1
  const voices: { speaker: string | null; lines: string[]; index: number }[] = []
  let isFirst = true
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trimStart()
    const label = labels === null ? null : labelOf(trimmed)
    const last = voices.at(-1)
    if (label !== null && (isFirst || labels?.has(label.name))) {
      voices.push({ speaker: label.name, lines: [trimmed.slice(label.length)], index })
    } else if (last === undefined || (dashed && DASH.test(line) && !isFirst)) {
      voices.push({ speaker: null, lines: [line], index })
    } else last.lines.push(line)
    isFirst &&= trimmed === ''
  }
  return voices.map((voice) => ({ speaker: voice.speaker, text: voice.lines.join('\n'), index: voice.index }))
}
