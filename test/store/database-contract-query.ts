import { describe, expect, it } from 'vitest'
import { RefusedError, StoreError, UsageError } from '../../src/model/errors.ts'
import type { Database, QueryResult } from '../../src/store/database.ts'
import { join, link, node, put, relate } from './database-contract-nodes.ts'
import { SHARED_QUERIES } from './cypher-queries.ts'

const seconds = 30

/** A small graph with every kind of thing in it. */
async function fillWithSample(database: Database): Promise<void> {
  await database.prepare(['KNOWS', 'BUILT', 'DESIGNED'])
  await put(
    database,
    node('Document', 'd1', { path: 'letters/1843.txt', title: 'Letters', kind: 'letter' }),
    node('Document', 'd2', { path: 'notes.md' }),
    node('Chunk', 'c1', {
      documentId: 'd1',
      index: 0,
      text: 'Ada wrote to Charles about the Engine.',
      start: 0,
      end: 38,
    }),
    node('Chunk', 'c2', { documentId: 'd1', index: 1, text: 'The engine was never finished.', start: 39, end: 69 }),
    node('Chunk', 'c3', {
      documentId: 'd2',
      index: 0,
      text: 'Somerville taught Ada.',
      page: 2,
      startTime: 0,
      endTime: 12.5,
    }),
    node('Entity', 'ada', { name: 'Ada Lovelace', type: 'Person', aliases: ['Ada', 'A. A. L.'] }),
    node('Entity', 'charles', { name: 'Charles Babbage', type: 'Person', aliases: [] }),
    node('Entity', 'mary', { name: 'Mary Somerville', type: 'Person' }),
    node('Entity', 'engine', { name: 'Analytical Engine', type: 'Machine', aliases: ['the Engine'] }),
    node('Entity', 'alone', { name: 'Menabrea', type: 'Person' }),
    node('Run', 'r1', { state: 'done', cost: 2 }),
  )
  await relate(
    database,
    join('FROM_DOCUMENT', 'Chunk', 'c1', 'Document', 'd1'),
    join('FROM_DOCUMENT', 'Chunk', 'c2', 'Document', 'd1'),
    join('FROM_DOCUMENT', 'Chunk', 'c3', 'Document', 'd2'),
    join('NEXT_CHUNK', 'Chunk', 'c1', 'Chunk', 'c2'),
    join('FROM_CHUNK', 'Entity', 'ada', 'Chunk', 'c1'),
    join('FROM_CHUNK', 'Entity', 'ada', 'Chunk', 'c3'),
    join('FROM_CHUNK', 'Entity', 'charles', 'Chunk', 'c1'),
    join('FROM_CHUNK', 'Entity', 'engine', 'Chunk', 'c1'),
    join('FROM_CHUNK', 'Entity', 'engine', 'Chunk', 'c2'),
    join('FROM_CHUNK', 'Entity', 'mary', 'Chunk', 'c3'),
    link('l1', 'KNOWS', 'ada', 'charles', {
      status: 'accepted',
      when: '1833',
      confidence: 1,
      supports: 3,
      disputed: false,
      reasoning: ['She wrote to him,\nso she knows him.', ''],
      evidence: ['Ada wrote to Charles', 'They met'],
    }),
    link('l2', 'KNOWS', 'mary', 'ada', {
      status: 'proposed',
      confidence: 0.75,
      supports: 1,
      disputed: false,
      reasoning: ['A teacher knows her pupil.'],
      evidence: ['Somerville taught Ada'],
    }),
    link('l3', 'BUILT', 'charles', 'engine', {
      status: 'proposed',
      confidence: 0.5,
      supports: 2,
      disputed: true,
      reasoning: ['"never finished" \u2013 but begun.', 'x'],
      evidence: ['The engine was never finished.', 'y'],
    }),
    link('l4', 'DESIGNED', 'ada', 'engine', { status: 'proposed', confidence: 0, supports: 1, disputed: false }),
  )
}

const SHARED_ANSWERS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'nodes by label': [
    ['Chunk', 3],
    ['Document', 2],
    ['Machine', 1],
    ['Person', 4],
    ['Run', 1],
    ['__Entity__', 5],
    ['__KGBuilder__', 5],
  ],
  'relationships by type': [
    ['BUILT', 1],
    ['DESIGNED', 1],
    ['FROM_CHUNK', 6],
    ['FROM_DOCUMENT', 3],
    ['KNOWS', 2],
    ['NEXT_CHUNK', 1],
  ],
  'the most confident links': [
    ['Ada Lovelace', 'KNOWS', 'Charles Babbage', 1],
    ['Mary Somerville', 'KNOWS', 'Ada Lovelace', 0.75],
    ['Charles Babbage', 'BUILT', 'Analytical Engine', 0.5],
  ],
  'halves of confidence: it is a float even where it is 1': [
    ['l1', 0.5, 1],
    ['l2', 0.375, 0],
    ['l3', 0.25, 1],
    ['l4', 0, 0],
  ],
  'chunks in order': [
    [0, 'Ada wrote to Charles about the Engine.', 1],
    [1, 'The engine was never finished.', null],
  ],
  'two steps from a name': [['Analytical Engine'], ['Charles Babbage']],
  'neighbours in either direction': [['Ada Lovelace'], ['Analytical Engine']],
  'entities without a link': [['Menabrea']],
  'those who know and build': [['Ada Lovelace', 1, 1]],
  'words in text': [
    ['c1', 'Ada wrote to'],
    ['c2', 'The engine w'],
  ],
  'a whole node and a whole relationship': [
    [
      {
        labels: ['Person', '__Entity__', '__KGBuilder__'],
        properties: { id: 'ada', name: 'Ada Lovelace', type: 'Person', aliases: ['Ada', 'A. A. L.'] },
      },
      {
        type: 'KNOWS',
        properties: {
          id: 'l1',
          status: 'accepted',
          when: '1833',
          confidence: 1,
          supports: 3,
          disputed: false,
          reasoning: ['She wrote to him,\nso she knows him.', ''],
          evidence: ['Ada wrote to Charles', 'They met'],
        },
      },
      {
        labels: ['Person', '__Entity__', '__KGBuilder__'],
        properties: { id: 'charles', name: 'Charles Babbage', type: 'Person', aliases: [] },
      },
    ],
  ],
  'when something was': [['l1', '1833', 'dated']],
  'cases, lists and maps': [
    ['a', 'few', [4, 6], { value: 1 }, 'none'],
    ['b', 'many', [], { value: 2.5 }, 'none'],
  ],
}

export function describeQueries(current: () => Database): void {
  const ask = (text: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<QueryResult> =>
    current().query(text, parameters, { seconds })

  describe('query', () => {
    it('answers about an empty graph', async () => {
      expect(await ask('MATCH (n) RETURN count(n) AS nodes')).toEqual({ columns: ['nodes'], rows: [[0]] })
      expect(await ask('MATCH (n) RETURN n.id AS id, n.name AS name')).toEqual({ columns: ['id', 'name'], rows: [] })
    })

    it('sees what was written before, and nothing of what was removed', async () => {
      await fillWithSample(current())
      const people = 'MATCH (p:Person) RETURN p.id AS id ORDER BY id'
      expect((await ask(people)).rows).toEqual([['ada'], ['alone'], ['charles'], ['mary']])
      await current().write(async (writer) => {
        await writer.removeNodes('Entity', ['alone', 'mary'])
        await writer.patchNodes('Entity', [{ id: 'charles', properties: { type: 'Engineer', age: 51 } }])
        await writer.putNodes([node('Entity', 'mary', { name: 'Mary the Second', type: 'Person' })])
        await writer.removeRelationships([link('l1', 'KNOWS', 'ada', 'charles')])
        await writer.putRelationships([
          link('l1', 'ADMIRES', 'mary', 'charles', { confidence: 1 }),
          join('FROM_CHUNK', 'Entity', 'ada', 'Chunk', 'c1', { role: 'author' }),
        ])
        await writer.removeRelationships([link('l3', 'BUILT', 'charles', 'engine')])
      })
      expect((await ask(people)).rows).toEqual([['ada'], ['mary']])
      expect((await ask('MATCH (e:Engineer) RETURN e.age / 2 AS half')).rows).toEqual([[25.5]])
      const links = `MATCH (a:__Entity__)-[r]->(b:__Entity__)
        RETURN r.id AS id, type(r) AS type, a.id AS subject, b.id AS object, r.confidence / 2 AS half ORDER BY id`
      expect((await ask(links)).rows).toEqual([
        ['l1', 'ADMIRES', 'mary', 'charles', 0.5],
        ['l4', 'DESIGNED', 'ada', 'engine', 0],
      ])
      const role =
        'MATCH (:Person {id: $id})-[r:FROM_CHUNK]->(c:Chunk) RETURN c.id AS chunk, r.role AS role ORDER BY chunk'
      expect((await ask(role, { id: 'ada' })).rows).toEqual([
        ['c1', 'author'],
        ['c3', null],
      ])
    })

    it('gives the same answers everywhere', async () => {
      await fillWithSample(current())
      const answers: Record<string, unknown> = {}
      for (const { name, text, parameters } of SHARED_QUERIES) answers[name] = (await ask(text, parameters)).rows
      expect(answers).toMatchObject(SHARED_ANSWERS)
    })

    it('sums nothing up to 0, and calls columns as they were written', async () => {
      await fillWithSample(current())
      const text = "MATCH (p:Person) RETURN sum(p.age), 1 + sum(size(p.type)) AS some, 'sum(1)' AS words"
      expect(await ask(text)).toEqual({ columns: ['sum(p.age)', 'some', 'words'], rows: [[0, 25, 'sum(1)']] })
      expect((await ask('MATCH (p:Person) WHERE p.age > 1 RETURN sum(p.age) AS years')).rows).toEqual([[0]])
    })

    it('takes parameters as data', async () => {
      const hostile = '\'}) RETURN 1 // ` " \\ \u0000 😀'
      await put(current(), node('Document', 'd', { path: hostile }))
      const found = await ask(
        'MATCH (d:Document {path: $path}) RETURN d.path AS path, $list AS list, $map.a AS inside',
        {
          path: hostile,
          list: [1, 'two', null, true],
          map: { a: 1.5 },
        },
      )
      expect(found.rows).toEqual([[hostile, [1, 'two', null, true], 1.5]])
    })

    it.each([
      'CREATE (n:Document {id: "x"})',
      'MATCH (n) SET n.x = 1',
      'MATCH (n) DETACH DELETE n',
      'MATCH (n) REMOVE n.id RETURN n',
      'MERGE (n:Document {id: "x"}) RETURN n',
      'MATCH (n) CALL { WITH n CREATE (m:Document) RETURN m } RETURN m',
      'FOREACH (x IN [1] | CREATE (:Document))',
      'CREATE INDEX FOR (n:Document) ON (n.title)',
      'DROP INDEX whatever',
      'LOAD CSV FROM "file:///etc/hostname" AS line RETURN line',
      'CALL dbms.listConfig() YIELD name RETURN name',
      "RETURN 'a\\\\' AS a CREATE (n) // '",
    ])('refuses %s', async (text) => {
      const failing = ask(text)
      await expect(failing).rejects.toThrow(RefusedError)
      await expect(failing).rejects.toMatchObject({ code: 'read-only', hint: expect.any(String) })
      expect((await ask('MATCH (n) RETURN count(n) AS nodes')).rows).toEqual([[0]])
    })

    it('lets words that only look like a write pass', async () => {
      await put(current(), node('Document', 'd', { path: 'a', set: 1 }))
      const text = "MATCH (n:Document) /* DELETE n */ RETURN n.path AS path, 'CREATE (n)' AS `SET`, n.delete AS gone"
      expect(await ask(text)).toEqual({ columns: ['path', 'SET', 'gone'], rows: [['a', 'CREATE (n)', null]] })
    })

    it('says where the syntax is wrong', async () => {
      const failing = ask('MATCH (n RETURN n')
      await expect(failing).rejects.toThrow(UsageError)
      await expect(failing).rejects.toMatchObject({ code: 'cypher-syntax' })
      await expect(ask('')).rejects.toThrow(UsageError)
    })

    it('says which parameter is missing', async () => {
      await expect(ask('RETURN $absent AS x')).rejects.toThrow(UsageError)
      await expect(ask('RETURN $absent AS x')).rejects.toThrow('absent')
    })

    it('stops a query that takes too long', async () => {
      const text = `UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b UNWIND range(1, 1000) AS c
        WITH a, b, c WHERE a * b % 7 = c RETURN count(*) AS n`
      const failing = current().query(text, {}, { seconds: 0.5 })
      await expect(failing).rejects.toThrow(StoreError)
      await expect(failing).rejects.toMatchObject({ code: 'timeout' })
      expect((await ask('RETURN 1 AS one')).rows).toEqual([[1]])
    })

    it('runs several queries at once', async () => {
      await fillWithSample(current())
      const answers = await Promise.all(
        [1, 2, 3].map((number) => ask('MATCH (p:Person) RETURN count(p) + $number AS n', { number })),
      )
      expect(answers.map(({ rows }) => rows[0]?.[0])).toEqual([5, 6, 7])
    })
  })
}
