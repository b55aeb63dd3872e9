import neo4j from 'neo4j-driver'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { RefusedError, UsageError } from '../../src/model/errors.ts'
import { INDEXED, NODE_KINDS, type Database } from '../../src/store/database.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import { findNamespace } from '../../src/store/neo4j/plan.ts'
import { link, node, put, relate } from './database-contract-nodes.ts'
import { emptyNeo4j, useNeo4jAlone } from './neo4j-exclusive.ts'

const uri = inject('neo4jUri')
const access = { uri: uri ?? '', username: inject('neo4jUsername'), password: inject('neo4jPassword') }

describe.skipIf(uri === null)('Neo4j in particular', () => {
  let leave: () => void = () => {}
  let database: Database
  const ask = (text: string) => database.query(text, {}, { seconds: 20 })

  beforeAll(async () => {
    leave = await useNeo4jAlone(access.uri)
    database = await openNeo4jDatabase(access)
  }, 600_000)
  afterAll(async () => {
    await database.close()
    leave()
  })
  beforeEach(() => emptyNeo4j(access))

  it.each([
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "MATCH (n) CALL (n) { LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line } RETURN line",
    'CALL dbms.components()',
    'CALL dbms.listConfig() YIELD name RETURN name',
    'CALL db.createLabel("X")',
    'CALL db.awaitIndexes()',
    'CALL apoc.load.json("file:///etc/passwd") YIELD value RETURN value',
    'CALL () { CREATE (x:X) RETURN x } RETURN x',
    'UNWIND [1, 2] AS i CALL (i) { CREATE (x:X {i: i}) } IN TRANSACTIONS RETURN i',
    'PROFILE CREATE (x:X)',
    'EXPLAIN CREATE (x:X)',
    'CYPHER 5 CREATE (x:X)',
    'CR\\u0045ATE (x:X)',
    'CREATE INDEX FOR (n:X) ON (n.x)',
    'SHOW DATABASES',
    'SHOW TRANSACTIONS',
    'SHOW SETTINGS',
    'TERMINATE TRANSACTIONS "x"',
    'ALTER CURRENT USER SET PASSWORD FROM "a" TO "b"',
    'USE system SHOW USERS',
  ])('refuses %s', async (text) => {
    await expect(ask(text)).rejects.toThrow(RefusedError)
    await expect(ask(text)).rejects.toMatchObject({ code: 'read-only' })
    expect((await ask('MATCH (n) RETURN count(n)')).rows).toEqual([[0]])
  })

  it.each([
    'CALL db.labels()',
    'CALL db.schema.visualization()',
    'CALL db.propertyKeys() YIELD propertyKey AS k RETURN k',
  ])('lets %s through', async (text) => {
    await expect(ask(text)).resolves.toMatchObject({ columns: expect.any(Array) })
  })

  it('searches by words in Cypher', async () => {
    await put(database, node('Chunk', 'c', { text: 'The loom weaves.' }))
    const text = "CALL db.index.fulltext.queryNodes('chunk_text', 'loom') YIELD node RETURN node.id"
    expect((await ask(text)).rows).toEqual([['c']])
  })

  it('shows plans, and runs what it profiles', async () => {
    await put(database, node('Document', 'd'))
    const { columns, rows } = await ask('// how\nEXPLAIN MATCH (n:Document) RETURN n')
    expect(columns).toEqual(['operator', 'details', 'estimatedRows', 'rows', 'dbHits'])
    expect(rows.at(-1)).toMatchObject(['  NodeByLabelScan', 'n:Document', expect.any(Number), null, null])
    expect((await ask('PROFILE MATCH (n:Document) RETURN n')).rows[0]).toContain(1)
  })

  it('gives nodes, relationships, paths, dates and numbers as JSON', async () => {
    await put(database, node('Entity', 'a', { type: 'Person' }), node('Entity', 'b', { type: 'Place' }))
    await relate(database, link('l', 'LIVES_IN', 'a', 'b', { rev: 2 }))
    const text = `MATCH p = (a {id: 'a'})-[r]->(b) RETURN a, r, p, date('2026-11-22') AS day, duration('P1D') AS long,
      point({x: 1, y: 2}) AS spot, 1 AS one, 0.5 AS half, [datetime('2026-11-22T10:00:00Z')] AS list, null AS none`
    const a = { labels: ['Person', '__Entity__', '__KGBuilder__'], properties: { id: 'a', type: 'Person' } }
    const b = { labels: ['Place', '__Entity__', '__KGBuilder__'], properties: { id: 'b', type: 'Place' } }
    const r = { type: 'LIVES_IN', properties: { id: 'l', rev: 2 } }
    const spot = { srid: 7203, x: 1, y: 2 }
    const { columns, rows } = await ask(text)
    expect(columns.slice(0, 4)).toEqual(['a', 'r', 'p', 'day'])
    expect(rows).toEqual([[a, r, [a, r, b], '2026-11-22', 'P1D', spot, 1, 0.5, ['2026-11-22T10:00:00Z'], null]])
  })

  it('points at the mistake in the text as it was written', async () => {
    const failing = ask('MATCH (n RETURN n')
    await expect(failing).rejects.toThrow(UsageError)
    await expect(failing).rejects.toMatchObject({ place: 'line 1, column 10' })
    await expect(ask('MATCH (n)\nRETURN m')).rejects.toMatchObject({ place: 'line 2, column 8' })
  })

  it('tells functions of plug-ins from others, however they are written', () => {
    const plugIns = ['apoc']
    expect(findNamespace('RETURN apoc.cypher.runFirstColumn($x, {})', plugIns)).toBe('apoc')
    expect(findNamespace('RETURN `apoc` /* */ . cypher.run()', plugIns)).toBe('apoc')
    expect(findNamespace('RETURN ap\\u006fc.cypher.run()', plugIns)).toBe('apoc')
    expect(findNamespace('RETURN date.truncate("day", d), n.apocalypse', plugIns)).toBeNull()
  })

  it('runs both of two transactions that wait for each other', async () => {
    await put(database, node('Link', 'a', { rev: 0 }), node('Link', 'b', { rev: 0 }))
    let attempts = 0
    const increment = async (first: string, second: string): Promise<void> => {
      await database.write(async (writer) => {
        attempts++
        await writer.lock('Link', [first])
        await new Promise((done) => setTimeout(done, 300))
        await writer.lock('Link', [second])
        const found = await writer.get('Link', [first, second])
        const patches = found.map(({ id, properties }) => ({ id, properties: { rev: Number(properties['rev']) + 1 } }))
        await writer.patchNodes('Link', patches)
      })
    }
    await Promise.all([increment('a', 'b'), increment('b', 'a')])
    expect(attempts).toBeGreaterThan(2)
    const nodes = await database.read((reader) => reader.get('Link', ['a', 'b']))
    expect(nodes.map(({ properties }) => properties['rev'])).toEqual([2, 2])
  })

  it('holds a node that another transaction is removing', async () => {
    await put(database, node('Link', 'a', { rev: 1 }))
    const remove = database.write(async (writer) => {
      await writer.lock('Link', ['a'])
      await new Promise((done) => setTimeout(done, 300))
      await writer.removeNodes('Link', ['a'])
    })
    await new Promise((done) => setTimeout(done, 100))
    const found = await database.write(async (writer) => {
      await writer.lock('Link', ['a'])
      return writer.get('Link', ['a'])
    })
    await remove
    expect(found).toEqual([])
    expect((await ask('MATCH (n) RETURN count(n)')).rows).toEqual([[0]])
  })

  it('changes the label with the type of an entity', async () => {
    await put(database, node('Entity', 'a', { type: 'Person' }))
    await put(database, node('Entity', 'a', { type: 'System' }))
    expect((await ask('MATCH (n {id: "a"}) RETURN labels(n)')).rows).toEqual([
      [['__Entity__', '__KGBuilder__', 'System']],
    ])
  })

  it('takes no name that could be more than a name, and none of the record for an entity', async () => {
    await expect(put(database, node('Entity', 'a', { type: 'X` {id: 1}) DETACH DELETE n //' }))).rejects.toThrow(
      'label',
    )
    await expect(put(database, node('Entity', 'a', { type: 'Document' }))).rejects.toThrow('Document')
    await put(database, node('Entity', 'a', { type: 'Person' }))
    await expect(relate(database, link('l', 'knows`]->() //', 'a', 'a'))).rejects.toThrow('type')
    await expect(database.prepare(['bad type'])).rejects.toThrow('type')
  })

  it('makes the indexes of a type of link once, whoever asks', async () => {
    const other = await openNeo4jDatabase(access)
    const types = ['INDEXED_ONCE', 'INDEXED_TWICE']
    await Promise.all([database.prepare(types), other.prepare(types), database.prepare(types)])
    await other.prepare(types)
    await other.close()
    const found = (await indexes()).filter(({ of }) => types.includes(of[0] ?? ''))
    expect(found.map(({ of, on }) => `${of[0]}.${on[0]}`).toSorted()).toEqual([
      'INDEXED_ONCE.id',
      'INDEXED_ONCE.status',
      'INDEXED_TWICE.id',
      'INDEXED_TWICE.status',
    ])
  })

  it('has an index for everything that is looked up', async () => {
    const found = new Set((await indexes()).map(({ of, on }) => `${of.join()}.${on.join()}`))
    for (const kind of NODE_KINDS) {
      const label = kind === 'Entity' ? '__Entity__' : kind
      for (const property of ['id', ...INDEXED[kind]]) expect(found).toContain(`${label}.${property}`)
    }
    expect(found).toContain('Link.status,confidence')
  })

  it('finds ids of every kind by their beginning', async () => {
    await put(database, ...NODE_KINDS.map((kind) => node(kind, `same-${kind}`, { type: 'Person' })))
    const found = await database.read((reader) => reader.byPrefix('same-', 100))
    expect(found.map(({ kind }) => kind).toSorted()).toEqual([...NODE_KINDS].toSorted())
  })

  it('stores whole numbers as integers and others as floats', async () => {
    await put(database, node('Link', 'l', { rev: 1, confidence: 1 }))
    const text = 'MATCH (n:Link) RETURN valueType(n.rev), valueType(n.confidence)'
    expect((await ask(text)).rows).toEqual([['INTEGER NOT NULL', 'FLOAT NOT NULL']])
  })

  it('tells what the index of names keeps of entities that are not there, and takes it out', async () => {
    const driver = neo4j.driver(access.uri, neo4j.auth.basic(access.username, access.password))
    await driver.executeQuery("UNWIND ['gone', 'lost'] AS id CREATE (:__NameKeys__ {id: id, keys: '1 2'})")
    await driver.close()
    const strays = async () => {
      const pages = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const from: string = cursor
        const page = await database.read((reader) => reader.strayKeysAfter(from, 1))
        pages.push(...page.strays)
        cursor = page.next
      }
      return pages
    }
    const found = await strays()
    expect(found).toEqual(['gone', 'lost'].map((bearer) => ({ bearer, key: null })))
    await database.write((writer) => writer.removeStrayKeys(found))
    expect(await strays()).toEqual([])
  })

  it('tells where it is and which version it has', async () => {
    const info = await database.info()
    expect(info).toMatchObject({ kind: 'neo4j', version: expect.stringMatching(/^\d+\.\d+/) })
    expect(info.location).toBe(`${access.uri}, database neo4j`)
  })
})

async function indexes(): Promise<{ of: string[]; on: string[] }[]> {
  const driver = neo4j.driver(access.uri, neo4j.auth.basic(access.username, access.password))
  try {
    const { records } = await driver.executeQuery(
      'SHOW INDEXES YIELD labelsOrTypes, properties, type WHERE type = "RANGE"',
    )
    return records.map((record) => ({
      of: record.get('labelsOrTypes') as string[],
      on: record.get('properties') as string[],
    }))
  } finally {
    await driver.close()
  }
}
