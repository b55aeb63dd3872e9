import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkId } from '../../src/model/link.ts'
import { schemaFile } from '../../src/model/schema.ts'
import type { StoredLink } from '../../src/store/records.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { eachStoreAtLength, type StoreUnderTest } from '../stores.ts'
import { parseJson } from '../whygraph.ts'
import { personAt, type Person } from './person.ts'

const SCHEMA = schemaFile.parse({ linkTypes: [{ name: 'LEADS', fourEyes: true }, { name: 'KNOWS' }] })
const TEXTS = { 'a.md': 'Ana leads Kestrel.\n\nAnna leads Kestrel.\n\nBen knows Osprey.\n' }
const id = (subject: string, type: string, object: string) => linkId(actorId(subject), type, actorId(object))
const [ANA, ANNA, BEN] = [id('Ana', 'LEADS', 'Kestrel'), id('Anna', 'LEADS', 'Kestrel'), id('Ben', 'KNOWS', 'Osprey')]
const LED = id('Ben', 'LEADS', 'Osprey')
const WALK = { signal: new AbortController().signal, progress: () => {} }

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-eyes-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

eachStoreAtLength('four eyes over what is fixed, added and decided in bulk', (open) => {
  const opened = async (): Promise<[StoreUnderTest, Person, Person, Person]> => {
    const under = await open()
    await ingestTexts(under.store, readingEngine(), TEXTS, {}, SCHEMA)
    const [rita, sam, tess] = ['rita', 'sam', 'tess'].map((name) => personAt(under, name, folder))
    return [under, rita as Person, sam as Person, tess as Person]
  }
  const linkOf = async (store: Store, link = ANA): Promise<StoredLink> => (await store.link(link)) as StoredLink
  const wrong = async (store: Store) => (await store.check(WALK)).filter((one) => one.wrong > 0)
  /** What a relationship of the graph tells, but for whose turn it is. */
  const told = async (store: Store, link = ANA) => {
    const { status, when, valid, confidence, items, reviewedBy, supports } = await linkOf(store, link)
    return { status, when, valid, confidence, items, reviewedBy, supports }
  }

  it('a fix of which one link takes two waits as a whole, whichever it is', { timeout: 240_000 }, async () => {
    const [{ store }, rita, sam, tess] = await opened()
    const before = [await told(store, BEN), await told(store)]
    const asked = ['fix', BEN, '--type', 'LEADS'] as const
    const awaited =
      /^ {2}. [0-9a-z]{8} {2}Ben ──(?:KNOWS|LEADS)──▶ Osprey {2}.*; a second person's verdict is awaited$/gm
    for (const words of [[...asked, '--dry-run'], asked])
      expect((await rita.review(...words)).stdout.match(awaited), words.join(' ')).toHaveLength(2)
    expect(await told(store, BEN)).toEqual(before[0])
    expect(await linkOf(store, BEN)).toMatchObject({ awaits: 'second', passedBy: ['rita'] })
    expect(await linkOf(store, LED)).toMatchObject({ status: 'proposed', awaits: 'second', passedBy: ['rita'] })
    await ingestTexts(store, readingEngine('another'), { ...TEXTS, 'b.md': 'Cleo knows Ben.\n' }, {}, SCHEMA)
    before[0] = await told(store, BEN)
    before[1] = await told(store)
    expect(await linkOf(store, LED)).toMatchObject({ status: 'proposed', awaits: 'second' })
    // Either half tells of the other, and who decides about one decides about both.
    const halves = async () => {
      const both = await Promise.all([linkOf(store, BEN), linkOf(store, LED)])
      return both.map(({ status, awaits }) => awaits ?? status)
    }
    for (const [one, other] of [
      [BEN, LED],
      [LED, BEN],
    ] as const) {
      const card = (await sam.review('show', one)).stdout
      expect(card).toContain(`put forward as one with ${other.slice(0, 8)}`)
      expect(card).not.toMatch(/fixed|DECISION.*: (?:accept|reject)/)
      expect((await rita.review('show', one)).stdout).not.toContain('put forward as one')
    }
    const said = await sam.review('accept', LED)
    expect(said.stdout).toMatch(new RegExp(`${BEN.slice(0, 8)}  Ben ──KNOWS──▶ Osprey: rejected, with it`))
    expect(await linkOf(store, LED)).toMatchObject({ status: 'accepted', reviewedBy: 'sam' })
    expect(await linkOf(store, BEN)).toMatchObject({ status: 'rejected', reviewedBy: 'sam' })
    expect(await wrong(store)).toEqual([])
    await sam.json('undo', BEN)
    expect(await halves()).toEqual(['second', 'second'])
    expect(await told(store, BEN)).toEqual(before[0])
    await sam.json('reject', BEN, '--request-id', 'once')
    await sam.json('reject', BEN, '--request-id', 'once')
    expect(await halves()).toEqual(['rejected', 'accepted'])
    await sam.json('undo', LED)

    // Whoever disagrees with one half disagrees with both, and a third person settles both.
    for (const [word, one] of [
      ['accept', BEN],
      ['reject', LED],
    ] as const) {
      await sam.json(word, one)
      expect(await halves()).toEqual(['adjudication', 'adjudication'])
      await tess.json('adjudicate', LED, 'accept')
      expect(await halves()).toEqual(['rejected', 'accepted'])
      await tess.json('undo', BEN)
      expect(await halves()).toEqual(['adjudication', 'adjudication'])
      await sam.json('undo', one)
    }
    // Among many it is passed over, with what to say.
    const { plan } = await sam.json<{ plan: string }>('accept', '--where', 'type=LEADS', '--dry-run')
    const bulk = await sam.review('accept', '--where', 'type=LEADS', '--plan', plan)
    expect(bulk).toMatchObject({ code: 1 })
    expect(bulk.stderr).toContain(`was put forward as one with link ${BEN}`)
    await sam.json('undo')
    expect(await halves()).toEqual(['second', 'second'])
    expect(await linkOf(store, LED)).toMatchObject({ status: 'proposed', awaits: 'second' })
    await rita.json('undo', LED)
    expect(await told(store, BEN)).toEqual(before[0])
    expect(await linkOf(store, BEN)).not.toHaveProperty('awaits')
    expect((await linkOf(store, LED)).status).toBe('gone')

    await rita.json('fix', ANA, '--type', 'KNOWS')
    const known = id('Ana', 'KNOWS', 'Kestrel')
    expect(await told(store)).toEqual(before[1])
    expect(await linkOf(store, known)).toMatchObject({ status: 'proposed', awaits: 'second' })
    await sam.json('accept', known)
    expect([(await linkOf(store)).status, (await linkOf(store, known)).status]).toEqual(['rejected', 'accepted'])
    expect(await wrong(store)).toEqual([])
    expect((await sam.review('log', '--verify')).code).toBe(0)
  })

  it('who decides between a verdict and a fix decides about both links of it', { timeout: 240_000 }, async () => {
    const [{ store }, rita, sam, tess] = await opened()
    const known = id('Ana', 'KNOWS', 'Kestrel')
    const both = async () =>
      (await Promise.all([linkOf(store), linkOf(store, known)])).map(({ status, awaits }) => awaits ?? status)
    await sam.json('accept', ANA)
    await rita.json('fix', ANA, '--type', 'KNOWS')
    expect(await both()).toEqual(['adjudication', 'second'])
    for (const [verdict, ...statuses] of [
      ['accept', 'accepted', 'rejected'],
      ['reject', 'rejected', 'accepted'],
    ] as const) {
      await tess.json('adjudicate', ANA, verdict)
      expect(await both()).toEqual(statuses)
      await tess.json('undo', ANA)
      expect(await both()).toEqual(['adjudication', 'second'])
    }
    expect(await wrong(store)).toEqual([])
  })

  it('a fix in place shows nothing in the graph before the second verdict', { timeout: 240_000 }, async () => {
    const [{ store }, rita, sam, tess] = await opened()
    const before = await told(store)
    await rita.json('fix', ANA, '--set', 'when=2024-03', 'confidence=0.7')
    expect(await told(store)).toEqual(before)
    expect(await linkOf(store)).toMatchObject({ awaits: 'second', passedBy: ['rita'] })
    const card = (await sam.review('show', ANA)).stdout
    expect(card).toContain('IN PLACE OF THESE, once a second person accepts the link:')
    expect(card).toMatch(/IN PLACE OF THESE.*\n\n PROPOSED by rita.*confidence 0\.70/)
    const next = await sam.json<{ card: { waiting: unknown[] } }>('next')
    expect(next.card.waiting).toHaveLength(1)
    await ingestTexts(store, readingEngine(), { ...TEXTS, 'b.md': 'Cleo knows Ben.\n' }, {}, SCHEMA)
    await store.deriveAnew({ ...WALK, dryRun: false, begin: async () => {} })
    expect(await told(store)).toEqual(before)

    await sam.json('accept', ANA)
    expect(await linkOf(store)).toMatchObject({ status: 'accepted', when: '2024-03', confidence: 0.7, supports: 1 })
    const agreed = await told(store)
    // Another word is nobody's agreement with what was said before.
    await tess.json('fix', ANA, '--set', 'when=2025')
    expect(await told(store)).toEqual(agreed)
    expect(await linkOf(store)).toMatchObject({ awaits: 'second', passedBy: ['tess'] })
    await rita.json('accept', ANA)
    expect(await linkOf(store)).toMatchObject({ status: 'accepted', when: '2025', reviewedBy: 'rita' })
    await rita.json('undo', ANA)
    expect(await told(store)).toEqual(agreed)
    await tess.json('undo', ANA)
    expect(await linkOf(store)).not.toHaveProperty('awaits')
    expect(await wrong(store)).toEqual([])

    // The first one takes back what the second agreed with: that is a first verdict then.
    const [first] = (await store.decisions({ order: 'sequence' })).filter(({ reviewer }) => reviewer === 'rita')
    await rita.json('undo', first?.id ?? '')
    expect(await told(store)).toEqual(before)
    expect(await linkOf(store)).toMatchObject({ awaits: 'second', passedBy: ['sam'] })
    await sam.json('undo', ANA)
    expect(await told(store)).toEqual(before)
    expect(await linkOf(store)).not.toHaveProperty('awaits')
    expect(await wrong(store)).toEqual([])
  })

  it('two who say it in different words differ, and a third decides', { timeout: 240_000 }, async () => {
    const [{ store }, rita, sam, tess] = await opened()
    const before = await told(store)
    await rita.json('fix', ANA, '--set', 'when=2024')
    await sam.json('fix', ANA, '--set', 'when=2025')
    expect(await told(store)).toEqual(before)
    expect(await linkOf(store)).toMatchObject({ awaits: 'adjudication' })
    expect((await tess.review('fix', ANA, '--set', 'when=2026')).code).toBe(5)
    await tess.json('adjudicate', ANA, 'accept')
    // The later words take the place of the earlier.
    expect(await linkOf(store)).toMatchObject({ status: 'accepted', when: '2025', supports: 1 })
    await tess.json('undo', ANA)
    expect(await told(store)).toEqual(before)
    expect(await linkOf(store)).toMatchObject({ awaits: 'adjudication' })
    await sam.json('undo', ANA)
    await sam.json('accept', ANA)
    expect(await linkOf(store)).toMatchObject({ status: 'accepted', when: '2024' })
    expect(await wrong(store)).toEqual([])
  })

  it('what is added waits, also through a re-ingest, and goes with the first', { timeout: 240_000 }, async () => {
    const [{ store }, rita, sam] = await opened()
    const added = ['Ben', 'LEADS', 'Kestrel', '--quote', 'Ben knows Osprey.', '--in', 'a.md'] as const
    const link = id('Ben', 'LEADS', 'Kestrel')
    await rita.json('add', ...added)
    expect(await linkOf(store, link)).toMatchObject({ status: 'proposed', awaits: 'second', passedBy: ['rita'] })
    await ingestTexts(store, readingEngine('another'), TEXTS, {}, SCHEMA)
    await sam.json('accept', link)
    expect(await linkOf(store, link)).toMatchObject({ status: 'accepted', unsupported: false, reviewedBy: 'sam' })
    const [first] = await store.decisions({ order: 'sequence' })
    await rita.json('undo', first?.id ?? '')
    expect(await linkOf(store, link)).toMatchObject({ status: 'gone' })
    await sam.json('undo', link)
    expect(await linkOf(store, link)).toMatchObject({ status: 'gone' })
    expect(await linkOf(store, link)).not.toHaveProperty('awaits')
    expect(await wrong(store)).toEqual([])
  })

  it('bulk waits for a second bulk, and is undone as one', { timeout: 240_000 }, async () => {
    const [{ store }, rita, sam] = await opened()
    const statuses = async () => [(await linkOf(store)).status, (await linkOf(store, ANNA)).status]
    const inBulk = async (who: Person): Promise<string> => {
      const where = ['accept', '--where', 'type=LEADS'] as const
      const { plan } = await who.json<{ plan: string }>(...where, '--dry-run')
      return (await who.json<{ batch: string }>(...where, '--plan', plan)).batch
    }
    const first = await inBulk(rita)
    expect(await statuses()).toEqual(['proposed', 'proposed'])
    const second = await inBulk(sam)
    expect(await statuses()).toEqual(['accepted', 'accepted'])
    // Over the first bulk stands what another person said since.
    expect(await rita.review('undo', first)).toMatchObject({ code: 1 })
    expect(await statuses()).toEqual(['accepted', 'accepted'])
    await sam.json('undo', second)
    expect(await linkOf(store)).toMatchObject({ status: 'proposed', awaits: 'second', passedBy: ['rita'] })
    await sam.json('redo', second)
    expect(await statuses()).toEqual(['accepted', 'accepted'])
    await sam.json('undo', second)
    await rita.json('undo', first)
    expect(await linkOf(store)).not.toHaveProperty('awaits')
    expect(await wrong(store)).toEqual([])
  })

  it('what waits is no fact for stats and lessons, and no agreement', { timeout: 240_000 }, async () => {
    const [{ store }, rita, sam] = await opened()
    const counted = async () => {
      const { decided } = await rita.json<{ decided: number }>('stats')
      const { links } = await rita.json<{ links: number }>('agree')
      const out = join(folder, `lessons-${Math.random()}`)
      const { leftOut } = await rita.json<{ leftOut: Record<string, number> }>(
        'export',
        '--format',
        'few-shot',
        '--out',
        out,
      )
      const lines = ['train', 'valid', 'test'].flatMap((name) =>
        readFileSync(join(out, `${name}.jsonl`), 'utf8')
          .split('\n')
          .filter((line) => line !== ''),
      )
      return { decided, links, lessons: lines.length, leftOut }
    }
    await rita.json('fix', ANA, '--set', 'when=2024')
    await rita.json('fix', BEN, '--type', 'LEADS')
    expect(await counted()).toMatchObject({ decided: 0, links: 0, lessons: 0, leftOut: { undecided: 3 } })
    await sam.json('accept', ANA)
    await sam.json('accept', LED)
    expect(await counted()).toMatchObject({ decided: 3, links: 3, lessons: 3, leftOut: {} })
    await rita.json('reject', ANA)
    expect(await counted()).toMatchObject({ decided: 3, lessons: 2, leftOut: { 'not-agreed': 1 } })
    expect(await store.decisions()).toHaveLength(7)
  })

  it('a request that was used for another fix, addition or name is refused', { timeout: 240_000 }, async () => {
    const [{ store }, rita, sam] = await opened()
    const added = ['add', 'Ben', 'KNOWS', 'Kestrel', '--quote', 'Ben knows Osprey.', '--in', 'a.md'] as const
    const asked: Readonly<Record<string, readonly string[]>> = {
      across: ['fix', BEN, '--flip'],
      place: ['fix', ANA, '--set', 'when=2024'],
      added,
      name: ['entity', 'rename', actorId('Ben'), 'Benjamin'],
    }
    for (const [request, words] of Object.entries(asked)) await rita.json(...words, '--request-id', request)
    const count = (await store.decisions()).length
    for (const [request, words] of Object.entries(asked)) {
      expect(await rita.json(...words, '--request-id', request), request).toMatchObject({ unchanged: true })
      const others = await sam.review(...words, '--request-id', request)
      expect(others, request).toMatchObject({ code: 4, stdout: '' })
      expect(others.stderr).toContain(`request ${request} was already used`)
    }
    for (const [request, words] of [
      ['across', ['fix', BEN, '--type', 'HELPS']],
      ['place', ['fix', ANA, '--set', 'when=2025']],
      ['place', ['fix', ANNA, '--set', 'when=2024']],
      ['added', [...added, '--set', 'when=2024']],
      ['name', ['entity', 'rename', actorId('Ben'), 'Benny']],
      ['name', ['entity', 'rename', actorId('Ana'), 'Benjamin']],
      ['name', added],
    ] as const)
      expect(await rita.review(...words, '--request-id', request), words.join(' ')).toMatchObject({ code: 4 })
    expect(await store.decisions()).toHaveLength(count)
    expect(parseJson(await rita.review('rules', '--json'))).toMatchObject({ confirmed: [] })
  })
})
