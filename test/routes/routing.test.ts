import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ChunkFeatures } from '../../src/routes/features.ts'
import { routeSettings } from '../../src/routes/route-settings.ts'
import { decideAfter, decideFirst, judgedMark, type Routing } from '../../src/routes/routing.ts'
import { Shares } from '../../src/routes/shares.ts'
import { doneMark, splitMark, type DoneMark } from '../../src/model/done-mark.ts'
import { QUICK } from '../../src/model/effort.ts'

const routing = (said: object): Routing => z.object(routeSettings).parse({ routes: said }).routes as Routing
const CHUNK: ChunkFeatures = {
  kind: 'transcript',
  tokens: 900,
  units: 30,
  names: 8,
  hedges: 0,
  negations: 1,
  speakers: 3,
  table: false,
}
const NONE: ReadonlySet<string> = new Set()

describe('rules', () => {
  const rules = routing({
    rules: [
      { when: { table: true }, use: 'rules' },
      { when: { kind: ['transcript', 'chat'], names: '>= 8', hedges: '> 0' }, use: 'large' },
      { when: { tokens: '>1000' }, use: 'medium' },
      { when: { hedges: 0 }, use: 'small' },
    ],
    default: 'other',
  })

  it('are tried in order, all their conditions together', () => {
    const use = (more: Partial<ChunkFeatures>): unknown => decideFirst(rules, { ...CHUNK, ...more }, NONE)
    expect(use({})).toEqual({ use: ['small'], rule: 'hedges = 0', because: ['hedges 0'] })
    expect(use({ table: true, hedges: 3 })).toMatchObject({ use: ['rules'], because: ['table true'] })
    expect(use({ hedges: 1 })).toEqual({
      use: ['large'],
      rule: 'kind transcript or chat, names >= 8, hedges > 0',
      because: ['kind transcript', 'names 8', 'hedges 1'],
    })
    expect(use({ hedges: 1, names: 7 })).toEqual({ use: ['other'], rule: 'default', because: [] })
    expect(use({ hedges: 1, kind: 'mail', tokens: 1001 })).toMatchObject({ use: ['medium'] })
  })

  it('that name an engine without room are passed over, and it is said', () => {
    expect(decideFirst(rules, { ...CHUNK, hedges: 1, tokens: 2000 }, new Set(['large']))).toEqual({
      use: ['medium'],
      rule: 'tokens > 1000',
      because: ['tokens 2000'],
      keptFrom: 'large',
    })
  })

  it('over first replies send a chunk to nobody twice', () => {
    const after = routing({
      default: 'small',
      after: [
        { when: { failure: true }, use: 'medium' },
        { when: { confidence: '< 0.6', links: '> 0' }, use: 'large' },
      ],
    })
    const reply = {
      failure: true,
      links: 2,
      confidence: 0.456,
      leastConfidence: 0.3,
      missing: 0,
      refused: 0,
      held: 0,
      unlinked: 0,
      disagreement: 0,
    }
    expect(decideAfter(after, reply, ['small'], ['a'])).toMatchObject({ use: ['medium'], after: ['a'] })
    expect(decideAfter(after, reply, ['small', 'medium'], ['b'])).toEqual({
      use: ['large'],
      rule: 'after: links > 0, confidence < 0.6',
      because: ['links 2', 'confidence 0.46'],
      after: ['b'],
      sentBy: 1,
    })
    expect(decideAfter(after, reply, ['small', 'medium', 'large'], [])).toBeNull()
    expect(decideAfter(after, { ...reply, failure: false, links: 0 }, ['small'], [])).toBeNull()
  })

  it.each(['', '>', '8 >', '> eight', '=> 8', '> 1 000', '!= 3'])('do not take “%s” for a comparison', (names) => {
    expect(
      z.object(routeSettings).safeParse({ routes: { default: 'rules', rules: [{ when: { names }, use: 'rules' }] } })
        .success,
    ).toBe(false)
  })
})

describe('the mark of a chunk that was judged', () => {
  it('changes with the rules over replies, and with who they name; not with those over chunks', () => {
    const after = (confidence: string, rules: object[] = []): Routing =>
      routing({ rules, default: 'small', after: [{ when: { confidence }, use: 'large' }] })
    const prints = new Map([
      ['small', 'f1'],
      ['large', 'f2'],
    ])
    const mark = judgedMark(after('< 0.6'), ['small'], prints)
    expect(judgedMark(after('<0.6', [{ when: { names: 1 }, use: 'large' }]), ['small'], prints)).toBe(mark)
    expect(judgedMark(after('< 0.7'), ['small'], prints)).not.toBe(mark)
    expect(judgedMark(after('< 0.6'), ['small'], new Map([...prints, ['large', 'f3']]))).not.toBe(mark)
    expect(judgedMark(routing({ default: 'small' }), ['small'], prints)).toBeNull()
  })

  it.each<[mark: string, parts: Partial<DoneMark>]>([
    ['f', {}],
    ['f~100+a|j!large', { budget: '100', aligner: 'a', judged: { by: 'j', keptFrom: 'large' } }],
    ['f~', { budget: '' }],
    ['f^standard|j>12', { effort: { level: 'standard' }, judged: { by: 'j', sentBy: 12 } }],
    ['f^thorough.3.v|j', { effort: { level: 'thorough', samples: 3, verifier: 'v' }, judged: { by: 'j' } }],
  ])('is a part of what it is done with: %s', (mark, parts) => {
    const whole = { fingerprint: 'f', budget: null, effort: QUICK, aligner: null, judged: null, ...parts }
    expect(splitMark(mark)).toEqual(whole)
    expect(doneMark(whole)).toBe(mark)
  })
})

describe('a share', () => {
  it('is of all chunks that are looked at, those included that were read before', () => {
    const shares = new Shares({ large: 0.3 })
    for (let i = 0; i < 10; i++) shares.look(i < 2 ? ['large'] : ['small'])
    expect([shares.room('large'), shares.isScarce('large'), shares.isScarce('small')]).toEqual([1, true, false])
    expect([shares.take('large'), shares.take('large'), shares.take('small')]).toEqual([true, false, true])
    shares.look([])
    expect(shares.room('large')).toBe(0)
  })

  it('is exact where binary fractions are not', () => {
    for (const [share, looked] of [
      [0.3, 10],
      [0.7, 10],
      [0.29, 100],
      [0.1, 30],
      [1, 7],
      [0, 9],
    ] as const) {
      const shares = new Shares({ large: share })
      for (let i = 0; i < looked; i++) shares.look([])
      expect(shares.room('large')).toBe(Math.round(share * looked))
    }
  })
})
