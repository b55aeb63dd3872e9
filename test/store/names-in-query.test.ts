import { expect, it } from 'vitest'
import { foundNothing, missingNames } from '../../src/store/names-in-query.ts'

const GRAPH = { labels: ['__Entity__', 'Person', 'Chunk', 'Odd one'], types: ['REPORTS_TO', 'OWNS'] }

it.each([
  ['MATCH (e:Entity) RETURN e', ['Entity'], []],
  [
    'MATCH (n:Person) WHERE (n) IS NOT NULL AND n.a IN [x IN [1] | x] RETURN CASE n.b WHEN 1 THEN {a: T} END',
    ['Person'],
    [],
  ],
  [
    "MATCH (:Person {name: 'a:B', at: Chunk})-[r:OWNS|REPORTS_TO*1..3]->(x) RETURN x",
    ['Person'],
    ['OWNS', 'REPORTS_TO'],
  ],
  ['MATCH (n) WHERE n:Person&!Chunk OR n:(A|B) RETURN n', ['Person', 'Chunk', 'A', 'B'], []],
  ['MATCH (n:`Odd one`) // :Left\nRETURN {key: n.id}, n[0..2]', ['Odd one'], []],
])('what %s asks for', (text, labels, types) => {
  const told = missingNames(text, { labels: [], types: [] })
  expect(told).toEqual([
    ...labels.map((name) => `the graph has no label ${name}.`),
    ...types.map((name) => `the graph has no relationship type ${name}.`),
  ])
})

it('a label or type that the graph does not have is told, with the nearest that it has', () => {
  expect(missingNames('MATCH (e:Entity)-[:REPORT_TO]->(:Person) RETURN e', GRAPH)).toEqual([
    "the graph has no label Entity. Did you mean '__Entity__'?",
    "the graph has no relationship type REPORT_TO. Did you mean 'REPORTS_TO'?",
  ])
  expect(missingNames('MATCH (:Nothing) RETURN 1', GRAPH)).toEqual(['the graph has no label Nothing.'])
  expect(missingNames('MATCH (:Person)-[:OWNS]->(:`Odd one`) RETURN 1', GRAPH)).toEqual([])
})

it('a count of nothing is nothing, a row of a value is something', () => {
  const rows = (...values: unknown[][]) => ({ columns: ['a'], rows: values })
  expect([rows(), rows([0, null, []])].map(foundNothing)).toEqual([true, true])
  expect([rows([1]), rows([0], [0]), rows([''])].map(foundNothing)).toEqual([false, false, false])
})
