import type { ParsedDocument } from '../../src/model/document.ts'
import type { Note } from '../../src/model/note.ts'
import { orderCues } from '../transcripts/cue-order.ts'
import { findDateInPath } from '../dates.ts'
import type { Reading, SourceText, TextReader } from '../reading.ts'
import { TextBuilder } from '../text-builder.ts'
import { titleFromPath } from '../titles.ts'
import { addTurns } from '../transcripts/turns.ts'
import { jsonReader } from './json.ts'
import { readRecognised, type Spoken } from '../transcripts/json-shapes.ts'

/** How far around a tell-tale key the others are looked for. */
const NEAR = 65_536

/** A key that holds the list of what was said, and the keys that its first entries have. */
const TELLTALES: readonly { readonly key: string; readonly with: readonly RegExp[] }[] = [
  { key: 'meeting_transcripts', with: [/"speaker"\s{0,4}:/, /"content"\s{0,4}:/] },
  { key: 'segments', with: [/"start"\s{0,4}:/, /"end"\s{0,4}:/, /"text"\s{0,4}:/] },
  { key: 'transcription', with: [/"offsets"\s{0,4}:/, /"text"\s{0,4}:/] },
  { key: 'utterances', with: [/"start"\s{0,4}:/, /"end"\s{0,4}:/, /"(?:text|transcript)"\s{0,4}:/] },
  { key: 'channels', with: [/"alternatives"\s{0,4}:/, /"transcript"\s{0,4}:/] },
]

/**
 * What speech recognisers write, and QMSum: a list of utterances with speakers and times. The text is only looked at
 * for their keys; JSON that turns out to be another is left to the reader for JSON.
 */
export const transcriptJsonReader: TextReader = {
  name: 'transcript-json',
  extensions: ['json'],
  recognises: looksLikeTranscript,
  read: readTranscriptJson,
}

function looksLikeTranscript(text: string): boolean {
  if (!/^\ufeff?\s{0,64}\{/.test(text.slice(0, 80))) return false
  return TELLTALES.some(({ key, with: others }) => {
    // Whisper puts the whole text before its segments, QMSum the questions before the meeting, and Deepgram counts
    // its channels before it lists them.
    let at = -1
    for (let turn = 0; turn < 5; turn += 1) {
      at = text.indexOf(`"${key}"`, at + 1)
      if (at < 0) return false
      const near = text.slice(at, at + NEAR)
      const isList = /^"\w+"\s{0,64}:\s{0,64}\[\s{0,64}\{/.test(near.slice(0, 240))
      if (isList && others.every((other) => other.test(near))) return true
    }
    return false
  })
}

function readTranscriptJson(source: SourceText): Reading {
  const spoken = readRecognised(parse(source))
  // What is broken, or of another shape, is for the reader that says where and why.
  return spoken === null ? jsonReader.read(source) : { document: toDocument(source, spoken) }
}

function parse(source: SourceText): unknown {
  try {
    return JSON.parse(source.text.replace(/^\ufeff/, ''))
  } catch {
    return null
  }
}

function toDocument(source: SourceText, spoken: Spoken): ParsedDocument {
  const builder = new TextBuilder()
  const notes: Note[] = [...source.notes, ...spoken.notes]
  if (spoken.kind === 'turn') addTurns(builder, spoken.segments, 'turn')
  else {
    const ordered = orderCues(spoken.segments)
    notes.push(...ordered.notes)
    addTurns(builder, ordered.segments)
  }
  return {
    title: titleFromPath(source.path),
    kind: 'transcript',
    mediaType: 'application/json',
    date: findDateInPath(source.path),
    text: builder.text,
    units: builder.units,
    notes,
    ...(Object.keys(spoken.metadata).length === 0 ? {} : { metadata: spoken.metadata }),
  }
}
