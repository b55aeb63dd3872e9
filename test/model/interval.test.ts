import { describe, expect, it } from 'vitest'
import { isDay, isValidOn } from '../../src/model/interval.ts'
import { holdsAsOf, type Link, type LinkSupport } from '../../src/model/link.ts'

const support = (saidOn: string | null) => ({ saidOn }) as LinkSupport
const link = (valid: Link['valid'], ...said: (string | null)[]) => ({ valid, items: said.map(support) })

describe('intervals of days', () => {
  it('include both ends, and are open where none is known', () => {
    expect(isValidOn({ from: '2025-01-01', to: '2025-03-31' }, '2025-01-01')).toBe(true)
    expect(isValidOn({ from: '2025-01-01', to: '2025-03-31' }, '2025-03-31')).toBe(true)
    expect(isValidOn({ from: '2025-01-01', to: '2025-03-31' }, '2025-04-01')).toBe(false)
    expect(isValidOn({ from: null, to: '2025-03-31' }, '1900-01-01')).toBe(true)
    expect(isValidOn({ from: '2025-01-01', to: null }, '2024-12-31')).toBe(false)
  })

  it('are made of days of the calendar', () => {
    expect(['2024-02-29', '2025-02-29', '2025-2-01', '2025-06-31', 'today'].map(isDay)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('whether a link holds as of a day', () => {
  it('goes by its days, whoever said so when', () => {
    expect(holdsAsOf(link({ from: '2025-01-01', to: null }, '2025-06-10'), '2025-02-01')).toBe(true)
    expect(holdsAsOf(link({ from: '2025-01-01', to: '2025-01-31' }, '2025-01-10'), '2025-02-01')).toBe(false)
  })

  it('where nobody knows since when, from the first source on that says it', () => {
    expect(holdsAsOf(link(null, '2025-06-10', '2025-03-18'), '2025-03-18')).toBe(true)
    expect(holdsAsOf(link(null, '2025-06-10', '2025-03-18'), '2025-03-17')).toBe(false)
    expect(holdsAsOf(link({ from: null, to: '2025-12-31' }, '2025-03-18'), '2025-01-01')).toBe(false)
    expect(holdsAsOf(link(null, null), '1900-01-01')).toBe(true)
  })
})
