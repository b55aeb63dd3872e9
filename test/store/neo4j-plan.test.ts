import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import neo4j, { type Driver, type Plan } from 'neo4j-driver'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import type { Database } from '../../src/store/database.ts'
import { cypher } from '../../src/store/neo4j/cypher.ts'
import { findForbiddenStep } from '../../src/store/neo4j/plan.ts'

const uri = inject('neo4jUri')
const access = { uri: uri ?? '', username: inject('neo4jUsername'), password: inject('neo4jPassword') }

/** What the plan alone says, without the look at the words that comes before it. */
describe.skipIf(uri === null)('the plan that Neo4j makes', () => {
  let driver: Driver
  let database: Database
  beforeAll(async () => {
    driver = neo4j.driver(access.uri, neo4j.auth.basic(access.username, access.password))
    database = await openNeo4jDatabase(access)
  })
  afterAll(async () => {
    await driver.close()
    await database.close()
  })

  async function judge(text: string): Promise<string | null> {
    const { summary } = await driver.executeQuery(`EXPLAIN ${text}`)
    if (summary.plan === false) return 'no plan'
    return findForbiddenStep(summary.plan, 'neo4j') ?? (summary.queryType === 'r' ? null : summary.queryType)
  }

  it.each([
    ["LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", 'LOAD CSV'],
    ["RETURN EXISTS { LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line } AS x", 'LOAD CSV'],
    ['CALL `dbms`.`components`()', 'CALL dbms.components'],
    ['CALL db.ping()', 'CALL db.ping'],
    ['CALL db.createLabel("X")', 'CALL db.createLabel'],
    ['CALL () { CREATE (x:X) RETURN x } RETURN x', 'rw'],
    ['CREATE (x:X)', 'w'],
    ['CREATE INDEX FOR (n:X) ON (n.x)', 's'],
    ['SHOW INDEXES', 'ShowIndexes'],
    ['SHOW TRANSACTIONS', 'ShowTransactions'],
    ['TERMINATE TRANSACTIONS "x"', 'TerminateTransactions'],
    ['SHOW DATABASES', 'AdministrationCommand'],
    ['CREATE USER x SET PASSWORD "abcabcabc"', 'AdministrationCommand'],
    ['UNWIND [1] AS i CALL (i) { MATCH (n) RETURN n } IN TRANSACTIONS RETURN n', 'TransactionApply'],
  ])('forbids %s', async (text, reason) => {
    expect(await judge(text)).toBe(reason)
  })

  it.each([
    'MATCH (n) RETURN n',
    'CALL db.labels() YIELD label RETURN label',
    "CALL db.index.fulltext.queryNodes('chunk_text', 'loom') YIELD node RETURN node",
    'MATCH p = shortestPath((a {id: 1})-[*..3]-(b {id: 2})) RETURN p',
  ])('allows %s', async (text) => {
    expect(await judge(text)).toBeNull()
  })

  it('does not let another database through', async () => {
    const { summary } = await driver.executeQuery('EXPLAIN MATCH (n) RETURN n')
    expect(summary.plan && findForbiddenStep(summary.plan, 'elsewhere')).toBe('reading the database neo4j')
  })

  // Their plans are kept once they are made, which may be on an empty store. The type is one that no other test uses:
  // of a type with one link or two a scan costs as much as a seek, and either is chosen.
  const type = 'PLANNED'
  const names = { label: 'Link', otherLabel: 'Chunk', fromLabel: '__Entity__', toLabel: '__Entity__', type }
  const places = { ...names, property: 'subjectId', order: 'confidence', direction: 'ASC' }
  it.each([
    'create-links',
    'create-relationships',
    'find-link-parts-by-confidence',
    'find-link-without-confidence',
    'find-ids-by-prefix',
    'find-links',
    'find-links-by-confidence',
    'find-nodes',
    'find-nodes-by-id',
    'find-nodes-each',
    'find-relationships-from',
    'find-relationships-to',
    'get-nodes',
    'get-properties',
    'hold-nodes',
    'list-links-after',
    'list-nodes-after',
    'list-relationships-after',
    'patch-nodes',
    'put-entities',
    'put-links',
    'put-nodes',
    'put-relationships',
    'release-nodes',
    'remove-links',
    'remove-nodes',
    'remove-relationships',
    'set-links',
  ])('goes through an index in %s.cypher', async (name) => {
    await database.prepare([type])
    const lists = { rows: name === 'set-links' ? {} : [], ids: [], values: [], names: [], labels: [] }
    const page = {
      limit: neo4j.int(5),
      skip: neo4j.int(0),
      status: 'proposed',
      prefix: 'a',
      after: 'a',
      from: 'a',
      key: '',
    }
    const { summary } = await driver.executeQuery(`EXPLAIN ${cypher(name, places)}`, { ...lists, ...page })
    const steps: string[] = []
    const walk = (plan: Plan): void => {
      steps.push(plan.operatorType)
      plan.children.forEach(walk)
    }
    if (summary.plan) walk(summary.plan)
    expect(steps.some((step) => step.includes('Seek'))).toBe(true)
    expect(steps.filter((step) => step.includes('Scan'))).toEqual([])
  })

  const readme = readFileSync(fileURLToPath(import.meta.resolve('#cypher/README.md')), 'utf8')
  const examples = [...readme.matchAll(/\n(.+)\n\n```cypher\n([^`]+)```/g)].map(([, title, text]) => [title, text])
  it.each(examples)('runs the example of cypher/README.md: %s', async (_, text) => {
    const found = { run: 'r', chunk: 'c', reviewer: 'rita', asOf: '2025-06-30' }
    const parameters = { subject: 'Ada', object: 'Engine', path: 'notes.md', name: 'Ada', speaker: 'Ada', ...found }
    const { columns } = await database.query(text ?? '', parameters, { seconds: 20 })
    expect(columns.length).toBeGreaterThan(0)
  })
  it('found the examples', () => expect(examples.length).toBeGreaterThan(8))
})
