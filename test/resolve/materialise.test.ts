import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attentionOf } from '../../src/model/attention.ts'
import {
  CHAIN_START,
  courseOf,
  type Decision,
  hashDecision,
  type Verdict,
  verdictInForce,
} from '../../src/model/decision.ts'
import { asSeenBy } from '../../src/model/withheld.ts'

import { MAX_SUPPORTS, SAME_AS } from '../../src/model/link.ts'
import type { Proposal } from '../../src/model/proposal.ts'
import { materialise } from '../../src/resolve/materialise.ts'

const ENDS = { id: 'a-OWNS-b', subjectId: 'a', type: 'OWNS', objectId: 'b', mapsFrom: null, mapsTo: null }

function proposal(id: string, changes: Partial<Proposal> = {}): Proposal {
  return {
    id,
    replyId: `reply-${id}`,
    index: 0,
    chunkId: `chunk-${id}`,
    documentId: 'd',
    subject: { name: 'A', type: 'Person', aliases: [] },
    type: 'OWNS',
    object: { name: 'B', type: 'System', aliases: [] },
    polarity: 'asserted',
    support: 'stated',
    when: null,
    why: `why ${id}`,
    confidence: 0.5,
    statedConfidence: 0.5,
    evidence: [
      {
        grounding: 'exact',
        quote: `quote ${id}`,
        claimed: `quote ${id}`,
        s: 1,
        start: 0,
        end: 7,
        offset: 0,
        place: { line: 1 },
        placeText: 'a.md l. 1',
      },
    ],
    traceKind: 'raw',
    steps: [],
    engine: 'chat',
    model: 'm',
    held: false,
    doubts: [],
    notes: [],
    ...changes,
  }
}

/** As a whygraph wrote it that did not ask for doubts. */
function unjudged(id: string): Proposal {
  const { doubts: _, ...older } = proposal(id)
  return older
}

function decision(
  sequence: number,
  verdict: Verdict,
  undoes: string | null = null,
  more: Partial<Pick<Decision, 'reviewer' | 'needsSecond'>> = {},
): Decision {
  const unsealed = {
    id: `decision-${sequence}`,
    requestId: `request-${sequence}`,
    linkId: 'l',
    verdict,
    undoes,
    reviewer: 'ana',
    at: `2026-01-01T00:00:0${sequence % 10}.000Z`,
    reason: null,
    note: null,
    before: '',
    after: '',
    rev: sequence - 1,
    sequence,
    previousHash: CHAIN_START,
    ...more,
  }
  return { ...unsealed, hash: hashDecision(unsealed) }
}

const missing = proposal('missing').evidence.map((item) => ({ ...item, grounding: 'missing' as const, quote: '' }))
const standing = (live: boolean, ...proposals: Proposal[]) => proposals.map((one) => ({ proposal: one, live }))
const anyProposal = fc.record({
  polarity: fc.constantFrom('asserted', 'negated', 'hedged') as fc.Arbitrary<Proposal['polarity']>,
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  held: fc.boolean(),
  live: fc.boolean(),
})
const anyStanding = fc
  .array(anyProposal, { maxLength: 30 })
  .map((list) => list.map(({ live, ...changes }, i) => ({ live, proposal: proposal(`p${i}`, changes) })))
const anyDecisions = fc
  .array(
    fc.record({
      verdict: fc.constantFrom('accept', 'reject', 'skip', 'flag', 'undo') as fc.Arbitrary<Verdict>,
      reviewer: fc.constantFrom('ana', 'ben', 'cleo'),
      isHalf: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((made) =>
    // An undo takes back the decision just before it, as the command does; of an undo too.
    made.map(({ verdict, reviewer, isHalf }, i) =>
      decision(i + 1, verdict, verdict === 'undo' ? `decision-${i}` : null, {
        reviewer,
        ...(isHalf && (verdict === 'accept' || verdict === 'reject') ? { needsSecond: true } : {}),
      }),
    ),
  )

describe("a person's word in place of others", () => {
  const model = proposal('model', { when: 'March', confidence: 0.9 })
  const word = proposal('word', { engine: 'person', replyId: null, when: '2024-03', confidence: 1, revises: ['model'] })
  const both = standing(true, model, word)
  const saying: Decision = { ...decision(1, 'accept'), says: ['word'] }

  it('counts as long as the decision stands that it came with, whatever else is decided', () => {
    expect(materialise(ENDS, both, [saying])).toMatchObject({ status: 'accepted', when: '2024-03', supports: 1 })
    expect(materialise(ENDS, both, [saying, decision(2, 'accept')])).toMatchObject({ when: '2024-03' })
    expect(materialise(ENDS, both, [decision(1, 'accept')])).toMatchObject({ when: 'March', supports: 1 })
    const undone = [saying, decision(2, 'accept'), decision(3, 'undo', 'decision-1')]
    expect(materialise(ENDS, both, undone)).toMatchObject({ status: 'accepted', when: 'March' })
    expect(materialise(ENDS, both, [])).toMatchObject({
      status: 'proposed',
      when: 'March',
      items: [{ proposalId: 'model' }],
    })
  })

  it('does not hide what it revises once its own text is gone', () => {
    const gone = [...standing(true, model), ...standing(false, word)]
    expect(materialise(ENDS, gone, [saying])).toMatchObject({ status: 'accepted', when: 'March', unsupported: false })
    expect(materialise(ENDS, standing(false, model), [])).toMatchObject({ status: 'gone' })
  })
})

describe('materialise', () => {
  it.each([
    [
      'an assertion is proposed',
      standing(true, proposal('1')),
      [],
      { status: 'proposed', supports: 1, disputed: false },
    ],
    [
      'a denial alone is held',
      standing(true, proposal('1', { polarity: 'negated' })),
      [],
      { status: 'held', denials: 1 },
    ],
    ['a hedge alone is held', standing(true, proposal('1', { polarity: 'hedged' })), [], { status: 'held', hedges: 1 }],
    [
      'what breaks the schema is held',
      standing(true, proposal('1', { held: true })),
      [],
      { status: 'held', supports: 0 },
    ],
    [
      'a denial beside an assertion disputes it',
      standing(true, proposal('1'), proposal('2', { polarity: 'negated' })),
      [],
      { status: 'proposed', disputed: true, supports: 1 },
    ],
    ['the last support gone, the link goes', standing(false, proposal('1')), [], { status: 'gone', items: [] }],
    [
      'a rejected link stays rejected with new support',
      standing(true, proposal('1'), proposal('2')),
      [decision(1, 'reject')],
      { status: 'rejected' },
    ],
    [
      'an accepted link outlives its support, marked',
      standing(false, proposal('1')),
      [decision(1, 'accept')],
      { status: 'accepted', unsupported: true },
    ],
    [
      'a held link that is accepted is in the graph',
      standing(true, proposal('1', { polarity: 'hedged' })),
      [decision(1, 'accept')],
      { status: 'accepted' },
    ],
  ] as const)('%s', (_, proposals, decisions, expected) => {
    expect(materialise(ENDS, proposals, decisions)).toMatchObject(expected)
  })

  it.each([
    ['nothing', [proposal('1')], [], []],
    ['a quote that is not there', [proposal('1', { evidence: missing })], [], ['missing-quote']],
    ['a clean one beside it', [proposal('1', { evidence: missing }), proposal('2')], [], []],
    ['no quote at all', [proposal('1', { evidence: [] })], [], ['missing-quote']],
    ['planted words', [proposal('1', { doubts: ['asked-for'] })], [], ['addresses-model']],
    ['planted words, and a clean one', [proposal('1', { doubts: ['asked-for'] }), proposal('2')], [], []],
    [
      'planted words that are held',
      [proposal('1', { doubts: ['flagged-quotes'], held: true })],
      [],
      ['addresses-model', 'held'],
    ],
    ['nobody having asked', [unjudged('1')], [], ['unjudged']],
    ['nobody having asked, and a clean one', [unjudged('1'), proposal('2')], [], []],
    ['rows, of which nobody asks', [{ ...unjudged('1'), engine: 'mapping' }], [], []],
    ['a denial', [proposal('1', { polarity: 'negated' })], [], ['denied']],
    ['a hedge', [proposal('1', { polarity: 'hedged' })], [], ['hedged']],
    ['a hedge beside an assertion', [proposal('1'), proposal('2', { polarity: 'hedged' })], [], []],
    ['a denial beside an assertion', [proposal('1'), proposal('2', { polarity: 'negated' })], [], ['disputed']],
    ['a rejection', [proposal('1')], [decision(1, 'reject')], ['rejected']],
    ['an acceptance', [proposal('1')], [decision(1, 'accept')], []],
  ] as const)('what keeps it out of bulk: %s', (_, proposals, decisions, obstacles) => {
    expect(materialise(ENDS, standing(true, ...proposals), decisions).obstacles).toEqual(obstacles)
    // What does not count any more neither helps nor harms.
    const past = standing(false, proposal('past'), proposal('past doubt', { doubts: ['asked-for'] }))
    expect(materialise(ENDS, [...standing(true, ...proposals), ...past], decisions).obstacles).toEqual(obstacles)
  })

  it('names that a sure rule joins are kept apart by a denial, or by a person; not by a denial that is held', () => {
    const same = { ...ENDS, type: SAME_AS }
    const bondOf = (more: readonly Proposal[], decisions: readonly Decision[] = []) =>
      materialise(same, standing(true, proposal('1', { joins: true, confidence: 0.9 }), ...more), decisions).bond
    const denial = proposal('2', { polarity: 'negated' })
    expect(bondOf([])).toEqual({ kind: 'automatic', rank: 0.9 })
    expect(bondOf([denial])).toBeNull()
    expect(bondOf([{ ...denial, held: true }])).toEqual({ kind: 'automatic', rank: 0.9 })
    expect(bondOf([{ ...denial, held: true }], [decision(1, 'reject')])).toEqual({ kind: 'rejected', rank: 1 })
  })

  it('nothing that is gone is accepted in bulk', () => {
    expect(materialise(ENDS, standing(false, proposal('1')), []).obstacles).toEqual(['unsupported'])
  })

  it('what may be planted comes last, however sure it is', () => {
    const sure = proposal('1', { confidence: 1, doubts: ['asked-for'] })
    expect(materialise(ENDS, standing(true, sure, proposal('2')), [])).toMatchObject({
      confidence: 0.5,
      items: [{ evidence: 'quote 2' }, { evidence: 'quote 1' }],
    })
  })

  it('puts the best first, one item a quote, and no more than the most', () => {
    const many = Array.from({ length: 30 }, (_, i) =>
      proposal(`p${String(i).padStart(2, '0')}`, { confidence: i / 30 }),
    )
    const link = materialise(ENDS, standing(true, ...many), [])
    expect(link.items).toHaveLength(MAX_SUPPORTS)
    expect(link.items[0]?.evidence).toBe('quote p29')
    expect(link.supports).toBe(30)
  })

  it('does not depend on the order of arrival', () => {
    fc.assert(
      fc.property(anyStanding, anyDecisions, fc.infiniteStream(fc.nat()), (proposals, decisions, dice) => {
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => ({ item, at: dice.next().value }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ item }) => item)
        const expected = materialise(ENDS, proposals, decisions)
        expect(materialise(ENDS, shuffled(proposals), shuffled(decisions))).toEqual(expected)
      }),
    )
  })

  it('never lets a rejected link come back by itself, nor an accepted one go', () => {
    fc.assert(
      fc.property(anyStanding, anyStanding, anyDecisions, (before, more, decisions) => {
        const then = materialise(ENDS, before, decisions).status
        const now = materialise(ENDS, [...before, ...more], decisions).status
        if (then === 'rejected' || then === 'accepted') expect(now).toBe(then)
      }),
    )
  })

  it('is in the graph only with a live assertion or by a person', () => {
    fc.assert(
      fc.property(anyStanding, anyDecisions, (proposals, decisions) => {
        const link = materialise(ENDS, proposals, decisions)
        const asserted = proposals.some(({ proposal: one, live }) => live && one.polarity === 'asserted' && !one.held)
        const verdict = verdictInForce(decisions)?.verdict
        const expected =
          verdict === undefined ? (asserted ? 'proposed' : 'other') : verdict === 'accept' ? 'accepted' : 'rejected'
        expect(['held', 'gone'].includes(link.status) ? 'other' : link.status).toBe(expected)
      }),
    )
  })
})

describe('verdictInForce', () => {
  it('an undo restores the verdict before; an undone undo restores what it undid', () => {
    const chain = [decision(1, 'accept'), decision(2, 'reject'), decision(3, 'undo', 'decision-2')]
    expect(verdictInForce(chain)?.id).toBe('decision-1')
    expect(verdictInForce([...chain, decision(4, 'undo', 'decision-3')])?.id).toBe('decision-2')
    expect(verdictInForce([])).toBeNull()
  })
})

describe('four eyes', () => {
  const half = (sequence: number, verdict: Verdict, reviewer: string): Decision =>
    decision(sequence, verdict, null, { reviewer, needsSecond: true })

  it('one person alone never settles what takes two', () => {
    fc.assert(
      fc.property(anyDecisions, (decisions) => {
        const byOne = decisions.map((one): Decision => ({
          ...one,
          reviewer: 'ana',
          ...(one.verdict === 'undo' ? {} : { needsSecond: true }),
        }))
        expect(courseOf(byOne).inForce).toBeNull()
        const { open } = courseOf(decisions)
        expect(new Set(open.map(({ reviewer }) => reviewer)).size).toBe(open.length)
        expect(attentionOf(decisions).awaits).toBe(
          open.length > 1 ? 'adjudication' : [undefined, 'second'][open.length],
        )
      }),
    )
  })

  it('nobody else sees a verdict that waits, and everybody those that do not', () => {
    fc.assert(
      fc.property(anyDecisions, fc.constantFrom('ana', 'ben', 'cleo', null), (decisions, viewer) => {
        const { open } = courseOf(decisions)
        const seen = new Map(asSeenBy(viewer, decisions).map((one) => [one.id, one.verdict]))
        for (const one of decisions)
          if (one.needsSecond !== true || one.reviewer === viewer || open.length > 1)
            expect(seen.get(one.id)).toBe(one.verdict)
        const [only] = open
        if (open.length === 1 && only?.reviewer !== viewer) expect(seen.get(only?.id ?? '')).toBe('withheld')
      }),
    )
  })

  it.each<[string, Decision[], Verdict | null, number]>([
    ['one waits', [half(1, 'accept', 'ana')], null, 1],
    ['a change of mind is still one', [half(1, 'accept', 'ana'), half(2, 'reject', 'ana')], null, 1],
    ['two who agree', [half(1, 'accept', 'ana'), half(2, 'accept', 'ben')], 'accept', 0],
    ['two who differ', [half(1, 'accept', 'ana'), half(2, 'reject', 'ben')], null, 2],
    ['a doubt', [decision(1, 'accept'), half(2, 'reject', 'ben')], 'accept', 1],
    [
      'a doubt that is contradicted',
      [decision(1, 'accept'), half(2, 'reject', 'ben'), half(3, 'accept', 'cleo')],
      'accept',
      2,
    ],
    [
      'a doubt that is given up',
      [decision(1, 'accept'), half(2, 'reject', 'ben'), half(3, 'accept', 'ben')],
      'accept',
      0,
    ],
    ['one that takes no second', [half(1, 'accept', 'ana'), decision(2, 'reject')], 'reject', 0],
  ])('%s', (_, decisions, verdict, open) => {
    const course = courseOf(decisions)
    expect([course.inForce?.verdict ?? null, course.open.length]).toEqual([verdict, open])
  })
})
