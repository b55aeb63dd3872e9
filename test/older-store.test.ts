import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkId } from '../src/model/link.ts'
import { decideLink } from '../src/review/decide.ts'
import { decideSame, findPair } from '../src/review/same-entities.ts'
import { undoDecision } from '../src/review/undo.ts'
import { indexName } from '../src/store/local/format.ts'
import { Connection as LocalConnection } from '../src/store/local/sqlite.ts'
import { Connection as Neo4jConnection } from '../src/store/neo4j/driver.ts'
import { ingestTexts } from './ingest-texts.ts'
import { runHere } from './run-here.ts'
import { actorId, readingEngine } from './scripted-engine.ts'
import { eachStore, type StoreUnderTest } from './stores.ts'

/** What whygraph kept when the format was 3: no such indexes, and of a link not which decisions count for it. */
const OLDER = 3
const LATER_INDEXES = [
  ['Link', 'bond'],
  ['Link', 'awaits'],
  ['Link', 'flagged'],
  ['Decision', 'batch'],
] as const

const NOW = new Date('2026-01-01T00:00:00Z')
const RITA = { reviewer: 'rita' }
const NAMES = ['Ana', 'Anna', 'Ben', 'Cid'] as const
const TEXTS = Object.fromEntries(NAMES.map((name) => [`${name}.md`, `${name} leads Kestrel.\n`]))

const leads = (name: string): string => linkId(actorId(name), 'LEADS', actorId('Kestrel'))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-older-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

eachStore('a store of an older whygraph', (open, kind) => {
  const run = ({ address, environment }: StoreUnderTest, ...args: string[]) =>
    runHere([...args, '--store', address], { cwd: folder, environment: { ...environment, WHYGRAPH_REVIEWER: 'ben' } })

  it('is brought forward by whatever command comes first, with its decisions', { timeout: 600_000 }, async () => {
    const under = await open()
    const { store } = under
    await ingestTexts(store, readingEngine(), TEXTS)
    await decideLink(store, leads('Ben'), 'accept', RITA, NOW)
    await decideLink(store, leads('Cid'), 'reject', RITA, NOW)
    await undoDecision(store, undefined, RITA, NOW)
    await decideSame(store, await findPair(store, actorId('Ana'), actorId('Anna')), 'accept', RITA, NOW)
    const [ids, revisions] = [NAMES.map(leads), await revisionsOf(under)]
    await makeOlder(under, ids)
    expect(await formatOf(under)).toBe(OLDER)

    const list = await run(under, 'review', 'list', '--status', 'accepted')
    expect(list).toMatchObject({ code: 0, stderr: '' })
    expect(list.stdout).toContain('Ben ──LEADS──▶ Kestrel')
    expect(await formatOf(under)).toBeGreaterThan(OLDER)
    for (const status of ['flagged', 'disagreed'])
      expect(await run(under, 'review', 'list', '--status', status)).toMatchObject({ code: 0, stderr: 'no links\n' })
    expect(await run(under, 'show', leads('Cid'))).toMatchObject({ code: 0, stderr: '' })

    // Whoever looked at a link before the update decides about what they looked at.
    expect(await run(under, 'review', 'reject', leads('Cid'), '--expect-rev', '2')).toMatchObject({ code: 0 })
    expect((await store.link(leads('Cid')))?.rev).toBe(3)
    expect(await run(under, 'review', 'undo')).toMatchObject({ code: 0 })
    expect((await run(under, 'review', 'log', '--verify')).stdout).toContain('6 decisions, 0 problems')

    const doctor = await run(under, 'doctor', '--deep')
    expect(doctor).toMatchObject({ code: 1 })
    expect(doctor.stdout).toContain("links: 'whygraph rebuild' makes it anew from the record")
    expect(await run(under, 'rebuild')).toMatchObject({ code: 0 })
    expect((await run(under, 'doctor', '--deep')).stdout).toContain('nothing wrong was found')
    expect(await revisionsOf(under)).toEqual(revisions.map((rev, at) => (NAMES[at] === 'Cid' ? rev + 2 : rev)))
    expect(await ingestTexts(store, readingEngine(), TEXTS)).toMatchObject({ replies: { asked: 0 } })
  })

  const revisionsOf = ({ store }: StoreUnderTest): Promise<number[]> =>
    Promise.all(NAMES.map(async (name) => (await store.link(leads(name)))?.rev ?? -1))

  const makeOlder = async (under: StoreUnderTest, ids: readonly string[]): Promise<void> => {
    await under.store.database.write((writer) =>
      writer.patchNodes(
        'Link',
        ids.map((id) => ({ id, properties: { decisions: null } })),
      ),
    )
    if (kind === 'local') {
      const connection = new LocalConnection(join(under.address, 'whygraph.db'))
      for (const [of, property] of LATER_INDEXES) connection.execute(`DROP INDEX ${indexName(of, property)}`)
      connection.run("UPDATE meta SET value = ? WHERE name = 'format'", OLDER)
      connection.close()
    } else
      await onServer(under, async (connection) => {
        const names = await marksOf(connection)
        for (const [label, property] of LATER_INDEXES) names.push(`${label}_${property}`.toLowerCase())
        const mark = `whygraph_format_${OLDER}_since_0_1_0`
        const texts = [
          ...names.map((name) => `DROP INDEX ${name}`),
          `CREATE INDEX ${mark} FOR (n:Chain) ON (n.format3)`,
        ]
        for (const text of texts) await connection.transaction('write', (run) => run(text))
      })
  }

  const formatOf = async (under: StoreUnderTest): Promise<number> => {
    if (kind === 'neo4j')
      return onServer(under, async (connection) =>
        Math.max(...(await marksOf(connection)).map((name) => Number(name.split('_')[2]))),
      )
    const connection = new LocalConnection(join(under.address, 'whygraph.db'), { readOnly: true })
    const row = connection.get("SELECT value FROM meta WHERE name = 'format'")
    connection.close()
    return Number(row?.['value'])
  }
})

async function marksOf(connection: Neo4jConnection): Promise<string[]> {
  const rows = await connection.transaction('read', (run) => run('SHOW INDEXES YIELD name'))
  return rows.map((row) => String(row['name'])).filter((name) => name.startsWith('whygraph_format'))
}

async function onServer<T>(
  { address, environment }: StoreUnderTest,
  work: (connection: Neo4jConnection) => Promise<T>,
): Promise<T> {
  const { NEO4J_USERNAME: username = '', NEO4J_PASSWORD: password = '' } = environment
  const connection = new Neo4jConnection({ uri: address, username, password })
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}
