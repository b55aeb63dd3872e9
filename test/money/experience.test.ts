import { describe, expect, it } from 'vitest'
import type { ReplyGroup } from '../../src/model/reply-group.ts'
import { expectReply, experienceOf, learn, worstCase } from '../../src/money/experience.ts'

const group = (more: Partial<ReplyGroup>): ReplyGroup => ({
  engine: 'chat',
  model: 'r1',
  fingerprint: 'f',
  finish: 'stop',
  cost: null,
  replies: 10,
  counted: 10,
  usage: { input: 10_000, cachedInput: null, output: 30_000, reasoning: 20_000 },
  reasoningEstimate: null,
  longest: 5000,
  milliseconds: 600_000,
  ...more,
})
const asked = { engine: 'chat', model: 'r1', fingerprint: 'f' }
const none = experienceOf([], asked)

describe('what a reply is likely to take', () => {
  it('is what earlier replies took for each token of their prompts', () => {
    const seen = experienceOf([group({})], asked)
    expect(expectReply(seen, 2000)).toEqual({ output: 6000, reasoning: 4000, milliseconds: 60_000 })
  })

  it('counts requests of the same kind, else the model under any, never another model', () => {
    const other = group({ fingerprint: 'g', longest: 9000 })
    expect(experienceOf([group({}), other], asked).replies).toBe(10)
    expect(experienceOf([other], asked)).toMatchObject({ replies: 10, longest: 9000 })
    expect(experienceOf([group({ fingerprint: 'g', model: 'r2' })], asked)).toEqual(none)
  })

  it('leaves out what broke off and what was paid for before', () => {
    const copies = group({ cost: { amount: 0, currency: null, basis: 'free' } })
    expect(experienceOf([group({ finish: 'failed' }), group({ finish: 'aborted' }), copies], asked)).toEqual(none)
  })

  it('where nothing is known, is assumed', () => {
    expect(expectReply(none, 1000)).toEqual({ output: 2000, reasoning: 600, milliseconds: 50_000 })
  })

  it('a server that counts nothing still shows how long its replies take', () => {
    const uncounted = { input: null, cachedInput: null, output: null, reasoning: null }
    const seen = experienceOf([group({ counted: 0, usage: uncounted, longest: 0 })], asked)
    expect(expectReply(seen, 1000)).toEqual({ output: 2000, reasoning: 600, milliseconds: 60_000 })
  })
})

describe('the most that a request can take', () => {
  it('of the prompt, its bytes; of the reply, what the request allows', () => {
    expect(worstCase('äöü', 500, none)).toEqual({ input: 206, output: 500 })
  })

  it('without a limit, the longest that such models say; after twenty replies, twice the longest', () => {
    const longest = { output: 1000, input: 500, cachedInput: null, reasoning: null }
    let seen = none
    for (let i = 0; i < 19; i++) seen = learn(seen, longest, 1)
    expect(worstCase('', null, seen).output).toBe(32_768)
    expect(worstCase('', null, learn(seen, longest, 1)).output).toBe(2000)
    expect(worstCase('', null, learn(none, { ...longest, output: 40_000 }, 1)).output).toBe(80_000)
  })
})
