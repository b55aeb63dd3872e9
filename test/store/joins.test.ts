import { expect, it } from 'vitest'
import { endsOf, linkId } from '../../src/model/link.ts'
import type { Proposal } from '../../src/model/proposal.ts'
import { decideLink } from '../../src/review/decide.ts'
import { undoDecision } from '../../src/review/undo.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { bornIn, sameAs, type SameAsOptions } from '../same-as.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStoreAtLength } from '../stores.ts'

const NOW = new Date('2026-01-01T00:00:00Z')
const REVIEWER = { reviewer: 'rita' }

const TEXTS = {
  'a.md': 'Ana leads Kestrel.\n\nAnna knows Ben.\n',
  'b.md': 'Anna leads Kestrel.\n\nBen knows Anna.\n',
  'c.md': 'Hanna leads Kestrel.\n\nHanna knows Ana.\n',
}

const link = (subject: string, type: string, object: string): string => linkId(actorId(subject), type, actorId(object))
const [E, OTHER] = [actorId('Ana'), actorId('Anna')].toSorted() as [string, string]

eachStoreAtLength('things that are one', (open) => {
  const setUp = async (texts: Readonly<Record<string, string>> = TEXTS) => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), texts)
    return store
  }
  const propose = async (store: Store, path: string, names: readonly [string, string], options?: SameAsOptions) => {
    const proposal = await sameAs(store, path, names, options)
    await store.propose([proposal])
    return endsOf(proposal).id
  }
  const idsOf = async (store: Store): Promise<string[]> => {
    const { rows } = await store.database.query('MATCH (e:Actor) RETURN e.id AS id ORDER BY id', {}, { seconds: 30 })
    return rows.map(([id]) => String(id))
  }
  const redirects = async (store: Store): Promise<Record<string, unknown>> => {
    const { rows } = await store.database.query('MATCH (r:Redirect) RETURN r.id, r.to', {}, { seconds: 30 })
    return Object.fromEntries(rows)
  }
  const isWell = async (store: Store): Promise<void> => {
    const checked = await store.check({ signal: new AbortController().signal, progress: () => {} })
    expect(checked.filter(({ wrong }) => wrong > 0)).toEqual([])
  }

  it('stand as one node with all names, mentions and links; undone, the graph is what it was', async () => {
    const store = await setUp()
    const id = await propose(store, 'a.md', ['Ana', 'Anna'])
    expect(await store.link(id)).toMatchObject({ status: 'proposed', bond: null })
    const before = await graph(store)
    const records = await store.links(['proposed', 'merged'])

    await decideLink(store, id, 'accept', REVIEWER, NOW)
    expect(await redirects(store)).toEqual({ [OTHER]: E })
    expect(await store.entities([E, OTHER])).toEqual([
      expect.objectContaining({ id: E, name: 'Anna', aliases: ['Ana'], type: 'Actor' }),
    ])
    expect(await store.link(id)).toMatchObject({ status: 'merged', into: null, bond: { kind: 'accepted', rank: 1 } })
    const [first, second] = [link('Ana', 'LEADS', 'Kestrel'), link('Anna', 'LEADS', 'Kestrel')].toSorted()
    expect(await store.link(first as string)).toMatchObject({ status: 'proposed', supports: 2, into: null })
    expect(await store.link(second as string)).toMatchObject({ status: 'merged', supports: 1, into: first })
    const leads =
      'MATCH (a:Actor)-[r:LEADS]->(:Actor {name: "Kestrel"}) RETURN a.id, r.id, size(r.evidence) ORDER BY a.id'
    expect((await store.database.query(leads, {}, { seconds: 30 })).rows).toEqual(
      [
        [E, first, 2],
        [actorId('Hanna'), link('Hanna', 'LEADS', 'Kestrel'), 1],
      ].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    )
    const said =
      'MATCH (:Actor {id: $id})-[m:FROM_CHUNK]->(c:Chunk) RETURN m.names AS names, m.ids AS ids, c.text AS text ORDER BY text'
    const mentions = (await store.database.query(said, { id: E }, { seconds: 30 })).rows
    expect(mentions[0]).toEqual([['Ana', 'Anna'], [actorId('Ana'), actorId('Anna')], expect.any(String)])
    expect(mentions).toHaveLength(3)
    await isWell(store)

    await undoDecision(store, id, REVIEWER, NOW)
    expect(await graph(store)).toBe(before)
    const shape = (links: typeof records) => links.map((one) => ({ ...one, rev: 0, decisions: [] }))
    expect(shape(await store.links(['proposed', 'merged']))).toEqual(shape(records))
    await isWell(store)
  })

  it(
    'are kept through replies, changed documents and rebuild; what comes in goes to the one',
    { timeout: 120_000 },
    async () => {
      const store = await setUp()
      const id = await propose(store, 'a.md', ['Ana', 'Anna'])
      await decideLink(store, id, 'accept', REVIEWER, NOW)
      await ingestTexts(store, readingEngine(), {
        ...TEXTS,
        'b.md': 'Anna leads Osprey.\n\nBen knows Anna.\n',
        'd.md': 'Ana leads Osprey.\n\nAnna sees Ben.\n',
      })
      expect(await redirects(store)).toEqual({ [OTHER]: E })
      const ids = [link('Ana', 'LEADS', 'Osprey'), link('Anna', 'LEADS', 'Osprey')].toSorted()
      expect((await store.link(ids[0] as string))?.supports).toBe(2)
      expect((await store.link(ids[1] as string))?.into).toBe(ids[0])
      expect(await store.link(link('Anna', 'SEES', 'Ben'))).toMatchObject({ status: 'proposed' })
      await isWell(store)
      const whole = await snapshot(store)
      // Another model reads everything: replies are taken beside those of the first.
      await ingestTexts(store, readingEngine('another'), TEXTS)
      expect(await redirects(store)).toEqual({ [OTHER]: E })
      await isWell(store)
      expect(whole).not.toBe(await snapshot(store))
      // Its document says neither name any more: what a person accepted stays.
      await ingestTexts(store, readingEngine(), { 'a.md': 'Cid knows Ben.\n' })
      expect(await redirects(store)).toEqual({ [OTHER]: E })
      expect(await store.link(id)).toMatchObject({ status: 'merged', unsupported: true })
      await isWell(store)
    },
  )

  it('a decision on a link that stands for several is about all of them, also once they are apart again', async () => {
    const store = await setUp()
    const id = await propose(store, 'a.md', ['Ana', 'Anna'])
    const ids = [link('Ana', 'LEADS', 'Kestrel'), link('Anna', 'LEADS', 'Kestrel')].toSorted() as [string, string]
    await decideLink(store, ids[1], 'reject', REVIEWER, NOW)
    await decideLink(store, id, 'accept', REVIEWER, NOW)
    // The rejection of the one is a decision about the other too, as long as they are one.
    expect(await store.link(ids[0])).toMatchObject({ status: 'rejected', supports: 2, rev: 1 })
    const request = { ...REVIEWER, requestId: 'once' }
    const { link: accepted, decision } = await decideLink(store, ids[1], 'accept', request, NOW)
    expect(accepted).toMatchObject({ id: ids[0], status: 'accepted', rev: 2 })
    expect(decision).toMatchObject({ linkId: ids[0], alsoAbout: [ids[1]] })
    const merged = await graph(store)
    await isWell(store)

    const undone = await undoDecision(store, id, REVIEWER, NOW)
    expect(undone.link.status).toBe('proposed')
    expect(await store.link(ids[0])).toMatchObject({ status: 'accepted', supports: 1, rev: 3, decisions: [3] })
    expect(await store.link(ids[1])).toMatchObject({ status: 'accepted', supports: 1, rev: 2 })
    await isWell(store)
    expect((await decideLink(store, ids[1], 'accept', request, NOW)).decision).toEqual(decision)
    // Taking the acceptance back takes it back for both: the one was rejected before.
    await undoDecision(store, ids[1], REVIEWER, NOW)
    expect(await store.link(ids[0])).toMatchObject({ status: 'proposed', rev: 4 })
    expect(await store.link(ids[1])).toMatchObject({ status: 'rejected', rev: 3 })
    await isWell(store)
    await undoDecision(
      store,
      (await store.decisions({ order: 'sequence', descending: true, limit: 1 }))[0]?.id,
      REVIEWER,
      NOW,
    )
    await undoDecision(store, undone.decision?.id, REVIEWER, NOW)
    const again = await graph(store)
    expect(again).toBe(merged)
    await isWell(store)
  })

  it('join by themselves where rules are sure, unless a person says no; a rejected pair keeps weaker joins apart', async () => {
    const store = await setUp()
    const ana = await propose(store, 'a.md', ['Ana', 'Anna'], { joins: true, confidence: 0.99 })
    expect((await store.link(ana))?.bond).toEqual({ kind: 'automatic', rank: 0.99 })
    expect(await redirects(store)).toEqual({ [OTHER]: E })
    const hanna = await propose(store, 'b.md', ['Anna', 'Hanna'], { joins: true, confidence: 0.8 })
    const all = [actorId('Ana'), actorId('Anna'), actorId('Hanna')].toSorted()
    expect(await redirects(store)).toEqual({ [all[1] as string]: all[0], [all[2] as string]: all[0] })
    await isWell(store)
    // Nobody proposed this one: the pair that a person keeps apart is Ana and Hanna.
    const apart = await propose(store, 'c.md', ['Ana', 'Hanna'])
    await decideLink(store, apart, 'reject', REVIEWER, NOW)
    expect(await redirects(store)).toEqual({ [OTHER]: E })
    // Both links say the same of the same two things now, and one stands for both.
    expect((await store.standingLink(hanna))?.status).toBe('rejected')
    expect((await store.standingLink(hanna))?.id).toBe((await store.standingLink(apart))?.id)
    await isWell(store)
    // That Anna and Hanna are one says nothing of Ana, whom a person keeps apart from Hanna.
    await decideLink(store, hanna, 'accept', REVIEWER, NOW)
    const [least, other] = [actorId('Anna'), actorId('Hanna')].toSorted() as [string, string]
    expect(await redirects(store)).toEqual({ [other]: least })
    await undoDecision(store, hanna, REVIEWER, NOW)
    await undoDecision(store, apart, REVIEWER, NOW)
    expect(Object.keys(await redirects(store)).toSorted()).toEqual(all.slice(1))
    // A split: a person says that the two are not one. Said again with new words, they stay two.
    await decideLink(store, ana, 'reject', REVIEWER, NOW)
    expect(await redirects(store)).toEqual({ [other]: least })
    await ingestTexts(store, readingEngine(), { ...TEXTS, 'a.md': `${TEXTS['a.md']}\nCid knows Ben.\n` })
    await propose(store, 'a.md', ['Ana', 'Anna'], { joins: true, confidence: 1 })
    expect(await redirects(store)).toEqual({ [other]: least })
    await isWell(store)
  })

  it('a verdict on one of several pairs that fell together is about that pair, and so is its undo', async () => {
    const store = await setUp()
    const ana = await propose(store, 'a.md', ['Ana', 'Anna'])
    const pairs = [
      await propose(store, 'c.md', ['Ana', 'Hanna']),
      await propose(store, 'b.md', ['Anna', 'Hanna']),
    ].toSorted() as [string, string]
    await decideLink(store, ana, 'accept', REVIEWER, NOW)
    const [stands, fallen] = pairs
    expect(await store.link(fallen)).toMatchObject({ status: 'merged', into: stands })
    const before = await graph(store)
    for (const [named, other] of [pairs, pairs.toReversed()] as [string, string][]) {
      const { decision, link } = await decideLink(store, named, 'reject', REVIEWER, NOW)
      expect(decision).toMatchObject({ linkId: named })
      expect(decision).not.toHaveProperty('alsoAbout')
      expect(link.id).toBe(named)
      // Both say the same of two things as long as the others are one, and nobody is asked twice.
      expect(await store.link(stands)).toMatchObject({ status: 'rejected' })
      expect((await store.link(named))?.bond).toMatchObject({ kind: 'rejected' })
      expect((await store.link(other))?.bond).toBeNull()
      expect((await decideLink(store, named, 'reject', REVIEWER, NOW)).unchanged).toBe(true)
      // The other one is decided about by itself.
      const second = await decideLink(store, other, 'reject', REVIEWER, NOW)
      expect(second).toMatchObject({ unchanged: false, decision: { linkId: other } })
      await undoDecision(store, other, REVIEWER, NOW)
      expect((await store.link(named))?.bond).toMatchObject({ kind: 'rejected' })
      await isWell(store)
      await undoDecision(store, ana, REVIEWER, NOW)
      expect(await store.link(named)).toMatchObject({ status: 'rejected' })
      expect(await store.link(other)).toMatchObject({ status: 'proposed', reviewedBy: null })
      await decideLink(store, ana, 'accept', REVIEWER, NOW)
      // Of the one that fell, the other's verdict is not taken back; of the one that is shown, what is shown is.
      if (named === stands) await expect(undoDecision(store, fallen, REVIEWER, NOW)).rejects.toThrow('no standing')
      await undoDecision(store, stands, REVIEWER, NOW)
      expect(await graph(store)).toBe(before)
    }
    await isWell(store)
  })

  it('part with their last sure proposal, and go with what nothing mentions', async () => {
    const store = await setUp()
    const before = await snapshot(store)
    const proposal = await sameAs(store, 'a.md', ['Ana', 'Anna'], { joins: true })
    await store.propose([proposal])
    expect(await idsOf(store)).toHaveLength(4)
    await ingestTexts(store, readingEngine(), { ...TEXTS, 'a.md': 'Cid knows Ben.\n' })
    expect(await redirects(store)).toEqual({})
    expect((await store.link(endsOf(proposal).id))?.status).toBe('gone')
    await ingestTexts(store, readingEngine(), TEXTS)
    await isWell(store)
    expect(before).not.toBe('')
  })

  it('lone names of persons are other people in other documents', async () => {
    const { store } = await open()
    expect(bornIn('a.md', 'Jonas', 'Person')).not.toBe(bornIn('b.md', 'Jonas', 'Person'))
    expect(bornIn('a.md', 'Jonas Weber', 'Person')).toBe(bornIn('b.md', 'Jonas Weber', 'Person'))
    await store.close()
  })

  it(
    'what stands does not depend on the order in which things were said and decided',
    { timeout: 240_000 },
    async () => {
      const orders = [0, 1, 2].map(async (seed) => {
        const store = await setUp()
        const pairs = [
          ['a.md', ['Ana', 'Anna'], { joins: true, confidence: 0.9 }],
          ['c.md', ['Ana', 'Hanna'], { joins: true, confidence: 0.8 }],
          ['b.md', ['Anna', 'Ben'], { joins: true, confidence: 0.7 }],
          ['a.md', ['Ana', 'Ben'], {}],
        ] as const
        const proposals: Proposal[] = []
        for (const [path, names, options] of pairs) proposals.push(await sameAs(store, path, names, options))
        const order = shuffled(proposals, seed)
        for (const proposal of order) await store.propose([proposal])
        // Links of things that were one for a while wait to be held against their rivals.
        await store.compareLinks({ signal: new AbortController().signal })
        return store
      })
      const graphs: string[] = []
      for (const order of orders) graphs.push(await snapshot(await order, ['Run', 'Reply', 'Document', '__NameKeys__']))
      expect(graphs[1]).toBe(graphs[0])
      expect(graphs[2]).toBe(graphs[0])
    },
  )
})

const COUNTING = new Set(['rev', 'decisions', 'bondRank'])

/** All of the graph and the record but decisions, and what only counts these. */
async function graph(store: Store): Promise<string> {
  const text = await snapshot(store, ['Decision', 'Chain', 'Run', '__NameKeys__'])
  const rows = (JSON.parse(text) as unknown[][][]).map((list) => list.filter(([, type]) => type !== 'DECIDES'))
  return JSON.stringify(rows, (key, value: unknown) => (COUNTING.has(key) ? undefined : value), 1)
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return list
    .map((one, index) => [((index + 1) * 7919 * (seed + 1)) % 101, one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one)
}
