import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ComparedLink } from '../../../src/model/conflict.ts'
import type { Interval } from '../../../src/model/interval.ts'
import { linkId, type LinkStatus } from '../../../src/model/link.ts'
import { rulesOf, type LinkRules } from '../../../src/model/link-rules.ts'
import type { Proposal } from '../../../src/model/proposal.ts'
import { schemaFile } from '../../../src/model/schema.ts'
import { materialise } from '../../../src/resolve/materialise.ts'
import { conflictEffect, withConflicts } from '../../../src/resolve/conflicts/conflict-effect.ts'
import { proposeConflicts } from '../../../src/resolve/conflicts/propose-conflict.ts'

/** What is said about a link, by days: `2025-03-18`, `not 2025-06-10`, `maybe 2025-06-10`; `?` is no known day. */
interface Said {
  readonly on: string
  readonly valid?: Interval
  readonly more?: Partial<Proposal>
}

function link(name: string, said: readonly (string | Said)[], status?: LinkStatus): ComparedLink {
  const [subjectId = '', type = '', objectId = ''] = name.split(' ')
  const live = said.map((one, index): Proposal => {
    const { on, valid = null, more = {} } = typeof one === 'string' ? { on: one } : one
    const [, word = '', day] = /^(not |maybe )?(.+)$/.exec(on) ?? []
    const id = `${name} ${index}`
    return {
      id,
      replyId: id,
      index: 0,
      chunkId: `chunk ${id}`,
      documentId: `document ${id}`,
      subject: { name: subjectId, type: 'Thing', aliases: [] },
      type,
      object: { name: objectId, type: 'Thing', aliases: [] },
      polarity: word === 'not ' ? 'negated' : word === 'maybe ' ? 'hedged' : 'asserted',
      support: 'stated',
      when: null,
      valid,
      saidOn: day === '?' ? null : (day ?? null),
      why: '',
      confidence: 0.9,
      statedConfidence: 0.9,
      evidence: [
        {
          grounding: 'exact',
          quote: on,
          claimed: on,
          s: 1,
          start: 0,
          end: on.length,
          offset: 0,
          place: {},
          placeText: `${id}.md`,
        },
      ],
      traceKind: 'raw',
      steps: [],
      engine: 'chat',
      model: 'm',
      held: false,
      doubts: [],
      notes: [],
      ...more,
    }
  })
  const ends = { id: linkId(subjectId, type, objectId), subjectId, type, objectId, mapsFrom: null, mapsTo: null }
  const base = materialise(
    ends,
    live.map((proposal) => ({ proposal, live: true })),
    [],
  )
  return { link: { ...base, status: status ?? base.status, subject: subjectId, object: objectId }, live }
}

const rules = rulesOf(
  [
    schemaFile.parse({
      linkTypes: [
        { name: 'LEADS', singleValued: 'from', supersedes: 'later' },
        { name: 'REPORTS_TO', singleValued: true },
        { name: 'MARRIED_TO', singleValued: true, symmetric: true },
        { name: 'DECIDED', reversedBy: ['REVERSES', { type: 'DROPPED', sameSubject: true }], supersedes: 'later' },
      ],
    }),
  ],
  {},
)

const ALL = { isWhole: () => true, isAsked: () => true, isRefused: () => false }

function conflicts(links: readonly ComparedLink[], used: LinkRules = rules, more: Partial<typeof ALL> = {}): string[] {
  const proposals = proposeConflicts(links, { rules: used, ...ALL, ...more })
  const told = proposals.map(({ subject, type, object, valid, retires }) => {
    return `${subject.name} ${type} ${object.name}${valid ? ` ${valid.from}` : ''}${retires ? ' retires' : ''}`
  })
  return [...new Set(told)].toSorted()
}

describe('what contradicts each other', () => {
  it('is two values of one thing that may hold on the same day; the later supersedes the earlier', () => {
    const ana = link('Ana LEADS X', ['2025-03-18', '2025-04-01'])
    expect(conflicts([ana, link('Ben LEADS X', ['2025-06-10', '2025-06-24'])])).toEqual([
      '“Ben LEADS X” SUPERSEDES “Ana LEADS X” 2025-06-10 retires',
    ])
    expect(conflicts([ana, link('Ben LEADS X', ['2025-04-01'])])).toHaveLength(1)
    expect(conflicts([ana, link('Ben LEADS X', ['2025-04-01'])])[0]).toContain('CONTRADICTS')
    expect(conflicts([ana, link('Ben LEADS X', ['?'])])[0]).toContain('CONTRADICTS')
    expect(conflicts([ana, link('Ben LEADS Y', ['2025-06-10']), link('Ana LEADS Z', ['2025-06-10'])])).toEqual([])
    expect(conflicts([ana, link('Ben LEADS X', ['maybe 2025-06-10'])])).toEqual([])
    expect(conflicts([ana, link('Ben LEADS X', ['2025-06-10'], 'rejected')])).toEqual([])
    expect(conflicts([ana, link('Ben LEADS X', ['2025-06-10'])], {})).toEqual([])
  })

  it('is not what holds at different times, as far as that is known', () => {
    const ana = link('Ana LEADS X', [{ on: '2025-07-01', valid: { from: '2024-11-01', to: '2025-06-01' } }])
    const ben = (from: string) => link('Ben LEADS X', [{ on: '2025-07-01', valid: { from, to: null } }])
    expect(conflicts([ana, ben('2025-06-02')])).toEqual([])
    // Both say since when: the one that begins later takes the place of the other, though both are told on one day.
    expect(conflicts([ana, ben('2025-05-01')])).toEqual(['“Ben LEADS X” SUPERSEDES “Ana LEADS X” 2025-05-01 retires'])
    const said = link('Ana LEADS X', ['2025-07-01'])
    expect(conflicts([said, ben('2025-05-01')])[0]).toContain('CONTRADICTS')
    const announced = link('Ben LEADS X', [{ on: '2025-05-20', valid: { from: '2025-08-01', to: null } }])
    expect(conflicts([said, announced])).toEqual(['“Ben LEADS X” SUPERSEDES “Ana LEADS X” 2025-08-01 retires'])
  })

  it('is told of each value with the last one before it that it may meet', () => {
    const [a, b, c] = [
      link('Ana LEADS X', ['2025-01-01']),
      link('Ben LEADS X', [{ on: '2025-02-01', valid: { from: '2025-02-01', to: '2025-02-28' } }]),
      link('Cid LEADS X', [{ on: '2025-03-01', valid: { from: '2025-03-01', to: null } }]),
    ]
    expect(conflicts([c, a, b])).toEqual([
      '“Ben LEADS X” SUPERSEDES “Ana LEADS X” 2025-02-01 retires',
      '“Cid LEADS X” SUPERSEDES “Ana LEADS X” 2025-03-01 retires',
    ])
  })

  it('is by subject, by object or by either end, as the schema says', () => {
    const reports = [link('Ana REPORTS_TO Ben', ['2025-01-01']), link('Ana REPORTS_TO Cid', ['2025-02-01'])]
    expect(conflicts(reports)).toEqual(['“Ana REPORTS_TO Cid” SUPERSEDES “Ana REPORTS_TO Ben” 2025-02-01'])
    expect(conflicts([link('Ana REPORTS_TO Ben', ['?']), link('Ben REPORTS_TO Cid', ['?'])])).toEqual([])
    const married = [link('Ana MARRIED_TO Ben', ['2025-01-01']), link('Cid MARRIED_TO Ana', ['2025-02-01'])]
    expect(conflicts(married)).toEqual(['“Cid MARRIED_TO Ana” SUPERSEDES “Ana MARRIED_TO Ben” 2025-02-01'])
  })

  it('is a link and what takes it back, unless it was said again', () => {
    const decided = link('Board DECIDED X', [{ on: '2025-03-11', valid: { from: '2025-03-11', to: '2025-03-11' } }])
    expect(conflicts([decided, link('Y REVERSES X', ['2025-06-10'])])).toEqual([
      '“Y REVERSES X” SUPERSEDES “Board DECIDED X” 2025-06-10 retires',
    ])
    expect(conflicts([decided, link('Y REVERSES X', ['2025-03-11'])])[0]).toContain('CONTRADICTS')
    expect(conflicts([decided, link('Y REVERSES X', ['2025-01-01'])])).toEqual([])
    expect(conflicts([decided, link('Y REVERSES Z', ['2025-06-10'])])).toEqual([])
    expect(conflicts([decided, link('Ana DROPPED X', ['2025-06-10'])])).toEqual([])
    expect(conflicts([decided, link('Board DROPPED X', ['2025-06-10'])])).toHaveLength(1)
  })

  it('is a link and its denial, of any type; the last word ends it', () => {
    expect(conflicts([link('Ana KNOWS Ben', ['2025-01-01', 'not 2025-02-01'])])).toEqual([
      'not “Ana KNOWS Ben” SUPERSEDES “Ana KNOWS Ben” 2025-02-01',
    ])
    expect(conflicts([link('Ana LEADS X', ['2025-01-01', 'not 2025-02-01', 'not 2025-03-01'])])).toEqual([
      'not “Ana LEADS X” SUPERSEDES “Ana LEADS X” 2025-02-01 retires',
    ])
    for (const said of [
      ['not 2025-01-01', '2025-01-01'],
      ['not 2025-01-01', '2025-02-01'],
      ['not 2025-02-01', '?'],
    ])
      expect(conflicts([link('Ana KNOWS Ben', said)])[0]).toContain('CONTRADICTS')
    expect(conflicts([link('Ana KNOWS Ben', ['not 2025-02-01'])])).toEqual([])
    const past = { on: 'not 2025-02-01', valid: { from: null, to: '2024-12-31' } }
    const since = { on: '2025-02-01', valid: { from: '2025-01-01', to: null } }
    expect(conflicts([link('Ana KNOWS Ben', [past, since])])).toEqual([])
  })

  it('retires nothing that a person accepted, and nothing by what does not stand by itself', () => {
    const retires = (one: ComparedLink, other: ComparedLink, more: Partial<typeof ALL> = {}): boolean =>
      conflicts([one, other], rules, more).some((told) => told.includes('SUPERSEDES') && told.endsWith('retires'))
    const ana = link('Ana LEADS X', ['2025-01-01'])
    const ben = link('Ben LEADS X', ['2025-02-01'])
    const accepted = link('Ana LEADS X', ['2025-01-01'], 'accepted')
    expect(retires(ana, ben)).toBe(true)
    expect(retires(accepted, ben)).toBe(false)
    expect(retires(accepted, link('Ben LEADS X', ['2025-02-01'], 'accepted'))).toBe(true)
    expect(retires(ana, link('Ben LEADS X', [{ on: '2025-02-01', more: { doubts: ['asked-for'] } }]))).toBe(false)
    const [quote] = ben.live[0]?.evidence ?? []
    const missing = [{ ...quote, grounding: 'missing', quote: '', start: null, end: null, offset: null }]
    expect(
      retires(ana, link('Ben LEADS X', [{ on: '2025-02-01', more: { evidence: missing as Proposal['evidence'] } }])),
    ).toBe(false)
    expect(retires(ana, link('Ben LEADS X', ['2025-02-01', 'not 2025-02-01']))).toBe(false)
    expect(retires(ana, ben, { isRefused: () => true })).toBe(false)
    // One that is said on no known day, too, may have been said later.
    expect(conflicts([link('Ana LEADS X', ['2025-01-01', '?']), ben])).toEqual([
      '“Ben LEADS X” SUPERSEDES “Ana LEADS X” 2025-02-01',
    ])
  })

  it('comes with the quotes of both sides, in proposals of one chunk each, and with the rule, values and days', () => {
    const proposals = proposeConflicts([link('Ana LEADS X', ['2025-01-01']), link('Ben LEADS X', ['2025-02-01'])], {
      rules,
      ...ALL,
    })
    expect(proposals.map(({ evidence }) => evidence.map(({ quote }) => quote))).toEqual([
      ['2025-02-01'],
      ['2025-01-01'],
    ])
    expect(proposals.map(({ chunkId }) => chunkId)).toEqual(['chunk Ben LEADS X 0', 'chunk Ana LEADS X 0'])
    expect(proposals[0]).toMatchObject({ traceKind: 'rule', replyId: null, engine: 'contradiction', doubts: [] })
    const steps = proposals[0]?.steps ?? []
    const text = steps.map((step) => step.text).join('\n')
    expect(text).toContain('LEADS holds for one at a time')
    expect(text).toContain('“Ben LEADS X”: said 2025-02-01.')
    expect(text).toContain('supersedes: later')
    for (const step of steps) expect(text.slice(step.start, step.end)).toBe(step.text)
    const chunk = { chunkId: 'c', documentId: 'd' }
    const denied = link('Ana KNOWS Ben', [
      { on: '2025-01-01', more: chunk },
      { on: 'not 2025-01-01', more: chunk },
    ])
    const [only, ...others] = proposeConflicts([denied], { rules, ...ALL })
    expect(others).toEqual([])
    expect(only?.evidence.map(({ quote }) => quote)).toEqual(['not 2025-01-01', '2025-01-01'])
  })

  it('does not depend on the order of the links', () => {
    const names = ['Ana LEADS X', 'Ben LEADS X', 'Cid LEADS X', 'Ana REPORTS_TO Ben', 'Ana REPORTS_TO Cid']
    const day = fc.constantFrom('?', '2025-01-01', '2025-02-01', 'not 2025-02-01', '2025-03-01', 'not 2025-03-01')
    const some = fc.tuple(
      ...names.map((name) => fc.array(day, { minLength: 1, maxLength: 3 }).map((said) => link(name, said))),
    )
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.double({ noNaN: true })), (links, weights) => {
        const shuffled = links
          .map((one) => ({ one, weight: weights.next().value as number }))
          .toSorted((a, b) => a.weight - b.weight)
          .map(({ one }) => one)
        expect(conflicts(shuffled)).toEqual(conflicts(links))
      }),
    )
  })
})

describe('what conflicts come to for a link', () => {
  const ana = link('Ana LEADS X', [{ on: '2025-01-01', valid: { from: '2024-01-01', to: null } }]).link
  const between = (type: string, other: string, more: object = {}) => ({
    link: {
      ...ana,
      type,
      subjectId: other,
      objectId: ana.id,
      status: 'proposed' as const,
      valid: { from: '2025-02-01', to: null },
      ...more,
    },
    otherStands: true,
  })

  it('is an end on the day before, where a person or a rule says so', () => {
    const effect = conflictEffect(ana.id, [between('SUPERSEDES', 'b', { retires: true }), between('SUPERSEDES', 'c')])
    expect(effect).toEqual({ conflictsWith: ['c'], superseded: { by: 'b', on: '2025-02-01' } })
    expect(withConflicts(ana, effect)).toMatchObject({
      status: 'proposed',
      valid: { from: '2024-01-01', to: '2025-01-31' },
      supersededBy: 'b',
      supersededOn: '2025-02-01',
      conflictsWith: ['c'],
      obstacles: ['conflict'],
    })
    expect(conflictEffect(ana.id, [between('SUPERSEDES', 'b', { status: 'accepted' })]).superseded?.by).toBe('b')
    expect(conflictEffect(ana.id, [between('SUPERSEDES', 'b', { retires: true, status: 'rejected' })])).toEqual({
      conflictsWith: [],
      superseded: null,
    })
  })

  it('is the first end of several, and none by what is not in the graph any more', () => {
    const early = between('SUPERSEDES', 'c', { status: 'accepted', valid: { from: '2024-06-01', to: null } })
    const late = between('SUPERSEDES', 'b', { status: 'accepted' })
    expect(conflictEffect(ana.id, [late, early]).superseded).toEqual({ by: 'c', on: '2024-06-01' })
    expect(conflictEffect(ana.id, [late, { ...early, otherStands: false }]).superseded?.by).toBe('b')
  })

  it('is settled by what a person accepted, whatever else is said of the same two', () => {
    const accepted = between('SUPERSEDES', 'b', { status: 'accepted' })
    const ended = { conflictsWith: [], superseded: { by: 'b', on: '2025-02-01' } }
    expect(conflictEffect(ana.id, [accepted, between('SUPERSEDES', 'b')])).toEqual(ended)
    expect(conflictEffect(ana.id, [between('CONTRADICTS', 'b'), accepted])).toEqual(ended)
    // The schema's rule does not turn around what a person said.
    const reverse = between('SUPERSEDES', 'b', { retires: true, subjectId: ana.id, objectId: 'b' })
    expect(conflictEffect('b', [{ ...reverse }, accepted])).toEqual({ conflictsWith: [], superseded: null })
    expect(conflictEffect('b', [reverse]).superseded?.by).toBe(ana.id)
  })

  it('is never an end by a contradiction, accepted or not', () => {
    for (const status of ['proposed', 'accepted'] as const)
      expect(conflictEffect(ana.id, [between('CONTRADICTS', 'b', { status, retires: true })])).toEqual({
        conflictsWith: ['b'],
        superseded: null,
      })
    expect(
      withConflicts({ ...ana, status: 'rejected' }, { conflictsWith: ['b'], superseded: null }),
    ).not.toHaveProperty('conflictsWith')
  })
})
