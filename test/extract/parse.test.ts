import { describe, expect, it } from 'vitest'
import { parseAnswer } from '../../src/extract/parse.ts'
import { contractCases, haveShared, sampleReplies } from '../recorded.ts'

const entities = [
  { id: 'e1', name: 'Ana Ruiz', type: 'Person', aliases: ['Ana'], mentions: [1] },
  { id: 'e2', name: 'Billing', type: 'System', aliases: [], mentions: [1, 2] },
]
const link = {
  subject: 'e1',
  type: 'OWNS',
  object: 'e2',
  evidence: [{ s: 1, quote: 'Ana owns billing' }],
  support: 'stated',
  polarity: 'asserted',
  when: null,
  why: 'She says so.',
  confidence: 0.9,
}
const answer = (links: unknown[], more: Record<string, unknown> = {}): string =>
  JSON.stringify({ summary: 's', labels: [], entities, links, rejected: [], ...more })
const codes = (content: string): string[] => parseAnswer(content, 2).notes.map((note) => note.code)

describe('parseAnswer', () => {
  it('takes a plain object', () => {
    const parsed = parseAnswer(answer([link]), 2)
    expect(parsed.repaired).toBe(false)
    expect(parsed.notes).toEqual([])
    expect(parsed.answer.links).toEqual([{ ...link, index: 0 }])
  })

  it.each([
    ['fences and prose', `Here it is:\n\`\`\`json\n${answer([link])}\n\`\`\`\nDone {I hope}.`],
    ['braces in prose before it', `The source has {vocalsound} and {disfmarker} in it. ${answer([link])}`],
    ['an example before it', `Like {"links": []}? No: ${answer([link])}`],
  ])('cuts it out of %s', (_, content) => {
    const parsed = parseAnswer(content, 2)
    expect(parsed.repaired).toBe(false)
    expect(parsed.answer.links).toHaveLength(1)
  })

  it('repairs only what does not parse, and says so', () => {
    const parsed = parseAnswer(answer([link]).replace('"links"', 'links').replace(/\}$/, ',}'), 2)
    expect(parsed).toMatchObject({ repaired: true, isCut: false })
    expect(parsed.answer.links).toHaveLength(1)
    expect(parsed.notes.map((note) => note.code)).toEqual(['answer-repaired'])
  })

  it('keeps what came whole of an answer that was cut', () => {
    const whole = answer([link, { ...link, type: 'LEADS' }])
    const cut = whole.slice(0, whole.indexOf('"LEADS"') + 40)
    const parsed = parseAnswer(cut, 2)
    expect(parsed.answer.links.map((one) => one.type)).toEqual(['OWNS'])
    expect(parsed.isCut).toBe(true)
    expect(parsed.notes.map((note) => note.code)).toEqual(['invalid-item'])
  })

  it('says when there is nothing to take', () => {
    expect(codes('')).toEqual(['answer-unreadable'])
    expect(codes('I am sorry, I cannot do that.')).toEqual(['answer-unreadable'])
    expect(codes('[1, 2, 3]')).toEqual(['answer-unreadable'])
  })

  it.each([
    ['an unknown end', { ...link, object: 'e9' }, 'unknown-entity'],
    ['itself as object', { ...link, object: 'e1' }, 'self-link'],
    ['a unit that does not exist', { ...link, evidence: [{ s: 7, quote: 'x' }] }, 'unknown-unit'],
    ['no quote', { ...link, evidence: [] }, 'invalid-item'],
    ['no confidence', { ...link, confidence: 'high' }, 'invalid-item'],
    ['nothing at all', null, 'invalid-item'],
  ])('a link with %s costs itself only', (_, bad, code) => {
    const parsed = parseAnswer(answer([bad, link]), 2)
    expect(parsed.answer.links.map((one) => one.index)).toEqual([1])
    expect(parsed.notes.map((note) => note.code)).toContain(code)
  })

  it('takes numbers as models write them', () => {
    const loose = { ...link, confidence: '90', evidence: [{ s: 'S2', quote: 'x' }], subject: 'Ana Ruiz' }
    const [taken] = parseAnswer(answer([loose]), 2).answer.links
    expect(taken).toMatchObject({ confidence: 0.9, subject: 'e1', evidence: [{ s: 2, quote: 'x' }] })
  })

  it('takes recorded answers whole, without repair', () => {
    for (const recorded of [...sampleReplies(), ...(haveShared ? contractCases() : [])]) {
      const { answer: taken, repaired } = parseAnswer(recorded.content, recorded.units.length)
      expect(repaired, recorded.name).toBe(false)
      expect(taken.links.length, recorded.name).toBeGreaterThan(3)
    }
  })
})
