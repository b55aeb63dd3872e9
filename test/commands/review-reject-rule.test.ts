import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { linkId } from '../../src/model/link.ts'
import { schemaFile } from '../../src/model/schema.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { decideLink } from '../../src/review/decide.ts'
import { redo } from '../../src/review/undo-redo.ts'
import { undoDecision } from '../../src/review/undo.ts'
import type { Database } from '../../src/store/database.ts'
import type { StoredLink } from '../../src/store/records.ts'
import { MOST_RULED } from '../../src/store/settle-rulings.ts'
import { Store } from '../../src/store/store.ts'
import { graphAlone } from '../graph-alone.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { personAt } from '../review/person.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { withMethods } from '../store/with-methods.ts'

const folder = mkdtempSync(join(tmpdir(), 'whygraph-rejected-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const leads = (who: string, what = 'Kestrel'): string => linkId(actorId(who), 'LEADS', actorId(what))
const linkOf = async (store: Store, id: string): Promise<StoredLink> => (await store.link(id)) as StoredLink
const WALK = { signal: new AbortController().signal, progress: () => {} }
const wrong = async (store: Store) => (await store.check(WALK)).filter((one) => one.wrong > 0)

/** But for when somebody reviewed what. */
async function graph(store: Store): Promise<string> {
  return (await graphAlone(store)).replaceAll(/"reviewedAt":"[^"]*"/g, '')
}

eachStoreAtLength('a pattern that is rejected', (open) => {
  it('is held where it is said from then on, by name, until it is taken back', { timeout: 600_000 }, async () => {
    const under = await open()
    const { store } = under
    const rita = personAt(under, 'rita', folder)
    const engine = readingEngine()
    await ingestTexts(store, engine, { 'org/a.md': 'Ana leads Kestrel.\n\nZoe leads Kestrel.\n' })
    for (const [words, code] of [
      ['colour', 2],
      ['ends,', 2],
    ] as const)
      expect(await rita.review('reject', leads('Ana'), '--rule', words)).toMatchObject({ code })
    expect(await rita.review('reject', leads('Ana'), leads('Zoe'), '--rule', 'type')).toMatchObject({ code: 2 })
    expect(await rita.review('reject', '--where', 'type=LEADS', '--dry-run', '--rule', 'type')).toMatchObject({
      code: 2,
    })
    expect((await store.decisions()).length).toBe(0)

    const said = await rita.review('reject', leads('Ana'), '--rule', 'folder,model')
    expect(said).toMatchObject({ code: 0, stderr: '' })
    expect(said.stdout).toContain(
      'rule for replies that come: links of type LEADS said by scripted, in folder org are held',
    )
    expect(await linkOf(store, leads('Zoe'))).toMatchObject({ status: 'proposed' })

    const summary = await ingestTexts(store, engine, {
      'org/a.md': 'Ana leads Kestrel.\n\nZoe leads Kestrel.\n',
      'org/b.md': 'Ben leads Kestrel.\n\nBen knows Kestrel.\n',
      'c.md': 'Cid leads Kestrel.\n',
    })
    const [rule] = await store.confirmedRules()
    expect(summary.notes).toContainEqual({
      code: 'held-by-rule',
      message: `held: rita rejected such links, rule ${rule?.decision}`,
      where: 'org/b.md chunk 1 links[0]',
    })
    expect(await linkOf(store, leads('Ben'))).toMatchObject({ status: 'held', obstacles: ['ruled-out'] })
    expect(await linkOf(store, linkId(actorId('Ben'), 'KNOWS', actorId('Kestrel')))).toMatchObject({
      status: 'proposed',
    })
    expect(await linkOf(store, leads('Cid'))).toMatchObject({ status: 'proposed' })
    const card = (await rita.review('show', leads('Ben'))).stdout
    expect(card).toContain('held back, not in the graph: a person rejected such links as a rule')
    expect(card.replaceAll(/\s+/g, ' ')).toContain(
      `held by rule ${rule?.decision} of rita: links of type LEADS said by scripted, in folder org are held`,
    )
    expect((await rita.review('list', '--status', 'held')).stdout).toMatch(/by rule .*Ben ──LEADS──▶ Kestrel/)
    expect((await rita.review('rules')).stdout).toMatch(/ rita {2}links of type LEADS said by scripted, in folder org/)

    // Another model says it, which is not of the pattern: then it stands by that.
    await ingestTexts(store, readingEngine('other'), { 'org/b.md': 'Ben leads Kestrel.\n\nBen knows Kestrel.\n' })
    expect(await linkOf(store, leads('Ben'))).toMatchObject({ status: 'proposed', supports: 1, obstacles: [] })
    await store.deriveAnew({ ...WALK, dryRun: false, begin: async () => {} })
    expect(await wrong(store)).toEqual([])

    await ingestTexts(store, engine, { 'org/d.md': 'Dan leads Kestrel.\n' })
    const held = await graph(store)
    expect(await linkOf(store, leads('Dan'))).toMatchObject({ status: 'held' })
    const undone = await rita.review('undo', leads('Ana'))
    expect(undone).toMatchObject({ code: 0 })
    expect(await linkOf(store, leads('Dan'))).toMatchObject({ status: 'proposed', obstacles: [] })
    expect(await linkOf(store, leads('Ben'))).toMatchObject({ status: 'proposed', supports: 2 })
    expect((await rita.review('show', leads('Dan'))).stdout).not.toContain('rule')
    expect((await rita.review('rules')).stderr).toContain('no rules')
    expect(await wrong(store)).toEqual([])
    expect((await rita.review('log', '--verify')).code).toBe(0)

    // Given again, it holds what it held.
    await rita.review('redo')
    expect(await graph(store)).toBe(held)
    await store.database.write((writer) => writer.removeNodes('Schema', ['reading']))
    await store.deriveAnew({ ...WALK, dryRun: false, begin: async () => {} })
    expect(await linkOf(store, leads('Dan'))).toMatchObject({ status: 'held' })
    expect(await wrong(store)).toEqual([])

    // A person accepts it all the same, and for good.
    expect((await rita.review('accept', leads('Dan'))).stdout).toContain('accepted')
    await ingestTexts(store, engine, { 'org/d.md': 'Dan leads Kestrel.\n\nEva leads Kestrel.\n' })
    expect(await linkOf(store, leads('Dan'))).toMatchObject({ status: 'accepted' })
    expect(await linkOf(store, leads('Eva'))).toMatchObject({ status: 'held' })
    // A person's own word is of no pattern.
    const fixed = await rita.review('fix', leads('Eva'), '--object', 'Osprey', '--object-type', 'Actor')
    expect(fixed).toMatchObject({ code: 0 })
    expect(await linkOf(store, leads('Eva', 'Osprey'))).toMatchObject({ status: 'accepted', obstacles: [] })
    expect(await wrong(store)).toEqual([])
  })

  it(
    'of which very many are held is taken back in steps, and what was cut off is gone on with',
    { timeout: 600_000 },
    async () => {
      const { store } = await open()
      const engine = readingEngine()
      await ingestTexts(store, engine, { 'a.md': 'Ana leads Kestrel.\n' })
      const rules = JSON.stringify([{ kind: 'rejection', type: 'LEADS' }])
      const rita = { reviewer: 'rita' }
      const { decision } = await decideLink(store, leads('Ana'), 'reject', { ...rita, rules }, new Date())
      const many = Array.from({ length: MOST_RULED + 10 }, (_, i) => `P${i} leads Q${i}.`)
      await ingestTexts(store, engine, { 'b.md': many.join('\n\n') })
      const held = async (): Promise<number> => (await store.links(['held'], { limit: 1000 })).length
      expect(await held()).toBe(many.length)
      let writes = 0
      const write: Database['write'] = async (work) => {
        // The decision itself, and the first step.
        if (++writes > 2) throw new Error('cut off')
        return store.database.write(work)
      }
      const cut = new Store(withMethods(store.database, { write }), derivation)
      await expect(undoDecision(cut, decision?.id, rita, new Date())).rejects.toThrow('cut off')
      expect(await held()).toBe(10)
      expect(await wrong(store)).toEqual([])
      await store.compareLinks({ signal: WALK.signal })
      expect(await held()).toBe(0)
      expect(await store.confirmedRules()).toMatchObject([{ stands: false }])
      expect((await store.confirmedRules())[0]).not.toHaveProperty('settling')
      expect(await wrong(store)).toEqual([])
      await redo(store, undefined, rita, { now: () => new Date(), signal: WALK.signal })
      expect(await held()).toBe(many.length)
      expect(await wrong(store)).toEqual([])
    },
  )

  it('waits for a second person where its type takes two', { timeout: 600_000 }, async () => {
    const under = await open()
    const { store } = under
    const [rita, sam] = [personAt(under, 'rita', folder), personAt(under, 'sam', folder)]
    const schema = schemaFile.parse({ linkTypes: [{ name: 'LEADS', fourEyes: true }] })
    const texts = { 'a.md': 'Ana leads Kestrel.\n' }
    await ingestTexts(store, readingEngine(), texts, {}, schema)
    await rita.json('reject', leads('Ana'), '--rule', 'type')
    await ingestTexts(store, readingEngine(), { ...texts, 'b.md': 'Ben leads Kestrel.\n' }, {}, schema)
    expect(await linkOf(store, leads('Ben'))).toMatchObject({ status: 'proposed' })
    expect((await sam.review('rules')).stderr).toContain('no rules')
    await sam.json('reject', leads('Ana'))
    // It was confirmed before that was said.
    expect(await linkOf(store, leads('Ben'))).toMatchObject({ status: 'held' })
    expect((await sam.review('rules')).stdout).toContain(' rita  links of type LEADS are held')
    await sam.json('undo', leads('Ana'))
    expect(await linkOf(store, leads('Ben'))).toMatchObject({ status: 'proposed' })
    expect(await wrong(store)).toEqual([])
  })
})
