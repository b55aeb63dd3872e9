import { expect, it } from 'vitest'
import { correct, type Checked, type Corrected } from '../../src/lessons/correct.ts'
import type { ContractAnswer } from '../../src/lessons/formats.ts'
import type { Stand } from '../../src/lessons/stand.ts'
import type { Evidence, Proposal } from '../../src/model/proposal.ts'
import { schemaFile } from '../../src/model/schema.ts'
import { answerWith } from '../scripted-engine.ts'

const SCHEMA = schemaFile.parse({ open: true, linkTypes: [{ name: 'LEADS', aliases: ['HEADS'] }] })
const ACCEPTED: Stand = { verdict: 'accept', reason: null }
const REJECTED: Stand = { verdict: 'reject', reason: 'wrong object' }

const quoted = (quote: string, s: number, grounding: Evidence['grounding'] = 'exact') =>
  ({ quote, s, grounding, claimed: quote }) as Evidence

function proposal(changes: Partial<Proposal>): Proposal {
  return {
    index: 0,
    subject: { name: 'Ana', type: 'Actor', aliases: [] },
    type: 'LEADS',
    object: { name: 'Kestrel', type: 'Actor', aliases: [] },
    polarity: 'asserted',
    support: 'stated',
    when: null,
    why: 'because',
    confidence: 0.9,
    evidence: [quoted('Ana leads Kestrel.', 1)],
    ...changes,
  } as Proposal
}

const CONTENT = answerWith([
  { subject: 'Ana', type: 'HEADS', object: 'Kestrel', quote: 'ana leads kestrel' },
  { subject: 'Ana', type: 'KNOWS', object: 'Ben', quote: 'Ana knows Ben.' },
])

function corrected(checked: Partial<Checked>, content = CONTENT): Corrected & { answer: ContractAnswer } {
  const outcome = correct(content, 9, { proposals: [], standOf: () => ACCEPTED, added: [], ...checked }, SCHEMA)
  if ('leftOut' in outcome) throw new Error(outcome.leftOut)
  return { ...outcome.lesson, answer: JSON.parse(outcome.lesson.corrected) as ContractAnswer }
}

const leftOut = (checked: Partial<Checked>, content = CONTENT) =>
  correct(content, 9, { proposals: [proposal({})], standOf: () => ACCEPTED, added: [], ...checked }, SCHEMA)

it('has the types of the schema, the quotes of the source, and nothing that was refused when it was read', () => {
  const { answer, given, changed } = corrected({
    proposals: [proposal({ evidence: [quoted('Ana leads Kestrel', 3)] })],
  })
  expect(answer.links).toHaveLength(1)
  expect(answer.links[0]).toMatchObject({ type: 'LEADS', evidence: [{ s: 3, quote: 'Ana leads Kestrel' }] })
  expect((JSON.parse(given) as ContractAnswer).links.map(({ type }) => type)).toEqual(['HEADS', 'KNOWS'])
  expect(changed).toBe(false)
})

it('has what people put in the place of a link, or added, with the entities that they named', () => {
  const fixed = proposal({
    index: -1,
    object: { name: 'Osprey', type: 'Project', aliases: [] },
    evidence: [quoted('and Osprey too', 2)],
    why: 'a person says so',
  })
  const { answer, changed } = corrected({ proposals: [proposal({})], standOf: () => REJECTED, added: [fixed] })
  expect(changed).toBe(true)
  const [ana, , , osprey] = answer.entities
  expect([ana?.name, osprey]).toEqual([
    'Ana',
    { id: 'e4', name: 'Osprey', type: 'Project', aliases: [], mentions: [2] },
  ])
  expect(answer.links).toEqual([
    {
      subject: 'e1',
      type: 'LEADS',
      object: 'e4',
      evidence: [{ s: 2, quote: 'and Osprey too' }],
      support: 'stated',
      polarity: 'asserted',
      when: null,
      why: 'a person says so',
      confidence: 0.9,
    },
  ])
  expect(answer.rejected).toEqual([{ subject: 'Ana', type: 'LEADS', object: 'Kestrel', reason: 'wrong object' }])
})

it('names the entities e1, e2 …, whatever the model called them, and five rejected links at most', () => {
  const many = Array.from({ length: 7 }, (_, index) => ({
    subject: 'Ana',
    type: 'LEADS',
    object: `P${index}`,
    quote: 'x',
  }))
  const content = answerWith(many).replaceAll(/"e(\d)/g, '"ent-$1')
  const proposals = many.map(({ object }, index) =>
    proposal({ index, object: { name: object, type: 'Actor', aliases: [] } }),
  )
  const standOf = ({ index }: Proposal): Stand => (index === 6 ? ACCEPTED : REJECTED)
  const { answer } = corrected({ proposals, standOf }, content)
  expect(answer.entities.map(({ id }) => id)).toEqual(['e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7', 'e8'])
  expect(answer.links.map(({ object }) => object)).toEqual(['e8'])
  expect(answer.rejected).toHaveLength(5)
})

it('is none where a verdict does not tell what the answer should have been', () => {
  expect(leftOut({ standOf: () => ({ leftOut: 'undecided' }) })).toEqual({ leftOut: 'undecided' })
  expect(leftOut({ proposals: [proposal({ polarity: 'hedged' })] })).toEqual({ leftOut: 'not-asserted' })
  expect(leftOut({ proposals: [proposal({ evidence: [quoted('', 1, 'missing')] })] })).toEqual({
    leftOut: 'missing-quote',
  })
  expect(leftOut({ proposals: [proposal({ doubts: ['asked-for'] })] })).toEqual({ leftOut: 'planted' })
  expect(leftOut({ proposals: [proposal({ type: 'leads' })] })).toEqual({ leftOut: 'off-contract' })
})

it('keeps what the source denies or hedges as the model told it', () => {
  const proposals = [proposal({ polarity: 'negated' })]
  const { answer, changed } = corrected({ proposals, standOf: () => REJECTED })
  expect(answer.links).toHaveLength(1)
  expect(answer.rejected).toEqual([])
  expect(changed).toBe(false)
})

it('a link that the model told from its other end stands the other way round', () => {
  const schema = schemaFile.parse({ linkTypes: [{ name: 'LEADS', inverse: 'LED_BY' }] })
  const content = answerWith([{ subject: 'Kestrel', type: 'led by', object: 'Ana', quote: 'Kestrel is led by Ana.' }])
  const checked = { proposals: [proposal({})], standOf: () => ACCEPTED, added: [] }
  const outcome = correct(content, 9, checked, schema)
  if ('leftOut' in outcome) throw new Error(outcome.leftOut)
  const { entities, links } = JSON.parse(outcome.lesson.corrected) as ContractAnswer
  const nameOf = (id: string | undefined) => entities.find((entity) => entity.id === id)?.name
  expect([nameOf(links[0]?.subject), links[0]?.type, nameOf(links[0]?.object)]).toEqual(['Ana', 'LEADS', 'Kestrel'])
})
