import { expect, it } from 'vitest'
import { renderPrompt } from '../../src/extract/prompt.ts'
import { DEFAULT_SCHEMA, schemaFile } from '../../src/model/schema.ts'

it.each([
  ['utterances of a meeting', 'Grad A', 87],
  ['sentences of a report', null, 130],
])('a chunk of 4,000 characters in %s costs at most 1,500 prompt tokens of four characters', (_, speaker, length) => {
  const text = 'We talked about the plan of the harbour office and its budget for the year that begins in March, '
  const own = length - (speaker === null ? 1 : speaker.length + 3)
  const units = Array.from({ length: Math.round(4000 / length) }, (_unused, index) => ({
    s: index + 1,
    kind: speaker === null ? ('sentence' as const) : ('utterance' as const),
    speaker,
    start: null,
    text: text.repeat(2).slice(0, own),
  }))
  const known = Array.from({ length: 10 }, (_unused, index) => `Name Surname ${index}`)
  const source = { title: 'Minutes of March', kind: 'transcript' as const, date: '2025-03-18' }
  const prompt = renderPrompt({ source, units, schema: DEFAULT_SCHEMA, known })
  expect(units.at(-1)?.s).toBeGreaterThan(30)
  expect(prompt.length / 4).toBeLessThanOrEqual(1500)
  // The labels of a schema take no more than the types of the default one.
  const names = Array.from({ length: 200 }, (_unused, index) => {
    return { name: `label of subject ${index}`, hint: 'what is said of it at some length', aliases: [] }
  })
  const schema = schemaFile.parse({ labels: { names } })
  const labelled = renderPrompt({ source, units, schema, known })
  expect(labelled).toContain('Labels, no others: label of subject 0; label of subject 1')
  expect(labelled.length / 4).toBeLessThanOrEqual(1500)
})
