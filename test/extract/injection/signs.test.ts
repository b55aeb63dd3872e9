import fc from 'fast-check'
import { expect, it } from 'vitest'
import { asciiOf, hasRun } from '../../../src/extract/ascii.ts'
import { signFinder } from '../../../src/extract/injection/signs.ts'

const fewLetters = (most: number) =>
  fc.array(fc.constantFrom('a', 'b', 'й', ' '), { minLength: 1, maxLength: most }).map((letters) => letters.join(''))

it('finds just the signs that stand in a text, also inside and at the end of each other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fewLetters(5), { minLength: 1, maxLength: 12 }), fewLetters(40), (signs, text) => {
      expect([...signFinder(signs)(text)]).toEqual(signs.map((sign) => (text.includes(sign) ? 1 : 0)))
    }),
  )
})

it('finds a run of letters wherever it stands', () => {
  const letters = asciiOf(/[ab]/u)
  fc.assert(
    fc.property(fewLetters(60), fc.integer({ min: 1, max: 9 }), (text, length) => {
      expect(hasRun(text, letters, length)).toBe(new RegExp(`[ab]{${length}}`, 'u').test(text))
    }),
  )
})
