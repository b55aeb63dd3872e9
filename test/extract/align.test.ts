import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { covered, loadCases, sourceOf, type JudgedCase } from '../../bench/alignment/cases.ts'
import { BAR, leaveOut } from '../../bench/alignment/fit.ts'
import { lengthen } from '../../bench/alignment/long-traces.ts'
import { alignTrace, type AlignedLink, type AlignInput } from '../../src/extract/align.ts'
import { FIRST_STAGE, SECOND_STAGE, STANCE } from '../../src/extract/align/features.ts'
import { readTrace } from '../../src/extract/align/reading.ts'
import { splitSentences } from '../../src/extract/align/sentences.ts'
import { runStages } from '../../src/extract/align/stages.ts'
import { FITTED, type AlignWeights } from '../../src/extract/align/weights.ts'
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
    expect(splitSentences('"('.repeat(200_000))).toHaveLength(400)
    expect(splitSentences('a. '.repeat(200_000)).length).toBeLessThan(1000)
  })

  it('cuts what goes on for more than a thousand characters, at white space and never within a character', () => {
    const words = splitSentences('wait, '.repeat(1000))
    expect(words.map(({ start, end }) => end - start)).toEqual([...Array.from({ length: 6 }, () => 995), 23])
    const signs = `${'x'.repeat(999)}${'🚧'.repeat(1000)}`
    for (const piece of splitSentences(signs)) expect(signs.slice(piece.start, piece.end).isWellFormed()).toBe(true)
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

  it('leaves aside what is said about other matters, though units and names recur there', () => {
    const other = `S1 lists the tenors. Ana the alto sings on Sunday, and S2 moves the choir's rehearsal to the chapel.
      The organist asks for hymn books. S1 again: soprano parts are missing, Bo copies them by hand. Candles, flowers,
      cushions: none of them ordered. The verger keeps the vestry key. S2 says the bells ring twice. Psalm first, anthem
      after. Ana the alto conducts the anthem. Incense? Never. Sheet music lies under the pulpit.\n\n`.repeat(4)
    const plain = stepsOf({})
    expect(stepsOf({ reasoning: `${other}${TRACE}\n\n${other}` })).toEqual(plain)
  })

  it('holds no more than a part of a long trace at a time, and finds the same steps in it', () => {
    const reasoning = `${TRACE}\n\n`.repeat(40)
    const input = { reasoning, answer, units }
    const [whole, ...more] = readTrace(input)
    expect(more).toEqual([])
    const cells = 2000
    const parts = [...readTrace(input, cells)]
    const row = 4 + 5 + 3 + 1
    for (const { sentences } of parts) expect(sentences.length).toBeLessThanOrEqual(Math.ceil(cells / row))
    expect(parts.flatMap(({ sentences }) => sentences.map(({ start }) => start))).toEqual(
      whole?.sentences.map(({ start }) => start),
    )
    for (const [position, part] of parts.slice(1).entries())
      expect(part.sentences[0]?.paragraph).not.toBe(parts[position]?.sentences.at(-1)?.paragraph)
  })

  it('compares in proportion to the length of the trace', () => {
    const work = (times: number): number => {
      let pairs = 0
      for (const reading of readTrace({ reasoning: `${TRACE}\n\n`.repeat(times), answer, units }))
        pairs += runStages(reading, FITTED).pairs.length
      return pairs
    }
    const once = work(40)
    expect(once).toBeGreaterThan(40)
    expect(work(400) / once).toBeLessThan(11)
  })

  it('has a weight for every feature and none besides', () => {
    const names = (weights: object): string[] => Object.keys(weights).toSorted()
    expect(names(FITTED.first)).toEqual(['bias', ...FIRST_STAGE].toSorted())
    expect(names(FITTED.second)).toEqual(['bias', ...SECOND_STAGE].toSorted())
    expect(names(FITTED.third)).toEqual(['bias', ...SECOND_STAGE].toSorted())
    expect(names(FITTED.stance)).toEqual(['bias', ...STANCE].toSorted())
  })
})

/** Pooled over all links, a step being right or found when half of it lies in judged passages, whatever the stance. */
function score(cases: readonly JudgedCase[], alignedOf: (position: number) => readonly AlignedLink[]) {
  const count = { predicted: 0, right: 0, judged: 0, found: 0 }
  for (const [position, { judged }] of cases.entries())
    for (const entry of judged) {
      const want = [...entry.for, ...entry.weighing]
      const steps = alignedOf(position).find(({ index }) => index === entry.link)?.steps ?? []
      const have = steps.map(({ start, end }) => [start, end] as const)
      count.predicted += have.length
      count.judged += want.length
      count.right += have.filter((span) => covered(span, want)).length
      count.found += want.filter((span) => covered(span, have)).length
    }
  return { precision: count.right / count.predicted, recall: count.found / count.judged }
}

describe.skipIf(!existsSync(CASES))('on the recorded cases, each left out of the fit and of the threshold', () => {
  const cases = existsSync(CASES) ? loadCases(CASES).cases : []
  const alignAll = (some: readonly JudgedCase[], weights: ReadonlyMap<JudgedCase, AlignWeights>) => {
    const aligned = some.map(({ input }, position) => alignTrace(input, weights.get(cases[position] as JudgedCase)))
    return score(some, (position) => aligned[position] ?? [])
  }

  it('finds at least 0.80 of the judged steps, at least 0.85 of what it shows being right', () => {
    const { precision, recall } = alignAll(cases, leaveOut(cases))
    expect(precision).toBeGreaterThanOrEqual(0.85)
    expect(recall).toBeGreaterThanOrEqual(BAR.recall)
  }, 300_000)

  it('does so for sources that it knows nothing of, and amid traces about other matters, ten times as long', () => {
    const weights = leaveOut(cases, sourceOf)
    const plain = alignAll(cases, weights)
    expect(plain.precision).toBeGreaterThanOrEqual(0.85)
    expect(plain.recall).toBeGreaterThanOrEqual(BAR.recall)
    for (const unrelated of [true, false]) {
      const long = alignAll(lengthen(cases, 10, unrelated), weights)
      expect(long.precision).toBeGreaterThanOrEqual(plain.precision - 0.03)
      expect(long.recall).toBeGreaterThanOrEqual(plain.recall - 0.03)
    }
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
