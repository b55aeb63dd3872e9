import { expect, it } from 'vitest'
import { linkId } from '../../src/model/link.ts'
import { schemaFile } from '../../src/model/schema.ts'
import { planBulk } from '../../src/review/bulk-plan.ts'
import { carryOut } from '../../src/review/carry-out.ts'
import { decideLink } from '../../src/review/decide.ts'
import { planAdd } from '../../src/review/fix-add.ts'
import { planRename } from '../../src/review/fix-rename.ts'
import { planFix, type FixAsked, type Revision } from '../../src/review/fix.ts'
import { planSame } from '../../src/review/plan-same.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import { redo, undo } from '../../src/review/undo-redo.ts'
import { ownNameLinkId } from '../../src/store/called.ts'
import type { Decided } from '../../src/store/decision-draft.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { Store } from '../../src/store/store.ts'
import { Tables } from '../../src/tables/tables.ts'
import { graphAlone } from '../graph-alone.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { noting } from '../store/noting.ts'
import { withMethods } from '../store/with-methods.ts'
import { eachStoreAtLength } from '../stores.ts'

const SCHEMA = schemaFile.parse({ linkTypes: [{ name: 'LEADS', fourEyes: true }, { name: 'KNOWS' }] })
/** One owner at a time. */
const RIVALS = schemaFile.parse({ linkTypes: [{ name: 'OWNS', singleValued: 'from' }] })
const TEXTS = { 'a.md': 'Ana leads Kestrel.\n\nBen knows Osprey.\n\nAnna knows Ben.\n' }
const [LEADS, KNOWS] = [
  linkId(actorId('Ana'), 'LEADS', actorId('Kestrel')),
  linkId(actorId('Ben'), 'KNOWS', actorId('Osprey')),
]
const [rita, sam, tess] = ['rita', 'sam', 'tess'].map((reviewer) => ({ reviewer })) as [Who, Who, Who]
const STEPS = { now: () => new Date(), signal: new AbortController().signal }
const WALK = { signal: new AbortController().signal, progress: () => {} }

interface Who {
  readonly reviewer: string
}

eachStoreAtLength('where one way of deciding meets another', (open) => {
  const opened = async (): Promise<Store> => {
    const { store } = await open()
    await ingestTexts(store, readingEngine(), TEXTS, {}, SCHEMA)
    return store
  }
  const carry = (store: Store, { proposals, drafts }: Revision): Promise<Decided[]> =>
    store.decideTogether(proposals, drafts, new Date().toISOString())
  const fix = async (store: Store, id: string, asked: FixAsked): Promise<Decided[]> =>
    carry(store, await planFix(store, id, asked, SCHEMA, rita))
  const wrong = async (store: Store) => (await store.check(WALK)).filter((one) => one.wrong > 0)

  it('whoever agrees with a new name keeps it', { timeout: 240_000 }, async () => {
    const store = await opened()
    const nameOf = async () => (await store.entities([actorId('Ana')]))[0]?.name
    await carry(store, await planRename(store, actorId('Ana'), 'Ruiz', rita))
    await decideLink(store, ownNameLinkId(actorId('Ana')), 'accept', sam, new Date())
    expect(await nameOf()).toBe('Ruiz')
    await decideLink(store, ownNameLinkId(actorId('Ana')), 'reject', sam, new Date())
    expect(await nameOf()).toBe('Ana')
    expect(await wrong(store)).toEqual([])
  })

  it('a fix is turned as a whole however often it was turned before', { timeout: 240_000 }, async () => {
    const store = await opened()
    const before = await graphAlone(store)
    const [first] = await fix(store, KNOWS, { flip: true })
    const batch = first?.decision.batch ?? ''
    await undo(store, batch, rita, STEPS)
    const redone = await redo(store, batch, rita, STEPS)
    const one = 'all' in redone ? redone.all.decided[0]?.decision.id : ''
    await undo(store, one, rita, STEPS)
    expect(await graphAlone(store)).toBe(before)
  })

  it.each(['batch', 'decision'] as const)(
    'a fix is taken back by its %s also where its links are one by now',
    { timeout: 240_000 },
    async (by) => {
      const store = await opened()
      // Whichever of the two links stands for both.
      const links = [KNOWS, linkId(actorId('Anna'), 'KNOWS', actorId('Ben'))]
      const before = await graphAlone(store)
      const made = [
        ...(await fix(store, links[0] ?? '', { subject: { named: 'Anna' } })),
        ...(await fix(store, links[1] ?? '', { object: { named: 'Kestrel' } })),
      ]
      const merges = [
        await decideSame(store, await findPair(store, actorId('Ben'), actorId('Anna')), 'accept', rita, new Date()),
        await decideSame(store, await findPair(store, actorId('Ben'), actorId('Kestrel')), 'accept', rita, new Date()),
      ]
      for (const { decision } of [made[2], made[0]].flatMap((one) => one ?? [])) {
        const turned = await undo(store, by === 'batch' ? decision.batch : decision.id, rita, STEPS)
        if ('all' in turned) expect(turned.all.refused).toEqual([])
      }
      for (const { decision } of merges.toReversed()) await undo(store, decision?.id, rita, STEPS)
      expect(await graphAlone(store)).toBe(before)
      expect(await wrong(store)).toEqual([])
    },
  )

  it('who decides about what nobody had said is not overruled unseen', { timeout: 240_000 }, async () => {
    const store = await opened()
    const pair = await findPair(store, actorId('Ben'), actorId('Anna'))
    const [subject, object] = [{ named: actorId('Ben') }, { named: actorId('Kestrel') }]
    const missed = { subject, type: 'KNOWS', object, quotes: ['Ben knows Osprey.'], in: 'a.md' }
    const plans = (who: Who) => [
      () => planSame(store, [{ pair, verdict: who === sam ? 'reject' : 'accept' }], who),
      () => planRename(store, actorId('Ana'), who === sam ? 'Ruiz' : 'Ann', who),
      () => planAdd(store, missed, SCHEMA, who),
    ]
    const before = await graphAlone(store)
    for (const [index, plan] of plans(rita).entries()) {
      const looked = await plan()
      const [first] = await carry(store, await (plans(sam)[index] as typeof plan)())
      const asSam = await graphAlone(store)
      await expect(carry(store, looked)).rejects.toThrow(/is at revision 1, you decided on revision 0: sam chose/)
      expect(await graphAlone(store)).toBe(asSam)
      await undo(store, first?.decision.id, sam, STEPS)
    }
    expect(await graphAlone(store)).toBe(before)
  })

  it('an undo of many tells no verdict that waits for a second', { timeout: 240_000 }, async () => {
    const store = await opened()
    const { plan } = await planBulk(store, 'accept', 'type=LEADS')
    const { batch } = await carryOut(store, plan, rita, STEPS)
    await decideLink(store, LEADS, 'accept', sam, new Date())
    await decideLink(store, LEADS, 'reject', tess, new Date())
    const turned = await undo(store, batch, rita, STEPS)
    const messages = 'all' in turned ? turned.all.refused.map(({ error }) => error.message) : []
    expect(messages).toEqual([expect.stringMatching(/tess gave a verdict since/)])
  })

  it('a rule that comes with a verdict waits for the second one too', { timeout: 240_000 }, async () => {
    const store = await opened()
    const stands = async () => (await store.confirmedRules()).map((one) => one.stands)
    const link = (await fix(store, KNOWS, { type: 'LEADS', isRule: true })).at(-1)?.link.id ?? ''
    expect(await store.link(link)).toMatchObject({ awaits: 'second' })
    expect(await stands()).toEqual([false])
    await decideLink(store, link, 'accept', sam, new Date())
    expect(await stands()).toEqual([true])
    await undo(store, link, sam, STEPS)
    expect(await stands()).toEqual([false])
    expect(await wrong(store)).toEqual([])
  })

  it('what was added and taken back dates no link that another may contradict', { timeout: 240_000 }, async () => {
    const { store } = await open()
    const texts = { '2025-01-01.md': 'Ben owns Merlin.\n', '2025-02-01.md': 'Cleo owns Merlin.\n' }
    await ingestTexts(store, readingEngine(), texts, {}, RIVALS, new Tables(null), { date: ['path'] })
    await store.compareLinks(WALK)
    const conflict = async () =>
      (await store.conflictsOf(linkId(actorId('Ben'), 'OWNS', actorId('Merlin'))))
        .filter(({ status }) => status !== 'gone')
        .map(({ type }) => type)
    expect(await conflict()).toEqual(['SUPERSEDES'])
    const [subject, object] = [{ named: actorId('Ben') }, { named: actorId('Merlin') }]
    const missed = { subject, type: 'OWNS', object, quotes: ['Cleo owns Merlin.'], in: '2025-02-01.md' }
    const [added] = await carry(store, await planAdd(store, missed, RIVALS, rita))
    expect(await conflict()).toEqual(['CONTRADICTS'])
    await undo(store, added?.decision.id, rita, STEPS)
    expect(await conflict()).toEqual(['SUPERSEDES'])
    expect(await wrong(store)).toEqual([])
  })

  it('what was added and taken back stands for nothing that waits for a second', { timeout: 240_000 }, async () => {
    const store = await opened()
    const pair = await findPair(store, actorId('Ben'), actorId('Anna'))
    await decideSame(store, pair, 'accept', rita, new Date())
    const ids = ['Ben', 'Anna'].map((name) => linkId(actorId(name), 'LEADS', actorId('Kestrel')))
    const [least, greater] = ids.toSorted() as [string, string]
    const add = async (id: string): Promise<Decided[]> => {
      const subject = { named: actorId(id === ids[0] ? 'Ben' : 'Anna') }
      const object = { named: actorId('Kestrel') }
      const missed = { subject, type: 'LEADS', object, quotes: ['Ben knows Osprey.'], in: 'a.md' }
      return carry(store, await planAdd(store, missed, SCHEMA, rita))
    }
    const [gone] = await add(least)
    await undo(store, gone?.decision.id, rita, STEPS)
    await add(greater)
    expect(await store.link(least)).toMatchObject({ status: 'merged', into: greater })
    expect(await wrong(store)).toEqual([])
  })

  it('holds all things that it is about before any link', { timeout: 240_000 }, async () => {
    const store = await opened()
    const [ana, ben, anna] = ['Ana', 'Ben', 'Anna'].map(actorId) as [string, string, string]
    const split = await findPair(store, ana, ben)
    await decideSame(store, split, 'accept', rita, new Date())
    // Of the second pair nobody has said anything yet.
    const both = [
      { pair: split, verdict: 'reject' },
      { pair: await findPair(store, ben, anna), verdict: 'accept' },
    ] as const
    const { proposals, drafts } = await planSame(store, both, rita)
    expect([proposals.length, drafts.length]).toEqual([1, 2])
    const held: { readonly kind: unknown; readonly ids: readonly string[] }[] = []
    const note = (name: PropertyKey, [kind, ids]: readonly unknown[]): void => {
      if (name === 'lock') held.push({ kind, ids: ids as readonly string[] })
    }
    const database = withMethods(store.database, {
      write: (work) => store.database.write((writer) => work(noting(writer, note))),
    })
    await new Store(database, derivation).decideTogether(proposals, drafts, new Date().toISOString())
    const firstLink = held.findIndex(({ kind, ids }) => kind === 'Link' && ids.length > 0)
    const before = held.slice(0, firstLink).flatMap(({ kind, ids }) => (kind === 'Entity' ? ids : []))
    expect(new Set(before)).toEqual(new Set([ana, ben, anna]))
  })
})
