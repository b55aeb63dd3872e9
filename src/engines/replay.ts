import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { EngineError, InputError, UsageError } from '../model/errors.ts'
import { contentId } from '../model/ids.ts'
import type { QuestionUnit } from '../model/question.ts'
import { estimateTokens } from '../model/tokens.ts'
import type { Engine, EngineEvent, EngineRequest } from './engine.ts'
import { splitThinkTags } from './think-tags.ts'

export interface ReplaySettings {
  /** Holds `<file>.json` with everything in it, or `<case>/request.json` beside `<case>/reply.json`, or both. */
  readonly folder: string
  /**
   * Whose reply to take where several models replied about the same units. Default: the model with the most
   * recordings, among equals the first by name. Units that only another model was asked about are answered with
   * that one's recording, and `finish` says whose it is.
   */
  readonly model?: string
}

/** A reply streams in so many pieces a channel. */
const PIECES = 4

/**
 * Replies that were recorded from real models, found by the units of the question (their texts and speakers, in
 * order, letter for letter): a change of the prompt's words does not matter, a change of a unit's does.
 * @throws UsageError, InputError where the folder or a file in it cannot be taken
 */
export async function createReplayEngine(settings: ReplaySettings): Promise<Engine> {
  const recordings = await readRecordings(settings.folder)
  const model = chooseModel(recordings, settings)
  const byUnits = Map.groupBy(recordings, ({ units }) => unitsKey(units))

  async function* reason(request: EngineRequest, signal: AbortSignal): AsyncGenerator<EngineEvent> {
    throwIfAborted(signal)
    const found = byUnits.get(unitsKey(request.question.units)) ?? []
    const recording = found.find((candidate) => candidate.model === model) ?? found[0]
    if (recording === undefined) throw noRecording(request.question.units, recordings)
    const { reasoning, answer } = separate(recording)
    for (const text of cut(reasoning)) {
      throwIfAborted(signal)
      yield { type: 'reasoning-delta', text }
    }
    for (const text of cut(answer)) {
      throwIfAborted(signal)
      yield { type: 'answer-delta', text }
    }
    const thought = estimateTokens(reasoning)
    const usage = {
      input: estimateTokens(request.prompt),
      cachedInput: null,
      output: thought + estimateTokens(answer),
      reasoning: thought,
    }
    const traceKind = reasoning.trim() === '' ? 'none' : 'raw'
    yield { type: 'finish', reason: 'stop', usage, model: recording.model, traceKind }
  }

  // A recording that was changed must not be answered out of the store.
  const parts = recordings.flatMap(({ model: by, units, reasoning, content }) => [
    by,
    unitsKey(units),
    reasoning,
    content,
  ])
  return {
    name: 'replay',
    offline: true,
    model,
    parameters: { recordings: contentId(...parts) },
    reason,
  }
}

function chooseModel(recordings: readonly Recording[], { folder, model }: ReplaySettings): string {
  const counts = [...Map.groupBy(recordings, (recording) => recording.model)]
    .map(([name, its]) => ({ name, count: its.length }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
  const chosen = model === undefined ? counts[0] : counts.find(({ name }) => name === model)
  if (chosen !== undefined) return chosen.name
  const list = counts.map(({ name, count }) => `${name} (${count})`).join(', ')
  throw new UsageError('no-recording', `No reply of ${model} is recorded in ${folder}.`, {
    hint: `Recorded are: ${list}.`,
    place: folder,
  })
}

function unitsKey(units: readonly Pick<QuestionUnit, 'speaker' | 'text'>[]): string {
  return contentId(...units.flatMap(({ speaker, text }) => [speaker === null ? 'no' : `by ${speaker}`, text]))
}

/** What a model thought inline was recorded as part of its content. */
function separate({ reasoning, content }: Recording): { readonly reasoning: string; readonly answer: string } {
  return reasoning.trim() === '' ? splitThinkTags(content) : { reasoning, answer: content }
}

function cut(text: string): readonly string[] {
  const pieces: string[] = []
  const length = Math.max(1, Math.ceil(text.length / PIECES))
  for (let start = 0; start < text.length;) {
    let end = start + length
    // No half of a surrogate pair on either side.
    if (/[\udc00-\udfff]/.test(text[end] ?? '')) end++
    pieces.push(text.slice(start, end))
    start = end
  }
  return pieces
}

function noRecording(units: readonly QuestionUnit[], recordings: readonly Recording[]): EngineError {
  const sources = [...new Set(recordings.map(({ source }) => source))].toSorted()
  const list = sources.slice(0, 10).join(', ') + (sources.length > 10 ? ` and ${sources.length - 10} more` : '')
  const count = `${recordings.length} recording${recordings.length === 1 ? '' : 's'}`
  const first = units[0]?.text.slice(0, 60) ?? ''
  const message = `No reply is recorded about these ${units.length} units ("${first}"); there are ${count}, of ${list}.`
  return new EngineError('no-recording', message, {
    engine: 'replay',
    hint: 'Units must be the recorded ones, letter for letter. For other texts, choose an engine that reasons.',
  })
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new EngineError('aborted', 'The replay was aborted.', { engine: 'replay' })
}

const recordedUnits = z.array(z.object({ speaker: z.string().nullable(), text: z.string() })).min(1)
const recordedReply = z.object({ model: z.string().min(1), reasoning: z.string(), content: z.string() })
const wholeRecording = recordedReply.extend({ source: z.string(), units: recordedUnits })
const caseRequest = z.object({ units: recordedUnits })

/** Units with what one model replied about them; `source` is for people. */
type Recording = z.infer<typeof wholeRecording>

/** In the order of the file names, so that the choice between equals stays the same. */
async function readRecordings(folder: string): Promise<readonly Recording[]> {
  const recordings: Recording[] = []
  for (const entry of await listFolder(folder)) {
    const path = join(folder, entry.name)
    if (!entry.isDirectory()) {
      if (entry.name.endsWith('.json')) recordings.push(await readJson(path, wholeRecording))
      continue
    }
    const names = (await listFolder(path)).map(({ name }) => name)
    // A folder with neither is none of ours; one with only one of them is a mistake, and reading says which.
    if (!names.includes('request.json') && !names.includes('reply.json')) continue
    const { units } = await readJson(join(path, 'request.json'), caseRequest)
    recordings.push({ source: entry.name, units, ...(await readJson(join(path, 'reply.json'), recordedReply)) })
  }
  if (recordings.length > 0) return recordings
  throw new UsageError('no-recordings', `${folder} holds no recorded replies.`, {
    hint: 'It should hold <file>.json with source, model, units, reasoning and content, or folders of cases.',
    place: folder,
  })
}

async function listFolder(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    throw new UsageError('bad-folder', `${folder}: cannot be read as a folder of recorded replies.`, {
      hint: 'Name the folder that holds the recordings.',
      place: folder,
      cause,
    })
  }
}

async function readJson<T>(path: string, shape: z.ZodType<T>): Promise<T> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    const what = cause instanceof SyntaxError ? `is not valid JSON (${cause.message})` : 'cannot be read'
    throw new InputError('bad-recording', `${path}: ${what}.`, { place: path, cause })
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const what = `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'is not as expected'}`
  throw new InputError('bad-recording', `${path} is no recorded reply; ${what}.`, {
    hint: 'It needs model, reasoning and content as text, and units with speaker and text.',
    place: path,
  })
}
