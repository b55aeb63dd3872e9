import type { Place } from '../../../src/model/place.ts'
import { findDate } from '../../dates.ts'
import { foldSpace } from '../../passage.ts'
import { splitSentences } from '../../sentences.ts'
import { readSpeaker, type Speaker } from '../../transcripts/speakers.ts'
import type { TextBuilder } from '../../text-builder.ts'
import { addBlocks, type Block } from './blocks.ts'

interface Line {
  readonly text: string
  readonly place: Place
}

/** What one person says in one go. */
interface Turn {
  readonly kind: 'turn'
  readonly time: string
  readonly endTime: string | null
  readonly speaker: Speaker | null
  readonly lines: Line[]
}

/** A transcript as it stands in the file: turns, and what is between and around them. */
export interface Transcript {
  readonly entries: readonly (Turn | Block)[]
  /** The lines before the first turn: title, date, length. */
  readonly head: readonly string[]
}

/** Longer turns are quoted sentence by sentence. */
const LONG_TURN = 300
/** More lines than this before the first turn are a document with a conversation in it. */
const LONGEST_HEAD = 15

/** `0:0:3.270 --> 0:0:4.250`, as Microsoft Stream and Teams wrote until 2023; the speaker's line follows. */
const TIMES = /^(\d{1,3}:\d{1,2}:\d{1,2})(?:[.,]\d{1,7})?\s*-->\s*(\d{1,3}:\d{1,2}:\d{1,2})(?:[.,]\d{1,7})?$/
/** `Ana Ruiz   0:03`, as Teams writes since. */
const SPEAKER_AND_TIME = /^(\S.{0,99}?)(?:\s{2,}|\t)((?:\d{1,3}:)?\d{1,2}:\d{2})$/
/** The same after a program that folds spaces. */
const FOLDED_SPEAKER_AND_TIME = /^(\S.{0,99}?)\s((?:\d{1,3}:)?\d{1,2}:\d{2})$/
const LONGEST_MARK = 130
const TOOL_LINE =
  /^.{1,100}\s(?:(?:started|stopped) transcription|hat die transkription (?:gestartet|beendet)|ha (?:iniciado|detenido) la transcripción|a (?:démarré|commencé|arrêté) la transcription)\.?$/iu
const STAMP = /[-_ ](\d{4})(\d{2})(\d{2})_\d{6}(?:-.*)?$/

/** The turns of a Teams transcript that was saved from the meeting as a document, or null for other documents. */
export function findTranscript(blocks: readonly Block[]): Transcript | null {
  const lines = blocks.flatMap(linesOf)
  const timed = lines.filter((line) => isMark(line, TIMES))
  if (timed.length > 0 && timed.length >= lines.length / 8 && lines.indexOf(timed[0] ?? '') <= LONGEST_HEAD)
    return readTurns(blocks, TIMES)
  const strict = lines.filter((line) => isMark(line, SPEAKER_AND_TIME)).length
  const pattern = strict >= 2 ? SPEAKER_AND_TIME : FOLDED_SPEAKER_AND_TIME
  return isConversation(lines, pattern) ? readTurns(blocks, pattern) : null
}

export function addTranscript(builder: TextBuilder, { entries }: Transcript): void {
  for (const entry of entries) {
    if (entry.kind === 'turn') addTurn(builder, entry)
    else addBlocks(builder, [entry])
  }
}

/** `Weekly sync-20260615_133555-Meeting Transcript` → `Weekly sync`. */
export function transcriptTitle({ head }: Transcript): string | null {
  const title = (head[0] ?? '').replace(STAMP, '').trim()
  const isDate = title.length <= 40 && findDate(title) !== null
  return title === '' || title.length > 200 || isDate || TOOL_LINE.test(title) ? null : title
}

/** The date in the head, or in the name that Teams gives the meeting's recording. */
export function transcriptDate({ head }: Transcript): string | null {
  for (const line of head) {
    const stamp = STAMP.exec(line)
    const date = findDate(line) ?? (stamp && findDate(`${stamp[1]}-${stamp[2]}-${stamp[3]}`))
    if (date !== null) return date
  }
  return null
}

/** An agenda looks alike, but nobody comes up twice, or nothing is said. */
function isConversation(lines: readonly string[], pattern: RegExp): boolean {
  const marks = lines.flatMap((line, index) => (isMark(line, pattern) ? [index] : []))
  const first = marks[0]
  if (first === undefined || marks.length < 2 || first > LONGEST_HEAD) return false
  const said = marks.filter((index, order) => (marks[order + 1] ?? lines.length) - index > 1).length
  const texts = marks.map((index) => pattern.exec(lines[index] ?? ''))
  const seconds = texts.map((match) => secondsOf(match?.[2]))
  const ordered = seconds.filter((second, order) => second >= (seconds[order - 1] ?? 0)).length
  if (said < marks.length * 0.7 || ordered < marks.length * 0.9) return false
  const speakers = new Set(texts.map((match) => match?.[1]))
  const isNamed = lines
    .slice(0, first)
    .some((line) => TOOL_LINE.test(line) || /transcri(?:pt|pci)|transkript/iu.test(line))
  return isNamed || (marks.length >= 3 && speakers.size <= marks.length * 0.7)
}

function readTurns(blocks: readonly Block[], pattern: RegExp): Transcript {
  const entries: (Turn | Block)[] = []
  const head: string[] = []
  let turn: Turn | null = null
  for (const block of blocks) {
    if (block.kind === 'row' || block.place.part !== undefined) {
      entries.push(block)
      continue
    }
    /** Lines of this block that belong to no turn. */
    let outside: string[] = []
    const flush = (): void => {
      if (outside.length > 0) entries.push({ ...block, text: outside.join('\n') })
      outside = []
    }
    for (const line of linesOf(block)) {
      const mark = isMark(line, pattern) ? pattern.exec(line) : null
      if (mark !== null) {
        flush()
        turn = startTurn(mark, pattern)
        entries.push(turn)
      } else if (turn === null || TOOL_LINE.test(line)) {
        if (entries.every((entry) => entry.kind !== 'turn')) head.push(foldSpace(line))
        turn = null
        outside.push(line)
      } else turn.lines.push({ text: foldSpace(line), place: block.place })
    }
    flush()
  }
  return { entries: pattern === TIMES ? entries.map(withSpeaker) : entries, head }
}

function startTurn(mark: RegExpExecArray, pattern: RegExp): Turn {
  const [, first = '', second = ''] = mark
  return pattern === TIMES
    ? { kind: 'turn', time: clock(first), endTime: clock(second), speaker: null, lines: [] }
    : { kind: 'turn', time: clock(second), endTime: null, speaker: readSpeaker(first), lines: [] }
}

/** In the older layout the line after the times is the speaker's, if anything comes after it. */
function withSpeaker(entry: Turn | Block): Turn | Block {
  if (entry.kind !== 'turn') return entry
  const [label, ...lines] = entry.lines
  if (label === undefined || lines.length === 0 || label.text.length > LONGEST_MARK) return entry
  return { ...entry, speaker: readSpeaker(label.text), lines }
}

function addTurn(builder: TextBuilder, { time, endTime, speaker, lines }: Turn): void {
  const said = { time, ...(endTime === null ? {} : { endTime }), ...speaker }
  builder.line()
  const whole = lines.map((line) => line.text).join(' ')
  if (whole.length <= LONG_TURN) return builder.add('utterance', whole, { ...lines[0]?.place, ...said })
  for (const { text, place } of lines) {
    for (const { start, end } of splitSentences(text))
      builder.add('utterance', text.slice(start, end), { ...place, ...said })
  }
}

function linesOf(block: Block): string[] {
  if (block.kind === 'row' || block.place.part !== undefined) return []
  return block.text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
}

function isMark(line: string, pattern: RegExp): boolean {
  return line.length <= LONGEST_MARK && pattern.test(line)
}

function secondsOf(time = ''): number {
  return time.split(':').reduce((total, part) => total * 60 + Number(part), 0)
}

function clock(time: string): string {
  const total = secondsOf(time)
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
