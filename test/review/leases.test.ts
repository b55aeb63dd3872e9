import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { linkId } from '../../src/model/link.ts'
import { LEASE_MILLISECONDS, leaseBlock, leasesNow, release, signOfLife } from '../../src/review/lease.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { wholeGraph } from '../resolving/whole-graph.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStore } from '../stores.ts'
import { personAt } from './person.ts'

const TEXTS = { 'a.md': 'Ana leads Kestrel.\n\nAna knows Cleo.\n\nBen leads Osprey.\n' }
const [ANA, CLEO, BEN] = [
  linkId(actorId('Ana'), 'LEADS', actorId('Kestrel')),
  linkId(actorId('Ana'), 'KNOWS', actorId('Cleo')),
  linkId(actorId('Ben'), 'LEADS', actorId('Osprey')),
] as const
const NOW = new Date('2026-05-01T10:00:00Z')
const later = (milliseconds: number): Date => new Date(NOW.getTime() + milliseconds)

interface Card {
  readonly card: { readonly link: { readonly id: string }; readonly keys: Record<string, string[]> } | null
}

eachStore('leases', (open) => {
  it(
    'are of one person, live five minutes from the last sign of life, and are no part of the record',
    { timeout: 120_000 },
    async () => {
      const { store } = await open()
      await ingestTexts(store, readingEngine(), TEXTS)
      const [graph, shown] = [await wholeGraph(store), await snapshot(store, ['__NameKeys__', '__Lease__'])]
      expect(await leaseBlock(store, 'rita', [ANA, CLEO], NOW)).toEqual([ANA, CLEO])
      expect(await leaseBlock(store, 'sam', [CLEO, BEN], NOW)).toEqual([BEN])
      expect(await signOfLife(store, 'sam', [ANA, BEN], NOW)).toEqual(new Map([[ANA, 'rita']]))
      // A block takes the place of the one before it, what is claimed beside it does not.
      expect(await leaseBlock(store, 'rita', [CLEO], NOW, { keep: true })).toEqual([CLEO])
      expect((await leasesNow(store, NOW)).find(({ reviewer }) => reviewer === 'rita')?.linkIds).toEqual([ANA, CLEO])
      expect(await leaseBlock(store, 'rita', [CLEO], NOW)).toEqual([CLEO])
      expect(await leaseBlock(store, 'sam', [ANA, BEN], NOW)).toEqual([ANA, BEN])

      await signOfLife(store, 'rita', [], later(LEASE_MILLISECONDS - 1))
      const reviewers = async (at: Date) => (await leasesNow(store, at)).map(({ reviewer }) => reviewer).toSorted()
      expect(await reviewers(later(LEASE_MILLISECONDS - 1))).toEqual(['rita', 'sam'])
      expect(await reviewers(later(LEASE_MILLISECONDS))).toEqual(['rita'])
      expect(await leaseBlock(store, 'tess', [ANA], later(LEASE_MILLISECONDS))).toEqual([ANA])
      // What is over is gone with the next lease that is taken.
      expect((await store.database.read((reader) => reader.list('Lease'))).map(({ id }) => id)).toEqual([
        'all',
        'of rita',
        'of tess',
      ])
      expect(await release(store, 'rita', [ANA, CLEO], later(LEASE_MILLISECONDS))).toEqual([CLEO])
      expect(await release(store, 'tess', null, later(LEASE_MILLISECONDS))).toEqual([ANA])
      expect(await release(store, 'tess', null, later(LEASE_MILLISECONDS))).toEqual([])
      expect(await leasesNow(store, NOW)).toEqual([])

      await leaseBlock(store, 'rita', [ANA], NOW)
      expect(await wholeGraph(store)).toEqual(graph)
      expect(await snapshot(store, ['__NameKeys__', '__Lease__'])).toBe(shown)
      expect(await store.database.read((reader) => reader.byPrefix('of rita', 10))).toEqual([])
    },
  )

  it('of several who want the same at once, one gets it', { timeout: 120_000 }, async () => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), TEXTS)
    const got = await Promise.all(
      ['rita', 'sam', 'tess', 'uma'].map((name) => leaseBlock(store, name, [ANA, CLEO, BEN], NOW)),
    )
    expect(got.flat().toSorted()).toEqual([ANA, CLEO, BEN].toSorted())
  })

  it('claim and next give each person links that nobody else looks at', { timeout: 240_000 }, async () => {
    const under = await open()
    await ingestTexts(under.store, readingEngine(), TEXTS)
    const [rita, sam] = [personAt(under, 'rita', tmpdir()), personAt(under, 'sam', tmpdir())]
    const next = async (person: typeof rita): Promise<string | null> =>
      (await person.json<Card>('next')).card?.link.id ?? null

    expect((await rita.json<{ links: object[] }>('claim', ANA)).links).toMatchObject([{ id: ANA }])
    const taken = await sam.review('claim', ANA, BEN)
    expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining('is with rita, and stays there') })
    expect(taken.stdout).toContain(BEN.slice(0, 8))
    expect(await next(rita)).toBe(ANA)
    expect(await next(sam)).toBe(BEN)

    // A lease steers and forbids nothing: sam is told, and heard.
    const heard = await sam.review('accept', ANA)
    expect(heard).toMatchObject({ code: 0, stderr: expect.stringContaining('rita looks at link') })
    expect(heard.stdout).toContain('accepted, revision 1  saved ✓')
    // What is left of the block is done first; then there is another one.
    expect(await next(rita)).toBe(CLEO)
    const card = (await rita.json<Card>('next')).card
    expect((await rita.review(...(card?.keys['s'] ?? []).slice(1))).stdout).toContain('skipped')
    expect(await next(rita)).toBeNull()
    expect((await rita.review('next')).stderr).toContain('nothing waits for you')

    expect(await sam.json('release')).toMatchObject({ released: [BEN] })
    expect(await next(rita)).toBe(BEN)
    expect(await next(sam)).toBe(CLEO)
    const inWords = await rita.review('next')
    expect(inWords.stdout).toMatch(/Ben ──LEADS──▶ Osprey[^]*whygraph review accept \w+ --expect-rev 0/)
    // The keys of a card decide on the revision that was shown.
    const { keys } = (await rita.json<Card>('next')).card ?? {}
    await sam.json('reject', BEN)
    expect(await rita.review(...(keys?.['a'] ?? []).slice(1))).toMatchObject({ code: 4 })
  })

  it(
    'a card has the quote with its place, what speaks for and against it, and its reasoning',
    { timeout: 120_000 },
    async () => {
      const under = await open()
      await ingestTexts(under.store, readingEngine(), TEXTS)
      const rita = personAt(under, 'rita', tmpdir())
      await rita.json('claim', ANA)
      expect((await rita.json<Card>('next')).card).toMatchObject({
        link: { id: ANA, status: 'proposed' },
        rev: 0,
        for: [
          {
            polarity: 'asserted',
            quotes: [
              {
                quote: 'Ana leads Kestrel.',
                grounding: 'exact',
                unit: 'Ana leads Kestrel.',
                place: expect.stringContaining('a.md'),
              },
            ],
            traceKind: 'raw',
            why: 'because',
          },
        ],
        against: [],
        decisions: [],
        keys: { a: ['review', 'accept', ANA, '--expect-rev', '0'] },
      })
    },
  )
})
