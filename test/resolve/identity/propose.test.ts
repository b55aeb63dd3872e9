import { expect, it } from 'vitest'
import type { Judgement } from '../../../src/resolve/identity/judgement.ts'
import { ACROSS, proposeIdentity, type Side } from '../../../src/resolve/identity/propose.ts'

const JUDGEMENT: Judgement = {
  a: 'one',
  b: 'other',
  verdict: 'propose',
  rule: 'equal',
  short: null,
  confidence: 0.9,
  forms: ['Billing', 'billing'],
  guards: [],
  rivals: [],
  isCrowded: false,
  why: 'the same letters',
}
const evidence = {
  grounding: 'exact',
  quote: 'Billing',
  claimed: 'Billing',
  s: 1,
  start: 0,
  end: 7,
  offset: 0,
  place: {},
  placeText: 'a.md l. 1',
} as const
const seen = { chunkId: 'c', documentId: 'd', saidOn: null, evidence }

const compared = (sides: readonly [Side, Side]): string | undefined =>
  proposeIdentity(JUDGEMENT, sides, { model: ACROSS, judgedFor: 'one', nameOf: (id) => id })[0]?.steps[1]?.text

it('says whose other name was compared, where both forms are alike', () => {
  const one: Side = { id: 'one', name: 'Billing', type: 'Team', sighting: seen }
  expect(compared([one, { id: 'other', name: 'Payments', type: 'Team', sighting: seen }])).toBe(
    'Compared “Billing” (billing) with “billing” (billing, another name of “Payments”).',
  )
  expect(compared([one, { id: 'other', name: 'Payments', type: 'Team', sighting: null }])).toBe(
    'Compared “Billing” (billing) with “billing” (billing, another name of “Payments”, which stands in no text).',
  )
  expect(compared([one, { id: 'other', name: 'BILLING', type: 'Team', sighting: seen }])).toBe(
    'Compared “Billing” (billing) with “billing” (billing).',
  )
})
