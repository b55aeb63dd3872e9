import { expect, test } from 'vitest'
import { cutJson } from '../../src/extract/cut-json.ts'

test.each(['{"links": [], }', '{ links: []', "{\n  'links': []}", '{ “ links”: []'])('begins at a key: %s', (text) => {
  expect(cutJson(`So: ${text}`)?.repaired).toBe(true)
})

test.each([
  ['{"summary": "Ana leads", "links": [{"subject": "e1"', true],
  ['{"summary": "Ana le', true],
  ['Like {"links": []}? No: {"summary": "Ana leads", "links": [{"subject"', true],
  ['```json\n{"links": [{"subject": "e1"}\n```', true],
  ['{"summary": "she said "no" twice", "links": []}', false],
  ['{"summary": "a 5" disk", "links": []}', false],
  ['{"summary": "Ana leads", "links": [],}\n', false],
])('says whether it was cut off: %s', (text, isCut) => {
  expect(cutJson(text)).toMatchObject({ isCut })
})

test('blanks and braces without end take no long time', () => {
  const started = performance.now()
  for (const text of ['{' + '\n'.repeat(100_000), '{"' + ' '.repeat(100_000), '{ '.repeat(50_000), '"{'.repeat(50_000)])
    expect(cutJson(text)).toBeNull()
  expect(performance.now() - started).toBeLessThan(1000)
})
