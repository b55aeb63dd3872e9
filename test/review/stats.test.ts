import { describe, expect, it } from 'vitest'
import type { Decision } from '../../src/model/decision.ts'
import { calibrate } from '../../src/review/stats/calibration.ts'
import { paceOf, secondsEach } from '../../src/review/stats/pace.ts'
import { wilson } from '../../src/review/stats/wilson.ts'

describe("Wilson's interval", () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is that of Newcombe', (hits, count, low, high) => {
    const interval = wilson(hits, count)
    expect(interval?.share).toBeCloseTo(hits / count, 10)
    expect(interval?.low).toBeCloseTo(low, 4)
    expect(interval?.high).toBeCloseTo(high, 4)
  })

  it('is the same from the other side, ends at the ends, and is none of nothing', () => {
    expect(wilson(20, 20)).toMatchObject({ low: expect.closeTo(1 - 0.1611, 4) as number, high: 1 })
    expect(wilson(0, 1)?.low).toBe(0)
    expect(wilson(0, 0)).toBeNull()
  })
})

describe('calibration', () => {
  it('weighs how far each bin is off by how many are in it', () => {
    const judged = [
      { confidence: 0.95, accepted: true },
      { confidence: 0.95, accepted: true },
      { confidence: 0.95, accepted: false },
      { confidence: 0.4, accepted: false },
    ]
    const found = calibrate(judged)
    expect(found?.bins).toEqual([
      { from: 0.4, to: 0.5, count: 1, confidence: 0.4, accepted: 0 },
      { from: 0.9, to: 1, count: 3, confidence: expect.closeTo(0.95, 10) as number, accepted: 2 / 3 },
    ])
    expect(found?.error).toBeCloseTo((3 * (0.95 - 2 / 3) + 1 * 0.4) / 4, 10)
    expect(calibrate([])).toBeNull()
  })

  it('puts each tenth where it begins, and 1 with the highest', () => {
    for (let tenth = 0; tenth <= 10; tenth += 1) {
      const [bin] = calibrate([{ confidence: tenth / 10, accepted: true }])?.bins ?? []
      expect(bin?.from).toBe(Math.min(9, tenth) / 10)
    }
    expect(calibrate([{ confidence: 0.3 * 3, accepted: true }])?.bins[0]?.from).toBe(0.9)
  })
})

describe('seconds a decision', () => {
  const decision = (sequence: number, second: number, more: Partial<Decision> = {}): Decision =>
    ({
      sequence,
      reviewer: 'rita',
      verdict: 'accept',
      order: 'entity',
      at: new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString(),
      ...more,
    }) as Decision

  it('are those from one verdict to the next of the same person, while they sat there', () => {
    const decisions = [
      decision(1, 0),
      decision(2, 2, { reviewer: 'sam' }),
      decision(3, 10),
      decision(4, 11, { batch: 'b' }), // nobody knows how long each was looked at
      decision(5, 31),
      decision(6, 31 + 301), // was away
      decision(7, 340, { verdict: 'undo' }),
      decision(8, 344),
    ]
    const seconds = secondsEach(decisions)
    expect([...seconds].map(([{ sequence }, each]) => [sequence, each])).toEqual([
      [3, 10],
      [5, 20],
      [8, 4],
    ])
    expect(paceOf([...seconds.values()])).toEqual({ seconds: 10, count: 3 })
  })

  it('are not told by verdicts given by name', () => {
    const { order: _, ...named } = decision(2, 1)
    expect(secondsEach([decision(1, 0), named])).toEqual(new Map())
    expect(paceOf([])).toBeNull()
    expect(paceOf([1, 2])).toEqual({ seconds: 1.5, count: 2 })
  })
})
