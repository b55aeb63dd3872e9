import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import neo4j from 'neo4j-driver'

export interface Neo4jAccess {
  readonly uri: string
  readonly username: string
  readonly password: string
}

const PAUSE_MILLISECONDS = 50
/** A folder without an owner's name in it belongs to a process that was killed while it took it. */
const NAMELESS_MILLISECONDS = 5_000
const BATCH = 5_000

/**
 * Neo4j Community has one database, and test files run side by side: waits until no other process uses the server.
 * Call it in `beforeAll` with a generous time-out, and the function that it returns in `afterAll`.
 */
export async function useNeo4jAlone(uri: string): Promise<() => void> {
  const folder = join(tmpdir(), `whygraph-neo4j-${createHash('sha256').update(uri).digest('hex').slice(0, 16)}.lock`)
  const owner = join(folder, 'owner')
  for (let nameless = 0; ;) {
    try {
      // Making a folder succeeds for one process only.
      mkdirSync(folder)
      writeFileSync(owner, String(process.pid))
      return () => rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const pid = readOwner(owner)
    nameless = pid === null ? nameless + PAUSE_MILLISECONDS : 0
    if (nameless > NAMELESS_MILLISECONDS || (pid !== null && !isAlive(pid))) {
      rmSync(folder, { recursive: true, force: true })
    } else await pause(PAUSE_MILLISECONDS)
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

function readOwner(path: string): number | null {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
