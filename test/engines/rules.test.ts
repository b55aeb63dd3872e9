import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { LINK_RULES } from '../../src/engines/rules/links.ts'
import { createRulesEngine } from '../../src/engines/rules/engine.ts'
import type { EngineEvent } from '../../src/engines/engine.ts'
import type { UnitKind } from '../../src/model/document.ts'
import type { Question } from '../../src/model/question.ts'
import { DEFAULT_SCHEMA, LINK_TYPE, schemaFile } from '../../src/model/schema.ts'

const OPEN = schemaFile.parse({ entityTypes: DEFAULT_SCHEMA.entityTypes })

/** The contract between prompt and reply, every key present. */
const contract = z.strictObject({
  summary: z.string(),
  labels: z.array(z.strictObject({ label: z.string().min(1), s: z.array(z.int().min(1)) })).max(5),
  entities: z.array(
    z.strictObject({
      id: z.string().regex(/^e\d+$/),
      name: z.string().min(1),
      type: z.string().min(1),
      aliases: z.array(z.string().min(1)),
      mentions: z.array(z.int().min(1)),
    }),
  ),
  links: z.array(
    z.strictObject({
      subject: z.string().regex(/^e\d+$/),
      type: z.string().regex(LINK_TYPE),
      object: z.string().regex(/^e\d+$/),
      evidence: z.array(z.strictObject({ s: z.int().min(1), quote: z.string().min(1) })).min(1),
      support: z.enum(['stated', 'inferred']),
      polarity: z.enum(['asserted', 'negated', 'hedged']),
      when: z.string().nullable(),
      why: z.string().min(1),
      confidence: z.number().min(0).max(1),
    }),
  ),
  rejected: z
    .array(z.strictObject({ subject: z.string(), type: z.string(), object: z.string(), reason: z.string() }))
    .max(5),
})
type Answer = z.infer<typeof contract>

interface UnitCase {
  readonly text: string
  readonly speaker?: string
  readonly kind?: UnitKind
}

function ask(units: readonly UnitCase[], changes: Partial<Question> & { title?: string } = {}): Question {
  const { title = 'Notes', ...rest } = changes
  return {
    source: { title, kind: 'document', date: null },
    units: units.map(({ text, speaker, kind }, index) => ({
      s: index + 1,
      kind: kind ?? (speaker === undefined ? 'sentence' : 'utterance'),
      speaker: speaker ?? null,
      start: null,
      text,
    })),
    schema: OPEN,
    known: [],
    ...rest,
  }
}

async function run(question: Question): Promise<{ answer: Answer; trace: string; events: EngineEvent[] }> {
  const events: EngineEvent[] = []
  for await (const event of createRulesEngine().reason({ question, prompt: '' }, new AbortController().signal)) {
    events.push(event)
  }
  const join = (type: 'answer-delta' | 'reasoning-delta'): string =>
    events.map((event) => (event.type === type ? event.text : '')).join('')
  const answer = contract.parse(JSON.parse(join('answer-delta')))
  for (const link of answer.links) {
    expect(link.subject).not.toBe(link.object)
    for (const { s, quote } of link.evidence) {
      expect(question.units.find((unit) => unit.s === s)?.text).toContain(quote)
      expect(quote.split(/\s+/).length).toBeLessThanOrEqual(30)
    }
  }
  return { answer, trace: join('reasoning-delta'), events }
}

const SIGNS = { asserted: '', negated: '!', hedged: '?' }

function spell(answer: Answer): string[] {
  const names = new Map(answer.entities.map((entity) => [entity.id, entity.name]))
  return answer.links.map(
    (link) => `${SIGNS[link.polarity]}${names.get(link.subject)} ${link.type} ${names.get(link.object)}`,
  )
}

const read = (name: string): string => readFileSync(new URL(`../../fixtures/rules/${name}`, import.meta.url), 'utf8')
interface LinkCase {
  readonly rule: string
  readonly text: string
  readonly link: string
  readonly polarity?: 'negated' | 'hedged'
  readonly when?: string
  readonly not: string
}
interface ShapeCase {
  readonly shows: string
  readonly title?: string
  readonly units: readonly UnitCase[]
  readonly links: readonly string[]
  readonly rejected?: number
}
const linkCases = JSON.parse(read('links.json')) as LinkCase[]
const shapeCases = JSON.parse(read('shapes.json')) as ShapeCase[]

test('every rule of the tables has a case', () => {
  expect(linkCases.map(({ rule }) => rule)).toEqual(LINK_RULES.map(({ name }) => name))
})

test.each(linkCases)('rule $rule: $text', async ({ rule, text, link, polarity, when, not }) => {
  const { answer, trace } = await run(ask([{ text }]))
  expect(spell(answer)).toContain(`${SIGNS[polarity ?? 'asserted']}${link}`)
  expect(trace).toContain(`S1: rule "${rule}" matches`)
  expect(trace).toContain(link)
  if (when !== undefined) expect(answer.links.map((found) => found.when)).toContain(when)
  const refused = await run(ask([{ text: not }]))
  expect(refused.trace).not.toContain(`rule "${rule}" matches`)
})

test.each(shapeCases)('$shows', async ({ title, units, links, rejected }) => {
  const { answer } = await run(ask(units, title === undefined ? {} : { title }))
  expect(spell(answer).toSorted()).toEqual([...links].toSorted())
  if (rejected !== undefined) expect(answer.rejected).toHaveLength(rejected)
})

test('names links and entities as the schema does, checks their ends, and swaps where it is the other way round', async () => {
  const units = [
    { text: 'Billing Operations, headed by Tevita Fonua, owns BRASS.' },
    { text: 'BRASS depends on Ferrypoint.' },
  ]
  const schema = schemaFile.parse({
    open: false,
    entityTypes: [{ name: 'Person' }, { name: 'Company' }, { name: 'Software' }],
    linkTypes: [
      { name: 'LED_BY', from: ['Company'], to: ['Person'] },
      { name: 'CARES_FOR', aliases: ['OWNS'], from: ['Company'], to: ['Software'] },
      { name: 'DEPENDS_ON', from: ['Company'], to: ['Company'] },
    ],
  })
  const { answer } = await run(ask(units, { schema }))
  expect(spell(answer)).toEqual(['Billing Operations LED_BY Tevita Fonua', 'Billing Operations CARES_FOR BRASS'])
  expect(new Set(answer.entities.map((entity) => entity.type))).toEqual(new Set(['Company', 'Person', 'Software']))
})

test('finishes once, says what its trace is, and answers the same twice', async () => {
  const question = ask([{ text: 'Brinetally replaces BRASS.' }])
  const first = await run(question)
  expect(await run(question)).toEqual(first)
  expect(first.events.filter((event) => event.type === 'finish')).toHaveLength(1)
  expect(first.events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop', model: 'rules-2', traceKind: 'rule' })
  const nothing = await run(ask([{ text: 'It rained.' }]))
  expect(nothing.events.at(-1)).toMatchObject({ traceKind: 'none' })
  expect(nothing.events.some((event) => event.type === 'reasoning-delta')).toBe(false)
})

test('a speaker is "I" and a given name is the one person who has it', async () => {
  const { answer } = await run(
    ask([
      { speaker: 'Amara Okafor', text: "I'm leading Project Saltmarsh, and Zuzana sponsors it." },
      { speaker: 'Zuzana Křížová (Finance)', text: 'Jonas still reports to me.' },
      { speaker: 'Jonas Vettergren', text: 'True.' },
    ]),
  )
  expect(spell(answer)).toEqual(['Amara Okafor LEADS Project Saltmarsh', 'Jonas Vettergren REPORTS_TO Zuzana Křížová'])
})

const KINDS: UnitKind[] = ['heading', 'sentence', 'item', 'row', 'utterance']
const PIECES = [
  'Ana Ruiz',
  ' leads ',
  'Project Saltmarsh',
  ' (',
  ')',
  ', headed by ',
  "I'll send ",
  '[Bob] ',
  '@bob',
  ' | ',
  '. ',
  '\n',
  '🙂',
  '\u0007',
  'AI: ',
  ' not ',
  '?',
  "'s ",
  'EIP 1 ',
  ' to ',
  '~~',
  'https://x.y/',
]

test('never throws and only quotes what stands there, whatever it is given', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join('')),
  )
  const unit = fc.record({
    text,
    speaker: fc.option(fc.oneof(fc.constantFrom('Ana Ruiz', 'Bob (Besu)', 'Iván | ethrex'), fc.string()), {
      nil: undefined,
    }),
    kind: fc.constantFrom(...KINDS),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(unit, { maxLength: 8 }), async (units) => {
      await run(ask(units.map(({ speaker, ...rest }) => (speaker === undefined ? rest : { ...rest, speaker }))))
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['letters without end', 'a'.repeat(20_000)],
  ['capitals without end', 'Aa '.repeat(7_000)],
  ['brackets without end', '('.repeat(20_000)],
  ['names and commas', 'Ana Ruiz, '.repeat(2_000)],
  ['spaces', ' '.repeat(20_000)],
  ['quotes', '"I\'ll send '.repeat(2_000)],
])('takes no longer than a moment for %s', async (_, text) => {
  await run(ask([{ text: 'Warm.' }]))
  const start = performance.now()
  await run(
    ask([
      { text, kind: 'item' },
      { text, speaker: text.slice(0, 300) },
    ]),
  )
  expect(performance.now() - start).toBeLessThan(2_000)
})
