import { expect, it } from 'vitest'
import { createNumberSteps } from '../../src/extract/number-steps.ts'
import type { Proposal } from '../../src/model/proposal.ts'
import type { Reply } from '../../src/model/reply.ts'

const SENTENCE = 'This is a sentence of it.'

function number(sentences: number, names: number) {
  const entities = Array.from({ length: names }, (_, at) => ({
    id: `e${at}`,
    name: `name ${at}`,
    type: 'Actor',
    aliases: [],
    mentions: [1],
  }))
  const content = JSON.stringify({ summary: '', labels: [], entities, links: [], rejected: [] })
  const reasoning = `${SENTENCE} `.repeat(sentences)
  const start = SENTENCE.length + 1
  const steps = [{ start, end: start + SENTENCE.length, text: SENTENCE }]
  return createNumberSteps({ reasoning, content } as Reply)({ steps, index: 0 } as unknown as Proposal)
}

it('numbers no steps of a trace that takes too long to split', () => {
  expect(number(3, 2)).toEqual({ numbers: [2], of: 3 })
  expect(number(15_000, 50)).toEqual({ numbers: [2], of: 15_000 })
  expect(number(15_000, 1000)).toBeNull()
  expect(number(40_000, 0)).toBeNull()
})
