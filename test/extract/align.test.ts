import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { covered, loadCases } from '../../bench/alignment/cases.ts'
import { leaveOneOut } from '../../bench/alignment/fit.ts'
import { alignTrace, type AlignInput } from '../../src/extract/align.ts'
import { FIRST_STAGE, SECOND_STAGE, STANCE } from '../../src/extract/align/features.ts'
import { splitSentences } from '../../src/extract/align/sentences.ts'
import { FITTED } from '../../src/extract/align/weights.ts'
import { parseAnswer } from '../../src/extract/parse.ts'
import type { Answer, AnswerLink } from '../../src/model/answer.ts'

const shared = (path: string): string => fileURLToPath(new URL(`../../../shared/${path}`, import.meta.url))
const CASES = shared('contract/cases')
const SAMPLE = shared('sample')

const split = (trace: string, names: readonly string[] = []): string[] =>
  splitSentences(trace, names).map(({ start, end }) => trace.slice(start, end))

describe('splitSentences', () => {
  it('cuts after stops and at line ends', () => {
    expect(split('S1 names Ana. Is that a link? Yes!\nNext… Bo.')).toEqual([
      'S1 names Ana.',
      'Is that a link?',
      'Yes!',
      'Next…',
      'Bo.',
    ])
  })

  it('keeps a quotation and a bracket whole, with what closes them', () => {
    expect(split('He says "No. Not me. Ask Bo." Clear enough.')).toEqual([
      'He says "No. Not me. Ask Bo."',
      'Clear enough.',
    ])
    expect(split('“Done. Over.” Good.')).toEqual(['“Done. Over.”', 'Good.'])
    expect(split('Ana (of Acme. Not Apex.) leads. Good.')).toEqual(['Ana (of Acme. Not Apex.) leads.', 'Good.'])
  })

  it('goes on where a quotation or bracket is never closed', () => {
    expect(split('He says "no. Then he left. The end.')).toEqual(['He says "no.', 'Then he left.', 'The end.'])
    expect(split('Ana (of Acme. Then Bo.')).toEqual(['Ana (of Acme.', 'Then Bo.'])
  })

  it('does not cut after abbreviations, initials, in numbers or before lower case', () => {
    expect(split('Dr. Okafor, e.g. A. Smith, has 0.9. Fine.')).toEqual(['Dr. Okafor, e.g. A. Smith, has 0.9.', 'Fine.'])
    expect(split('So... maybe not.')).toEqual(['So... maybe not.'])
  })

  it('cuts before a name that is written in lower case', () => {
    expect(split('Bo owns it. kubelet does not.', ['kubelet'])).toEqual(['Bo owns it.', 'kubelet does not.'])
    expect(split('Bo owns it. kubelets do not.', ['kubelet'])).toEqual(['Bo owns it. kubelets do not.'])
  })

  it('counts paragraphs at blank lines', () => {
    const paragraphs = splitSentences('One.\nTwo.\n\n  \nThree. Four.\n\n').map(({ paragraph }) => paragraph)
    expect(paragraphs).toEqual([0, 0, 1, 1])
  })

  it('knows the full stop of scripts without spaces', () => {
    expect(split('安娜领导团队。博属于团队。')).toEqual(['安娜领导团队。', '博属于团队。'])
  })

  it('finds sentences in proportion to the length of the trace', () => {
    const trace = 'Ana says "I lead. It is mine." (S1. S2.) Then Bo (of Acme asks "why. No.\n\n'
    const once = splitSentences(trace).length
    expect(splitSentences(trace.repeat(10_000))).toHaveLength(once * 10_000)
    expect(splitSentences('"('.repeat(200_000))).toHaveLength(1)
    expect(splitSentences('a. '.repeat(200_000))).toHaveLength(1)
  })
})

const link = (index: number, subject: string, type: string, object: string, s: number, quote: string): AnswerLink => ({
  index,
  subject,
  type,
  object,
  evidence: [{ s, quote }],
  support: 'stated',
  polarity: 'asserted',
  when: null,
  why: '',
  confidence: 0.9,
})
const entity = (id: string, name: string, type: string) => ({ id, name, type, aliases: [], mentions: [] })

const units = [
  { s: 1, speaker: 'Ana Ruiz', text: "I've been leading Saltmarsh for eight days now." },
  { s: 2, speaker: 'Bo Lindqvist', text: 'And the pump station depends on the new transformer.' },
  { s: 3, speaker: 'Ana Ruiz', text: 'Has anybody seen the minutes?' },
]
const answer: Answer = {
  summary: '',
  labels: [],
  entities: [
    entity('e1', 'Ana Ruiz', 'Person'),
    entity('e2', 'Saltmarsh', 'Project'),
    entity('e3', 'pump station', 'System'),
    entity('e4', 'transformer', 'System'),
    entity('e5', 'Bo Lindqvist', 'Person'),
  ],
  links: [
    link(0, 'e1', 'LEADS', 'e2', 1, "I've been leading Saltmarsh"),
    link(3, 'e3', 'DEPENDS_ON', 'e4', 2, 'the pump station depends on the new transformer'),
    link(4, 'e5', 'MENTORS', 'e1', 3, 'Has anybody seen the minutes?'),
  ],
  rejected: [{ subject: 'Bo Lindqvist', type: 'LEADS', object: 'Saltmarsh', reason: 'only attends' }],
}
const TRACE = `Let me see who is there. Ana Ruiz and Bo Lindqvist are in the room.

S1: "I've been leading Saltmarsh for eight days now". So Ana Ruiz LEADS Saltmarsh, stated, 0.9.

S2: "the pump station depends on the new transformer". That gives pump station DEPENDS_ON transformer.

Bo Lindqvist LEADS Saltmarsh? No, he only attends. Reject.

Write the JSON.`
const stepsOf = (input: Partial<AlignInput>): Record<number, string[]> =>
  Object.fromEntries(
    alignTrace({ reasoning: TRACE, answer, units, ...input }).map(({ index, steps }) => [
      index,
      steps.map(({ text }) => text),
    ]),
  )

describe('alignTrace', () => {
  it('gives each link the sentences that argue for it, by its index in the reply', () => {
    const steps = stepsOf({})
    expect(Object.keys(steps)).toEqual(['0', '3', '4'])
    expect(steps[0]).toContain('So Ana Ruiz LEADS Saltmarsh, stated, 0.9.')
    expect(steps[3]).toContain('That gives pump station DEPENDS_ON transformer.')
  })

  it('leaves alone who is present, what was rejected, and plans', () => {
    const all = Object.values(stepsOf({})).flat()
    expect(all).not.toContain('Ana Ruiz and Bo Lindqvist are in the room.')
    expect(all).not.toContain('Bo Lindqvist LEADS Saltmarsh?')
    expect(all).not.toContain('Write the JSON.')
  })

  it('says “no step found” where the trace never comes to a link', () => {
    expect(stepsOf({})[4]).toEqual([])
  })

  it('does not look at the order of links or at `why`', () => {
    const shuffled = answer.links.toReversed().map((one) => ({ ...one, why: 'Write the JSON. Reject.' }))
    expect(stepsOf({ answer: { ...answer, links: shuffled } })).toEqual(stepsOf({}))
  })

  it('copes with an empty trace, no links, no units and an entity that is not there', () => {
    expect(stepsOf({ reasoning: '' })).toEqual({ 0: [], 3: [], 4: [] })
    expect(stepsOf({ answer: { ...answer, links: [] } })).toEqual({})
    expect(Object.keys(stepsOf({ units: [] }))).toEqual(['0', '3', '4'])
    const lost = { ...answer, entities: [], rejected: [] }
    expect(Object.keys(stepsOf({ answer: lost }))).toEqual(['0', '3', '4'])
  })

  it('counts offsets in UTF-16 units, past characters of two', () => {
    const reasoning = `🚧🚧 First things first.\n\n${TRACE}`
    const [first] = alignTrace({ reasoning, answer, units })
    expect(first?.steps.map(({ text }) => text)).toContain('So Ana Ruiz LEADS Saltmarsh, stated, 0.9.')
    for (const step of first?.steps ?? []) expect(reasoning.slice(step.start, step.end)).toBe(step.text)
  })

  it('takes a megabyte, in sentences or without any stop', () => {
    const long = `${TRACE}\n\n`.repeat(Math.ceil(1_000_000 / TRACE.length))
    const [first] = alignTrace({ reasoning: long, answer, units })
    expect(first?.steps.length).toBeGreaterThan(1000)
    expect(alignTrace({ reasoning: long.replace(/[.?!\n]/g, ' '), answer, units })).toHaveLength(3)
  }, 60_000)

  it('gives ordered, verbatim, disjoint steps for any text', () => {
    const words = [
      'Ana',
      'Ruiz',
      'LEADS',
      'Saltmarsh',
      'S1',
      'S2-S9',
      '"',
      '“',
      '”',
      '(',
      ')',
      '.',
      '?',
      '\n\n',
      '🚧',
      'é',
    ]
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((list) => list.join(' ')),
      fc.string({ unit: 'binary', maxLength: 100 }),
    )
    fc.assert(
      fc.property(text, text, (reasoning, name) => {
        const entities = [{ ...entity('e1', name, 'Person'), aliases: [reasoning] }, ...answer.entities.slice(1)]
        for (const { steps } of alignTrace({ reasoning, answer: { ...answer, entities }, units })) {
          let reached = 0
          for (const step of steps) {
            expect(step.start).toBeGreaterThanOrEqual(reached)
            expect(step.end).toBeGreaterThan(step.start)
            expect(reasoning.slice(step.start, step.end)).toBe(step.text)
            reached = step.end
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('has a weight for every feature and none besides', () => {
    const names = (weights: object): string[] => Object.keys(weights).toSorted()
    expect(names(FITTED.first)).toEqual(['bias', ...FIRST_STAGE].toSorted())
    expect(names(FITTED.second)).toEqual(['bias', ...SECOND_STAGE].toSorted())
    expect(names(FITTED.third)).toEqual(['bias', ...SECOND_STAGE].toSorted())
    expect(names(FITTED.stance)).toEqual(['bias', ...STANCE].toSorted())
  })
})

describe.skipIf(!existsSync(CASES))('on the recorded cases, each left out of the fit', () => {
  it('finds at least 0.80 of the judged steps, at least 0.85 of what it shows being right', () => {
    const { cases } = loadCases(CASES)
    const weights = leaveOneOut(cases)
    let predicted = 0
    let right = 0
    let judged = 0
    let found = 0
    for (const one of cases) {
      const aligned = alignTrace(one.input, weights.get(one))
      for (const entry of one.judged) {
        const want = [...entry.for, ...entry.weighing]
        const steps = aligned.find(({ index }) => index === entry.link)?.steps ?? []
        const have = steps.map(({ start, end }) => [start, end] as const)
        predicted += have.length
        judged += want.length
        right += have.filter((span) => covered(span, want)).length
        found += want.filter((span) => covered(span, have)).length
      }
    }
    expect(right / predicted).toBeGreaterThanOrEqual(0.85)
    expect(found / judged).toBeGreaterThanOrEqual(0.8)
  }, 300_000)
})

describe.skipIf(!existsSync(SAMPLE))('on the sample', () => {
  interface Flaw {
    readonly file: string
    readonly link: number
    readonly flaw: string
  }
  const flaws = existsSync(SAMPLE) ? (JSON.parse(readFileSync(`${SAMPLE}/flaws.json`, 'utf8')) as Flaw[]) : []

  it.each(flaws.filter(({ flaw }) => flaw === 'no-trace'))(
    'finds no step for $file, link $link',
    ({ file, link: index }) => {
      const reply = JSON.parse(readFileSync(`${SAMPLE}/${file}`, 'utf8'))
      const content = reply.content ?? JSON.stringify(reply.answer)
      const parsed = parseAnswer(content, reply.units.length)
      const aligned = alignTrace({ reasoning: reply.reasoning, answer: parsed.answer, units: reply.units })
      expect(aligned.find((one) => one.index === index)?.steps).toEqual([])
    },
  )
})
