import { StoreError } from '../model/errors.ts'
import type { Database, DatabaseInfo, GraphReader, GraphWriter, QueryResult } from './database.ts'
import { cypher } from './neo4j/cypher.ts'
import { Connection, type Neo4jSettings } from './neo4j/driver.ts'
import { queryReadOnly } from './neo4j/query.ts'
import { Neo4jReader } from './neo4j/reader.ts'
import { applySchema, LinkTypes } from './neo4j/schema.ts'
import { Neo4jWriter } from './neo4j/writer.ts'

export type { Waiting } from './neo4j/absence.ts'
export type { Neo4jSettings } from './neo4j/driver.ts'

const OLDEST = [5, 26] as const
const GROUP_SIZE = 64

/** Connects to Neo4j, 5.26 or later, and makes the constraints and indexes that are missing. */
export async function openNeo4jDatabase(settings: Neo4jSettings): Promise<Database> {
  const connection = new Connection(settings)
  try {
    const version = versionOf(await connection.agent(), connection.location)
    const [row] = await connection.transaction('read', (run) => run(cypher('describe-database')))
    await applySchema(connection)
    return new Neo4jDatabase(connection, version, String(row?.['name']))
  } catch (error) {
    await connection.close()
    throw error
  }
}

class Neo4jDatabase implements Database {
  readonly groupSize = GROUP_SIZE
  readonly #connection: Connection
  readonly #version: string
  readonly #name: string
  readonly #types: LinkTypes

  constructor(connection: Connection, version: string, name: string) {
    this.#connection = connection
    this.#version = version
    this.#name = name
    this.#types = new LinkTypes(connection)
  }

  async info(): Promise<DatabaseInfo> {
    const location = `${this.#connection.location}, database ${this.#name}`
    return { kind: 'neo4j', location, version: this.#version }
  }

  prepare(linkTypes: readonly string[]): Promise<void> {
    return this.#types.prepare(linkTypes)
  }

  read<T>(work: (reader: GraphReader) => Promise<T>): Promise<T> {
    return this.#connection.transaction('read', (run) => work(new Neo4jReader(run)))
  }

  write<T>(work: (writer: GraphWriter) => Promise<T>): Promise<T> {
    return this.#connection.transaction('write', async (run) => {
      const writer = new Neo4jWriter(run, this.#types.ready)
      const result = await work(writer)
      await writer.release()
      return result
    })
  }

  query(
    text: string,
    parameters: Readonly<Record<string, unknown>>,
    limits: { seconds: number },
  ): Promise<QueryResult> {
    return queryReadOnly(this.#connection, this.#name, text, parameters, limits.seconds)
  }

  /** What is in the server's own files is the server's: its transaction logs go by its settings. */
  async scrub(): Promise<void> {}

  /** `neo4j-admin database check` does, on a server that is stopped. */
  async checkFiles(): Promise<null> {
    return null
  }

  close(): Promise<void> {
    return this.#connection.close()
  }
}

function versionOf(agent: string, location: string): string {
  const [, version, major, minor] = /^Neo4j\/((\d+)\.(\d+)\S*)$/.exec(agent) ?? []
  const isLater = Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])
  if (version !== undefined && isLater) return version
  throw new StoreError('unsupported-version', `The server at ${location} is ${agent || 'unknown'}.`, {
    hint: `whygraph needs Neo4j ${OLDEST.join('.')} or later.`,
  })
}
