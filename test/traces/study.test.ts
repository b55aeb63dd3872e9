import { describe, expect, it } from 'vitest'
import { parseAnswer } from '../../src/extract/parse.ts'
import { cueLanguage, readDoubts } from '../../src/traces/study/cues.ts'
import { findRepeats } from '../../src/traces/study/repeats.ts'
import { studyTrace } from '../../src/traces/study/trace-facts.ts'
import { unitsRead } from '../../src/traces/study/units-read.ts'
import { contractCases, haveShared, sampleReplies } from '../recorded.ts'

describe('words of doubt', () => {
  const said = (language: 'en' | 'de', step: string) => readDoubts(step, language)
  it.each([
    ['en', 'Maybe Ana leads it.'],
    ['en', "I'm not entirely sure that this is the same Ben."],
    ['en', 'That could be a plan only.'],
    ['en', 'It seems that he left.'],
    ['de', 'Vielleicht leitet Ana das Projekt.'],
    ['de', 'Das könnte auch Ben sein.'],
    ['de', 'Hier bin ich unsicher.'],
    ['de', 'Ben ist wohl ihr Vertreter.'],
  ] as const)('hedges, in %s: %s', (language, step) => {
    expect(said(language, step)).toEqual({ hedges: true, turns: false })
  })
  it.each([
    ['en', 'Wait, S4 says otherwise.'],
    ['en', 'So Ana leads it — no, wait, Ben does.'],
    ['en', 'No, that was Ben.'],
    ['en', 'Actually Ben leads it.'],
    ['en', 'But actually it is Ben.'],
    ['en', 'On second thought, drop it.'],
    ['de', 'Moment, in S4 steht etwas anderes.'],
    ['de', 'Nein, das war Ben.'],
    ['de', 'Aber stimmt nicht, es war Ben.'],
    ['de', 'Also leitet Ana es – halt, Ben.'],
    ['de', 'Eigentlich leitet Ben es.'],
  ] as const)('turns, in %s: %s', (language, step) => {
    expect(said(language, step)).toEqual({ hedges: false, turns: true })
  })
  it.each([
    ['en', 'S3 says “maybe we should wait, actually no,” and that is a plan.'],
    ['en', 'Ben actually leads the team.'],
    ['en', 'They wait for the audit.'],
    ['en', 'Is that stated in S4? No.'],
    ['en', 'No link there.'],
    ['en', 'The mighty tower belongs to the city.'],
    ['de', 'S3 sagt „vielleicht warten wir“, also ein Plan.'],
    ['de', 'Im Moment leitet Ana das Projekt.'],
    ['de', 'Die Wohlfahrt gehört der Stadt.'],
    ['de', 'Der Halt in Ulm entfällt.'],
  ] as const)('neither, in %s: %s', (language, step) => {
    expect(said(language, step)).toEqual({ hedges: false, turns: false })
  })

  it('the language of a trace is told by its commonest words, or not at all', () => {
    expect(cueLanguage('S1 says that Ana leads the team. Is this an assertion? It is.')).toBe('en')
    expect(cueLanguage('S1 sagt, dass Ana das Team leitet. Ist das eine Behauptung? Ja, und zwar mit Zitat.')).toBe(
      'de',
    )
    expect(cueLanguage('S1 dit que Ana dirige une équipe. Est-ce une affirmation ? Oui.')).toBeNull()
    expect(cueLanguage('S1, LEADS, 0.9.')).toBeNull()
  })
})

describe('repeats', () => {
  it('counts what is said again, word for word or nearly, of the same names', () => {
    const steps = [
      'So Ana Ruiz leads the migration of the grid.',
      'Now the next unit, S4, about the budget of Ben Ode.',
      'So Ana Ruiz leads the migration of the grid.',
      'And so Ana Ruiz leads the migration of the grid, then.',
    ]
    expect(findRepeats(steps)).toEqual({ again: [false, false, true, true], loops: 1 })
  })
  it('the same words of other names, numbers or units say something else', () => {
    const steps = ['Ana', 'Ben', 'Cid'].map(
      (name) => `In the minutes it says that ${name} leads a part of the migration.`,
    )
    const units = [4, 5, 6].map((s) => `In S${s} it says nothing that would make a link of it.`)
    const sums = [10, 20, 30].map((sum) => `the budget of the whole project is ${sum} million in that year.`)
    expect(findRepeats([...steps, ...units, ...sums])).toEqual({ again: Array(9).fill(false), loops: 0 })
  })
  it('short steps may well be alike', () => {
    expect(findRepeats(['OK, asserted.', 'OK, asserted.', 'OK, asserted.']).loops).toBe(0)
  })
  it('a step that goes round in itself is a loop', () => {
    expect(findRepeats([`so ${'the team and the lead and '.repeat(20)}`]).loops).toBe(1)
    const varied = Array.from(
      { length: 60 },
      (_, i) => `word${'abcdefghij'[i % 10]}${'klmnopqrst'[Math.floor(i / 10)]}`,
    )
    expect(findRepeats([varied.join(' ')]).loops).toBe(0)
  })
  it('a megabyte takes seconds, not hours', { timeout: 60_000 }, () => {
    const steps = Array.from(
      { length: 12_000 },
      (_, i) => `we look at the ${i % 7}th of the many words that stand ${i} in here, nothing to be found in it`,
    )
    const started = performance.now()
    findRepeats(steps)
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

const UNITS = [
  'Ana Ruiz leads the grid migration since March.',
  'OK.',
  'Ben Ode keeps the budget of the harbour office.',
  'The council moved its archive to Saltmarsh in spring.',
  'Nobody maintains the tide gauge at the moment.',
].map((text, index) => ({ s: index + 1, speaker: null, text }))

describe('units read', () => {
  const unread = (...steps: string[]): number[] => unitsRead(steps, UNITS).unread.map((position) => position + 1)
  it('a unit is looked at where it is named, quoted, or most of its words are there', () => {
    expect(unread()).toEqual([1, 3, 4, 5])
    expect(unread('S3 and S4 are out of the question.')).toEqual([1, 5])
    expect(unread('It says “maintains the tide gauge”.')).toEqual([1, 3, 4])
    expect(unread('Ruiz leads that migration of the grid.')).toEqual([3, 4, 5])
    expect(unread('Let me go through S1 to S20.')).toEqual([1, 3, 4, 5])
    expect(unread('The harbour is large.')).toEqual([1, 3, 4, 5])
  })
})

describe('a trace', () => {
  const english = [
    'Let me read the source in order.',
    'S1 says that Ana Ruiz leads the grid migration, stated.',
    'Maybe that is the same Ana as before.',
    'Wait, there is only one Ana in this source.',
    'S1 says that Ana Ruiz leads the grid migration, stated.',
    'S1 says that Ana Ruiz leads the grid migration, as stated.',
    'That is all.',
  ]
  const german = [
    'Ich lese die Quelle der Reihe nach.',
    'S1 sagt, dass Ana Ruiz die Migration des Netzes leitet.',
    'Vielleicht ist das nicht dieselbe Ana wie zuvor.',
    'Moment, es gibt in der Quelle nur eine Ana.',
    'S1 sagt, dass Ana Ruiz die Migration des Netzes leitet.',
    'S1 sagt ja, dass Ana Ruiz die Migration des Netzes leitet.',
    'Das ist alles.',
  ]
  it.each([
    ['en', english],
    ['de', german],
  ] as const)('all that was planted is counted, in %s', (language, steps) => {
    const reasoning = steps.join(' ')
    const start = reasoning.indexOf('S1')
    const aligned = [[start, start + (steps[1] as string).length]] as const
    const facts = studyTrace({ reasoning, names: ['Ana Ruiz'], units: UNITS, aligned })
    expect(facts).toEqual({
      characters: reasoning.length,
      steps: 7,
      idle: 6,
      again: 2,
      loops: 1,
      language,
      hedges: 1,
      turns: 1,
      read: { telling: [0, 2, 3, 4], unread: [2, 3, 4] },
    })
  })
})

describe('recorded replies', () => {
  const facts = ({ reasoning, content, units }: ReturnType<typeof sampleReplies>[number]) => {
    const { answer } = parseAnswer(content, units.length)
    const names = answer.entities.flatMap(({ name, aliases }) => [name, ...aliases])
    const shown = units.map(({ s, text, place }) => ({ s, text, speaker: place.speaker ?? null }))
    return studyTrace({ reasoning, names, units: shown, aligned: [] })
  }
  const all = [...sampleReplies(), ...(haveShared ? contractCases() : [])]
  it.each(all.map((one) => [one.name, one] as const))('%s: neither loops nor goes on about itself', (_, one) => {
    const found = facts(one)
    expect(found).toMatchObject({ language: 'en', loops: 0 })
    expect(found.again / found.steps).toBeLessThan(0.05)
  })
  it.skipIf(!haveShared)('the cases beside the contract are read from end to end', () => {
    const read = contractCases().map((one) => facts(one).read)
    const [unread, telling] = ['unread', 'telling'].map((name) =>
      read.reduce((sum, one) => sum + (one?.[name as 'unread']?.length ?? 0), 0),
    )
    expect((unread ?? 0) / (telling ?? 1)).toBeLessThan(0.5)
  })
  it('a trace that is told three times over is a loop, and one of its first half leaves the rest unread', () => {
    for (const one of sampleReplies()) {
      expect(facts({ ...one, reasoning: `${one.reasoning}\n\n`.repeat(3) }).loops, one.name).toBeGreaterThan(0)
      const half = { ...one, reasoning: one.reasoning.slice(0, one.reasoning.length / 2) }
      expect(facts(half).read?.unread.length, one.name).toBeGreaterThanOrEqual(facts(one).read?.unread.length ?? 0)
    }
  })
})
