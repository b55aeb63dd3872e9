import { expect, it } from 'vitest'
import { quoteReservedNames } from '../../src/store/local/reserved-words.ts'

it.each([
  ['MATCH ()-[r]->() RETURN r.when AS w', 'MATCH ()-[r]->() RETURN r.`when` AS w'],
  ['MATCH (a {when: $when}) RETURN a . set', 'MATCH (a {`when`: $`when`}) RETURN a . `set`'],
  ['MATCH (a:In)-[r:IN]->(:With {is: true})', 'MATCH (a:`In`)-[r:`IN`]->(:`With` {`is`: true})'],
])('puts names in %s into backticks', (text, quoted) => {
  expect(quoteReservedNames(text)).toBe(quoted)
})

it.each([
  'MATCH (n) WHERE n.x IN [1] AND NOT n.y IS NULL RETURN DISTINCT n',
  'RETURN CASE WHEN true THEN {a: true, b: null, c: CASE WHEN 1 = 1 THEN 2 END} ELSE false END AS x',
  "RETURN 'r.when' AS a, `b.when` AS c // r.when",
  'RETURN [x IN [1] WHERE x = 1 | x] AS x, 1.5 AS y, [1, 2][0..1] AS z',
])('leaves %s', (text) => {
  expect(quoteReservedNames(text)).toBe(text)
})
