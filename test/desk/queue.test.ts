import { describe, expect, it } from 'vitest'
import type { Waiting } from '../../src/desk/pending.ts'
import { rank, worthOf } from '../../src/desk/rank.ts'

let count = 0
const link = (from: string, to: string, confidence: number, more: Partial<Waiting> = {}): Waiting => ({
  id: `l${String((count += 1)).padStart(4, '0')}`,
  from,
  to,
  confidence,
  type: 'OWNS',
  disputed: false,
  conflictsWith: [],
  ...more,
})
const ids = (plans: readonly { readonly ids: readonly string[] }[]): string[][] => plans.map((plan) => [...plan.ids])

describe('the order of the queue', () => {
  it('asks first about the entity of which there is most to learn', () => {
    const sure = [link('a', 'b', 0.99), link('a', 'c', 0.99)]
    const unsure = [link('d', 'e', 0.5), link('d', 'f', 0.5)]
    const [first, ...others] = rank('entity', [...sure, ...unsure])
    expect(first).toEqual({ entityId: 'd', ids: unsure.map(({ id }) => id) })
    // Each link stands in the blocks of both its ends: whichever comes first has it.
    expect(others.map(({ entityId }) => entityId).toSorted()).toEqual(['a', 'b', 'c', 'e', 'f'])
  })

  it('is worth what is learnt in the time that it takes', () => {
    const one = link('a', 'b', 0.5)
    expect(worthOf([one], 1)).toBeCloseTo(Math.log(2) / (25 + 2 * 45))
    const among = [one, link('a', 'b', 0.5), link('b', 'a', 0.5)]
    expect(worthOf(among, 3)).toBeCloseTo((3 * Math.log(4)) / (3 * 25 + 2 * 45))
    expect(worthOf([link('a', 'b', 1)], 9)).toBe(0)
  })

  it('has up to ten in a block, the least sure of the entity, surest first', () => {
    const many = Array.from({ length: 14 }, (_, index) => link('hub', `end ${index}`, 0.5 + index / 30))
    const [first] = rank('entity', many)
    expect(first).toEqual({
      entityId: 'hub',
      ids: many
        .slice(0, 10)
        .map(({ id }) => id)
        .toReversed(),
    })
  })

  it('has what documents are about behind all else, unless it goes by type or by what contradicts', () => {
    const labels = [0.9, 0.5].map((confidence) => link('document', 'label', confidence, { type: 'LABELLED' }))
    const [sure, unsure] = labels.map(({ id }) => id)
    const other = link('a', 'b', 0.99)
    for (const order of ['entity', 'uncertain', 'impact', 'random'] as const) {
      const plans = rank(order, [...labels, other])
      expect(plans[0]?.ids).toEqual([other.id])
      expect(plans.at(-1)).toEqual({ title: 'labels', ids: [sure, unsure] })
    }
    expect(rank('type', [...labels, other]).map(({ title }) => title)).toEqual(['LABELLED', 'OWNS'])
    expect(rank('contradict', labels)).toEqual([])
  })

  it('is that of confidence, of type, of how much hangs on a link, or of chance', () => {
    const a = link('x', 'y', 0.9, { type: 'LEADS' })
    const b = link('x', 'z', 0.4)
    const c = link('v', 'w', 0.6)
    const all = [c, b, a]
    expect(ids(rank('uncertain', all))).toEqual([[b.id, c.id, a.id]])
    expect(rank('type', all)).toEqual([
      { title: 'OWNS', ids: [c.id, b.id] },
      { title: 'LEADS', ids: [a.id] },
    ])
    expect(ids(rank('impact', all))).toEqual([[a.id, b.id, c.id]])
    expect(ids(rank('random', all))).toEqual([[a.id, b.id, c.id]])
  })

  it('shows only what sources disagree about, or what contradicts each other, side by side', () => {
    const [plain, disputed] = [link('x', 'y', 0.9), link('x', 'z', 0.4, { disputed: true })]
    const one = link('p', 'ana', 0.7, { conflictsWith: ['l9999', 'gone'] })
    const other = link('p', 'ben', 0.8, { id: 'l9999', conflictsWith: [one.id] })
    const says = link(one.id, other.id, 1, { type: 'CONTRADICTS' })
    const all = [plain, disputed, one, other, says]
    expect(ids(rank('disagree', all))).toEqual([[disputed.id]])
    expect(ids(rank('contradict', all))).toEqual([[other.id, one.id, says.id]])
  })
})
