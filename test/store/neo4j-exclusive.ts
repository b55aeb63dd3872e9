import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import neo4j from 'neo4j-driver'

export interface Neo4jAccess {
  readonly uri: string
  readonly username: string
  readonly password: string
}

const PAUSE_MILLISECONDS = 50
const BATCH = 5_000

/**
 * Neo4j Community has one database, and test files run side by side: waits until no other process uses the server.
 * Call it in `beforeAll` with a generous time-out, and the function that it returns in `afterAll`. The lock is one of
 * SQLite's on a file, so the system takes it back from a process that dies.
 */
export async function useNeo4jAlone(uri: string): Promise<() => void> {
  const name = createHash('sha256').update(uri).digest('hex').slice(0, 16)
  const lock = new DatabaseSync(join(tmpdir(), `whygraph-neo4j-${name}.lock`), { timeout: 0 })
  for (;;) {
    try {
      lock.exec('BEGIN EXCLUSIVE')
      return () => lock.close()
    } catch (error) {
      if (!String(error).includes('locked')) throw error
      await pause(PAUSE_MILLISECONDS)
    }
  }
}

/** Removes all nodes and relationships; constraints and indexes stay. */
export async function emptyNeo4j({ uri, username, password }: Neo4jAccess): Promise<void> {
  const driver = neo4j.driver(uri, neo4j.auth.basic(username, password), { disableLosslessIntegers: true })
  try {
    for (;;) {
      const { records } = await driver.executeQuery(
        'MATCH (n) WITH n LIMIT $batch DETACH DELETE n RETURN count(*) AS count',
        { batch: neo4j.int(BATCH) },
      )
      if (records[0]?.get('count') !== BATCH) return
    }
  } finally {
    await driver.close()
  }
}
