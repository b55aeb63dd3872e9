import { expect, it } from 'vitest'
import { nearEntityTypes, nearLinkTypes } from '../../src/schema/near.ts'

it.each([
  ['LEADS', 'LED', 'spelling', false],
  ['LEADS', 'IS_LEADING', 'spelling', false],
  ['LEADS', 'LEADER_OF', 'spelling', false],
  ['LEADS', 'LED_BY', 'spelling', true],
  ['LEADS', 'HAS_LEADER', 'spelling', true],
  ['OWNS', 'OWNED_BY', 'spelling', true],
  ['OWNS', 'OWNER_OF', 'spelling', false],
  ['PART_OF', 'HAS_PART', 'spelling', true],
  ['RUNS', 'RUNNING', 'spelling', false],
  ['REPORTS_TO', 'REPORTED_TO', 'spelling', false],
  ['LEADS', 'HEADS', 'word', false],
  ['HEADS', 'LEADS', 'word', false],
  ['LEADS', 'HEADED_BY', 'word', true],
  ['REPORTS_TO', 'SUPERVISES', 'word', true],
  ['WORKS_FOR', 'EMPLOYS', 'word', true],
  ['WORKS_FOR', 'EMPLOYED_BY', 'word', false],
])('%s and %s are near by %s, turned: %s', (one, other, by, turned) => {
  expect(nearLinkTypes(one, other)).toEqual({ by, turned })
  expect(nearLinkTypes(other, one)).toEqual({ by, turned })
})

it.each([
  ['LEADS', 'LEADS'],
  ['LEADS', 'LEADS_TO'],
  ['WORKS_FOR', 'WORKS_WITH'],
  ['RUNS', 'RUNS_ON'],
  ['USES', 'USED_IN'],
  ['OWNS', 'OWES'],
  ['PART_OF', 'PARTS'],
  ['REPLACES', 'PLACES'],
  ['SUPPORTS', 'OPPOSES'],
])('%s and %s are two', (one, other) => {
  expect(nearLinkTypes(one, other)).toBeNull()
})

it.each([
  ['Person', 'People', 'word'],
  ['Company', 'Organization', 'word'],
  ['ActionItem', 'ActionItems', 'spelling'],
  ['ActionItem', 'Actionitem', 'spelling'],
  ['Policy', 'Policies', 'spelling'],
])('entity types %s and %s are near by %s', (one, other, by) => {
  expect(nearEntityTypes(one, other)).toBe(by)
  expect(nearEntityTypes(other, one)).toBe(by)
})

it.each([
  ['Team', 'Department'],
  ['Person', 'Place'],
  ['Class', 'Clas'],
  ['Person', 'Person'],
])('entity types %s and %s are two, or one name', (one, other) => {
  expect(nearEntityTypes(one, other)).toBeNull()
})
