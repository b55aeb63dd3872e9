import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { IngestSummary } from '../src/ingest-summary.ts'
import { ORGANISATION } from './recorded.ts'
import { SHARED_QUERIES } from './store/cypher-queries.ts'
import { eachStore } from './stores.ts'
import { parseJson, whygraph } from './whygraph.ts'

const FOLDERS = ['openjs-cpc', 'kubernetes-community', 'ethereum-pm/calls'].map((name) => join(ORGANISATION, name))
const have = FOLDERS.every((folder) => existsSync(folder))
const answers = new Map<string, string>()

function countFiles(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  ).length
}

eachStore('minutes, charters and calls of real organisations, by rules', (open, kind, itAtLength) => {
  for (const [which, folders, fewest, itIsRead] of [
    ['one', FOLDERS.slice(0, 1), 30, it],
    ['all', FOLDERS, 300, itAtLength],
  ] as const)
    (have ? itIsRead : it.skip)(
      `${which}: every file is accounted for, every quote is exact, and both stores hold the same graph`,
      { timeout: 600_000 },
      async () => {
        const { store, address, environment } = await open()
        const finished = await whygraph(['ingest', ...folders, '--store', address, '--json'], { environment })
        expect(finished.stderr).not.toMatch(/fault of whygraph/)
        expect(finished.code).toBe(0)
        const { documents, chunks, notes, links } = parseJson<IngestSummary>(finished)
        const files = folders.map(countFiles).reduce((sum, count) => sum + count, 0)
        expect(Object.values(documents).reduce((sum, count) => sum + count, 0)).toBe(files)
        expect(notes.filter((note) => note.code === 'file-skipped')).toHaveLength(documents.skipped)
        for (const note of notes) expect(note.message).not.toBe('')
        expect(chunks).toMatchObject({ pending: 0, failed: 0 })
        expect(links).toBeGreaterThan(fewest)

        const groundings = await store.database.query(
          // A name may be put together of what a text has apart: that it is another's is then said to have no quote.
          "MATCH (p:Proposal) WHERE p.engine <> 'resolution' UNWIND p.grounding AS grounding RETURN DISTINCT grounding",
          {},
          { seconds: 60 },
        )
        expect(groundings.rows).toEqual([['exact']])
        if (kind === 'neo4j') expect(answers.size).toBeGreaterThanOrEqual(SHARED_QUERIES.length)
        for (const { name, text, parameters = {} } of SHARED_QUERIES) {
          const { columns, rows } = await store.database.query(text, parameters, { seconds: 60 })
          const answer = JSON.stringify({ columns, rows })
          const other = answers.get(`${which} ${name}`)
          if (other !== undefined) expect(JSON.parse(answer), name).toEqual(JSON.parse(other))
          answers.set(`${which} ${name}`, answer)
        }
      },
    )
})
