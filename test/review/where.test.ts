import { expect, it } from 'vitest'
import { parseWhere } from '../../src/review/where.ts'

it('reads every condition, values with spaces in quotes, and confidence from both sides', () => {
  const text =
    ' type=OWNS obstacle=not-verified confidence>=0.8 confidence<0.9 doc=minutes/** speaker="Ana Ruiz" run=01J grounding=exact flagged status=held '
  const { doc, confidence, ...plain } = parseWhere(text)
  expect(plain).toEqual({
    type: 'OWNS',
    otherThan: [],
    obstacle: 'not-verified',
    status: 'held',
    grounding: 'exact',
    speaker: 'Ana Ruiz',
    run: '01J',
    flagged: true,
  })
  const holds = (value: number): boolean => confidence.every((one) => one(value))
  expect([0.79, 0.8, 0.89, 0.9].map(holds)).toEqual([false, true, true, false])
  expect(['minutes/a/b.md', 'minutes.md'].map((path) => doc?.(path))).toEqual([true, false])
})

it.each([
  ['', /empty/],
  ['colour=red', /'colour' is nothing that it knows/],
  ['type', /'type' is no condition/],
  ['flagged=yes', /'flagged' is nothing that it knows/],
  ['speaker="Ana Ruiz type=A', /speaker="Ana Ruiz type=A: a double quote is opened and not closed/],
  ['type=A "', /": a double quote is opened/],
  ['type=', /'type=' is no condition/],
  ['type=""', /has no value/],
  ['type=A type=B', /type is given twice/],
  ['type>A', /only confidence can be compared by >/],
  ['confidence>=high', /a number from 0 to 1/],
  ['confidence>=1.5', /a number from 0 to 1/],
  ['confidence>=NaN', /a number from 0 to 1/],
  ['status=open', /'status=open': it is one of proposed, held/],
  ['grounding=good', /one of exact, normalised/],
  ['doc=../x', /the pattern leads out of the folder/],
  ['speaker="Ana"type=A', /is no condition/],
  ['type=A, status=held x', /'x' is no condition/],
])('says what is wrong with %j', (text, message) => expect(() => parseWhere(text)).toThrow(message))
