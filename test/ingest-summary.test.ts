import { expect, it } from 'vitest'
import { IngestTally } from '../src/tally/ingest-tally.ts'
import type { Reply } from '../src/model/reply.ts'

it('a model may be called as it likes', () => {
  const tally = new IngestTally(() => {})
  const usage = { input: 3, cachedInput: null, output: 4, reasoning: null }
  const said = { usage, cost: null, finish: 'stop', traceKind: 'none', reasoning: '', content: 'x' } as const
  for (const model of ['__proto__', '__proto__', 'constructor']) tally.paid({ ...said, model } as Reply)
  expect(({} as Record<string, unknown>)['replies']).toBeUndefined()
  expect(Object.entries(tally.summary().usage)).toEqual([
    ['__proto__', expect.objectContaining({ replies: 2, input: 6, output: 8, reasoning: null })],
    ['constructor', expect.objectContaining({ replies: 1, input: 3, output: 4, reasoning: null })],
  ])
})
