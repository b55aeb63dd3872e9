import { expect, it } from 'vitest'
import type { Place } from '../../src/model/place.ts'
import { chunkNode } from '../../src/store/records.ts'

function timesOf(...places: Place[]) {
  const units = places.map((place, index) => {
    return { s: index + 1, kind: 'utterance' as const, start: index, end: index + 1, place, text: 'x' }
  })
  const about = { id: 'c', documentId: 'd', index: 0, start: 0, end: places.length, text: 'x'.repeat(places.length) }
  const { properties } = chunkNode({ ...about, units, state: 'pending', failure: null, fingerprints: [], replies: [] })
  return [properties['startTime'], properties['endTime']]
}

it('a chunk ends with its last time: where that ends, or where it begins if nobody says', () => {
  expect(timesOf({ line: 1, time: '00:00:01', endTime: '00:00:05' })).toEqual(['00:00:01', '00:00:05'])
  expect(timesOf({ line: 1, time: '00:00:01' }, { line: 2, time: '00:00:09' })).toEqual(['00:00:01', '00:00:09'])
  expect(timesOf({ line: 1, time: '00:00:01' }, { line: 2 })).toEqual(['00:00:01', '00:00:01'])
  expect(timesOf({ line: 1 })).toEqual([null, null])
})
