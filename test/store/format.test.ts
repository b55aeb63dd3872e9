import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { openLocalDatabase } from '../../src/store/local.ts'
import { bringUpToDate, FORMAT, STEPS } from '../../src/store/local/format.ts'
import { Connection } from '../../src/store/local/sqlite.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import { Connection as Neo4jConnection } from '../../src/store/neo4j/driver.ts'
import { STEPS as NEO4J_STEPS } from '../../src/store/neo4j/format.ts'
import { applySchema } from '../../src/store/neo4j/schema.ts'
import { node, put } from './database-contract-nodes.ts'
import { newFolder } from './local-folders.ts'
import { emptyNeo4j, useNeo4jAlone } from './neo4j-exclusive.ts'

vi.setConfig({ testTimeout: 120_000 })

const NEO4J_FORMAT = NEO4J_STEPS.length
const MARK = `whygraph_format_${NEO4J_FORMAT}_since_0_1_0`

/** The format after the newest, as a later whygraph may have it. */
const NEXT = { since: '7.1.0', sql: "ALTER TABLE node ADD COLUMN later TEXT; UPDATE node SET later = 'yes'" }

describe('the format of the local store', () => {
  const older = async () => {
    const folder = newFolder()
    const database = await openLocalDatabase(folder)
    await put(database, node('Run', 'r', { command: 'ingest' }))
    await database.close()
    const path = join(folder, 'whygraph.db')
    const connection = new Connection(path)
    const formatOf = (): unknown => connection.get("SELECT value FROM meta WHERE name = 'format'")?.['value']
    return { folder, path, connection, formatOf }
  }

  it('is brought forward, and what is in it stays', async () => {
    const { path, connection, formatOf } = await older()
    await bringUpToDate(connection, path, false, [...STEPS, NEXT])
    expect(formatOf()).toBe(FORMAT + 1)
    expect(connection.all('SELECT id, later FROM node')).toEqual([{ id: 'r', later: 'yes' }])
    await bringUpToDate(connection, path, false, [...STEPS, NEXT])
    connection.close()
  })

  it('is brought forward from the very first format, with its indexes', async () => {
    const path = join(newFolder(), 'whygraph.db')
    const connection = new Connection(path)
    connection.execute(STEPS[0]?.sql ?? '')
    connection.execute("INSERT INTO meta VALUES ('format', 1)")
    connection.run("INSERT INTO node (kind, id, properties, sequence) VALUES ('Run', 'r', '{\"id\":\"r\"}', 1)")
    await bringUpToDate(connection, path, false)
    expect(connection.get("SELECT name FROM sqlite_schema WHERE name = 'node_Link_status'")).toBeDefined()
    expect(connection.all('SELECT id FROM node')).toEqual([{ id: 'r' }])
    connection.close()
  })

  it('stays as it was where a step fails: all of them or none', async () => {
    const { folder, path, connection, formatOf } = await older()
    const failing = { since: '8.0.0', sql: 'ALTER TABLE absent ADD COLUMN x' }
    await expect(bringUpToDate(connection, path, false, [...STEPS, NEXT, failing])).rejects.toThrow('no such table')
    expect(formatOf()).toBe(FORMAT)
    expect(() => connection.all('SELECT later FROM node')).toThrow('no such column')
    connection.close()
    await (await openLocalDatabase(folder)).close()
  })

  it('is refused backwards: which it has, and which whygraph it needs', async () => {
    const { folder, path, connection } = await older()
    await bringUpToDate(connection, path, false, [...STEPS, NEXT])
    const before = connection.all('SELECT * FROM meta')
    for (const options of [{}, { readOnly: true }])
      await expect(openLocalDatabase(folder, options)).rejects.toMatchObject({
        code: 'newer-format',
        message: expect.stringContaining(`has format ${FORMAT + 1}, and this whygraph reads formats up to ${FORMAT}`),
        hint: "It needs whygraph 7.1.0 or later: npm install -g whygraph@'>=7.1.0'",
      })
    expect(connection.all('SELECT * FROM meta')).toEqual(before)
    // The version that refuses it is no help.
    connection.run("UPDATE meta SET value = ? WHERE name = 'since'", STEPS.at(-1)?.since ?? '')
    await expect(openLocalDatabase(folder)).rejects.toMatchObject({
      hint: expect.stringMatching(/^A newer build wrote it: open it with that one, or bring this one up to date/),
    })
    connection.run("UPDATE meta SET value = 'six' WHERE name = 'format'")
    await expect(openLocalDatabase(folder)).rejects.toMatchObject({
      code: 'no-format',
      message: expect.stringContaining('does not say which format it has'),
    })
    connection.close()
  })
})

describe.skipIf(process.platform === 'win32')("the local store's files", () => {
  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

  it('are for their owner only', async () => {
    const folder = join(newFolder(), 'store')
    const database = await openLocalDatabase(folder)
    await put(database, node('Run', 'r'))
    expect(['', 'whygraph.db', 'whygraph.db-wal', 'whygraph.db-shm'].map((name) => modeOf(join(folder, name)))).toEqual(
      ['700', '600', '600', '600'],
    )
    await database.close()
  })

  it('are closed to others where an older whygraph left them open, but not to a group that shares them', async () => {
    const folder = newFolder()
    const path = join(folder, 'whygraph.db')
    await (await openLocalDatabase(folder)).close()
    for (const [before, after] of [
      [0o644, '600'],
      [0o660, '660'],
    ] as const) {
      chmodSync(path, before)
      await (await openLocalDatabase(folder)).close()
      expect(modeOf(path)).toBe(after)
    }
  })
})

const uri = inject('neo4jUri')
describe.skipIf(uri === null)('the format of the graph in Neo4j', () => {
  const access = { uri: uri ?? '', username: inject('neo4jUsername'), password: inject('neo4jPassword') }
  let leave = (): void => {}
  let connection: Neo4jConnection
  const marks = async (): Promise<unknown[]> => {
    const rows = await connection.transaction('read', (run) => run('SHOW INDEXES YIELD name'))
    return rows.map((row) => row['name']).filter((name) => String(name).startsWith('whygraph_format'))
  }
  const forget = async (format: number): Promise<void> => {
    for (const name of await marks())
      if (String(name).startsWith(`whygraph_format_${format}_`))
        await connection.transaction('write', (run) => run(`DROP INDEX ${String(name)}`))
  }
  beforeAll(async () => {
    leave = await useNeo4jAlone(access.uri)
    connection = new Neo4jConnection(access)
    await emptyNeo4j(access)
  }, 600_000)
  afterAll(async () => {
    await forget(NEO4J_FORMAT + 1)
    await forget(NEO4J_FORMAT + 2)
    await connection.close()
    leave()
  })

  const next = { since: '7.1.0', cypher: ["MATCH (r:Run) SET r.later = 'yes'"] }

  it('is marked; one without a mark is of the first', async () => {
    for (let format = 1; format <= NEO4J_FORMAT; format++) await forget(format)
    const database = await openNeo4jDatabase(access)
    await put(database, node('Run', 'r', { command: 'ingest' }))
    await database.close()
    expect(await marks()).toEqual([MARK])
  })

  it('stays as it was where a step fails', async () => {
    const failing = { since: '8.0.0', cypher: [...next.cypher, 'MATCH (r:Run) SET r.x = 1 / 0'] }
    await expect(applySchema(connection, [...NEO4J_STEPS, failing])).rejects.toThrow('by zero')
    expect(await marks()).toEqual([MARK])
    const rows = await connection.transaction('read', (run) => run('MATCH (r:Run) RETURN r.later AS later'))
    expect(rows).toEqual([{ later: null }])
  })

  it('is brought forward, and refused backwards: which it has, and which whygraph it needs', async () => {
    await applySchema(connection, [...NEO4J_STEPS, next])
    const rows = await connection.transaction('read', (run) => run('MATCH (r:Run) RETURN r.later AS later'))
    expect(rows).toEqual([{ later: 'yes' }])
    await expect(openNeo4jDatabase(access)).rejects.toMatchObject({
      code: 'newer-format',
      message: expect.stringContaining(
        `has format ${NEO4J_FORMAT + 1}, and this whygraph reads formats up to ${NEO4J_FORMAT}`,
      ),
      hint: "It needs whygraph 7.1.0 or later: npm install -g whygraph@'>=7.1.0'",
    })
  })
})
