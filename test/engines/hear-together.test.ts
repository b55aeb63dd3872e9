import { expect, test } from 'vitest'
import { createReplyReader } from '../../src/engines/chat/read-reply.ts'
import type { Words } from '../../src/engines/engine.ts'
import { hearTogether } from '../../src/engines/request/hear-together.ts'

const delta = (delta: object): object => ({ choices: [{ delta }] })

test('words of one kind that came together are one piece, in their order', () => {
  const chunks = [
    delta({ reasoning_content: 'S1 ' }),
    delta({ reasoning_content: 'says so.' }),
    delta({}),
    delta({ content: '{"a":' }),
    delta({ content: '1}' }),
  ]
  expect([...hearTogether(chunks, createReplyReader('m'))]).toEqual([
    { type: 'reasoning-delta', text: 'S1 says so.' },
    { type: 'answer-delta', text: '{"a":1}' },
  ])
})

test('what was heard before an error comes before it', () => {
  const heard: Words[] = []
  const hearAll = (): void => {
    const chunks = [delta({ content: '{"a"' }), delta({ content: ':' }), { error: { message: 'engine died' } }]
    for (const words of hearTogether(chunks, createReplyReader('m'))) heard.push(words)
  }
  expect(hearAll).toThrow('engine died')
  expect(heard).toEqual([{ type: 'answer-delta', text: '{"a":' }])
})
