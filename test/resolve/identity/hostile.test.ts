import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexNames, resolveAcross, resolveWithin } from '../../../src/resolve/identity/identity.ts'
import { thing } from './judged.ts'

const NAMES = [
  '',
  ' ',
  '.',
  '(((',
  '\\',
  '[',
  '$&',
  '__proto__',
  'constructor',
  '\u0000',
  '🎉',
  '👩‍👩‍👧 Okafor',
  '\u202eroفاكO',
  '\ud800',
  'A'.repeat(100_000),
  'a b '.repeat(25_000),
  '1'.repeat(100_000),
  '('.repeat(100_000),
  'A.'.repeat(50_000),
]
const TYPES = ['Person', 'Organization', 'Place', 'Date', 'Thing', '', 'X'.repeat(10_000)]

describe('hostile names', () => {
  it('are borne, within and across', async () => {
    for (const type of TYPES) {
      const things = NAMES.map((name, at) => thing(name, type, { id: `${at}` }))
      const { clusters } = resolveWithin({ things, texts: [NAMES.join(' '), `${NAMES[11]} (Okafor)`] })
      expect(clusters.flat().length).toBeLessThan(things.length)
      const index = indexNames(things)
      for (const one of things) expect(Array.isArray(await resolveAcross({ ...one, id: 'new' }, index))).toBe(true)
    }
  }, 30_000)

  it('meet where only invisible signs tell them apart', () => {
    const things = ['Amara\u200b Okafor', 'Amara Okafor'].map((name, at) => thing(name, 'Person', { id: `${at}` }))
    expect(resolveWithin({ things, texts: [] }).clusters).toHaveLength(1)
  })

  it('of no letters do not meet', () => {
    const things = [thing('🎉', 'Thing'), thing('🔥', 'Thing'), thing('...', 'Thing')]
    expect(resolveWithin({ things, texts: [] }).clusters).toEqual([])
  })

  it('never upset anything, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 12 }),
        fc.string(),
        (names, text) => {
          const things = names.map((name, at) => thing(name, 'Person', { id: `${at}` }))
          const { judgements } = resolveWithin({ things, texts: [text, names.join(' and ')] })
          expect(judgements.every(({ confidence }) => confidence > 0 && confidence <= 1)).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('in a long text cost time that grows with its length only', () => {
    const things = Array.from({ length: 300 }, (_, at) => thing(`Alpha Beta ${at}`, 'Thing'))
    const time = (repeats: number): number => {
      const text = 'Alpha Beta (Alpha Beta 7), Alpha and so on. '.repeat(repeats)
      const started = performance.now()
      resolveWithin({ things: things.slice(0, 30), texts: [text] })
      return performance.now() - started
    }
    time(1000)
    expect(time(16_000)).toBeLessThan(16 * Math.max(time(1000), 5) * 4)
  })
})
