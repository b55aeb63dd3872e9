import { describe, expect, it } from 'vitest'
import { rankMisheard } from '../../../src/resolve/identity/identity.ts'

const GLOSSARY = ['Brinetally', 'BRASS', 'Ferrypoint', 'Dovrelund', 'Vennersby', 'Tresquill', 'devnet-8', 'Saltmarsh']

describe('misheard names', () => {
  it.each([
    ['Brine Tally', 'Brinetally'],
    ['Brass', 'BRASS'],
    ['fairy point', 'Ferrypoint'],
    ['Dove Roland', 'Dovrelund'],
    ['when is bee', 'Vennersby'],
    ['definite eight', 'devnet-8'],
    ['assault march', 'Saltmarsh'],
  ])('%s is %s', (heard, meant) => expect(rankMisheard(heard, GLOSSARY)[0]?.name).toBe(meant))

  it('scores the same letters 1, and others less', () => {
    const [first, second] = rankMisheard('BRINE TALLY', GLOSSARY)
    expect(first).toEqual({ name: 'Brinetally', score: 1 })
    expect(second?.score).toBeLessThan(0.6)
  })

  it('keeps to the limit, and to the same order whatever order the glossary has', () => {
    expect(rankMisheard('x', GLOSSARY, 3)).toHaveLength(3)
    expect(rankMisheard('trace quill', GLOSSARY.toReversed())).toEqual(rankMisheard('trace quill', GLOSSARY))
  })

  it('bears anything', () => {
    for (const heard of ['', '🎉', '\u202e', 'a'.repeat(100_000)])
      expect(rankMisheard(heard, GLOSSARY).every(({ score }) => score >= 0 && score <= 1)).toBe(true)
    expect(rankMisheard('x', [])).toEqual([])
  })
})
