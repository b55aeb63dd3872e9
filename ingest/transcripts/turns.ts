import type { UnitKind } from '../../src/model/document.ts'
import type { Place } from '../../src/model/place.ts'
import { foldSpace } from '../passage.ts'
import { splitSentences } from '../sentences.ts'
import { readSpeaker, type Speaker } from './speakers.ts'
import type { TextBuilder } from '../text-builder.ts'

/** What somebody says or writes in one go, as the file has it: a cue, an entry of a transcript, a message. */
export interface Segment {
  /** The label as written; null where nobody is named. */
  readonly speaker: string | null
  /** Seconds from the start, with fractions. */
  readonly start: number | null
  readonly end: number | null
  /** Source line on which the text begins. */
  readonly line?: number
  readonly row?: number
  /** Lines end in `\n`. */
  readonly text: string
  readonly part?: NonNullable<Place['part']>
}

/**
 * What one segment is: a piece of speech, cut where the tool liked (`speech`); a message of a chat, which is never
 * joined with the next one; a whole turn as the file itself counts them.
 */
export type SegmentKind = 'speech' | 'message' | 'turn'

/** Short sentences said in one breath are quoted together; a longer utterance is cut into its sentences. */
const LONGEST_UTTERANCE = 300
/** A sentence that runs on without an end is broken at the end of a cue. */
const LONGEST_JOINED = 400
/** Seconds after which what follows is a new thought. */
const LONGEST_PAUSE = 5

const ENDS_SENTENCE = /[.!?…。！？｡]["'”’»)\]]{0,6}$/u
const BROKEN_OFF = /(?:…|\.\.\.)["'”’»)\]]{0,6}$/u
/** `[Applause]`, `♪ music ♪`: no sentence that could go on. */
const SOUND = /^(?:\[[^[\]]*\]|\([^()]*\)|♪[^]*♪)$/u
/** Captions mark another voice so where they do not name it. */
const NEW_VOICE = /^(?:>>|[-–—]\s)/u

/** A line of a segment in a text that is put together from several. */
interface Stretch {
  readonly offset: number
  readonly line: number | undefined
  readonly segment: Segment
}

interface Run {
  readonly text: string
  readonly stretches: readonly Stretch[]
}

const NOTHING: Run = { text: '', stretches: [] }

/**
 * Writes segments as turns: one paragraph for all that one speaker says in a row. A sentence that is spread over
 * several segments becomes one unit with the time of the first and the end of the last.
 */
export function addTurns(builder: TextBuilder, segments: readonly Segment[], kind: SegmentKind = 'speech'): void {
  const speakers = speakersByLabel()
  let previous: Segment | null = null
  let pending = NOTHING
  const emit = (run: Run): void => addUtterance(builder, run, speakers, kind)
  for (const segment of segments) {
    const run = fold(segment)
    if (run.text === '') continue
    const sameTurn = previous !== null && isSameVoice(previous, segment, speakers) && kind !== 'turn'
    if (sameTurn && kind === 'speech' && previous !== null && goesOn(pending, run, pause(previous, segment))) {
      pending = joined(pending, run, emit)
    } else {
      emit(pending)
      if (!sameTurn) builder.block()
      else if (kind === 'message') builder.line()
      pending = kind === 'speech' ? withoutFinished(run, emit) : run
    }
    previous = segment
  }
  emit(pending)
}

/** `7325.9` → `02:02:05`. */
function clock(seconds: number): string {
  const total = Math.floor(seconds)
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

/** Reads every label once: long meetings repeat a few of them thousands of times. */
function speakersByLabel(): (label: string | null) => Speaker | null {
  const known = new Map<string, Speaker>()
  return (label) => {
    if (label === null || label.trim() === '') return null
    const speaker = known.get(label) ?? readSpeaker(label)
    known.set(label, speaker)
    return speaker
  }
}

/** Where nobody is named, a pause or a mark is all there is to tell one voice from the next. */
function isSameVoice(previous: Segment, next: Segment, speakers: (label: string | null) => Speaker | null): boolean {
  const before = speakers(previous.speaker)
  const after = speakers(next.speaker)
  if (before === null || after === null) {
    const marked = NEW_VOICE.test(next.text.trimStart())
    return before === after && !marked && pause(previous, next) <= LONGEST_PAUSE
  }
  return before.speaker === after.speaker && before.affiliation === after.affiliation
}

function pause(previous: Segment, next: Segment): number {
  return previous.end === null || next.start === null ? 0 : next.start - previous.end
}

function goesOn(before: Run, after: Run, pauseBetween: number): boolean {
  if (before.text === '' || pauseBetween > LONGEST_PAUSE) return false
  if (SOUND.test(before.text) || SOUND.test(after.text)) return false
  const tail = before.text.slice(-60)
  if (!ENDS_SENTENCE.test(tail)) return true
  if (BROKEN_OFF.test(tail)) return /^(?:…|\.\.\.|\p{Ll})/u.test(after.text)
  const both = splitSentences(`${tail} ${after.text.slice(0, 40)}`)
  return !both.some((span) => span.start === tail.length + 1)
}

/** Puts a segment behind an unfinished one. What has come to an end is written; the sentence under way is kept. */
function joined(before: Run, after: Run, emit: (run: Run) => void): Run {
  const seam = before.text.length
  const both: Run = {
    text: `${before.text} ${after.text}`,
    stretches: [...before.stretches, ...shifted(after.stretches, seam + 1)],
  }
  const sentences = splitSentences(both.text)
  const crossing = sentences.findIndex((span) => span.end > seam)
  const span = sentences[crossing]
  if (span === undefined || span.start > seam || span.end - span.start > LONGEST_JOINED) {
    emit(before)
    return withoutFinished(after, emit)
  }
  const settled = crossing === sentences.length - 1 || ENDS_SENTENCE.test(both.text.slice(-60))
  if (settled && both.text.length <= LONGEST_UTTERANCE) return both
  return keepLast(both, sentences.at(-1)?.start ?? 0, emit)
}

/** Of a long segment only its last sentence can go on. */
function withoutFinished(run: Run, emit: (run: Run) => void): Run {
  if (run.text.length <= LONGEST_UTTERANCE) return run
  return keepLast(run, splitSentences(run.text).at(-1)?.start ?? 0, emit)
}

function keepLast(run: Run, start: number, emit: (run: Run) => void): Run {
  if (start === 0) return run
  emit({
    text: run.text.slice(0, start).trimEnd(),
    stretches: run.stretches.filter((stretch) => stretch.offset < start),
  })
  const first = run.stretches.findLastIndex((stretch) => stretch.offset <= start)
  return { text: run.text.slice(start), stretches: shifted(run.stretches.slice(Math.max(0, first)), -start) }
}

function shifted(stretches: readonly Stretch[], by: number): Stretch[] {
  return stretches.map((stretch) => ({ ...stretch, offset: stretch.offset + by }))
}

/** A segment's lines in one, each with where it came from. */
function fold(segment: Segment): Run {
  const stretches: Stretch[] = []
  const parts: string[] = []
  let length = 0
  for (const [index, raw] of segment.text.split('\n').entries()) {
    const text = foldSpace(raw)
    if (text === '') continue
    const offset = length === 0 ? 0 : length + 1
    // A message may have its words below its head: it begins with the head.
    const below = stretches.length === 0 ? 0 : index
    stretches.push({ offset, line: segment.line === undefined ? undefined : segment.line + below, segment })
    parts.push(text)
    length = offset + text.length
  }
  return { text: parts.join(' '), stretches }
}

function addUtterance(
  builder: TextBuilder,
  run: Run,
  speakers: (label: string | null) => Speaker | null,
  kind: SegmentKind,
): void {
  const unit: UnitKind = 'utterance'
  if (run.text.length <= LONGEST_UTTERANCE) {
    if (run.text !== '') builder.add(unit, run.text, placeOf(run.stretches[0], run.stretches.at(-1), speakers))
    return
  }
  // Who types a long message ends its lines on purpose; in speech they end where the caption was full.
  const cuts = kind === 'message' ? run.stretches.map((stretch) => stretch.offset) : [0]
  let at = 0
  for (const [index, cut] of cuts.entries()) {
    const part = run.text.slice(cut, cuts[index + 1] ?? run.text.length)
    for (const span of splitSentences(part)) {
      while ((run.stretches[at + 1]?.offset ?? Infinity) <= cut + span.start) at += 1
      let last = at
      while ((run.stretches[last + 1]?.offset ?? Infinity) < cut + span.end) last += 1
      builder.add(unit, part.slice(span.start, span.end), placeOf(run.stretches[at], run.stretches[last], speakers))
    }
  }
}

function placeOf(
  first: Stretch | undefined,
  last: Stretch | undefined,
  speakers: (label: string | null) => Speaker | null,
): Place {
  if (first === undefined || last === undefined) return {}
  const { row, start, part } = first.segment
  const { end } = last.segment
  return {
    ...(first.line === undefined ? {} : { line: first.line }),
    ...(row === undefined ? {} : { row }),
    ...(part === undefined ? {} : { part }),
    ...(start === null ? {} : { time: clock(start) }),
    ...(end === null ? {} : { endTime: clock(end) }),
    ...speakers(first.segment.speaker),
  }
}
