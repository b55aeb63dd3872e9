import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { openNeo4jDatabase } from '../../src/store/neo4j.ts'
import { SAMPLE } from '../recorded.ts'
import { emptyNeo4j, useNeo4jAlone } from '../store/neo4j-exclusive.ts'
import { whygraph } from '../whygraph.ts'
import { bringPython } from './python.ts'

const run = promisify(execFile)

interface ChunkRow {
  readonly chunk: string
  readonly path: string
  readonly links: readonly string[]
}

/** What `read_graph.py` prints. */
interface Found {
  readonly chunks: readonly { readonly id: string; readonly index: number; readonly text: string }[]
  readonly fulltext: Readonly<Record<string, { readonly name?: string }>>
  readonly schema: string | readonly string[]
  readonly owners: readonly { readonly a: string; readonly b: string; readonly evidence: string }[]
  readonly asked: string
  readonly near: readonly ChunkRow[]
  readonly worded: readonly ChunkRow[]
  readonly items: readonly string[]
}

const uri = inject('neo4jUri')
const access = { uri: uri ?? '', username: inject('neo4jUsername'), password: inject('neo4jPassword') }

describe.skipIf(uri === null)('neo4j-graphrag reads what whygraph wrote', () => {
  let leave: () => void = () => {}
  let database: Database
  let python: string | null = null
  beforeAll(async () => {
    python = await bringPython(['neo4j-graphrag>=1.10,<2'])
    leave = await useNeo4jAlone(access.uri)
    await emptyNeo4j(access)
    database = await openNeo4jDatabase(access)
  }, 900_000)
  afterAll(async () => {
    await database.close()
    leave()
  })

  it('its chunk reader, its retrievers by text, vector and question, and what it can say without APOC', async ({
    skip,
  }) => {
    if (python === null) return skip('there is no Python, or no neo4j-graphrag')
    const environment = { NEO4J_USERNAME: access.username, NEO4J_PASSWORD: access.password }
    await whygraph(['ingest', '--job', join(SAMPLE, 'job.yaml'), '--store', access.uri], { environment })
    const script = join(import.meta.dirname, 'read_graph.py')
    const { stdout } = await run(python, [script, access.uri, 'brass'], {
      env: { ...environment, PATH: process.env['PATH'] },
    })
    const found = JSON.parse(stdout) as Found

    const ask = async (text: string) => (await database.query(text, {}, { seconds: 60 })).rows
    const chunks = await ask('MATCH (c:Chunk) RETURN c.id, c.index, c.text')
    const asRows = found.chunks.map(({ id, index, text }) => [id, index, text])
    expect(asRows.toSorted()).toEqual(chunks.toSorted())
    expect(found.fulltext).toMatchObject({ Chunk: { name: 'chunk_text' }, __Entity__: { name: 'entity_name' } })
    const owners = await ask(
      'MATCH (a)-[r:OWNS]->(b) RETURN a.name AS a, b.name AS b, r.evidence[0] AS evidence ORDER BY a, b',
    )
    expect(found.owners.map(({ a, b, evidence }) => [a, b, evidence])).toEqual(owners)
    expect(owners.length).toBeGreaterThan(0)

    const links = new Map<unknown, unknown>(
      (await ask(`MATCH (a:__Entity__)-[r]->(b:__Entity__) UNWIND r.chunks AS chunk
        WITH chunk, collect(DISTINCT a.name + ' ' + type(r) + ' ' + b.name + ': ' + r.evidence[0]) AS links
        RETURN chunk, links`)) as [unknown, unknown][],
    )
    expect(found.near[0]?.chunk).toBe(found.asked)
    expect(found.near).toHaveLength(chunks.length)
    for (const { chunk, links: own } of [...found.near, ...found.worded])
      expect(own.toSorted()).toEqual(((links.get(chunk) ?? []) as string[]).toSorted())
    expect(found.items.join('\n')).toMatch(/brass/i)

    // It asks APOC for everything about the schema; with APOC it lists our labels.
    if (typeof found.schema === 'string') expect(found.schema).toBe('Neo.ClientError.Procedure.ProcedureNotFound')
    else expect(found.schema).toEqual(expect.arrayContaining(['Chunk', 'Document']))
  }, 300_000)
})
