import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { CHAIN_START, hashDecision, type Decision } from '../../src/model/decision.ts'

const DECISION: Omit<Decision, 'hash'> = {
  id: '01JDB0000000000000000000AA',
  requestId: 'r',
  linkId: 'link',
  verdict: 'accept',
  undoes: null,
  reviewer: 'ana',
  at: '2026-03-04T10:00:00.000Z',
  reason: null,
  note: null,
  before: 'proposed',
  after: 'accepted',
  rev: 1,
  sequence: 1,
  previousHash: CHAIN_START,
}

describe('the hash of a decision', () => {
  it('of one without later fields is that which chains have had from the start', () => {
    const { id, requestId, linkId, verdict, undoes, reviewer, at, reason, note, before, after, rev } = DECISION
    const fields = [id, requestId, linkId, verdict, undoes, reviewer, at, reason, note, before, after, rev]
    const hash = createHash('sha256').update(JSON.stringify([...fields, 1, CHAIN_START]))
    expect(hashDecision(DECISION)).toBe(hash.digest('hex'))
  })

  it('covers every field, and tells a value of one from the same value of another', () => {
    const changes: Partial<Decision>[] = [
      ...Object.keys(DECISION).map((name) => ({ [name]: 'other' })),
      { alsoAbout: ['other'] },
      { batch: 'other' },
      { order: 'other' },
      { shown: 'other' },
      { revision: 'other' },
      { says: ['other'] },
      { called: 'other' },
      { rules: 'other' },
      { grounds: ['other'] },
      { batch: 'other', order: 'other' },
    ]
    const hashes = [DECISION, ...changes.map((change) => ({ ...DECISION, ...change }))].map(hashDecision)
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})
