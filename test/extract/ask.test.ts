import { describe, expect, test } from 'vitest'
import type { Engine, EngineEvent } from '../../src/engines/engine.ts'
import { ask } from '../../src/extract/ask.ts'
import { NO_JOURNAL } from '../../src/extract/journal.ts'
import { EngineError } from '../../src/model/errors.ts'
import { REQUEST } from '../engines/wire/run.ts'

const usage = { input: 10, cachedInput: null, output: 5, reasoning: 5 }

function askFor(events: readonly EngineEvent[], error: EngineError | null, signal = new AbortController().signal) {
  const engine: Engine = {
    name: 'test',
    model: 'asked',
    parameters: {},
    async *reason() {
      yield* events
      if (error !== null) throw error
    },
  }
  return ask(
    engine,
    REQUEST,
    { chunkId: 'chunk', fingerprint: 'f', requestHash: 'r', runId: 'run', journal: NO_JOURNAL },
    signal,
  )
}

describe('a reply that breaks off', () => {
  const cut = new EngineError('cut', 'cut', { engine: 'test' })
  const thought = { type: 'reasoning-delta', text: 'S1 says' } as const

  test('keeps what its engine knew of it', async () => {
    const known = { type: 'broken-off', usage, model: 'named', traceKind: 'summary' } as const
    const { reply, error } = await askFor([thought, known], cut)
    expect(error).toBe(cut)
    expect(reply).toMatchObject({ reasoning: 'S1 says', finish: 'failed', usage, model: 'named', traceKind: 'summary' })
    expect((await askFor([thought, known], cut, AbortSignal.abort())).reply).toMatchObject({
      finish: 'aborted',
      traceKind: 'summary',
    })
  })

  test('of an engine that says nothing is what it looks like', async () => {
    expect((await askFor([thought], cut)).reply).toMatchObject({ traceKind: 'raw', model: 'asked', finish: 'failed' })
    expect((await askFor([], cut)).reply).toMatchObject({ traceKind: 'none', usage: { input: null } })
  })

  test('is told where the engine itself does not', async () => {
    const { error, reply } = await askFor([thought], null)
    expect(error).toMatchObject({ code: 'broken-reply', retryable: true })
    expect(reply.finish).toBe('failed')
  })
})
