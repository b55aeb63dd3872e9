import { afterEach } from 'vitest'
import type { Engine, EngineEvent, EngineRequest } from '../../../src/engines/engine.ts'
import type { RetryClock } from '../../../src/engines/request/retry.ts'
import { EngineError } from '../../../src/model/errors.ts'
import { DEFAULT_SCHEMA } from '../../../src/model/schema.ts'
import { readWireFile, startWireServer } from './server.ts'
import type { WireRoutes, WireScript, WireServer } from './server.ts'

export const KEY = 'sk-test-0123456789abcdef'

export const REQUEST: EngineRequest = {
  prompt: 'Who leads Saltmarsh? Answer in json.',
  question: {
    source: { title: 'Charter', kind: 'document', date: null },
    units: [],
    schema: DEFAULT_SCHEMA,
    known: [],
  },
}

/** What all wire files say, in the words of their providers. */
const REPLY = JSON.parse(readWireFile('deepseek.json').toString()).choices[0].message
export const THINKING: string = REPLY.reasoning_content
export const ANSWER: string = REPLY.content

const servers: WireServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

/** A server that is closed after the test. */
export async function serve(script: WireScript | WireRoutes): Promise<WireServer> {
  const server = await startWireServer(script)
  servers.push(server)
  return server
}

/** A clock that never really waits: its time is that of its sleeps. */
export function fakeClock(): RetryClock & { readonly waits: number[] } {
  const waits: number[] = []
  let now = Date.parse('2026-11-13T00:00:00Z')
  return {
    waits,
    sleep: async (milliseconds) => {
      waits.push(milliseconds)
      now += milliseconds
    },
    now: () => now,
    random: () => 0,
  }
}

export interface Outcome {
  reasoning: string
  answer: string
  readonly events: EngineEvent[]
  finish: Extract<EngineEvent, { type: 'finish' }> | null
  brokenOff: Extract<EngineEvent, { type: 'broken-off' }> | null
  error: EngineError | null
}

/** Collects all that comes of one question. */
export async function run(engine: Engine, signal = new AbortController().signal): Promise<Outcome> {
  const outcome: Outcome = { reasoning: '', answer: '', events: [], finish: null, brokenOff: null, error: null }
  try {
    for await (const event of engine.reason(REQUEST, signal)) {
      outcome.events.push(event)
      if (event.type === 'reasoning-delta') outcome.reasoning += event.text
      else if (event.type === 'answer-delta') outcome.answer += event.text
      else if (event.type === 'finish') outcome.finish = event
      else outcome.brokenOff = event
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    outcome.error = error
  }
  return outcome
}
