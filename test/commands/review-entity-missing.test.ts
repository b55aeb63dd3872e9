import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lookAtEnd } from '../../src/desk/end-desk.ts'
import { linkIdBetween, SAME_AS } from '../../src/model/link.ts'
import { resolveDocuments, resolveNames } from '../../src/resolving/resolve-names.ts'
import { decideLink } from '../../src/review/decide.ts'
import { oneWith, planSame, planSplit } from '../../src/review/plan-same.ts'
import { decideSame, findPair } from '../../src/review/same-entities.ts'
import type { Store } from '../../src/store/store.ts'
import { graphAlone } from '../graph-alone.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { actorId, answerWith, scriptedEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStore, type StoreUnderTest } from '../stores.ts'
import { parseJson } from '../whygraph.ts'

/** Of what each text says, the model makes a thing whose name stands nowhere; Osprey stands where it is named. */
const TEXTS = {
  'a.md': 'They chose Osprey, and Ben wrote it down.',
  'b.md': 'It was settled that the bird is bought.',
  'c.md': 'Osprey it is, said Cleo.',
}
/** By a word of the text. */
const COINED = [
  ['chose', 'Steering committee decision 4', 'Ben'],
  ['bird', 'Purchase resolution', 'bird'],
  ['Cleo', 'Osprey', 'Cleo'],
] as const
const [DECISION, RESOLUTION, OSPREY] = COINED.map(([, name]) => actorId(name)) as [string, string, string]
const PAIR = linkIdBetween(DECISION, SAME_AS, RESOLUTION)
const AT = '2026-01-01T00:00:00Z'
const RITA = { reviewer: 'rita' }
const WALK = { signal: new AbortController().signal, progress: () => {} }

const coining = (model?: string) =>
  scriptedEngine(({ question: { units } }) => {
    const [unit] = units
    const [, subject = '', object = ''] = COINED.find(([word]) => unit?.text.includes(word)) ?? []
    return answerWith(unit === undefined ? [] : [{ subject, type: 'NAMES', object, quote: unit.text, s: unit.s }])
  }, model)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-missing-'))
  writeFileSync(join(folder, 'whygraph.yaml'), 'reviewer: rita\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const standing = async (store: Store, id: string): Promise<string> => (await store.redirect(id))?.to ?? id
const isOne = async (store: Store): Promise<boolean> =>
  (await standing(store, DECISION)) === (await standing(store, RESOLUTION))
const wrong = async (store: Store) => (await store.check(WALK)).filter((one) => one.wrong > 0)

eachStore('entities whose names stand in no text', (open, kind) => {
  const run = ({ address, environment }: StoreUnderTest, ...args: string[]) =>
    runHere([...args, '--store', address], { cwd: folder, environment })
  const opened = async (): Promise<StoreUnderTest> => {
    const one = await open()
    await ingestTexts(one.store, coining(), TEXTS)
    return one
  }
  const merge = async (one: StoreUnderTest, ...args: string[]) => {
    const made = await run(one, 'review', 'entity', 'merge', DECISION, RESOLUTION, ...args)
    expect(made).toMatchObject({ code: 0, stderr: '' })
    return made.stdout
  }

  it('are taken for one by a person, with missing evidence, and back to the letter', { timeout: 240_000 }, async () => {
    const one = await opened()
    const { store } = one
    const [whole, before] = [await snapshot(store), await graphAlone(store)]

    const dry = await merge(one, '--dry-run')
    for (const name of ['Steering committee decision 4', 'Purchase resolution'])
      expect(dry).toContain(`  note: no text has “${name}”: as evidence it is missing`)
    const dryJson = await run(one, 'review', 'entity', 'merge', DECISION, RESOLUTION, '--dry-run', '--json')
    expect(parseJson<{ notes: string[] }>(dryJson).notes).toHaveLength(2)
    expect(await snapshot(store)).toBe(whole)

    const merged = await merge(one, '--note', 'one vote, two minutes')
    expect(merged).toMatch(/are one: .*saved ✓\n {2}note: not all of its quotes are in the source\n/)
    expect(await isOne(store)).toBe(true)
    expect(await store.link(PAIR)).toMatchObject({
      status: 'merged',
      unsupported: false,
      confidence: 0.3,
      items: [{ grounding: 'missing' }, { grounding: 'missing' }, { grounding: 'missing' }, { grounding: 'missing' }],
    })
    const where = 'grounding=missing obstacle=missing-quote'
    const listed = await run(one, 'review', 'list', '--status', 'accepted', '--where', where)
    expect(listed.stdout).toContain(PAIR.slice(0, 8))
    const card = await run(one, 'review', 'show', PAIR)
    expect(card.stdout).toContain('b.md  missing')
    expect(card.stdout).toContain('NOT FOUND in the source: the name “Purchase resolution”')
    expect(card.stdout).toContain('one vote, two minutes')
    expect(await wrong(store)).toEqual([])

    expect(await run(one, 'review', 'undo', PAIR)).toMatchObject({ code: 0, stderr: '' })
    expect(await graphAlone(store)).toBe(before)
    expect(await merge(one, '--dry-run')).not.toContain('would leave the graph')
    expect((await run(one, 'review', 'entity', 'split', DECISION, RESOLUTION)).stdout).toContain('are two')
    expect(await store.link(PAIR)).toMatchObject({ status: 'rejected' })
    expect(await merge(one, '--dry-run')).toContain('  note: not all of its quotes are in the source\n')
    expect(await wrong(store)).toEqual([])
  })

  if (kind !== 'local') return

  it('are not accepted along with others that a split keeps together', async () => {
    const { store } = await opened()
    const merge = async (a: string, b: string) =>
      decideSame(store, await findPair(store, a, b), 'accept', RITA, new Date(AT))
    // The first holds the others together, whose names stand nowhere.
    await merge(OSPREY, DECISION)
    await merge(OSPREY, RESOLUTION)
    const before = await graphAlone(store)
    const things = await oneWith(store, OSPREY)
    const split = () => planSplit(store, things, [OSPREY], RITA, new Date(AT))
    await expect(split()).rejects.toMatchObject({ code: 'missing-quote', hint: expect.stringContaining(DECISION) })
    expect(await graphAlone(store)).toBe(before)
    // By itself it is: then nothing else has to be said.
    await merge(DECISION, RESOLUTION)
    const { revision } = await split()
    expect(revision.drafts.map(({ verdict }) => verdict)).toEqual(['reject', 'reject'])
    await store.decideTogether(revision.proposals, revision.drafts, AT)
    expect(await isOne(store)).toBe(true)
    expect(await wrong(store)).toEqual([])
  })

  it(
    'stay one whatever is read again, goes or is derived anew, and in another store',
    { timeout: 120_000 },
    async () => {
      const one = await opened()
      const { store } = one
      await merge(one)
      const merged = await graphAlone(store)
      await ingestTexts(store, coining(), TEXTS)
      expect(await run(one, 'rebuild', '--from', 'replies')).toMatchObject({ code: 0 })
      expect(await graphAlone(store)).toBe(merged)
      await ingestTexts(store, coining('another'), TEXTS)
      expect(await store.link(PAIR)).toMatchObject({ status: 'merged', unsupported: false, items: { length: 4 } })

      const copied = join(folder, 'copied')
      expect(await run(one, 'copy', '--from', one.address, '--to', copied)).toMatchObject({ code: 0 })
      expect((await run(one, 'doctor', '--compare', copied)).stdout).toMatch(/\nequal\n$/)

      for (const path of ['a.md', 'b.md']) {
        const [document] = await store.documentsAt(path)
        if (document === undefined) throw new Error(path)
        await store.putDocument({ ...document, gone: AT }, [], AT, { onlyIfThere: true })
        await resolveNames(store, WALK.signal)
        expect(await isOne(store)).toBe(true)
        expect(await wrong(store)).toEqual([])
      }
      expect(await store.link(PAIR)).toMatchObject({ status: 'merged', unsupported: true })
      expect(await run(one, 'rebuild')).toMatchObject({ code: 0 })
      expect(await isOne(store)).toBe(true)
      await ingestTexts(store, coining(), TEXTS)
      expect(await store.link(PAIR)).toMatchObject({ status: 'merged', unsupported: false, items: { length: 4 } })
      expect(await wrong(store)).toEqual([])
    },
  )

  it('keep the quote of the one that a text names', { timeout: 120_000 }, async () => {
    const { store } = await opened()
    const pair = await findPair(store, DECISION, OSPREY)
    const { proposals } = await planSame(store, [{ pair, verdict: 'accept' }], RITA)
    const told = proposals.flatMap(({ evidence }) =>
      evidence.map(({ placeText, grounding, claimed }) => [placeText, grounding, claimed]),
    )
    expect(told.toSorted()).toEqual([
      ['a.md', 'missing', 'Steering committee decision 4'],
      ['c.md l. 1', 'exact', 'Osprey'],
      ['c.md', 'missing', 'Steering committee decision 4'],
    ])
  })

  it('are merged at the desk once it has said so, and are put apart there', { timeout: 120_000 }, async () => {
    const { store } = await opened()
    const at = { store, id: DECISION }
    const joining = { what: 'merge', side: 'subject', named: RESOLUTION } as const
    const looked = await lookAtEnd(at, joining, RITA, new Date())
    expect(looked.lines[1]).toBe('  note: no text has “Purchase resolution”: as evidence it is missing')
    await store.decideTogether(looked.revision.proposals, looked.revision.drafts, AT)
    expect(await isOne(store)).toBe(true)
    await decideSame(store, await findPair(store, DECISION, OSPREY), 'accept', RITA, new Date(AT))
    const parting = { what: 'split', side: 'subject', apart: [DECISION] } as const
    // Nobody has said of the other two whether they are one.
    await expect(lookAtEnd(at, parting, RITA, new Date())).rejects.toMatchObject({ code: 'missing-quote' })
    await decideSame(store, await findPair(store, OSPREY, RESOLUTION), 'accept', RITA, new Date(AT))
    const parted = await lookAtEnd(at, parting, RITA, new Date())
    expect(parted.lines).toContain('  note: not all of its quotes are in the source')
    await store.decideTogether(parted.revision.proposals, parted.revision.drafts, AT)
    expect(await isOne(store)).toBe(false)
    expect(await standing(store, OSPREY)).toBe(await standing(store, RESOLUTION))
    expect(await wrong(store)).toEqual([])
  })

  it.each([
    ['accept', ['b.md', 'd.md']],
    ['reject', ['d.md', 'b.md']],
  ] as const)(
    'leave nothing of a text that is forgotten, whatever was decided (%s, %s)',
    { timeout: 120_000 },
    async (verdict, paths) => {
      const { store } = await open()
      await ingestTexts(store, coining(), { ...TEXTS, 'd.md': 'It was minuted that the bird is bought.' })
      await decideSame(store, await findPair(store, DECISION, RESOLUTION), verdict, RITA, new Date(AT))
      for (const path of paths) {
        const [document] = await store.documentsAt(path)
        if (document === undefined) throw new Error(path)
        await store.forget(document, AT, async () => void (await resolveDocuments(store, [document.id])))
      }
      for (const kind of ['Entity', 'Redirect', 'Link', 'Proposal', 'Chunk', 'Reply'] as const) {
        const nodes = await store.database.read((reader) => reader.list(kind))
        expect(nodes.filter(({ properties }) => /Purchase|bird/.test(JSON.stringify(properties)))).toEqual([])
      }
      expect(await wrong(store)).toEqual([])
    },
  )

  it('are not joined once no text that speaks of either is there', { timeout: 120_000 }, async () => {
    const one = await opened()
    const links = (await one.store.links(['proposed'])).filter(({ type }) => type === 'NAMES')
    for (const { id } of links) await decideLink(one.store, id, 'accept', RITA, new Date(AT))
    for (const path of ['a.md', 'b.md']) {
      const [document] = await one.store.documentsAt(path)
      if (document === undefined) throw new Error(path)
      await one.store.putDocument({ ...document, gone: AT }, [], AT, { onlyIfThere: true })
    }
    const refused = await run(one, 'review', 'entity', 'merge', DECISION, RESOLUTION)
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('no text that is there speaks of') })
    expect(await run(one, 'review', 'entity', 'merge', DECISION, OSPREY)).toMatchObject({ code: 0 })
    expect(await wrong(one.store)).toEqual([])
  })
})
