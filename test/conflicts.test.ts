import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { NO_JOURNAL } from '../src/extract/journal.ts'
import { CONFLICT_ENGINE } from '../src/model/conflict.ts'
import { linkId } from '../src/model/link.ts'
import { schemaFile, type Schema } from '../src/model/schema.ts'
import { rebuild } from '../src/rebuild/rebuild.ts'
import { derivation } from '../src/resolve/derivation.ts'
import { decideLink } from '../src/review/decide.ts'
import { planAdd } from '../src/review/fix-add.ts'
import { foresee, type LinkChange } from '../src/review/fix-foresee.ts'
import { planFix } from '../src/review/fix.ts'
import { foreseeSame } from '../src/review/foresee-same.ts'
import { planSame } from '../src/review/plan-same.ts'
import { fallingLines } from '../src/terminal/entity-lines.ts'
import { undoDecision } from '../src/review/undo.ts'
import { decideSame, findPair } from '../src/review/same-entities.ts'
import { compareDatabases } from '../src/store/compare.ts'
import { copyDatabase } from '../src/store/copy.ts'
import type { Properties } from '../src/store/database.ts'
import { openLocalDatabase } from '../src/store/local.ts'
import { Store } from '../src/store/store.ts'
import { Tables } from '../src/tables/tables.ts'
import { forget } from '../src/taking-in/forget.ts'
import { ingestTexts } from './ingest-texts.ts'
import { actorId, answerWith, scriptedEngine } from './scripted-engine.ts'
import { snapshot } from './snapshot.ts'
import { eachStore } from './stores.ts'

vi.setConfig({ testTimeout: 300_000 })

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-conflicts-'))
  folders.push(folder)
  return folder
}

const SCHEMA = schemaFile.parse({
  linkTypes: [
    { name: 'LEADS', singleValued: 'from', supersedes: 'later' },
    { name: 'OWNS', singleValued: 'from' },
    { name: 'DECIDED', reversedBy: ['DROPPED'] },
  ],
})
const WITHOUT_RULES = schemaFile.parse({ linkTypes: SCHEMA.linkTypes.map(({ name }) => ({ name })) })

/** By the days in their paths. */
const TEXTS = {
  '2025-03-18.md': 'Ana leads Zeta.\nAna decided Waves.\nBoard owns Brass.\n',
  '2025-06-10.md': 'Ben leads Zeta.\nAna dropped Waves.\nOps owns Brass.\n',
  '2025-06-24.md': 'Ana not knows Ben.\nCid knows Dan.\n',
  '2025-07-01.md': 'Ana knows Ben.\n',
}

/** Reads “Ana leads Ben.” as a link, and “Ana not leads Ben.” as one that is denied. */
const engine = () =>
  scriptedEngine(({ question }) =>
    answerWith(
      question.units.flatMap(({ s, text }) => {
        const [, subject, not, type, object] = /^(\w+) (not )?(\w+) (\w+)\.$/.exec(text) ?? []
        if (!subject || !type || !object) return []
        return [{ subject, type: type.toUpperCase(), object, quote: text, s, polarity: not ? 'negated' : 'asserted' }]
      }),
    ),
  )

const link = (subject: string, type: string, object: string): string => linkId(actorId(subject), type, actorId(object))
const [ANA, BEN] = [link('Ana', 'LEADS', 'Zeta'), link('Ben', 'LEADS', 'Zeta')]
const SUPERSEDING = linkId(BEN, 'SUPERSEDES', ANA)
const now = new Date('2026-01-01T00:00:00Z')
const rita = { reviewer: 'rita' }
/** What a run is called and when it was is its own; the index of names shares ids with entities, so that their order is open. */
const OWN = ['Run', 'Reply', 'Document', 'Decision', 'Chain', '__NameKeys__']

const superseding = (thing: string): string =>
  linkId(link('Ops', 'OWNS', thing), 'SUPERSEDES', link('Board', 'OWNS', thing))

/** The graph without the log of decisions, which grows, and with it the number of a link's revision. */
const graphOf = async (store: Store): Promise<string> => {
  const [nodes, lines = []] = JSON.parse(await snapshot(store, OWN)) as [unknown, string[][]]
  const rest = [nodes, lines.filter(([, type]) => type !== 'DECIDES')]
  return JSON.stringify(rest, (name, value: unknown) => (name === 'rev' || name === 'decisions' ? undefined : value), 1)
}

/** The lines of the graph that these tests are about, without the pair of names that a person decided about. */
const linesOf = async (store: Store): Promise<readonly string[][]> => {
  const [, lines = []] = JSON.parse(await snapshot(store, OWN)) as [unknown, string[][]]
  return lines.filter(([, type = '']) => ['OWNS', 'CONTRADICTS', 'SUPERSEDES'].includes(type))
}

eachStore('links that cannot hold beside each other', (open, _, itAtLength) => {
  const read = (store: Store, texts: Readonly<Record<string, string>> = TEXTS, schema: Schema = SCHEMA) =>
    ingestTexts(store, engine(), texts, {}, schema, new Tables(null), { date: ['path'] })

  const again = (store: Store, ruledBy?: Schema, dryRun = false) =>
    rebuild(
      store,
      {
        fromReplies: false,
        dryRun,
        schema: SCHEMA,
        ...(ruledBy && { ruledBy }),
        journal: NO_JOURNAL,
        tables: new Tables(null),
        prices: { currency: 'usd', models: {} },
        progress: () => {},
      },
      new AbortController().signal,
    )

  const faults = async (store: Store): Promise<string[]> => {
    const results = await store.check({ progress: () => {}, signal: new AbortController().signal })
    return results.flatMap(({ check, offenders }) =>
      offenders.map(({ what, message }) => `${check} ${what} ${message}`),
    )
  }

  /** Ids of the links between links that wait for a person. */
  const asked = async (store: Store): Promise<string[]> =>
    (await store.links(['proposed']))
      .filter(({ betweenLinks }) => betweenLinks)
      .map(({ id }) => id)
      .toSorted()

  it('are joined by links that say so, with the quotes of both; the schema says which retires which', async () => {
    const { store } = await open()
    const summary = await read(store)
    expect(summary.conflicts).toEqual({ contradictions: 1, supersessions: 3, retired: 1, withdrawn: 0 })
    expect(summary.notes.filter(({ code }) => code === 'superseded')).toEqual([
      {
        code: 'superseded',
        message: expect.stringContaining('“Ana LEADS Zeta” does not hold from 2025-06-10 on, as “Ben LEADS Zeta”'),
        where: '2025-03-18.md l. 1; 2025-06-10.md l. 1',
      },
    ])
    expect(await store.link(ANA)).toMatchObject({
      status: 'proposed',
      valid: { from: null, to: '2025-06-09' },
      supersededBy: BEN,
      supersededOn: '2025-06-10',
    })
    expect(await store.link(SUPERSEDING)).toMatchObject({
      status: 'proposed',
      betweenLinks: true,
      retires: true,
      supports: 1,
    })
    const proposals = await store.proposalsFor(SUPERSEDING)
    expect(proposals.map(({ proposal }) => proposal.evidence[0]?.quote).toSorted()).toEqual([
      'Ana leads Zeta.',
      'Ben leads Zeta.',
    ])
    // Without a rule both stand, and neither is accepted in bulk.
    const [board, ops] = [link('Board', 'OWNS', 'Brass'), link('Ops', 'OWNS', 'Brass')]
    expect(await store.link(board)).toMatchObject({ conflictsWith: [ops], obstacles: ['conflict'], valid: null })
    expect(await store.link(ops)).toMatchObject({ conflictsWith: [board], obstacles: ['conflict'] })
    expect(
      (await store.link(linkId(link('Ana', 'DROPPED', 'Waves'), 'SUPERSEDES', link('Ana', 'DECIDED', 'Waves'))))
        ?.retires,
    ).toBe(undefined)
    // Denied first and asserted later: both said so.
    const knows = link('Ana', 'KNOWS', 'Ben')
    expect(await store.link(knows)).toMatchObject({ disputed: true, conflictsWith: [knows] })
    const drawn = await store.database.query(
      `MATCH (later:Link)-[c:SUPERSEDES]->(earlier:Link), ()-[r:LEADS]->() WHERE r.id = earlier.id AND c.status = 'proposed'
       RETURN later.subject, earlier.subject, r.validTo, r.supersededBy = later.id, c.evidence[0], c.validFrom`,
      {},
      { seconds: 30 },
    )
    expect(drawn.rows).toEqual([
      ['Ben', 'Ana', '2025-06-09', true, expect.stringContaining('leads Zeta.'), '2025-06-10'],
    ])
    expect(await faults(store)).toEqual([])
    expect((await again(store)).changed).toBe(0)
    expect((await read(store)).conflicts).toEqual({ contradictions: 0, supersessions: 0, retired: 0, withdrawn: 0 })
  })

  itAtLength('are decided about like any link; what is undone leaves what there was', async () => {
    const { store } = await open()
    await read(store)
    const drawn = await graphOf(store)
    await decideLink(store, SUPERSEDING, 'reject', rita, now)
    expect(await store.link(ANA)).toMatchObject({ valid: null, status: 'proposed' })
    expect(await store.link(ANA)).not.toHaveProperty('supersededBy')
    await undoDecision(store, SUPERSEDING, rita, now)
    expect(await store.link(ANA)).toMatchObject({ supersededBy: BEN, valid: { to: '2025-06-09' } })

    // What no rule retires, a person may; and what a contradiction is about gives way when one side is rejected.
    const owning = superseding('Brass')
    await decideLink(store, owning, 'accept', rita, now)
    expect(await store.link(link('Board', 'OWNS', 'Brass'))).toMatchObject({ supersededOn: '2025-06-10' })
    expect(await store.link(link('Ops', 'OWNS', 'Brass'))).not.toHaveProperty('conflictsWith')
    await undoDecision(store, owning, rita, now)
    await decideLink(store, BEN, 'reject', rita, now)
    expect(await store.link(ANA)).toMatchObject({ valid: null })
    expect(await faults(store)).toEqual([])
    await undoDecision(store, BEN, rita, now)
    expect(await graphOf(store)).toBe(drawn)
    expect(await faults(store)).toEqual([])
    expect((await again(store)).changed).toBe(0)
    // A rejection stands whatever else is said.
    await decideLink(store, SUPERSEDING, 'reject', rita, now)
    await read(store, { ...TEXTS, '2025-08-01.md': 'Ben leads Zeta.\n' })
    expect(await store.link(SUPERSEDING)).toMatchObject({ status: 'rejected' })
    expect(await store.link(ANA)).toMatchObject({ valid: null })
  })

  itAtLength('that a person accepted are not retired by what nobody accepted', async () => {
    const { store } = await open()
    await read(store)
    await decideLink(store, ANA, 'accept', rita, now)
    expect(await store.link(ANA)).toMatchObject({ status: 'accepted', valid: null, conflictsWith: [BEN] })
    expect(await store.link(SUPERSEDING)).not.toHaveProperty('retires')
    await decideLink(store, BEN, 'accept', rita, now)
    expect(await store.link(ANA)).toMatchObject({ status: 'accepted', supersededBy: BEN })
    await undoDecision(store, ANA, rita, now)
    expect(await store.link(ANA)).toMatchObject({ status: 'proposed', supersededBy: BEN })
    expect(await faults(store)).toEqual([])
  })

  itAtLength('are the same in whatever order documents came, in one run or in several', async () => {
    const { store: one } = await open()
    await read(one)
    const whole = await snapshot(one, OWN)
    for (const paths of [
      Object.keys(TEXTS).toReversed(),
      ['2025-06-24.md', '2025-03-18.md', '2025-07-01.md', '2025-06-10.md'],
    ]) {
      const { store } = await open()
      let known: Record<string, string> = {}
      for (const path of paths) {
        known = { ...known, [path]: TEXTS[path as keyof typeof TEXTS] }
        await read(store, known)
      }
      expect(await snapshot(store, OWN)).toBe(whole)
    }
  })

  itAtLength('follow the rules of the schema: one that goes takes back what it did, and asks no model', async () => {
    const { store } = await open()
    await read(store, TEXTS, WITHOUT_RULES)
    const plain = await snapshot(store, [...OWN, 'Schema'])
    expect(await store.link(SUPERSEDING)).toBeNull()
    const reading = engine()
    const ruled = await ingestTexts(store, reading, TEXTS, {}, SCHEMA, new Tables(null), { date: ['path'] })
    expect(reading.asked).toHaveLength(0)
    expect(await store.link(ANA)).toMatchObject({ supersededBy: BEN })
    // It acted without a new word in the sources, so it says by what.
    expect(ruled.rules?.map(({ type, before, now }) => [type, before, now])).toEqual([
      ['DECIDED', 'no rule', 'reversedBy: DROPPED · supersedes: never'],
      ['LEADS', 'no rule', 'singleValued: from · supersedes: later'],
      ['OWNS', 'no rule', 'singleValued: from · supersedes: never'],
    ])
    expect(ruled.conflicts).toEqual({ contradictions: 0, supersessions: 3, retired: 1, withdrawn: 0 })
    const planned = await again(store, WITHOUT_RULES, true)
    expect(planned.changed).toBeGreaterThan(0)
    expect(await store.link(ANA)).toMatchObject({ supersededBy: BEN })
    const done = await again(store, WITHOUT_RULES)
    expect([done.rules, done.conflicts]).toEqual([planned.rules, planned.conflicts])
    expect(done.rules).toHaveLength(3)
    expect(done.changed).toBe(planned.changed)
    expect((await again(store, WITHOUT_RULES)).changed).toBe(0)
    expect(await store.link(ANA)).not.toHaveProperty('supersededBy')
    expect(await snapshot(store, [...OWN, 'Schema'])).toBe(plain)
    expect(await faults(store)).toEqual([])
  })

  itAtLength('that a rule ends or not any more are told where nothing else about them changes', async () => {
    const { store } = await open()
    await read(store)
    const never = schemaFile.parse({
      ...SCHEMA,
      linkTypes: SCHEMA.linkTypes.map((type) => ({ ...type, supersedes: 'never' })),
    })
    const without = await read(store, TEXTS, never)
    expect(without.rules?.map(({ type, now }) => [type, now])).toEqual([
      ['LEADS', 'singleValued: from · supersedes: never'],
    ])
    expect(without.conflicts).toEqual({ contradictions: 0, supersessions: 0, retired: 0, withdrawn: 0 })
    expect(without.notes).toEqual([
      {
        code: 'not-superseded',
        message: expect.stringContaining('“Ana LEADS Zeta” is not ended by “Ben LEADS Zeta” any more'),
        where: '2025-03-18.md l. 1; 2025-06-10.md l. 1',
      },
    ])
    const closed = await read(store)
    expect(closed.conflicts).toEqual({ contradictions: 0, supersessions: 0, retired: 1, withdrawn: 0 })
    expect(closed.notes.map(({ code }) => code)).toEqual(['superseded'])
    expect(await read(store)).not.toHaveProperty('rules')
  })

  itAtLength('are found by the next run where one was cut off before it compared', async () => {
    const { store } = await open()
    await read(store)
    const whole = await snapshot(store, OWN)
    const { store: cut } = await open()
    const compare = vi.spyOn(Store.prototype, 'compareLinks').mockRejectedValueOnce(new Error('killed'))
    await expect(read(cut)).rejects.toThrow('killed')
    compare.mockRestore()
    expect(await cut.link(SUPERSEDING)).toBeNull()
    expect(await faults(cut)).toEqual([])
    await read(cut)
    expect(await snapshot(cut, OWN)).toBe(whole)
  })

  itAtLength('go with what they were said of: changed, gone, come back, forgotten', async () => {
    const { store } = await open()
    await read(store)
    await read(store, { ...TEXTS, '2025-06-10.md': 'Ana dropped Waves.\nOps owns Brass.\n' })
    expect(await store.link(SUPERSEDING)).toBeNull()
    expect(await store.link(ANA)).toMatchObject({ valid: null })
    await read(store)
    expect(await store.link(ANA)).toMatchObject({ supersededBy: BEN })
    const [document] = await store.documentsAt('2025-06-10.md')
    const parts = {
      store,
      tables: new Tables(null),
      journal: NO_JOURNAL,
      prices: { currency: 'usd', models: {} },
    }
    await decideLink(store, superseding('Brass'), 'accept', rita, now)
    const documents = document === undefined ? [] : [document]
    const options = { dryRun: false, now: now.toISOString() }
    // Of a link that was decided about, the id stays, for its decision.
    const count = (): Promise<number[]> =>
      store.database.read(async (reader) => {
        const links = (await reader.list('Link')).filter(({ properties }) => properties['status'] != null)
        return [(await reader.list('Proposal')).length, links.length]
      })
    const planned = await forget(documents, parts, { ...options, dryRun: true })
    const before = await count()
    await forget(documents, parts, options)
    const after = await count()
    // What our rules said of links that go, by quotes of other documents, goes too.
    expect([planned.proposals, planned.links]).toEqual(before.map((many, at) => many - (after[at] ?? 0)))
    const left = await snapshot(store)
    for (const words of ['Ben leads', 'dropped', 'Ops', '2025-06-10']) expect(left).not.toContain(words)
    expect(await store.link(ANA)).toMatchObject({ status: 'proposed', valid: null, obstacles: [] })
    expect(await store.link(link('Board', 'OWNS', 'Brass'))).not.toHaveProperty('supersededBy')
    expect(await faults(store)).toEqual([])
    // What was decided counts again when the same is said again.
    await read(store)
    expect(await store.link(link('Board', 'OWNS', 'Brass'))).toMatchObject({ supersededOn: '2025-06-10' })
    expect(await faults(store)).toEqual([])
  })

  itAtLength('are not compared where one thing has more values than can be meant, whatever came first', async () => {
    const { store } = await open()
    const names = Array.from({ length: 110 }, (_, index) => `Owner${String(index).padStart(3, '0')}`)
    const some = (owners: readonly string[]) => ({ 'a.md': owners.map((name) => `${name} owns Brass.\n`).join('\n') })
    await read(store, some(names.slice(60)))
    expect((await store.links(['proposed'])).filter(({ type }) => type === 'CONTRADICTS')).toHaveLength(49)
    const summary = await read(store, some(names))
    expect(summary.notes.filter(({ code }) => code === 'not-compared')).toHaveLength(1)
    const links = await store.links(['proposed'])
    expect(links).toHaveLength(110)
    expect(links.filter(({ conflictsWith }) => conflictsWith !== undefined)).toEqual([])
    expect(await faults(store)).toEqual([])
  })

  itAtLength('are told of things that are taken for one, as long as they are', async () => {
    const { store } = await open()
    const texts = { '2025-03-18.md': 'Ana owns Zeta.\n', '2025-03-19.md': 'Ben owns ZetaBoard.\nCid owns ZetaBoard.\n' }
    await read(store, texts)
    const [ana, ben, cid] = [
      link('Ana', 'OWNS', 'Zeta'),
      link('Ben', 'OWNS', 'ZetaBoard'),
      link('Cid', 'OWNS', 'ZetaBoard'),
    ]
    const before = await snapshot(store, OWN)
    expect((await store.link(ana))?.conflictsWith).toBe(undefined)
    const merge = async (one: string, other: string) =>
      decideSame(store, await findPair(store, actorId(one), actorId(other)), 'accept', rita, now)
    await merge('Zeta', 'ZetaBoard')
    const conflicts = async (id: string): Promise<readonly string[]> => (await store.link(id))?.conflictsWith ?? []
    const all = [ana, ben, cid]
    const joined = await Promise.all(all.map(conflicts))
    expect(new Set(joined.flat())).toEqual(new Set(all))
    expect(await faults(store)).toEqual([])
    expect((await again(store)).changed).toBe(0)
    // Two links become one, and what they were said to contradict each other with goes.
    await undoDecision(store, undefined, rita, now)
    expect((await store.link(ana))?.conflictsWith).toBe(undefined)
    expect(await faults(store)).toEqual([])
    const [owns] = (await store.conflictsOf(ben)).filter(({ status }) => status === 'proposed')
    await decideLink(store, owns?.id ?? '', 'reject', rita, now)
    await merge('Ben', 'Cid')
    expect(await conflicts(ben)).toEqual([])
    expect(await faults(store)).toEqual([])
    await undoDecision(store, undefined, rita, now)
    await undoDecision(store, undefined, rita, now)
    expect(await faults(store)).toEqual([])
    expect(before).toContain('CONTRADICTS')
  })

  itAtLength.each([
    { side: 'later', dated: '2025-06-10.md' },
    { side: 'earlier', dated: '2025-03-18.md' },
  ])('end what a person said they end, also where another stands for the $side one since', async ({ side, dated }) => {
    const { store } = await open()
    // Ids decide which of two links stands for both: among some names each does.
    const things = ['Brass', 'Copper', 'Nickel', 'Silver']
    const texts = {
      '2025-03-18.md': things.map((thing) => `Board owns ${thing}.\n`).join(''),
      '2025-06-10.md': things.map((thing) => `Ops owns ${thing}.\n`).join(''),
    }
    const twins = things.map((thing) => `Twin owns ${thing}.\n`).join('')
    await read(store, texts)
    for (const thing of things) await decideLink(store, superseding(thing), 'accept', rita, now)
    await read(store, { ...texts, [dated]: `${texts[dated as keyof typeof texts]}${twins}` })
    const alone = await linesOf(store)
    const joined = side === 'later' ? 'Ops' : 'Board'
    await decideSame(store, await findPair(store, actorId(joined), actorId('Twin')), 'accept', rita, now)
    const standing = async (name: string, thing: string) => {
      const own = await store.link(link(name, 'OWNS', thing))
      return own?.status === 'merged' ? store.link(own.into ?? '') : own
    }
    const isEnded = async (): Promise<void> => {
      for (const thing of things) {
        const [earlier, later] = [await standing('Board', thing), await standing('Ops', thing)]
        expect(earlier).toMatchObject({ supersededBy: later?.id, supersededOn: '2025-06-10', obstacles: [] })
        expect(earlier).not.toHaveProperty('conflictsWith')
        expect(later).not.toHaveProperty('supersededBy')
      }
      // Nobody is asked again what a person has settled.
      expect(await asked(store)).toEqual([])
      expect(await faults(store)).toEqual([])
    }
    await isEnded()
    expect((await again(store)).changed).toBe(0)
    await again(store, WITHOUT_RULES)
    await isEnded()
    await again(store, SCHEMA)
    await isEnded()
    await undoDecision(store, undefined, rita, now)
    expect(await linesOf(store)).toEqual(alone)
    expect(await faults(store)).toEqual([])
  })

  itAtLength(
    'stay settled where a person said that they do not contradict each other, whatever stands for them since',
    async () => {
      const { store } = await open()
      // Ids decide which of two links stands for both: among some names each does.
      const things = ['Brass', 'Copper', 'Nickel', 'Silver']
      const owned = (name: string): string => things.map((thing) => `${name} owns ${thing}.\n`).join('')
      const texts = { '2025-03-18.md': owned('Board') + owned('Ops') }
      await read(store, texts)
      const contradictions = await asked(store)
      expect(contradictions).toHaveLength(4)
      for (const id of contradictions) await decideLink(store, id, 'reject', rita, now)
      await read(store, { '2025-03-18.md': texts['2025-03-18.md'] + owned('Twin') })
      const alone = await linesOf(store)
      const apart = await asked(store)
      expect(apart.length).toBeGreaterThan(0)
      const merge = await decideSame(store, await findPair(store, actorId('Ops'), actorId('Twin')), 'accept', rita, now)
      const isSettled = async (): Promise<void> => {
        expect(await asked(store)).toEqual([])
        const links = await store.links(['proposed'])
        expect(links.filter(({ conflictsWith }) => conflictsWith !== undefined)).toEqual([])
        expect(await faults(store)).toEqual([])
      }
      await isSettled()
      expect((await again(store)).changed).toBe(0)
      // Taken back, it is asked of what stands for both now.
      for (const id of contradictions) await undoDecision(store, id, rita, now)
      expect(await asked(store)).toHaveLength(4)
      expect(await faults(store)).toEqual([])
      for (const id of contradictions) await decideLink(store, id, 'reject', rita, now)
      await isSettled()
      await again(store, WITHOUT_RULES)
      await again(store, SCHEMA)
      await isSettled()
      await undoDecision(store, merge.link.id, rita, now)
      expect(await linesOf(store)).toEqual(alone)
      expect(await asked(store)).toEqual(apart)
      expect(await faults(store)).toEqual([])
    },
  )

  itAtLength('are compared at once also where what was decided about is one with another by now', async () => {
    const { store } = await open()
    // Ids decide which of two links stands for both: among some names each does.
    const things = ['Brass', 'Copper', 'Nickel', 'Silver']
    const owned = (name: string): string => things.map((thing) => `${name} owns ${thing}.\n`).join('')
    await read(store, { '2025-03-18.md': owned('Ana') + owned('Anna') + owned('Board') })
    const verdicts = []
    for (const thing of things)
      verdicts.push((await decideLink(store, link('Anna', 'OWNS', thing), 'reject', rita, now)).decision?.id)
    await decideSame(store, await findPair(store, actorId('Ana'), actorId('Anna')), 'accept', rita, now)
    expect(await asked(store)).toEqual([])
    for (const id of verdicts) await undoDecision(store, id, rita, now)
    const contradictions = await asked(store)
    expect(contradictions).toHaveLength(4)
    await store.compareLinks({ signal: new AbortController().signal })
    expect(await asked(store)).toEqual(contradictions)
    expect(await faults(store)).toEqual([])
  })

  itAtLength('are foreseen before a link is fixed, or two things become one', async () => {
    const { store } = await open()
    await read(store, { '2025-03-18.md': 'Board owns Brass.\nOps knows Brass.\nTwin owns Copper.\n' })
    const typesOf = (changes: readonly LinkChange[]) =>
      changes.flatMap(({ before, after }) =>
        before === null && after?.betweenLinks ? [`${after.type} ${after.status}`] : [],
      )
    const fix = await planFix(store, link('Ops', 'KNOWS', 'Brass'), { type: 'OWNS' }, SCHEMA, rita)
    expect(typesOf((await foresee(store, fix, now)).links)).toEqual(['CONTRADICTS proposed'])
    const pair = await findPair(store, actorId('Brass'), actorId('Copper'))
    const merge = await planSame(store, [{ pair, verdict: 'accept' }], rita)
    const { conflicts } = await foreseeSame(store, pair, merge, now)
    expect(typesOf(conflicts)).toEqual(['CONTRADICTS proposed'])
    expect(fallingLines({ together: [], loops: [] }, conflicts).join('\n')).toMatch(/ \+ .*──CONTRADICTS──▶.*proposed/)
    expect(await asked(store)).toEqual([])
  })

  itAtLength('leave nothing of what one of the two said that is forgotten, whichever stands for both', async () => {
    const { store } = await open()
    const owned = (name: string): string =>
      ['Brass', 'Copper', 'Nickel', 'Silver'].map((thing) => `${name} owns ${thing}.\n`).join('')
    await read(store, {
      '2025-03-18.md': owned('Board'),
      '2025-03-18-b.md': owned('Ops'),
      '2025-03-18-c.md': '',
    })
    for (const id of await asked(store)) await decideLink(store, id, 'reject', rita, now)
    await read(store, {
      '2025-03-18.md': owned('Board'),
      '2025-03-18-b.md': owned('Ops'),
      '2025-03-18-c.md': owned('Twin'),
    })
    await decideSame(store, await findPair(store, actorId('Ops'), actorId('Twin')), 'accept', rita, now)
    const [document] = await store.documentsAt('2025-03-18-b.md')
    if (document !== undefined) await store.forget(document, now.toISOString())
    await store.compareLinks({ signal: new AbortController().signal })
    expect(await snapshot(store, ['Run'])).not.toContain('Ops OWNS')
    expect(await faults(store)).toEqual([])
  })

  itAtLength(
    'that were decided about have the quotes of what stands for both now, whatever was said before',
    async () => {
      const { store } = await open()
      const texts = { '2025-03-18.md': 'Board owns Brass.\nOps owns Brass.\n', '2025-03-19.md': 'Twin owns Brass.\n' }
      await read(store, texts)
      const contradictions = await asked(store)
      for (const id of contradictions) await decideLink(store, id, 'accept', rita, now)
      const merge = async (): Promise<string> => {
        await decideSame(store, await findPair(store, actorId('Ops'), actorId('Twin')), 'accept', rita, now)
        return JSON.stringify(await linesOf(store), (name, value: unknown) => (name === 'rev' ? undefined : value))
      }
      const together = await merge()
      await undoDecision(store, undefined, rita, now)
      // Other words of one of the two count for a while.
      const said = { subject: { named: actorId('Ops') }, type: 'OWNS', object: { named: actorId('Brass') } }
      const { proposals, drafts } = await planAdd(
        store,
        { ...said, quotes: ['Twin owns Brass.'], in: '2025-03-19.md' },
        SCHEMA,
        rita,
      )
      await store.decideTogether(proposals, drafts, now.toISOString())
      await undoDecision(store, undefined, rita, now)
      expect(await merge()).toEqual(together)
      expect(await faults(store)).toEqual([])
    },
  )

  itAtLength(
    'are told by doctor where they were damaged, and a rebuild brings them back, also of what fell together',
    async () => {
      const { store } = await open()
      await read(store, { ...TEXTS, '2025-03-18.md': `${TEXTS['2025-03-18.md']}Twin leads Zeta.\nTwin owns Brass.\n` })
      await decideLink(store, superseding('Brass'), 'accept', rita, now)
      await decideSame(store, await findPair(store, actorId('Board'), actorId('Twin')), 'accept', rita, now)
      const whole = await snapshot(store, ['Run', '__NameKeys__'])
      const patch = (id: string, properties: Properties) =>
        store.database.write((writer) => writer.patchNodes('Link', [{ id, properties }]))
      const ops = link('Ops', 'OWNS', 'Brass')
      const board = (await store.standingLink(link('Board', 'OWNS', 'Brass')))?.id ?? ''
      const conflicts = (await store.database.read((reader) => reader.list('Proposal'))).filter(
        ({ properties }) => properties['engine'] === CONFLICT_ENGINE && properties['live'] === true,
      )
      const damages: Record<string, () => Promise<unknown>> = {
        'a link that is not ended': () => patch(board, { supersededBy: null, supersededOn: null, validTo: null }),
        'a link that is contested': () => patch(ops, { conflictsWith: [board] }),
        'a verdict that is not': () => patch(superseding('Brass'), { status: 'proposed', reviewedBy: null }),
        'nothing that speaks of them': () =>
          store.database.write((writer) =>
            writer.removeNodes(
              'Proposal',
              conflicts.filter(({ properties }) => properties['linkId'] !== superseding('Brass')).map(({ id }) => id),
            ),
          ),
        'one that does not count': () =>
          store.database.write((writer) =>
            writer.patchNodes(
              'Proposal',
              conflicts.map(({ id }) => ({ id, properties: { live: false } })),
            ),
          ),
        'a link that is superseded gone': () => store.database.write((writer) => writer.removeNodes('Link', [board])),
        'all links gone': () =>
          store.database.write(async (writer) =>
            writer.removeNodes(
              'Link',
              (await writer.list('Link')).map(({ id }) => id),
            ),
          ),
      }
      for (const [name, damage] of Object.entries(damages)) {
        await damage()
        expect(await faults(store), name).not.toEqual([])
        await again(store)
        expect(await faults(store), name).toEqual([])
        expect(await snapshot(store, ['Run', '__NameKeys__']), name).toBe(whole)
      }
      // Nothing brings this one back: what was said of it goes with it.
      const said = (await store.database.read((reader) => reader.find('Proposal', 'linkId', [ops]))).map(({ id }) => id)
      await store.database.write(async (writer) => {
        await writer.removeNodes('Proposal', said)
        await writer.removeNodes('Link', [ops])
      })
      await again(store)
      expect(await faults(store)).toEqual([])
    },
  )

  itAtLength('go along when the store is copied', async () => {
    const { store } = await open()
    await read(store)
    const target = await openLocalDatabase(newFolder())
    const copy = new Store(target, derivation)
    const signal = new AbortController().signal
    await copyDatabase(store.database, target, {
      signal,
      now: () => now,
      progress: () => {},
      finish: async () => {},
    })
    const compared = await compareDatabases(store.database, target, { signal, most: 5, progress: () => {} })
    expect(compared).toMatchObject({ equal: true, differences: [] })
    expect(await copy.link(ANA)).toMatchObject({ supersededBy: BEN })
    await copy.close()
  })
})
