import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import type { StoredLink } from '../../src/store/records.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { openSlowModel } from '../slow-model.ts'
import { linkId } from '../../src/model/link.ts'
import { eachStoreAtLength, type StoreUnderTest } from '../stores.ts'
import { parseJson, whygraph } from '../whygraph.ts'

const NAMES = ['Ana', 'Ben', 'Cid', 'Dan', 'Eva']
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-rules-'))
  mkdirSync(join(folder, 'docs'))
  for (const name of NAMES) writeFileSync(join(folder, `docs/${name}.md`), `${name} serves Kes.\n`)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const says = ({ subject, type, object, status }: StoredLink): string => `${subject} ${type} ${object} ${status}`

eachStoreAtLength('rules that people confirm', (open) => {
  const run = ({ address, environment }: StoreUnderTest, ...args: string[]) =>
    runHere([...args, '--store', address], { cwd: folder, environment: { ...environment, WHYGRAPH_REVIEWER: 'rita' } })

  it('are taken up by an ingest that runs in another process', { timeout: 240_000 }, async () => {
    const under = await open()
    const model = await openSlowModel(['SERVES', 'LEADS'])
    onTestFinished(model.close)
    model.answer('Ana')
    const ingesting = whygraph(['ingest', 'docs', ...model.flags, '--store', under.address, '--json'], {
      cwd: folder,
      environment: under.environment,
    })
    const found = async (): Promise<StoredLink[]> =>
      parseJson<{ links: StoredLink[] }>(await run(under, 'review', 'list', '--status', 'all', '--json')).links.filter(
        ({ type }) => type !== 'SAME_AS',
      )
    let links = await found().catch(() => [])
    while (links.length === 0) links = await found().catch(() => [])
    expect(links.map(says).toSorted()).toEqual(['Ana LEADS Kes proposed', 'Ana SERVES Kes proposed'])
    const idOf = (type: string): string => links.find((link) => link.type === type)?.id ?? ''
    const rejected = await run(under, 'review', 'reject', idOf('LEADS'), '--rule', 'ends,place')
    expect(rejected).toMatchObject({ code: 0, stderr: '' })
    expect(rejected.stdout).toContain('links of type LEADS from Actor to Actor, quoting a sentence are held')
    const fix = [
      'review',
      'fix',
      idOf('SERVES'),
      '--type',
      'WORKS_FOR',
      '--object',
      'Kestrel',
      '--object-type',
      'Actor',
    ]
    const fixed = await run(under, ...fix, '--rule')
    expect(fixed).toMatchObject({ code: 0, stderr: '' })
    expect(fixed.stdout).toContain('rule for replies that come: links of type SERVES are WORKS_FOR')
    expect(fixed.stdout).toContain('“Kes” (Actor) is Kestrel (Actor)')
    model.answer(...NAMES)
    expect(await ingesting).toMatchObject({ code: 0 })
    const others = NAMES.slice(1).flatMap((name) => [
      `${name} LEADS Kestrel held`,
      `${name} WORKS_FOR Kestrel proposed`,
    ])
    expect((await found()).map(says).toSorted()).toEqual([
      'Ana LEADS Kes rejected',
      'Ana SERVES Kes rejected',
      'Ana WORKS_FOR Kestrel accepted',
      ...others,
    ])
    const ben = (await found()).find(({ subject, type }) => subject === 'Ben' && type === 'WORKS_FOR')
    expect((await run(under, 'review', 'show', ben?.id ?? '')).stdout).toContain(
      'a person said that SERVES is WORKS_FOR',
    )
    expect((await run(under, 'doctor', '--deep')).code).toBe(0)
    // Read once more, replies of before the rule say what they said, and those of after it what was made of them.
    expect((await run(under, 'rebuild', '--from', 'replies')).stdout).toContain('0 changed')
    expect((await found()).map(says)).toContain('Ben WORKS_FOR Kestrel proposed')
    expect((await found()).map(says)).toContain('Ben LEADS Kestrel held')
    // What the rejection held waits as any other once it is taken back.
    expect((await run(under, 'review', 'rules')).stdout).toMatch(/ rita {2}links of type LEADS .* are held/)
    await run(under, 'review', 'undo', idOf('LEADS'))
    expect((await found()).map(says)).toContain('Ben LEADS Kestrel proposed')
    expect((await run(under, 'doctor', '--deep')).code).toBe(0)
  })

  it('hold for later ingests, are listed, and go with their fix', { timeout: 240_000 }, async () => {
    const under = await open()
    const { store } = under
    const kestrel = actorId('Kestrel')
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ana serves Kestrel.\n' })
    const serves = linkId(actorId('Ana'), 'SERVES', kestrel)
    expect(await run(under, 'review', 'fix', serves, '--flip', '--rule')).toMatchObject({ code: 2 })
    expect(await run(under, 'review', 'fix', serves, '--set', 'when=2024', '--rule')).toMatchObject({ code: 5 })
    expect((await run(under, 'review', 'rules')).stderr).toContain('no rules')
    const dry = await run(under, 'review', 'fix', serves, '--type', 'HELPS', '--rule', '--dry-run')
    expect(dry.stdout).toContain('links of type SERVES are HELPS')
    expect(await store.readingRules()).toEqual([])
    await run(under, 'review', 'fix', serves, '--type', 'HELPS', '--rule')
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ana serves Kestrel.\n', 'b.md': 'Ben serves Kestrel.\n' })
    const helps = (name: string): string => linkId(actorId(name), 'HELPS', kestrel)
    expect(await store.link(helps('Ben'))).toMatchObject({ status: 'proposed' })
    expect((await run(under, 'review', 'rules')).stdout).toMatch(/ rita {2}links of type SERVES are HELPS\n$/)
    await store.database.write((writer) => writer.removeNodes('Schema', ['reading']))
    expect(await run(under, 'rebuild')).toMatchObject({ code: 0 })
    expect(await store.readingRules()).toMatchObject([{ kind: 'type', from: 'SERVES', to: 'HELPS' }])
    await run(under, 'review', 'undo')
    expect((await run(under, 'review', 'rules')).stderr).toContain('no rules')
    await ingestTexts(store, readingEngine(), { 'c.md': 'Cid serves Kestrel.\n' })
    expect(await store.link(linkId(actorId('Cid'), 'SERVES', kestrel))).toMatchObject({ status: 'proposed' })
    expect((await run(under, 'doctor', '--deep')).code).toBe(0)
  })
})
