import { expect, it } from 'vitest'
import type { Chunk } from '../../../src/model/chunk.ts'
import { locateName } from '../../../src/resolve/identity/locate-name.ts'

function quoteOf(name: string, text: string): string | undefined {
  const span = { start: 0, end: text.length, text }
  const unit = { s: 1, kind: 'sentence' as const, place: {}, ...span }
  const chunk: Chunk = { id: 'c', documentId: 'd', index: 0, units: [unit], ...span }
  return locateName(name, chunk, 'note.md')?.quote
}

it.each([
  ['田中', '昨日、田中さんが来た。'],
  ['ミラー', '来週ミラーが来る。'],
  ['佐藤 健', '会長の佐藤 健です。'],
  ['สมชาย', 'เมื่อวานสมชายมา'],
  ['田中', 'CEO田中が来た。'],
  ['Anna', '昨日Annaが来た。'],
  ['Jonas', 'Jonas, who came.'],
])('%s stands in %s', (name, text) => {
  expect(quoteOf(name, text)).toBe(text)
})

it.each([
  ['Jona', 'Jonas, who came.'],
  ['onas', 'Jonas, who came.'],
  ['Ann', '昨日Annaが来た。'],
])('%s does not stand in %s', (name, text) => {
  expect(quoteOf(name, text)).toBeUndefined()
})
