import { expect, it } from 'vitest'
import { nearEntityTypes, nearLinkTypes } from '../../src/schema/near.ts'

it.each([
  ['LEADS', 'LED', 'form', false],
  ['LEADS', 'IS_LEADING', 'form', false],
  ['LEADS', 'LEADER_OF', 'form', false],
  ['LEADS', 'LED_BY', 'form', true],
  ['LEADS', 'HAS_LEADER', 'form', true],
  ['OWNS', 'OWNED_BY', 'form', true],
  ['OWNS', 'OWNER_OF', 'form', false],
  ['PART_OF', 'HAS_PART', 'form', true],
  ['RUNS', 'RUNNING', 'form', false],
  ['REPORTS_TO', 'REPORTED_TO', 'form', false],
  ['LEADS', 'HEADS', 'synonym', false],
  ['HEADS', 'LEADS', 'synonym', false],
  ['LEADS', 'HEADED_BY', 'synonym', true],
  ['LEADS', 'CHAIRS', 'kin', false],
  ['OWNS', 'MAINTAINED_BY', 'kin', true],
  ['REPORTS_TO', 'SUPERVISES', 'kin', true],
  ['WORKS_FOR', 'EMPLOYS', 'synonym', true],
  ['WORKS_FOR', 'EMPLOYED_BY', 'synonym', false],
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
  ['Person', 'People', 'synonym'],
  ['Company', 'Organization', 'kin'],
  ['ActionItem', 'ActionItems', 'form'],
  ['ActionItem', 'Actionitem', 'form'],
  ['Policy', 'Policies', 'form'],
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
