import neo4j, { type Driver } from 'neo4j-driver'

export interface GraphSize {
  readonly nodes: number
  readonly relationships: number
}

/** All that a graph holds, to be written again. */
interface Dump {
  readonly nodes: ReadonlyMap<string, readonly Row[]>
  readonly relationships: ReadonlyMap<string, readonly Row[]>
}
type Row = Readonly<Record<string, unknown>>

const PORTION = 1_000

/** The Neo4j of a bench, looked at from outside. */
export class Graph {
  readonly #driver: Driver

  constructor(uri: string) {
    this.#driver = neo4j.driver(uri, neo4j.auth.basic('neo4j', 'bench'), { telemetryDisabled: true })
  }

  close(): Promise<void> {
    return this.#driver.close()
  }

  /** Removes all nodes and relationships. */
  async empty(): Promise<void> {
    await this.#run('MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS')
  }

  /** Removes the indexes and constraints of the candidate before too: they would slow the next one. */
  async wipe(): Promise<void> {
    await this.empty()
    for (const { name } of await this.#run('SHOW CONSTRAINTS YIELD name'))
      await this.#run(`DROP CONSTRAINT \`${name}\``)
    // The look-ups by label and by type are there from the beginning, and stay.
    for (const { name } of await this.#run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'"))
      await this.#run(`DROP INDEX \`${name}\``)
  }

  async size(): Promise<GraphSize> {
    const [nodes] = await this.#run('MATCH (n) RETURN count(n) AS count')
    const [relationships] = await this.#run('MATCH ()-[r]->() RETURN count(r) AS count')
    return { nodes: Number(nodes?.['count']), relationships: Number(relationships?.['count']) }
  }

  /** Grows with every transaction that writes. */
  async lastTransaction(): Promise<number> {
    const [row] = await this.#run("SHOW DATABASES YIELD name, lastCommittedTxn WHERE name = 'neo4j'")
    return Number(row?.['lastCommittedTxn'])
  }

  /**
   * The floor: lets the driver alone write the same nodes and relationships again under the same indexes, grouped by
   * label and type, 1,000 rows a transaction, one after the other. Once unmeasured, as all candidates. Returns seconds.
   */
  async writeAgain(): Promise<number> {
    const dump = await this.#dump()
    await this.empty()
    await this.#writeAll(dump)
    await this.empty()
    const started = performance.now()
    await this.#writeAll(dump)
    return (performance.now() - started) / 1000
  }

  async #writeAll({ nodes, relationships }: Dump): Promise<void> {
    for (const [labels, rows] of nodes)
      await this.#write(`UNWIND $rows AS row CREATE (n:${labels}) SET n = row.properties`, rows)
    for (const [key, rows] of relationships) {
      const [type, from, to] = key.split(' ')
      const ends = `MATCH (a:${from} {id: row.from}) MATCH (b:${to} {id: row.to})`
      await this.#write(`UNWIND $rows AS row ${ends} CREATE (a)-[r:${type}]->(b) SET r = row.properties`, rows)
    }
  }

  async #dump(): Promise<Dump> {
    const label = (variable: string): string =>
      `CASE WHEN ${variable}:__Entity__ THEN '__Entity__' ELSE head(labels(${variable})) END`
    const nodes = await this.#run('MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties')
    const relationships = await this.#run(
      `MATCH (a)-[r]->(b) RETURN type(r) AS type, ${label('a')} AS fromLabel, ${label('b')} AS toLabel,
       a.id AS from, b.id AS to, properties(r) AS properties`,
    )
    return {
      nodes: Map.groupBy(nodes, ({ labels }) => (labels as string[]).map((name) => `\`${name}\``).join(':')),
      relationships: Map.groupBy(relationships, ({ type, fromLabel, toLabel }) => [type, fromLabel, toLabel].join(' ')),
    }
  }

  async #write(text: string, rows: readonly Row[]): Promise<void> {
    for (let start = 0; start < rows.length; start += PORTION)
      await this.#driver.executeQuery(text, { rows: rows.slice(start, start + PORTION) }, { database: 'neo4j' })
  }

  async #run(text: string): Promise<Row[]> {
    const session = this.#driver.session({ database: 'neo4j' })
    try {
      return (await session.run(text)).records.map((record) => record.toObject() as Row)
    } finally {
      await session.close()
    }
  }
}
