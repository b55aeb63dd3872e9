import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { askedPart, rulesOf } from '../../src/model/link-rules.ts'
import { endsOf, linkId } from '../../src/model/link.ts'
import { schemaFile } from '../../src/model/schema.ts'
import { decideLink } from '../../src/review/decide.ts'
import type { StoredLink } from '../../src/store/records.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { wholeGraph } from '../resolving/whole-graph.ts'
import { runHere } from '../run-here.ts'
import { sameAs } from '../same-as.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { eachStoreAtLength, type StoreUnderTest } from '../stores.ts'
import { personAt, type Person } from './person.ts'

const RULED = schemaFile.parse({ linkTypes: [{ name: 'LEADS', fourEyes: true }] })
const UNRULED = schemaFile.parse({ linkTypes: [{ name: 'LEADS' }] })
const TEXTS = { 'a.md': 'Ana leads Kestrel.\n\nAnna leads Kestrel.\n\nBen knows Osprey.\n' }
const LINK = linkId(actorId('Ana'), 'LEADS', actorId('Kestrel'))
const OTHER = linkId(actorId('Anna'), 'LEADS', actorId('Kestrel'))
const PLAIN = linkId(actorId('Ben'), 'KNOWS', actorId('Osprey'))
const WALK = { signal: new AbortController().signal, progress: () => {} }
const SECRET = 'because of the minutes'

const linkOf = async (store: Store, id = LINK): Promise<StoredLink> => (await store.link(id)) as StoredLink
const wrong = async (store: Store) => (await store.check(WALK)).filter((one) => one.wrong > 0)

/** As it is but for how often it was decided about. */
function standing(link: StoredLink): StoredLink {
  return { ...link, rev: 0, decisions: [] }
}

describe('the rule', () => {
  it('is of a type, and nothing that an engine is asked', () => {
    expect(rulesOf([RULED], {})).toEqual({
      LEADS: { single: null, reversedBy: [], retiresEarlier: false, fourEyes: true },
    })
    expect(rulesOf([UNRULED], rulesOf([RULED], {}))).toEqual({})
    expect(askedPart(RULED)).toEqual(UNRULED)
  })
})

eachStoreAtLength('four eyes', (open) => {
  const ruled = async (): Promise<StoreUnderTest> => {
    const under = await open()
    await ingestTexts(under.store, readingEngine(), TEXTS, {}, RULED)
    return under
  }
  const people = (under: StoreUnderTest) =>
    ['rita', 'sam', 'tess'].map((name) => personAt(under, name, tmpdir())) as [Person, Person, Person]

  it(
    'the first verdict leaves a link as it was, the same one of another person settles it',
    { timeout: 240_000 },
    async () => {
      const under = await ruled()
      const { store } = under
      const [rita, sam] = people(under)
      const before = await linkOf(store)
      expect((await rita.review('accept', LINK)).stdout).toContain("proposed; a second person's verdict is awaited")
      expect(standing(await linkOf(store))).toEqual({ ...standing(before), awaits: 'second', passedBy: ['rita'] })
      // Saying it again is no second person's word.
      expect((await rita.review('accept', LINK)).stdout).toContain('you have said so')
      expect((await linkOf(store)).rev).toBe(1)
      // Whoever saw the link before is in nobody's way, and need not know that there was a first.
      expect(await sam.json('accept', LINK, '--expect-rev', '0')).toMatchObject({
        link: { status: 'accepted', rev: 2 },
      })
      expect(await linkOf(store)).toMatchObject({ reviewedBy: 'sam', status: 'accepted' })
      expect(await linkOf(store)).not.toHaveProperty('awaits')

      // Undone one by one, it waits again, and is then what it was.
      await sam.json('undo', LINK)
      expect(await linkOf(store)).toMatchObject({ status: 'proposed', awaits: 'second', passedBy: ['rita'] })
      await rita.json('undo', LINK)
      expect(standing(await linkOf(store))).toEqual(standing(before))
      // Other types take one person.
      expect(await sam.json('accept', PLAIN)).toMatchObject({ link: { status: 'accepted' } })
      expect(await wrong(store)).toEqual([])
    },
  )

  it('who takes back a batch is told of whoever agreed since', { timeout: 240_000 }, async () => {
    const under = await ruled()
    const { store } = under
    const [rita, sam] = people(under)
    const bulk = ['accept', '--where', 'type=LEADS'] as const
    const { plan } = await rita.json<{ plan: string }>(...bulk, '--dry-run')
    const { batch } = await rita.json<{ batch: string }>(...bulk, '--plan', plan)
    await sam.json('accept', LINK)
    const undone = await rita.review('undo', batch)
    expect(undone.code).toBe(1)
    const [, id = ''] =
      /sam said the same since, at .*, and it rests on both\n.*review undo (\w+)/.exec(undone.stderr) ?? []
    expect(await linkOf(store)).toMatchObject({ status: 'accepted' })
    expect(await linkOf(store, OTHER)).not.toHaveProperty('awaits')
    expect((await rita.review('undo', id)).code).toBe(0)
    expect(await linkOf(store)).toMatchObject({ status: 'proposed', awaits: 'second', passedBy: ['sam'] })
    expect(await wrong(store)).toEqual([])
  })

  it('nobody is told what the first one chose, until there are two', { timeout: 240_000 }, async () => {
    const under = await ruled()
    const [rita, sam] = people(under)
    const { decision } = await rita.json<{ decision: { id: string } }>('reject', LINK, '--note', SECRET)
    const asked = [
      ['show', LINK],
      ['show', LINK, '--json'],
      ['log'],
      ['log', '--json'],
      ['log', '--about', LINK],
      ['log', '--about', LINK, '--json'],
      ['list', '--json'],
    ]
    for (const words of asked) {
      const { code, stdout } = await sam.review(...words)
      expect(code, words.join(' ')).toBe(0)
      expect(stdout, words.join(' ')).not.toMatch(/reject\b|because of/)
    }
    // Nor by what would become of it.
    for (const words of [['accept'], ['reject'], ['fix', '--flip']] as const) {
      const [verb, ...more] = words
      const { stdout } = await sam.review(verb, LINK, ...more, '--dry-run')
      expect(stdout, verb).toContain('proposed; what becomes of it is told once you have decided')
      const { links } = await sam.json<{ links: { after: unknown }[] }>(verb, LINK, ...more, '--dry-run')
      expect(links[0]?.after, verb).toBeNull()
    }
    expect((await rita.review('accept', LINK, '--dry-run')).stdout).toContain('is awaited')
    const show = (reviewer: string) =>
      runHere(['show', decision.id, '--store', under.address], {
        cwd: tmpdir(),
        environment: { ...under.environment, WHYGRAPH_REVIEWER: reviewer },
      })
    expect((await show('sam')).stdout).toContain('verdict: withheld')
    expect((await show('sam')).stdout).not.toMatch(/reject\b|because of/)
    expect((await show('rita')).stdout).toContain(SECRET)
    expect((await rita.review('show', LINK)).stdout).toContain(SECRET)
    // Taken back, it is not told either, whoever does it.
    const byOther = await sam.review('undo', decision.id)
    expect(byOther.stdout).toContain('took back the verdict of rita')
    expect(byOther.stdout).not.toMatch(/reject\b|because of/)
    await sam.json('redo')
    await rita.json('undo')
    expect((await sam.review('log')).stdout).not.toContain(SECRET)
    await rita.json('reject', LINK, '--note', SECRET)
    await sam.json('accept', LINK)
    expect((await sam.review('show', LINK)).stdout).toContain(SECRET)
    expect((await sam.review('log', '--verify')).stdout).toContain('6 decisions, 0 problems')
  })

  it('two that differ are listed, and a third decides', { timeout: 240_000 }, async () => {
    const under = await ruled()
    const { store } = under
    const [rita, sam, tess] = people(under)
    const disagreed = async () =>
      (await tess.json<{ links: { id: string }[] }>('list', '--status', 'disagreed')).links.map(({ id }) => id)
    expect(await tess.review('adjudicate', LINK, 'accept')).toMatchObject({ code: 5 })
    await rita.json('accept', LINK)
    expect(await disagreed()).toEqual([])
    expect((await sam.review('reject', LINK)).stdout).toContain('two people differ')
    expect(await disagreed()).toEqual([LINK])
    expect(await linkOf(store)).toMatchObject({ status: 'proposed', awaits: 'adjudication' })
    const differing = await wholeGraph(store)

    for (const one of [rita, sam]) expect(await one.review('adjudicate', LINK, 'accept')).toMatchObject({ code: 5 })
    const wrongWay = await tess.review('accept', LINK)
    expect(wrongWay).toMatchObject({ code: 5 })
    expect(wrongWay.stderr).toContain('review adjudicate')
    const settled = await tess.json<{ decision: { adjudicates: string[] } }>('adjudicate', LINK, 'reject')
    expect(settled).toMatchObject({ link: { status: 'rejected', reviewedBy: 'tess' } })
    expect(settled.decision.adjudicates).toHaveLength(2)
    expect(await disagreed()).toEqual([])
    expect((await sam.review('show', LINK)).stdout).toMatch(/tess: reject, between verdicts that differ/)

    await tess.json('undo', LINK)
    expect(await disagreed()).toEqual([LINK])
    expect((await wholeGraph(store)).filter((line) => !/^(?:Decision|Chain) /.test(line))).toEqual(
      differing
        .filter((line) => !/^(?:Decision|Chain) /.test(line))
        .map((line) => line.replaceAll('"rev":2', '"rev":4').replace('"decisions":[1,2]', '"decisions":[1,2,3,4]')),
    )
    // One of the two may come round.
    await sam.json('accept', LINK)
    expect(await linkOf(store)).toMatchObject({ status: 'accepted' })
    expect(await disagreed()).toEqual([])
    expect(await wrong(store)).toEqual([])
  })

  it('what is in force stays while one person doubts it', { timeout: 240_000 }, async () => {
    const under = await ruled()
    const { store } = under
    const [rita, sam, tess] = people(under)
    await rita.json('accept', LINK)
    await sam.json('accept', LINK)
    await tess.json('reject', LINK)
    expect(await linkOf(store)).toMatchObject({ status: 'accepted', awaits: 'second' })
    await rita.json('reject', LINK)
    expect(await linkOf(store)).toMatchObject({ status: 'rejected' })
    expect(await linkOf(store)).not.toHaveProperty('awaits')
  })

  it('a verdict means what it meant, whatever rule comes or goes', { timeout: 240_000 }, async () => {
    const under = await open()
    const { store } = under
    const [rita, sam] = people(under)
    await ingestTexts(store, readingEngine(), TEXTS, {}, UNRULED)
    await rita.json('reject', LINK)
    const engine = readingEngine()
    await ingestTexts(store, engine, TEXTS, {}, RULED)
    expect(engine.asked).toEqual([])
    expect(await linkOf(store)).toMatchObject({ status: 'rejected' })
    // This store object has read its rules before they came; a decision looks again.
    await rita.json('accept', OTHER)
    expect(await linkOf(store, OTHER)).toMatchObject({ status: 'proposed', awaits: 'second' })
    await ingestTexts(store, engine, TEXTS, {}, UNRULED)
    expect(await linkOf(store, OTHER)).toMatchObject({ status: 'proposed', awaits: 'second' })
    await sam.json('reject', OTHER)
    expect(await linkOf(store, OTHER)).toMatchObject({ status: 'rejected' })
  })

  it('it is the same after a rebuild, and where links fall together and part again', { timeout: 240_000 }, async () => {
    const under = await ruled()
    const { store } = under
    const [rita, sam] = people(under)
    await rita.json('accept', LINK)
    await sam.json('reject', OTHER)
    const apart = await wholeGraph(store)
    await store.deriveAnew({ ...WALK, dryRun: false, begin: async () => {} })
    expect(await wholeGraph(store)).toEqual(apart)

    const proposal = await sameAs(store, 'a.md', ['Ana', 'Anna'])
    await store.propose([proposal])
    const { id } = endsOf(proposal)
    await decideLink(store, id, 'accept', { reviewer: 'tess' }, new Date())
    const standsFor = (await store.standingLink(LINK)) as StoredLink
    expect(standsFor).toMatchObject({ awaits: 'adjudication', passedBy: ['rita', 'sam'], status: 'proposed' })
    const together = await wholeGraph(store)
    await store.deriveAnew({ ...WALK, dryRun: false, begin: async () => {} })
    expect(await wholeGraph(store)).toEqual(together)
    expect(await wrong(store)).toEqual([])
    await decideLink(store, id, 'reject', { reviewer: 'tess' }, new Date())
    expect(await linkOf(store)).toMatchObject({ awaits: 'second', passedBy: ['rita'] })
    expect(await linkOf(store, OTHER)).toMatchObject({ awaits: 'second', passedBy: ['sam'] })
  })
})
