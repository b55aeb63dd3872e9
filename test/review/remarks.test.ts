import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { linkId } from '../../src/model/link.ts'
import type { StoredLink } from '../../src/store/records.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { personAt } from './person.ts'

const TEXTS = { 'a.md': 'Ana leads Kestrel.\n\nBen leads Osprey.\n' }
const LINK = linkId(actorId('Ana'), 'LEADS', actorId('Kestrel'))
const WALK = { signal: new AbortController().signal, progress: () => {} }

eachStoreAtLength('what people say of a link without deciding about it', (open) => {
  it('changes nothing of it, moves no revision, and is undone', { timeout: 240_000 }, async () => {
    const under = await open()
    const { store } = under
    await ingestTexts(store, readingEngine(), TEXTS)
    const [rita, sam] = [personAt(under, 'rita', tmpdir()), personAt(under, 'sam', tmpdir())]
    const link = async (): Promise<StoredLink> => (await store.link(LINK)) as StoredLink
    const line = async () => (await store.database.read((reader) => reader.links('LEADS', 'Entity', [LINK])))[0]
    const [before, drawn] = [await link(), await line()]

    expect((await rita.review('skip', LINK)).stdout).toMatch(/skipped; proposed, revision 0 {2}saved ✓/)
    expect((await rita.review('flag', LINK, '--note', 'ask legal')).stdout).toContain('flagged; proposed')
    expect(await link()).toEqual({ ...before, remarks: 2, flagged: 'yes', passedBy: ['rita'] })
    expect(await line()).toEqual(drawn)

    const listed = async (status: string) =>
      (await rita.json<{ links: { id: string }[] }>('list', '--status', status)).links.map(({ id }) => id)
    expect(await listed('flagged')).toEqual([LINK])
    expect(await listed('pending')).toContain(LINK)
    expect((await rita.review('list')).stdout).toMatch(/Ana .* Kestrel {2}flagged/)
    const shown = (await sam.review('show', LINK)).stdout
    expect(shown).toContain('flagged: somebody has to look at it')
    expect(shown).toMatch(/rita: flag, ask legal/)

    // Nobody's remark is in the way of a verdict on the revision that was seen.
    expect((await sam.review('reject', LINK, '--expect-rev', '0')).code).toBe(0)
    expect(await link()).toMatchObject({ status: 'rejected', rev: 1, remarks: 2 })
    expect(await listed('flagged')).toEqual([])
    await sam.json('undo')
    expect(await listed('flagged')).toEqual([LINK])

    // Each takes back their own last one: rita the flag, then the skip, though a verdict was made and undone since.
    await rita.json('undo')
    expect(await link()).toMatchObject({ status: 'proposed', rev: 2, remarks: 3, passedBy: ['rita'] })
    expect(await listed('flagged')).toEqual([])
    await rita.json('undo', LINK)
    expect(await link()).toEqual({ ...before, rev: 2, decisions: [3, 4], remarks: 4 })
    expect(await store.decisionsAbout(LINK)).toHaveLength(6)
    expect((await rita.review('log', '--verify')).stdout).toContain('6 decisions, 0 problems')
    expect((await store.check(WALK)).filter(({ wrong }) => wrong > 0)).toEqual([])
  })

  it('counts once for the same request, and again only with something new to say', { timeout: 120_000 }, async () => {
    const under = await open()
    await ingestTexts(under.store, readingEngine(), TEXTS)
    const rita = personAt(under, 'rita', tmpdir())
    await rita.json('skip', LINK, '--request-id', 'r1')
    await rita.json('skip', LINK, '--request-id', 'r1')
    expect(await rita.json('skip', LINK)).toMatchObject({ unchanged: true })
    await rita.json('skip', LINK, '--reason', 'too hard')
    expect(await under.store.decisions()).toHaveLength(2)
    expect((await rita.review('skip', LINK, '--expect-rev', '0')).code).toBe(2)
  })

  it('outlives a change of the document, and the link itself', { timeout: 240_000 }, async () => {
    const under = await open()
    const { store } = under
    await ingestTexts(store, readingEngine(), TEXTS)
    await personAt(under, 'rita', tmpdir()).json('flag', LINK)
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ben leads Osprey.\n' })
    await ingestTexts(store, readingEngine(), { 'a.md': 'Ana leads Kestrel.\n\nAna knows Cleo.\n' })
    expect(await store.link(LINK)).toMatchObject({ status: 'proposed', flagged: 'yes', remarks: 1, rev: 0 })
    expect((await store.check(WALK)).filter(({ wrong }) => wrong > 0)).toEqual([])
  })

  it('whoever was slower sees the other verdict beside theirs', { timeout: 120_000 }, async () => {
    const under = await open()
    await ingestTexts(under.store, readingEngine(), TEXTS)
    const [rita, sam] = [personAt(under, 'rita', tmpdir()), personAt(under, 'sam', tmpdir())]
    await rita.json('reject', LINK, '--note', 'she left')
    const inWords = await sam.review('accept', LINK, '--expect-rev', '0', '--reason', 'seen')
    expect(inWords.code).toBe(4)
    expect(inWords.stderr).toMatch(/DECISION .* rita: reject, she left\n NOT WRITTEN sam: accept, seen\nerror: /)
    const { code, stdout } = await sam.review('accept', LINK, '--expect-rev', '0', '--json')
    expect(code).toBe(4)
    expect(JSON.parse(stdout)).toMatchObject({
      conflict: {
        link: { id: LINK, rev: 1, status: 'rejected' },
        yours: { verdict: 'accept', reviewer: 'sam', expectedRev: 0 },
        theirs: [{ reviewer: 'rita', verdict: 'reject', note: 'she left' }],
      },
    })
    expect(await under.store.decisions()).toHaveLength(1)
  })
})
