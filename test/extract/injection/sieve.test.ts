import { expect, it } from 'vitest'
import { RULES_OF_ADDRESS, RULES_OF_DOUBT } from '../../../src/extract/injection/forms.ts'
import { matchWithoutSigns } from './without-signs.ts'

const SIFTED = [...RULES_OF_ADDRESS, ...RULES_OF_DOUBT].filter(({ signs }) => signs.length > 0)

it('finds a text that a pattern matches without any of the signs that are looked for first', () => {
  expect(matchWithoutSigns(/\bfor (?:ai|llm)s? only\b/mu, ['ai ', 'llm'])).toBe('for ais only')
  expect(matchWithoutSigns(/\bfor (?:ai|llm)s? only\b/mu, ['ai ', 'ais', 'llm'])).toBeNull()
  expect(matchWithoutSigns(/\bown\b[^.]{0,60}\bthe\b/mu, ['own the'])).toBe('own!the')
  expect(matchWithoutSigns(/[Ll]ink|tie/mu, ['link'])).toBe('tie')
})

it.each(SIFTED)('$form: whatever $pattern matches has one of its signs', ({ pattern, signs }) => {
  expect(matchWithoutSigns(pattern, signs)).toBeNull()
})
