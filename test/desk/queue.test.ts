import { expect, it } from 'vitest'
import { worthiest } from '../../src/desk/queue.ts'
import type { StoredLink } from '../../src/store/records.ts'

const link = (subjectId: string, objectId: string, confidence: number): StoredLink =>
  ({ subjectId, objectId, drawnFrom: null, drawnTo: null, confidence, type: 'OWNS' }) as StoredLink

it('asks first about the entity of which there is most to learn', () => {
  expect(worthiest([link('a', 'b', 0.99), link('a', 'c', 0.99), link('d', 'e', 0.5), link('d', 'f', 0.5)])).toBe('d')
  expect(worthiest([link('a', 'b', 0.5), link('a', 'c', 0.5), link('d', 'e', 0.5)])).toBe('a')
})

it('goes by the entities that stand for the ends', () => {
  const joined = { ...link('old', 'b', 0.5), drawnFrom: 'new' }
  expect(worthiest([joined, link('new', 'c', 0.5)])).toBe('new')
})
