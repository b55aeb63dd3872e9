import { expect, it } from 'vitest'
import { IngestTally } from '../src/ingest-summary.ts'
import type { Reply } from '../src/model/reply.ts'

it('a model may be called as it likes', () => {
  const tally = new IngestTally(() => {})
  const usage = { input: 3, cachedInput: null, output: 4, reasoning: null }
  for (const model of ['__proto__', '__proto__', 'constructor']) tally.reply({ model, usage } as Reply, 'asked')
  expect(({} as Record<string, unknown>)['replies']).toBeUndefined()
  expect(Object.entries(tally.summary().usage)).toEqual([
    ['__proto__', { replies: 2, input: 6, cachedInput: null, output: 8, reasoning: null }],
    ['constructor', { replies: 1, input: 3, cachedInput: null, output: 4, reasoning: null }],
  ])
})
