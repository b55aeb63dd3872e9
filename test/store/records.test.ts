import { expect, it } from 'vitest'
import type { Place } from '../../src/model/place.ts'
import { FREE, type Cost, type RouteTaken } from '../../src/model/reply.ts'
import { chunkNode } from '../../src/store/records.ts'
import { readReply, replyNode, type StoredReply } from '../../src/store/reply-records.ts'

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

const COSTS: readonly (Cost | null)[] = [null, FREE, { amount: 0.25, currency: 'eur', basis: 'estimated' }]

const ROUTES: readonly (RouteTaken | undefined)[] = [
  undefined,
  { engine: 'small', rule: 'default', because: [], keptFrom: 'large' },
  { engine: 'large', rule: 'after: links < 2', because: ['links 1'], after: ['r0'] },
]

it.each(ROUTES)('a reply keeps how its engine was chosen: %j', (route) => {
  const reply = { ...replyAt(null), ...(route === undefined ? {} : { route, replacedBy: 'r2' }) }
  const node = replyNode(reply)
  const stored = Object.fromEntries(Object.entries(node.properties).filter(([, value]) => value !== null))
  expect(readReply({ ...node, properties: stored })).toEqual(reply)
})

function replyAt(cost: Cost | null): StoredReply {
  return {
    id: 'r',
    requestHash: 'h',
    chunkId: 'c',
    fingerprint: 'f',
    engine: 'chat',
    model: 'r1',
    traceKind: 'raw',
    reasoning: 'aaa',
    content: 'b',
    finish: 'stop',
    usage: { input: 5, cachedInput: null, output: 100, reasoning: null },
    cost,
    at: '2026-01-01T00:00:00.000Z',
    milliseconds: 7,
    runId: 'run',
    taken: false,
    takenFor: null,
    further: [],
    mentions: [],
    notes: [],
  }
}

it.each(COSTS)('a reply keeps what it cost: %j', (cost) => {
  const reply = replyAt(cost)
  const node = replyNode(reply)
  // Where the server counts trace and answer together, the trace's share is estimated by its characters.
  expect(node.properties['reasoningTokensEstimate']).toBe(75)
  const stored = Object.fromEntries(Object.entries(node.properties).filter(([, value]) => value !== null))
  expect(readReply({ ...node, properties: stored })).toEqual(reply)
})
