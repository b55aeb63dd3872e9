import { expect, test } from 'vitest'
import { cutJson } from '../../src/extract/cut-json.ts'

test.each(['{"links": [], }', '{ links: []', "{\n  'links': []}", '{ “ links”: []'])('begins at a key: %s', (text) => {
  expect(cutJson(`So: ${text}`)?.repaired).toBe(true)
})

test('blanks and braces without end take no long time', () => {
  const started = performance.now()
  for (const text of ['{' + '\n'.repeat(100_000), '{"' + ' '.repeat(100_000), '{ '.repeat(50_000), '"{'.repeat(50_000)])
    expect(cutJson(text)).toBeNull()
  expect(performance.now() - started).toBeLessThan(1000)
})
