import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitSentences } from '../../ingest/sentences.ts'

// Sentences are divided by ` | `.
const cases = [
  'Dr. Amara Okafor (AO) leads the project. | She began in March.',
  'Version 1.2, approved on 3 February 2025. | In force.',
  'It fits, e.g. Brass, i.e. the old system. | Done.',
  'See No. 7 and Fig. 2, pp. 3. | Next.',
  'No. | I am not.',
  'The U.S. Government and J. R. Smith agreed. | Then left.',
  'Look at https://example.org/a?Q=1&R=Yes.Really!Now today. | Then go.',
  'Is it late? | Yes! | "Very late." | We wait.',
  'He said "Stop!" and left.',
  'It rose by 4.7 % in May, from 1.9 %. | Bad.',
  '1. Definitions are first. | Then come rules.',
  'a. Adaptation means change.',
  'at 10 a.m. on Friday. | Or later.',
  'これは試験です。 | 次の文です。',
  'Wait... what? | Nothing.',
  'One unit without a stop',
]
for (const expected of cases) {
  test(`divides: ${expected}`, () => {
    const text = expected.replaceAll(' | ', expected.includes('。') ? '' : ' ')
    expect(splitSentences(text).map(({ start, end }) => text.slice(start, end))).toEqual(expected.split(' | '))
  })
}

test('every character but white space is in exactly one sentence', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('Dr.', 'a', 'B.', '?', '!', 'e.g.', '1.', ' ', '  ', 'word', '。', '\u00a0', '🙂')),
      (some) => {
        const text = some.join('')
        let end = 0
        for (const span of splitSentences(text)) {
          expect(text.slice(end, span.start).trim()).toBe('')
          expect(text.slice(span.start, span.end).trim()).toBe(text.slice(span.start, span.end))
          expect(span.end).toBeGreaterThan(span.start)
          end = span.end
        }
        expect(text.slice(end).trim()).toBe('')
      },
    ),
  )
})
