import { describe, expect, it } from 'vitest'
import { groundQuote } from '../../src/extract/ground.ts'
import { parseAnswer } from '../../src/extract/parse.ts'
import type { ChunkUnit } from '../../src/model/chunk.ts'
import { contractCases, haveShared, type Recorded, sampleReplies } from '../recorded.ts'

const unit = (s: number, text: string, speaker?: string): ChunkUnit => ({
  s,
  kind: 'sentence',
  start: 0,
  end: text.length,
  place: speaker === undefined ? {} : { speaker },
  text,
})

describe('groundQuote', () => {
  const units = [
    unit(1, 'The Supplier Office owns this policy; questions go to its head.'),
    unit(2, 'It’s the “first” wave – in\u00a0September, I STAY 🙂 for good.', 'Leila Haddadi'),
    unit(3, 'Their contact is Jonas Brandão, by e-mail.'),
  ]
  const found = (quote: string, s: number): [string, string] | null => {
    const grounded = groundQuote(quote, s, units)
    return grounded === null ? null : [grounded.grounding, grounded.unit.text.slice(grounded.start, grounded.end)]
  }

  it.each([
    ['letter for letter', 'Supplier Office owns', 1, 'exact', 'Supplier Office owns'],
    ['case', 'supplier office OWNS', 1, 'normalised', 'Supplier Office owns'],
    [
      'typographic signs and white space',
      `it's the "first" wave - in September`,
      2,
      'normalised',
      'It’s the “first” wave – in\u00a0September',
    ],
    ['after a character of two units', 'for good.', 2, 'exact', 'for good.'],
    ['folded after a character of two units', 'FOR GOOD.', 2, 'normalised', 'for good.'],
    ['the frame that the prompt put around', 'Leila Haddadi (10:07:59): I STAY', 2, 'normalised', 'I STAY'],
    ['quotation marks around the whole', '“I STAY”', 2, 'normalised', 'I STAY'],
    ['in another unit', 'Their contact is', 1, 'moved', 'Their contact is'],
  ])('%s', (_, quote, s, grounding, text) => {
    expect(found(quote, s)).toEqual([grounding, text])
  })

  it.each([
    ['a paraphrase', 'The Supplier Office is the owner', 1],
    ['a lost accent', 'Jonas Brandao', 3],
    ['a lost hyphen', 'by email', 3],
    ['a word left out', 'The Supplier owns', 1],
    ['words of two units', 'its head. It’s the', 1],
    ['nothing', '   ', 1],
  ])('does not find %s', (_, quote, s) => {
    expect(found(quote, s)).toBeNull()
  })
})

/** Flaws that mean that a quote is not what the named unit says. */
const QUOTE_FLAWS = new Set(['paraphrased-quote', 'wrong-unit'])

function checkQuotes(recorded: Recorded): void {
  const { answer } = parseAnswer(recorded.content, recorded.units.length)
  for (const link of answer.links) {
    const flaws = recorded.flaws.filter((flaw) => flaw.link === link.index)
    const groundings = link.evidence.map(({ s, quote }) => {
      const grounded = groundQuote(quote, s, recorded.units)
      if (grounded === null) return 'missing'
      const slice = grounded.unit.text.slice(grounded.start, grounded.end)
      if (grounded.grounding === 'exact') expect(slice).toBe(quote)
      return grounded.grounding
    })
    const flaw = flaws.find((one) => QUOTE_FLAWS.has(one.flaw))
    const spaces = flaws.some((one) => one.note.includes('no-break spaces'))
    const where = `${recorded.name} link ${link.index}`
    if (flaw?.flaw === 'wrong-unit') expect(groundings, where).toContain('moved')
    else if (flaw !== undefined) expect(groundings, where).toContain('missing')
    else if (spaces) expect(groundings, where).toContain('normalised')
    else expect(new Set(groundings), where).toEqual(new Set(['exact']))
  }
}

describe('recorded replies: sound quotes are exact, flawed ones are caught', () => {
  it.each(sampleReplies().map((recorded) => [recorded.name, recorded] as const))('sample %s', (_, recorded) =>
    checkQuotes(recorded),
  )
  it.skipIf(!haveShared)('every case beside the contract', () => {
    const cases = contractCases()
    expect(cases.length).toBeGreaterThan(10)
    for (const recorded of cases) checkQuotes(recorded)
  })
})
