import { expect, it } from 'vitest'
import { FREE } from '../../src/model/reply.ts'
import type { ReplyGroup } from '../../src/model/reply-group.ts'
import { spendingByModel } from '../../src/money/spending.ts'

const NONE = { input: 0, cachedInput: 0, output: 0, reasoning: 0 }
const PAID: ReplyGroup = {
  engine: 'chat',
  model: 'r1',
  fingerprint: 'f',
  finish: 'stop',
  cost: { amount: 3, currency: 'usd', basis: 'counted' },
  replies: 2,
  counted: 2,
  usage: { input: 10, cachedInput: 0, output: 20, reasoning: 5 },
  reasoningEstimate: null,
  longest: 12,
  milliseconds: 100,
}

it('a copy of a reply for another chunk is no reply more', () => {
  const copies = { ...PAID, cost: FREE, replies: 5, counted: 5, usage: NONE }
  const { replies, output, uncounted } = spendingByModel([PAID, copies]).get('r1') ?? {}
  expect([replies, output, uncounted]).toEqual([2, 20, 0])
})

it('what rules say, and what was recorded, is', () => {
  const nothing = { input: null, cachedInput: null, output: null, reasoning: null }
  const rules = { ...PAID, model: 'rules', cost: FREE, counted: 0, usage: nothing }
  const recorded = { ...PAID, model: 'recorded', cost: FREE }
  const byModel = spendingByModel([rules, recorded])
  expect([byModel.get('rules')?.replies, byModel.get('recorded')?.replies]).toEqual([2, 2])
})
