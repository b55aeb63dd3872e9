import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AlignInput, AlignUnit } from '../../src/extract/align/reading.ts'
import { parseAnswer } from '../../src/extract/parse.ts'
import type { Span } from '../../src/model/trace.ts'

/** What a reader judged about one link: the passages of the trace that argue for it, and those that weigh it. */
export interface JudgedLink {
  readonly link: number
  readonly for: readonly Span[]
  readonly weighing: readonly Span[]
}

/** A reply with its judged alignment. */
export interface JudgedCase {
  readonly name: string
  readonly model: string
  readonly input: AlignInput
  readonly judged: readonly JudgedLink[]
}

export interface CaseSet {
  readonly layout: 'cases' | 'sample'
  readonly cases: readonly JudgedCase[]
}

interface RecordedReply {
  readonly model: string
  readonly reasoning: string
  readonly content?: string
  readonly answer?: unknown
  readonly units?: readonly AlignUnit[]
}

/**
 * Reads `DIR/<case>/{request,reply,alignment}.json`, or the sample's `replies/*.json` and `alignment/*.json`.
 * Cases without a judged alignment are passed over.
 */
export function loadCases(directory: string): CaseSet {
  const read = <T>(...path: string[]): T => JSON.parse(readFileSync(join(directory, ...path), 'utf8')) as T
  const open = (
    name: string,
    reply: RecordedReply,
    units: readonly AlignUnit[],
    judged: readonly JudgedLink[],
  ): JudgedCase => {
    const content = reply.content ?? JSON.stringify(reply.answer ?? null)
    const { answer } = parseAnswer(content, units.length)
    return { name, model: reply.model, input: { reasoning: reply.reasoning, answer, units }, judged }
  }
  if (existsSync(join(directory, 'replies')) && existsSync(join(directory, 'alignment'))) {
    const files = readdirSync(join(directory, 'replies')).filter((file) =>
      existsSync(join(directory, 'alignment', file)),
    )
    const cases = files.toSorted().map((file) => {
      const reply = read<RecordedReply>('replies', file)
      return open(file.replace(/\.json$/, ''), reply, reply.units ?? [], read('alignment', file))
    })
    return { layout: 'sample', cases }
  }
  const names = existsSync(directory)
    ? readdirSync(directory).filter((name) => existsSync(join(directory, name, 'alignment.json')))
    : []
  if (names.length === 0)
    throw new Error(
      `${directory}: no judged cases. Expected <case>/{request,reply,alignment}.json, or replies/ and alignment/.`,
    )
  const cases = names.toSorted().map((name) => {
    const { units } = read<{ units: readonly AlignUnit[] }>(name, 'request.json')
    return open(name, read(name, 'reply.json'), units, read(name, 'alignment.json'))
  })
  return { layout: 'cases', cases }
}

/** Whether at least half of `span` lies in `others`, as the scorer counts it. */
export function covered([start, end]: Span, others: readonly Span[]): boolean {
  let total = 0
  let reached = start
  for (const [from, to] of others.toSorted((one, other) => one[0] - other[0])) {
    const begin = Math.max(from, reached)
    const stop = Math.min(to, end)
    if (stop <= begin) continue
    total += stop - begin
    reached = stop
  }
  return total * 2 >= end - start
}

/** `openjs` of `openjs-3`: cases of one source share names. */
export function sourceOf({ name }: JudgedCase): string {
  return name.replace(/-\d+$/, '')
}
