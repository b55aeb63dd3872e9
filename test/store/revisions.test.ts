import { expect, it, vi } from 'vitest'
import { linkId, linkIdBetween, SAME_AS } from '../../src/model/link.ts'
import { decideLink } from '../../src/review/decide.ts'
import { undoDecision } from '../../src/review/undo.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { random } from '../random.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { sameAs } from '../same-as.ts'
import { eachStoreAtLength } from '../stores.ts'

vi.setConfig({ testTimeout: 300_000 })

const NOW = new Date('2026-01-01T00:00:00Z')
const RITA = { reviewer: 'rita' }
const NAMES = ['Ana', 'Anna', 'Hanna'] as const
const TEXTS = Object.fromEntries(NAMES.map((name) => [`${name}.md`, `${name} leads Kestrel.\n`]))
const WALK = { signal: new AbortController().signal, progress: () => {} }

const leads = (name: string): string => linkId(actorId(name), 'LEADS', actorId('Kestrel'))

eachStoreAtLength('revisions of links', (open) => {
  const setUp = async (): Promise<Store> => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), TEXTS)
    return store
  }
  const same = async (store: Store, one: string, other: string, verdict: 'accept' | 'reject') =>
    decideSame(store, await findPair(store, actorId(one), actorId(other)), verdict, RITA, NOW)
  const isWell = async (store: Store): Promise<void> =>
    expect((await store.check(WALK)).filter(({ wrong }) => wrong > 0)).toEqual([])

  it('do not come again when links fall together and part', async () => {
    const store = await setUp()
    const [first, second] = [leads('Ana'), leads('Anna')].toSorted() as [string, string]
    await decideLink(store, first, 'accept', RITA, NOW)
    const alone = (await store.link(first))?.rev
    await decideLink(store, second, 'reject', RITA, NOW)
    await same(store, 'Ana', 'Anna', 'accept')
    const together = await store.link(first)
    expect(together).toMatchObject({ status: 'rejected' })
    expect(together?.rev).toBeGreaterThan(alone ?? 0)
    await undoDecision(store, undefined, RITA, NOW)
    const apart = await store.link(first)
    expect(apart).toMatchObject({ status: 'accepted' })
    expect(apart?.rev).toBeGreaterThan(together?.rev ?? 0)
    for (const rev of [alone, together?.rev])
      await expect(
        decideLink(store, first, 'reject', { reviewer: 'ben', ...(rev !== undefined && { expectedRev: rev }) }, NOW),
      ).rejects.toMatchObject({ code: 'revision-moved' })
    // What nobody had decided about is not as if nothing had been, either.
    await same(store, 'Anna', 'Hanna', 'accept')
    await undoDecision(store, undefined, RITA, NOW)
    expect(await store.link(leads('Hanna'))).toMatchObject({ status: 'proposed', decisions: [] })
    expect((await store.link(leads('Hanna')))?.rev).toBeGreaterThan(0)
    await isWell(store)
  })

  it.each([1, 2, 3])(
    'tell apart what was decided, whatever comes together (seed %i)',
    { timeout: 240_000 },
    async (seed) => {
      const store = await setUp()
      const below = random(seed)
      const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
      const pairs = [
        ['Ana', 'Anna'],
        ['Anna', 'Hanna'],
        ['Ana', 'Hanna'],
      ] as const
      for (const [one, other] of pairs) await store.propose([await sameAs(store, `${one}.md`, [one, other])])
      const links = [
        ...NAMES.map(leads),
        ...pairs.map(([one, other]) => linkIdBetween(actorId(one), SAME_AS, actorId(other))),
      ]
      const seen = new Map<string, Map<number, string>>(links.map((id) => [id, new Map()]))
      const last = new Map<string, number>()
      const look = async (): Promise<void> => {
        for (const id of links) {
          const link = await store.standingLink(id)
          const decisions = (await store.decisionsAbout(id)).map(({ sequence }) => sequence).join(' ')
          const { rev = -1 } = link ?? {}
          expect(rev).toBeGreaterThanOrEqual(last.get(id) ?? 0)
          expect(seen.get(id)?.get(rev) ?? decisions).toBe(decisions)
          seen.get(id)?.set(rev, decisions)
          last.set(id, rev)
        }
      }
      await look()
      for (let step = 0; step < 16; step++) {
        const verdict = pick(['accept', 'reject', 'undo'] as const)
        const id = pick(links)
        if (verdict !== 'undo') await decideLink(store, id, verdict, { ...RITA, note: `${step}` }, NOW)
        else await undoDecision(store, id, RITA, NOW).catch(() => {})
        await look()
      }
      await isWell(store)
      const anew = await store.deriveAnew({ ...WALK, dryRun: false, begin: async () => {} })
      expect(anew).toMatchObject({ links: { added: 0, changed: 0, removed: 0 }, outside: 0 })
      await look()
    },
  )

  it('are no smaller where a rebuild has to make a link again', async () => {
    const store = await setUp()
    const id = leads('Ana')
    await decideLink(store, id, 'accept', RITA, NOW)
    await same(store, 'Ana', 'Anna', 'accept')
    await undoDecision(store, undefined, RITA, NOW)
    await decideLink(store, id, 'reject', RITA, NOW)
    const before = (await store.link(id))?.rev ?? 0
    await store.database.write((writer) => writer.removeNodes('Link', [id]))
    await store.deriveAnew({ ...WALK, dryRun: false, begin: async () => {} })
    expect(await store.link(id)).toMatchObject({ status: 'rejected', rev: before })
    await isWell(store)
  })

  it('go on where everything that spoke of a link went and came back', async () => {
    const store = await setUp()
    await decideLink(store, leads('Ana'), 'accept', RITA, NOW)
    await decideLink(store, leads('Anna'), 'reject', RITA, NOW)
    await same(store, 'Ana', 'Anna', 'accept')
    await undoDecision(store, undefined, RITA, NOW)
    const before = (await store.link(leads('Ana')))?.rev ?? 0
    const [document] = await store.documentsAt('Ana.md')
    if (document !== undefined) await store.forget(document, NOW.toISOString())
    expect(await store.link(leads('Ana'))).toBeNull()
    await ingestTexts(store, readingEngine(), TEXTS)
    expect(await store.link(leads('Ana'))).toMatchObject({ status: 'accepted' })
    expect((await store.link(leads('Ana')))?.rev).toBeGreaterThan(before)
    await isWell(store)
  })
})
