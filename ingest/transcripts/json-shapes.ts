import type { Note } from '../../src/model/note.ts'
import type { Segment } from './turns.ts'

/** What a transcript in JSON says, whoever wrote it. */
export interface Spoken {
  readonly segments: readonly Segment[]
  /** Whether the entries are the speakers' turns or what a recogniser cut. */
  readonly kind: 'speech' | 'turn'
  readonly notes: readonly Note[]
  readonly metadata: Readonly<Record<string, string | readonly string[]>>
}

type Json = Readonly<Record<string, unknown>>
type Entry = Omit<Segment, 'row'> | null

/** `{vocalsound}`, `{disfmarker}`: what the transcribers of the AMI and ICSI meetings heard beside words. */
const SOUND_MARK = /\s?\{(?:vocalsound|nonvocalsound|disfmarker|gap|pause|comment)\}/g
/** A day of milliseconds, a century of seconds: beyond this it is no time in a recording. */
const LATEST = 4e9

/** Tries the known shapes; null where the JSON has none of them. */
export function readRecognised(json: unknown): Spoken | null {
  if (!isObject(json)) return null
  const results = isObject(json['results']) ? json['results'] : {}
  return (
    readQmsum(json) ??
    readList(json, json['segments'], whisperSegment) ??
    readList(json, json['transcription'], whisperCppSegment) ??
    readList(json, json['utterances'], utteranceIn(json['utterances'])) ??
    readList(json, results['utterances'], deepgramUtterance) ??
    readList(json, deepgramChannels(results), deepgramChannel)
  )
}

/** https://github.com/Yale-LILY/QMSum: turns as they were transcribed, without times; the rest are questions about them. */
function readQmsum(json: Json): Spoken | null {
  const turns = json['meeting_transcripts']
  if (!Array.isArray(turns)) return null
  let marks = 0
  const segments = turns.map((turn: unknown, index): Segment => {
    const content = isObject(turn) ? (textOf(turn['content']) ?? '') : ''
    const words = content.replace(SOUND_MARK, '').trim()
    // Who only laughs has had a turn all the same.
    if (words !== '') marks += content.match(SOUND_MARK)?.length ?? 0
    const speaker = isObject(turn) ? labelOf(turn['speaker']) : null
    return { speaker, start: null, end: null, row: index + 1, text: words === '' ? content : words }
  })
  if (segments.every((segment) => segment.text === '')) return null
  const notes: Note[] = []
  if (marks > 0) {
    notes.push({
      code: 'sound-marks',
      message: `Marks for sounds, like {vocalsound}, taken out of the words: ${marks}.`,
    })
  }
  const empty = segments.filter((segment) => segment.text === '').length
  if (empty > 0) notes.push({ code: 'empty-turns', message: `Turns in which nothing was said: ${empty}.` })
  const asked = ['general_query_list', 'specific_query_list'].filter((key) => Array.isArray(json[key]))
  if (asked.length > 0) {
    notes.push({
      code: 'annotations-left-out',
      message: `Questions and answers about the meeting are no part of what was said: ${asked.join(', ')}.`,
    })
  }
  const topics = Array.isArray(json['topic_list'])
    ? json['topic_list'].flatMap((topic: unknown) => (isObject(topic) ? (textOf(topic['topic']) ?? []) : []))
    : []
  return { segments, kind: 'turn', notes, metadata: topics.length === 0 ? {} : { topics } }
}

function readList(json: Json, list: unknown, read: (entry: Json) => Entry): Spoken | null {
  if (!Array.isArray(list) || list.length === 0) return null
  const segments: Segment[] = []
  let unread = 0
  for (const [index, entry] of list.entries()) {
    const segment = isObject(entry) ? read(entry) : null
    if (segment !== null) segments.push({ ...segment, row: index + 1 })
    else if (!isObject(entry) || !isBlank(entry['text'] ?? entry['transcript'])) unread += 1
  }
  // A list of something else that happens to have the name.
  if (segments.length === 0 || unread > segments.length) return null
  const language = textOf(json['language']) ?? textOf(json['language_code'])
  const notes: Note[] =
    unread === 0
      ? []
      : [{ code: 'broken-entry', message: `Entries left out because words or time cannot be read: ${unread}.` }]
  return { segments, kind: 'speech', notes, metadata: language === null ? {} : { language } }
}

/** OpenAI's Whisper, faster-whisper, and WhisperX with speakers: seconds. */
function whisperSegment(entry: Json): Entry {
  const text = textOf(entry['text'])
  const start = timeOf(entry['start'], 1)
  if (text === null || start === null) return null
  return { speaker: labelOf(entry['speaker']), start, end: timeOf(entry['end'], 1), text }
}

/** whisper.cpp: milliseconds in `offsets`. */
function whisperCppSegment(entry: Json): Entry {
  const text = textOf(entry['text'])
  const offsets = entry['offsets']
  if (text === null || !isObject(offsets)) return null
  const speaker = labelOf(entry['speaker'])
  return { speaker, start: timeOf(offsets['from'], 1000), end: timeOf(offsets['to'], 1000), text }
}

/** AssemblyAI: whole milliseconds. Others (Gladia) have the same keys with seconds. */
function utteranceIn(list: unknown): (entry: Json) => Entry {
  const entries: unknown[] = Array.isArray(list) ? list : []
  const fractions = entries.some((entry) => isObject(entry) && !Number.isInteger(entry['end'] ?? 0))
  const perSecond = fractions ? 1 : 1000
  return (entry) => {
    const text = textOf(entry['text'])
    const start = timeOf(entry['start'], perSecond)
    if (text === null || start === null) return null
    return { speaker: labelOf(entry['speaker']), start, end: timeOf(entry['end'], perSecond), text }
  }
}

/** Deepgram: seconds. */
function deepgramUtterance(entry: Json): Entry {
  const text = textOf(entry['transcript'])
  const start = timeOf(entry['start'], 1)
  if (text === null || start === null) return null
  return { speaker: labelOf(entry['speaker']), start, end: timeOf(entry['end'], 1), text }
}

/** Without utterances Deepgram gives sentences in paragraphs, of the likeliest alternative of each channel. */
function deepgramChannels(results: Json): unknown[] {
  const channels: unknown[] = Array.isArray(results['channels']) ? results['channels'] : []
  return channels.flatMap((channel) => {
    const alternatives = isObject(channel) ? channel['alternatives'] : null
    const best: unknown = Array.isArray(alternatives) ? alternatives[0] : null
    if (!isObject(best)) return []
    const paragraphs = isObject(best['paragraphs']) ? best['paragraphs']['paragraphs'] : null
    if (!Array.isArray(paragraphs)) return [best]
    return paragraphs.flatMap((paragraph: unknown) => {
      const sentences = isObject(paragraph) ? paragraph['sentences'] : null
      if (!isObject(paragraph) || !Array.isArray(sentences)) return []
      return sentences.map((sentence: unknown) =>
        isObject(sentence) ? { ...sentence, transcript: sentence['text'], speaker: paragraph['speaker'] } : null,
      )
    })
  })
}

function deepgramChannel(entry: Json): Entry {
  const text = textOf(entry['transcript'])
  if (text === null) return null
  return { speaker: labelOf(entry['speaker']), start: timeOf(entry['start'], 1), end: timeOf(entry['end'], 1), text }
}

/** Recognisers number the voices that they tell apart: 0, 1 or A, B. */
function labelOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return `Speaker ${value}`
  const label = textOf(value)
  return label !== null && /^(?:[A-Z]|\d{1,3})$/.test(label) ? `Speaker ${label}` : label
}

function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  // Escapes in JSON can write what decoding has kept out of the text.
  const text = value
    .toWellFormed()
    .replace(/(?![\n\t])\p{Cc}/gu, ' ')
    .trim()
  return text === '' ? null : text
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === ''
}

function timeOf(value: unknown, perSecond: number): number | null {
  const time = typeof value === 'string' && /^\d{1,9}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value
  return typeof time === 'number' && time >= 0 && time < LATEST ? time / perSecond : null
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
