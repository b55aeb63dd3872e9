import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IngestSummary } from '../../src/ingest-summary.ts'
import type { StoredLink } from '../../src/store/records.ts'
import { SAMPLE } from '../recorded.ts'
import { runHere } from '../run-here.ts'
import { parseJson } from '../whygraph.ts'

let folder: string
let summary: IngestSummary
const run = (...args: string[]) => runHere(args, { cwd: folder, environment: { WHYGRAPH_REVIEWER: 'rita' } })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-conflicts-'))
  summary = parseJson<IngestSummary>(await run('ingest', '--job', join(SAMPLE, 'job.yaml'), '--json'))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Gold {
  readonly contradictions: readonly {
    readonly about: string
    readonly sides: readonly {
      readonly links: readonly { readonly type: string }[]
      readonly evidence: readonly { readonly file: string }[]
    }[]
  }[]
}

const listed = async (type: string): Promise<StoredLink[]> => {
  const args = ['review', 'list', '--type', type, '--status', 'all', '--limit', '100', '--json']
  return parseJson<{ links: StoredLink[] }>(await run(...args)).links
}

describe('contradictions of the sample', { timeout: 120_000 }, () => {
  it('are all found, each with a quote of both sides', async () => {
    const found = [...(await listed('CONTRADICTS')), ...(await listed('SUPERSEDES'))]
    const { contradictions } = JSON.parse(readFileSync(join(SAMPLE, 'gold.json'), 'utf8')) as Gold
    const isFound = ({ sides }: Gold['contradictions'][number]): boolean =>
      found.some(({ subject, object, items }) =>
        sides.every(({ links, evidence }) => {
          const isNamed = links.some(({ type }) => `${subject} ${object}`.includes(` ${type} `))
          return isNamed && evidence.some(({ file }) => items.some(({ place }) => place.includes(file)))
        }),
      )
    const missed = contradictions.filter((contradiction) => !isFound(contradiction))
    expect(missed.map(({ about }) => about)).toEqual([])
    expect(found).toHaveLength(6)
    expect(summary.conflicts).toEqual({ contradictions: 3, supersessions: 3, retired: 0, withdrawn: 0 })
  })

  it('are shown on both links, say which rule did what, and are decided about like links', async () => {
    const [leads] = (await listed('SUPERSEDES')).filter(({ subject }) => subject.startsWith('“Jonas'))
    const [id, earlier] = [leads?.id ?? '', leads?.objectId ?? '']
    const shown = (await run('show', earlier)).stdout.replaceAll(/\s+/g, ' ')
    expect(shown).toContain('cannot hold beside what else is said')
    expect(shown).toContain('MAY BE SUPERSEDED from 2025-06-02 BY “Jonas Vettergren LEADS Project Saltmarsh” proposed')
    expect(shown).toContain('»From 2 June 2025 Jonas Vettergren leads Project Saltmarsh.«')
    expect(shown).toContain('Rule single-valued: the schema says that LEADS holds for one at a time.')
    // The charter has no date: it may be the later one, so the rule of the schema ends nothing.
    expect(shown).toContain('Some say it on no known day: a person decides.')
    const days = async (): Promise<unknown> =>
      parseJson<{ rows: unknown[] }>(
        await run('query', `MATCH (l:Link {id: '${earlier}'}) RETURN l.validTo, l.supersededOn`, '--json'),
      ).rows
    const before = await days()
    expect(before).toEqual([[null, null]])
    expect((await run('review', 'accept', id)).code).toBe(0)
    expect(await days()).toEqual([['2025-06-01', '2025-06-02']])
    expect((await run('show', earlier)).stdout).toContain('accepted by rita')
    expect((await run('show', leads?.subjectId ?? '')).stdout).toContain('SUPERSEDES from 2025-06-02 “Amara Okafor')
    expect((await run('show', earlier, '--as-of', '2025-05-01')).stdout).toContain(' · holds on 2025-05-01')
    expect((await run('show', earlier, '--as-of', '2025-07-01')).stdout).toContain('is not known to hold on 2025-07-01')
    expect((await run('review', 'undo')).code).toBe(0)
    expect(await days()).toEqual(before)
    const deep = await run('doctor', '--deep')
    expect(deep).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing wrong was found') })
  })

  it('are found once: running again asks and finds nothing', async () => {
    const again = parseJson<IngestSummary>(await run('ingest', '--job', join(SAMPLE, 'job.yaml'), '--json'))
    expect(again).toMatchObject({ replies: { asked: 0 }, conflicts: { contradictions: 0, supersessions: 0 } })
  })
})
