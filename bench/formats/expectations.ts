import { ReadingRoom } from '../../ingest/reading-room.ts'
import { InputError } from '../../src/model/errors.ts'

/** One line of a manifest: what must come out of a file. See MANIFEST.json of the collection. */
export interface Expectation {
  readonly file: string
  readonly expect: string
}

export interface FormatRow extends Expectation {
  readonly got: string
  readonly ok: boolean
  /** For people: how much text, or what the refusal says. */
  readonly detail: string
  readonly milliseconds: number
  /** The most memory that reading it took, in bytes; 0 where its process was stopped, or was not its own. */
  readonly peak: number
}

/** What the manifest calls our refusals. */
const REFUSALS: Readonly<Record<string, string>> = {
  'empty-file': 'empty',
  'too-large': 'error:limit',
  'unsupported-format': 'error:unsupported',
  'binary-content': 'error:unsupported',
}

const PASSED_OVER: ReadonlySet<string> = new Set(['unsupported-format', 'empty-file'])

/**
 * Reads one file outside of this process, as an ingest does, and says in the manifest's words what came of it. Without a
 * `room` it has a process that has read nothing else, whose memory is its own.
 */
export async function readAsExpected(
  expectation: Expectation,
  bytes: Uint8Array,
  room?: ReadingRoom,
): Promise<FormatRow> {
  const { file, expect } = expectation
  let peak = 0
  const own = new ReadingRoom({ onPeak: (_, most) => (peak = most) })
  const started = Date.now()
  const { got, detail } = await outcome(room ?? own, file, bytes).finally(() => own.close())
  return { file, expect, got, ok: isAsExpected(expect, got), detail, milliseconds: Date.now() - started, peak }
}

async function outcome(room: ReadingRoom, path: string, bytes: Uint8Array): Promise<{ got: string; detail: string }> {
  let characters = 0
  let units = 0
  let rows = 0
  const speakers = new Set<string>()
  const notes = new Set<string>()
  const errors: { code: string; message: string }[] = []
  try {
    for await (const event of room.read({ path, bytes })) {
      if (event.kind === 'rows') rows += event.rows.length
      else if ('error' in event.part.result) errors.push(event.part.result.error)
      else {
        const { document } = event.part.result
        characters += document.text.length
        units += document.units.length
        if (document.kind === 'transcript' || document.kind === 'chat')
          for (const { place } of document.units) if (place.speaker !== undefined) speakers.add(place.speaker)
        for (const note of document.notes) notes.add(note.code)
      }
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    errors.push(error)
  }
  // What was merely passed over inside an archive says less than what was refused.
  const first = errors.find(({ code }) => !PASSED_OVER.has(code)) ?? errors[0]
  if (units + rows === 0 && first !== undefined)
    return { got: REFUSALS[first.code] ?? `error:${first.code}`, detail: first.message }
  if (units + rows === 0) return { got: 'nothing', detail: 'no text and no refusal' }
  const detail = `${units} units, ${characters} characters${rows > 0 ? `, ${rows} rows` : ''}${notes.size > 0 ? ` (${[...notes].join(', ')})` : ''}`
  if (speakers.size > 0) return { got: 'text:turns', detail: `${detail}, ${speakers.size} speakers` }
  if (notes.has('lossy-decoding')) return { got: 'text-lossy', detail }
  return { got: notes.has('pages-missing') || errors.length > 0 ? 'text-partial' : 'text', detail }
}

/** `text (sniffed) or error:type`: any of the alternatives; what says more than is asked for is right as well. */
function isAsExpected(expect: string, got: string): boolean {
  const alternatives = expect
    .replace(/\([^)]*\)/g, '')
    .split(/\s+or\s+|-or-/)
    .map((alternative) => alternative.trim())
  return alternatives.some((alternative) => {
    if (alternative === got) return true
    if (alternative === 'text') return /^text(?::turns|-lossy|-partial)?$/.test(got)
    if (alternative === 'unexpanded') return got.startsWith('text')
    if (alternative === 'partial' || alternative === 'text-partial') return got === 'text-partial'
    if (alternative === 'unsupported' || alternative === 'error:type') return got === 'error:unsupported'
    if (alternative === 'error:empty') return got === 'empty'
    // Nothing outside the file is ever given to the process that reads: any clear outcome will do.
    return alternative === 'no-external-read' && got !== 'nothing'
  })
}
