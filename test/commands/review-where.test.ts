import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkId } from '../../src/model/link.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { eachStore } from '../stores.ts'
import { parseJson } from '../whygraph.ts'

const TEXTS = {
  'minutes/a.md': 'Ana leads Kestrel.\n\nAna knows Cleo.\n',
  'plans/b.md': 'Ben leads Osprey.\n\nAna knows Cleo.\n',
  'minutes/c.vtt': 'WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana Ruiz>Dora leads Merlin.\n',
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-where-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

eachStore('review list --where', (open) => {
  it('lists links of which all conditions hold', { timeout: 240_000 }, async () => {
    const { store, address, environment } = await open()
    await ingestTexts(store, readingEngine(), TEXTS)
    const list = (...args: string[]) =>
      runHere(['review', 'list', ...args, '--store', address], { cwd: folder, environment })
    const found = async (where: string, ...more: string[]): Promise<string[]> => {
      const { links } = parseJson<{ links: { subject: string; object: string }[] }>(
        await list('--where', where, '--json', ...more),
      )
      return links.map(({ subject, object }) => `${subject} ${object}`).toSorted()
    }
    const [leads, knows] = [['Ana Kestrel', 'Ben Osprey', 'Dora Merlin'], 'Ana Cleo']

    expect(await found('type=LEADS')).toEqual(leads)
    expect(await found('type!=LEADS')).toEqual([knows])
    expect(await found('type!=LEADS type!=KNOWS')).toEqual([])
    expect(await found('doc=minutes/*.md')).toEqual([knows, 'Ana Kestrel'])
    expect(await found('doc=plans/** type=LEADS')).toEqual(['Ben Osprey'])
    expect(await found('speaker="Ana Ruiz"')).toEqual(['Dora Merlin'])
    expect(await found('speaker="Ana Ruiz" doc=plans/**')).toEqual([])
    expect(await found('confidence>=0.5 grounding=exact')).toEqual([knows, ...leads])
    expect(await found('confidence<0.1')).toEqual([])
    expect(await found('grounding=missing')).toEqual([])
    expect(await found('type=LEADS', '--limit', '2')).toHaveLength(2)

    const [proposal] = await store.proposalsFor(linkId(actorId('Ben'), 'LEADS', actorId('Osprey')))
    const reply = await store.reply(proposal?.proposal.replyId ?? '')
    expect(await found(`run=${reply?.runId ?? ''} doc=plans/**`)).toEqual([knows, 'Ben Osprey'])
    expect(await found('run=nobody')).toEqual([])

    const one = (await store.links(['proposed'])).find(({ type }) => type === 'LEADS')
    const { code } = await runHere(['review', 'reject', one?.id ?? '', '--reviewer', 'rita', '--store', address], {
      cwd: folder,
      environment,
    })
    expect(code).toBe(0)
    expect(await found('status=rejected')).toEqual([`${one?.subject} ${one?.object}`])
    expect(await found('type=LEADS')).toHaveLength(2)

    const flagging = ['review', 'flag', one?.id ?? '', '--reviewer', 'rita', '--store', address]
    expect(await runHere(flagging, { cwd: folder, environment })).toMatchObject({ code: 0 })
    expect(await found('flagged')).toEqual([])
    expect(await found('flagged status=rejected')).toEqual([`${one?.subject} ${one?.object}`])
    expect(await found('status=rejected type=KNOWS flagged')).toEqual([])
    expect(await list('--where', 'speaker="Ana')).toMatchObject({ code: 2, stdout: '' })
    expect(await list('--where', 'status=held', '--status', 'held')).toMatchObject({ code: 2 })
    expect((await list('--where', 'colour=red')).stderr).toContain("'colour' is nothing that it knows")
  })
})
