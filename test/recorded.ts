import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChunkUnit } from '../src/model/chunk.ts'

/** Where material lies that is read but not ours to commit; tests of it are skipped in a clone without it. */
const SHARED = new URL('../../shared/', import.meta.url).pathname
const CASES = join(SHARED, 'contract/cases')
export const ORGANISATION = join(SHARED, 'data/organisation')
export const SAMPLE = new URL('../fixtures/sample/', import.meta.url).pathname
export const haveShared = existsSync(CASES)

export interface Recorded {
  readonly name: string
  readonly model: string
  readonly units: readonly ChunkUnit[]
  readonly reasoning: string
  readonly content: string
  readonly flaws: readonly { link: number | null; flaw: string; note: string }[]
}

interface RecordedUnit {
  readonly s: number
  readonly speaker: string | null
  readonly start: string | null
  readonly text: string
}

type Flaw = { file: string; link: number | null; flaw: string; note: string }

/** The recorded replies of the sample, with what is known to be wrong with them. */
export function sampleReplies(): Recorded[] {
  const flaws = readJson<Flaw[]>(join(SAMPLE, 'flaws.json'))
  return readdirSync(join(SAMPLE, 'replies')).map((file) => {
    const reply = readJson<{ model: string; units: RecordedUnit[]; reasoning: string; content: string }>(
      join(SAMPLE, 'replies', file),
    )
    return {
      ...reply,
      name: file,
      units: place(reply.units),
      flaws: flaws.filter((flaw) => flaw.file === `replies/${file}`),
    }
  })
}

/** The recorded cases beside the contract. */
export function contractCases(): Recorded[] {
  return readdirSync(CASES)
    .filter((name) => existsSync(join(CASES, name, 'reply.json')))
    .map((name) => {
      const read = <T>(file: string): T => readJson<T>(join(CASES, name, file))
      const { units } = read<{ units: RecordedUnit[] }>('request.json')
      const reply = read<{ model: string; reasoning: string; content: string }>('reply.json')
      return { ...reply, name, units: place(units), flaws: read<Recorded['flaws']>('flaws.json') }
    })
}

/** Units laid one behind the other, a line break between them. */
function place(units: readonly RecordedUnit[]): ChunkUnit[] {
  let at = 0
  return units.map(({ s, speaker, start, text }) => {
    const unit: ChunkUnit = {
      s,
      kind: speaker === null ? 'sentence' : 'utterance',
      start: at,
      end: at + text.length,
      place: { ...(speaker === null ? {} : { speaker }), ...(start === null ? {} : { time: start }) },
      text,
    }
    at += text.length + 1
    return unit
  })
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T
}
