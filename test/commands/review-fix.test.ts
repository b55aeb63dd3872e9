import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { documentId } from '../../ingest/identify.ts'
import { formerOwnProposalId, linkId } from '../../src/model/link.ts'
import type { Decision } from '../../src/model/decision.ts'
import type { StoredLink } from '../../src/store/records.ts'
import { graphAlone } from '../graph-alone.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { actorId, readingEngine } from '../scripted-engine.ts'
import { snapshot } from '../snapshot.ts'
import { eachStoreAtLength, type StoreUnderTest } from '../stores.ts'
import { parseJson } from '../whygraph.ts'

const TEXTS = {
  'a.md': 'Ana leads Kestrel.\n\nAna met Ben in March.\n',
  'b.md': 'Ben knows Ana.\n',
}
const SCHEMA = `open: false
entityTypes: [{ name: Actor }, { name: Place }]
linkTypes:
  - { name: LEADS, from: [Actor], to: [Actor], aliases: [HEADS] }
  - { name: KNOWS, from: [Actor], to: [Actor], symmetric: true }
  - { name: LIVES_IN, from: [Actor], to: [Place] }
`

let folder: string
let schema: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-fix-'))
  writeFileSync(join(folder, 'whygraph.yaml'), 'reviewer: rita\n')
  schema = join(folder, 'schema.yaml')
  writeFileSync(schema, SCHEMA)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const leads = linkId(actorId('Ana'), 'LEADS', actorId('Kestrel'))
const led = linkId(actorId('Kestrel'), 'LEADS', actorId('Ana'))

eachStoreAtLength('review fix', (open) => {
  const run = ({ address, environment }: StoreUnderTest, ...args: string[]) =>
    runHere([...args, '--store', address], { cwd: folder, environment })
  const opened = async (): Promise<StoreUnderTest> => {
    const one = await open()
    await ingestTexts(one.store, readingEngine(), TEXTS)
    return one
  }
  const graph = ({ store }: StoreUnderTest) => graphAlone(store)

  it(
    'rejects what the model said and accepts its revision, and one undo takes back the whole',
    { timeout: 240_000 },
    async () => {
      const under = await opened()
      const { store } = under
      const [before, whole] = [await graph(under), await snapshot(store)]
      const dry = await run(under, 'review', 'fix', leads.slice(0, 8), '--flip', '--dry-run')
      expect(dry).toMatchObject({ code: 0, stderr: '' })
      expect(dry.stdout).toMatch(/- \S{8} {2}Ana ──LEADS──▶ Kestrel {2}proposed → rejected/)
      expect(dry.stdout).toMatch(/\+ \S{8} {2}Kestrel ──LEADS──▶ Ana {2}accepted/)
      expect(dry.stdout).toContain('»Ana leads Kestrel.«')
      expect(await snapshot(store)).toBe(whole)

      const fix = await run(
        under,
        'review',
        'fix',
        leads,
        '--flip',
        '--note',
        'Kestrel is a person',
        '--request-id',
        'r1',
      )
      expect(fix).toMatchObject({ code: 0, stderr: '' })
      expect(fix.stdout).toMatch(/revision 1 {2}saved ✓/)
      expect(await store.link(leads)).toMatchObject({ status: 'rejected', reviewNote: 'fixed: Kestrel is a person' })
      const link = (await store.link(led)) as StoredLink
      expect(link).toMatchObject({
        status: 'accepted',
        confidence: 1,
        items: [{ evidence: 'Ana leads Kestrel.', grounding: 'exact' }],
      })
      const [first, second] = await store.decisions({ order: 'sequence' })
      expect(first).toMatchObject({ verdict: 'reject', linkId: leads, revision: led, reason: 'fixed' })
      expect(second).toMatchObject({ verdict: 'accept', linkId: led, revision: leads, batch: first?.batch })
      expect((await run(under, 'review', 'log', '--verify')).stdout).toContain('2 decisions, 0 problems')
      expect((await run(under, 'review', 'show', leads)).stdout).toContain(
        `rita: reject, fixed, Kestrel is a person into ${led}`,
      )
      const shown = (await run(under, 'review', 'show', led)).stdout
      expect(shown).toContain(` from ${leads}`)
      expect(shown).toMatch(/PROPOSED by rita.*, revises \S{8}/)

      const again = await run(under, 'review', 'fix', leads, '--flip', '--request-id', 'r1')
      expect(again.stdout).toContain('by this request already')
      expect(await store.decisions()).toHaveLength(2)
      expect((await run(under, 'doctor', '--deep')).code).toBe(0)
      expect((await run(under, 'rebuild', '--dry-run', '--json')).code).toBe(0)

      const fixed = await graph(under)
      const undo = await run(under, 'review', 'undo')
      expect(undo).toMatchObject({ code: 0, stderr: '' })
      expect(await graph(under)).toBe(before)
      const decisions = await store.decisions({ order: 'sequence' })
      expect(decisions.map(({ verdict }) => verdict)).toEqual(['reject', 'accept', 'undo', 'undo'])
      expect(await run(under, 'review', 'undo', decisions.at(-1)?.id ?? '')).toMatchObject({ code: 0 })
      const times = (text: string): string => text.replaceAll(/"reviewedAt":"[^"]*"/g, '')
      expect(times(await graph(under))).toBe(times(fixed))
      await run(under, 'review', 'undo', leads)
      expect(await graph(under)).toBe(before)
      expect((await run(under, 'doctor', '--deep')).code).toBe(0)
    },
  )

  it('changes type and ends by the schema, by names, aliases and ids', { timeout: 240_000 }, async () => {
    const under = await opened()
    const fix = (...args: string[]) => run(under, 'review', 'fix', leads, '--schema', schema, ...args)
    expect((await fix('--type', 'LIVES_IN')).stderr).toContain('LIVES_IN does not go from Actor to Actor')
    expect((await fix('--type', 'LIVES_IN')).stderr).toContain('LEADS, KNOWS')
    expect((await fix('--type', 'OWNS')).stderr).toContain('OWNS is no link type of the schema')
    expect((await fix('--type', 'HEADS')).stderr).toContain('that is what the link says already')
    const turn = (from: string, to: string) =>
      run(under, 'review', 'fix', linkId(actorId(from), 'KNOWS', actorId(to)), '--schema', schema, '--flip')
    expect(await turn('Ben', 'Ana')).toMatchObject({ code: 0 })
    expect((await turn('Ana', 'Ben')).stderr).toContain('KNOWS has no direction: it is the same the other way round')
    await run(under, 'review', 'undo')
    expect(await fix('--object', 'Rome')).toMatchObject({ code: 3 })
    expect(await fix('--object', 'Ana')).toMatchObject({ code: 5 })
    const before = await graph(under)
    const moved = parseJson<{ link: StoredLink; born: { name: string; type: string }[] }>(
      await fix('--type', 'LIVES_IN', '--object', 'Rome', '--object-type', 'Place', '--json'),
    )
    expect(moved).toMatchObject({ born: [{ name: 'Rome', type: 'Place' }], link: { type: 'LIVES_IN', object: 'Rome' } })
    expect((await run(under, 'doctor', '--deep')).code).toBe(0)
    await run(under, 'review', 'undo', moved.link.id)
    expect(await graph(under)).toBe(before)
    const known = parseJson<{ link: StoredLink }>(
      await fix('--type', 'KNOWS', '--subject', actorId('Ben').slice(0, 10), '--object', 'ana', '--json'),
    )
    // Without direction, the lesser name comes first.
    expect(known.link).toMatchObject({ subject: 'Ana', type: 'KNOWS', object: 'Ben', status: 'accepted' })
  })

  it('keeps the link where only its quote or its time is otherwise', { timeout: 240_000 }, async () => {
    const under = await opened()
    const { store } = under
    const before = await graph(under)
    const set = await run(under, 'review', 'fix', leads, '--set', 'when=2024-03')
    expect(set).toMatchObject({ code: 0, stderr: '' })
    expect(set.stdout).toContain('when: 2024-03 (2024-03-01 to 2024-03-31)')
    expect(await store.link(leads)).toMatchObject({ status: 'accepted', when: '2024-03', supports: 1 })
    const march = await graph(under)
    const quoted = await run(under, 'review', 'fix', leads, '--evidence', 'Ana met Ben in March')
    expect(quoted).toMatchObject({ code: 0, stderr: '' })
    const items = async () => (await store.link(leads))?.items.map(({ evidence }) => evidence)
    expect(await items()).toEqual(['Ana met Ben in March'])
    expect(await store.link(leads)).toMatchObject({ when: '2024-03', rev: 2 })
    const wrong = await run(under, 'review', 'fix', leads, '--evidence', 'Ana met Ben in May')
    expect(wrong).toMatchObject({ code: 5 })
    expect(wrong.stderr).toContain('“Ana met Ben in May” does not stand in a.md')
    expect((await run(under, 'doctor', '--deep')).code).toBe(0)
    await run(under, 'review', 'undo')
    expect(await graph(under)).toBe(march)
    await run(under, 'review', 'undo')
    expect(await graph(under)).toBe(before)
  })

  it('sets how sure a person is, and says what may not be meant', { timeout: 240_000 }, async () => {
    const under = await opened()
    const { store } = under
    const before = await graph(under)
    const fix = (...args: string[]) => run(under, 'review', 'fix', leads, ...args)
    expect(await fix('--set', 'confidence=0.6', 'support=inferred', '--dry-run')).toMatchObject({ code: 0, stderr: '' })
    expect(await graph(under)).toBe(before)
    await fix('--set', 'confidence=0.6', 'support=inferred')
    expect(await store.link(leads)).toMatchObject({ status: 'accepted', confidence: 0.6 })
    const words = async () =>
      (await store.proposalsFor(leads)).map(({ proposal: { engine, support } }) => [engine, support])
    expect(await words()).toContainEqual(['person', 'inferred'])
    const nonsense = await fix('--set', 'when=once in a while')
    expect(nonsense.stdout).toContain('note: no days were read from “once in a while”')
    expect(await store.link(leads)).toMatchObject({ when: 'once in a while', valid: null, confidence: 0.6 })
    for (const [set, said] of [
      ['polarity=negated', "'whygraph review accept' or 'reject'"],
      ['confidence=high', 'a number from 0 to 1'],
      ['support=maybe', 'one of stated, inferred'],
      ['colour=red', 'only when, confidence and support'],
    ] as const) {
      const refused = await fix('--set', set)
      expect(refused, set).toMatchObject({ code: 2, stdout: '' })
      expect(refused.stderr).toContain(said)
    }
    expect(await fix('--set', 'when=2024', 'when=2025')).toMatchObject({ code: 2 })
    const dry = await fix('--type', 'LEEDS', '--dry-run', '--json')
    const { notes } = parseJson<{ notes: string[] }>(dry)
    expect(notes).toEqual([expect.stringMatching(/^LEEDS is a new type: .* Did you mean 'LEADS'\?$/)])
    expect((await fix('--type', 'KNOWS', '--dry-run')).stdout).not.toContain('note:')
    await run(under, 'review', 'undo')
    await run(under, 'review', 'undo')
    expect(await graph(under)).toBe(before)
  })

  it('refuses what was decided on another revision, and what cannot be fixed', { timeout: 240_000 }, async () => {
    const under = await opened()
    expect(await run(under, 'review', 'fix', leads, '--flip', '--expect-rev', '3')).toMatchObject({ code: 4 })
    expect(await under.store.link(led)).toBeNull()
    expect(await run(under, 'review', 'fix', leads)).toMatchObject({ code: 2 })
    expect(await run(under, 'review', 'fix', leads, '--set', 'colour=red')).toMatchObject({ code: 2 })
    await run(under, 'review', 'entity', 'merge', actorId('Ana'), actorId('Ben'))
    const same = (await under.store.links(['merged'])).find(({ type }) => type === 'SAME_AS')
    expect(await run(under, 'review', 'fix', same?.id ?? '', '--flip')).toMatchObject({ code: 5 })
  })

  it(
    'adds what the model missed, which stays through all that is done again, and goes with its document',
    { timeout: 240_000 },
    async () => {
      const under = await opened()
      const { store } = under
      const before = await graph(under)
      const add = (...args: string[]) => run(under, 'review', 'add', 'Ana', 'MET', 'ben', '--in', 'a.md', ...args)
      expect(await add('--quote', 'Ana met Bob')).toMatchObject({ code: 5 })
      expect(await add('--quote', 'met', '--dry-run')).toMatchObject({ code: 0 })
      expect(await graph(under)).toBe(before)
      const added = await add('--quote', 'Ana met Ben in March', '--set', 'when=March 2024')
      expect(added).toMatchObject({ code: 0, stderr: '' })
      const met = linkId(actorId('Ana'), 'MET', actorId('Ben'))
      const evidence = { evidence: 'Ana met Ben in March', grounding: 'exact', place: 'a.md l. 3' }
      const stands = async () =>
        expect(await store.link(met)).toMatchObject({ status: 'accepted', unsupported: false, items: [evidence] })
      await stands()
      const [decision] = (await store.decisions()) as [Decision]
      expect(decision.batch).toMatch(/^[0-9A-Z]{26}$/)
      const full = await graph(under)
      await ingestTexts(store, readingEngine('another'), TEXTS)
      await stands()
      await ingestTexts(store, readingEngine(), { ...TEXTS, 'a.md': `Ana met Ben in March.\n` })
      expect(await store.link(met)).toMatchObject({ status: 'accepted' })
      await ingestTexts(store, readingEngine(), TEXTS)
      await stands()
      expect((await run(under, 'doctor', '--deep')).code).toBe(0)
      for (const from of [[], ['--from', 'replies']]) {
        expect(await run(under, 'rebuild', ...from)).toMatchObject({ code: 0 })
        await stands()
      }
      await run(under, 'review', 'undo')
      expect((await store.link(met))?.status).toBe('gone')
      const taken = (await run(under, 'review', 'show', met)).stdout
      expect(taken).toContain('gone: whoever said it took it back')
      expect(taken).toContain('PROPOSED by rita, and taken back: asserted')
      await run(under, 'review', 'undo', (await store.decisions({ order: 'sequence' })).at(-1)?.id ?? '')
      await stands()
      expect(full).toContain(met)
      const [document] = await store.documentsAt('a.md')
      expect(document?.id).toBe(documentId('test', 'a.md'))
      expect(await run(under, 'forget', 'a.md', '--yes')).toMatchObject({ code: 0 })
      expect(await store.link(met)).toBeNull()
      expect((await run(under, 'doctor', '--deep')).code).toBe(0)
    },
  )

  it('keeps what a person said before, who is now less sure', { timeout: 240_000 }, async () => {
    const under = await opened()
    const { store } = under
    const met = linkId(actorId('Ana'), 'MET', actorId('Ben'))
    const words = ['Ana', 'MET', 'ben', '--in', 'a.md', '--quote', 'Ana met Ben in March', '--request-id', 'once']
    const add = (...set: string[]) => run(under, 'review', 'add', ...words, '--set', ...set)
    const said = async () =>
      (await store.proposalsFor(met)).map(({ proposal: one }) => [one.statedConfidence, one.support]).toSorted()
    expect(await add('confidence=0.9')).toMatchObject({ code: 0, stderr: '' })
    expect((await add('confidence=0.9')).stdout).toContain('by this request already')
    for (const other of ['confidence=0.4', 'support=inferred'])
      expect(await add(other), other).toMatchObject({ code: 4 })
    expect(await said()).toEqual([[0.9, 'stated']])
    words.splice(-2)
    await add('confidence=0.4')
    await add('support=inferred')
    expect(await said()).toEqual([
      [0.4, 'stated'],
      [0.9, 'stated'],
      [1, 'inferred'],
    ])
    // As it was kept before this counted.
    const unsure = (await store.proposalsFor(met)).find(({ proposal }) => proposal.statedConfidence === 0.4)?.proposal
    if (unsure === undefined) throw new Error('it is not there')
    const former = { ...unsure, id: formerOwnProposalId(unsure) }
    expect(former.id).not.toBe(unsure.id)
    await store.propose([former])
    expect((await run(under, 'doctor', '--deep')).code).toBe(0)
  })
})
