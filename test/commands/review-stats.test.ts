import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import type { Agreement } from '../../src/review/agree.ts'
import type { Stats } from '../../src/review/stats/stats.ts'
import type { StoredLink } from '../../src/store/records.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { answerWith, scriptedEngine } from '../scripted-engine.ts'
import { eachStoreAtLength, type StoreUnderTest } from '../stores.ts'
import { parseJson } from '../whygraph.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-stats-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** `A knows B, C, D.` one line each; every other link is said with confidence 0.5. */
function knowing(model: string) {
  return scriptedEngine(({ question }) => {
    const links = question.units.flatMap(({ text, s }) => {
      const [, subject, object] = /^(\w+) knows (\w+)\.$/.exec(text) ?? []
      return subject === undefined || object === undefined
        ? []
        : [{ subject, type: 'KNOWS', object, quote: text, s, confidence: s % 2 === 0 ? 0.5 : 0.9 }]
    })
    return answerWith(links)
  }, model)
}

const NAMES = Array.from({ length: 24 }, (_, index) => `Nr${index}`)
const TEXT = NAMES.map((name) => `Ana knows ${name}.`).join('\n\n')

const decide = (store: Store, { id }: StoredLink, verdict: 'accept' | 'reject', second: number, order?: string) =>
  store.decide(
    {
      requestId: `${id} ${second}`,
      linkId: id,
      verdict,
      reviewer: 'rita',
      ...(order === undefined ? {} : { order }),
    },
    new Date(Date.UTC(2027, 0, 1, 0, 0, second)).toISOString(),
  )

eachStoreAtLength('review stats', (open) => {
  const stats = async ({ address, environment }: StoreUnderTest, ...args: string[]) =>
    runHere(['review', 'stats', ...args, '--store', address], { cwd: folder, environment })

  it('says what was accepted of what a model said, and how sure it was', { timeout: 240_000 }, async () => {
    const opened = await open()
    const { store } = opened
    expect(await stats(opened)).toMatchObject({ code: 0, stdout: '', stderr: 'nothing was decided yet\n' })
    await ingestTexts(store, knowing('one'), { 'a.md': TEXT })
    const links = (await store.links(['proposed'])).filter(({ type }) => type === 'KNOWS')
    expect(links).toHaveLength(24)

    // People look at the surest first, and accept them.
    const sure = links.filter(({ confidence }) => confidence > 0.8)
    for (const [index, link] of sure.slice(0, 4).entries()) await decide(store, link, 'accept', index * 10, 'entity')
    const early = parseJson<Stats>(await stats(opened, '--json'))
    expect(early.groups).toHaveLength(1)
    expect(early.groups[0]).toMatchObject({ type: 'KNOWS', model: 'one', decided: 4, accepted: 4, share: 1 })
    expect(early.groups[0]).toMatchObject({ drawn: null, biased: true })
    expect(early).toMatchObject({ decided: 4, drawn: 0, pace: { seconds: 10, count: 3 } })
    expect(early.paceByType).toEqual({ KNOWS: { seconds: 10, count: 3 } })
    const said = (await stats(opened)).stdout
    expect(said).toMatch(/KNOWS +scripted one +\w{8} \w{8} +4 +4 +1\.00 biased, 0 drawn +0\.10 biased/)
    expect(said).toContain('No link was drawn by chance')

    // Chance brings the others; the unsure ones are wrong.
    const others = links.filter((link) => !sure.slice(0, 4).includes(link))
    for (const [index, link] of others.entries())
      await decide(store, link, link.confidence > 0.8 ? 'accept' : 'reject', 1000 + index, 'random')
    const late = parseJson<Stats>(await stats(opened, '--json'))
    expect(late.groups[0]).toMatchObject({ decided: 24, accepted: 12, share: 0.5, biased: false })
    expect(late.groups[0]?.drawn).toMatchObject({ decided: 20, accepted: 8, share: 0.4 })
    expect(late.groups[0]?.drawn?.low).toBeCloseTo(0.2188, 4)
    expect(late.groups[0]?.drawn?.high).toBeCloseTo(0.6134, 4)
    expect(late.models[0]?.calibration).toMatchObject({ count: 20, error: expect.closeTo(0.34, 10) as number })
    expect(late).toMatchObject({ drawn: 20, drawnUndecided: 0, verdicts: { accept: 12, reject: 12 } })
    expect((await stats(opened)).stdout).toContain('0.40 (0.22–0.61, 20 drawn)')
  })

  it(
    'holds what models said under other schemas apart, and what was said only afterwards',
    { timeout: 240_000 },
    async () => {
      const opened = await open()
      const { store } = opened
      const text = 'Ana knows Ben.\n\nAna knows Cleo.'
      await ingestTexts(store, knowing('one'), { 'a.md': text })
      const [first, second] = (await store.links(['proposed'])).filter(({ type }) => type === 'KNOWS')
      const drawnAt = new Date().toISOString()
      const draft = {
        requestId: '1',
        linkId: first?.id ?? '',
        verdict: 'accept' as const,
        reviewer: 'rita',
        order: 'random',
      }
      const { decision } = await store.decide(draft, drawnAt)
      const other = { ...DEFAULT_SCHEMA, open: true, entityTypes: [] }
      await ingestTexts(store, knowing('one'), { 'a.md': text }, {}, other)
      await ingestTexts(store, knowing('two'), { 'a.md': text })
      const { groups, drawn } = parseJson<Stats>(await stats(opened, '--json'))
      expect(groups.map(({ model }) => model).toSorted()).toEqual(['one', 'one', 'two'])
      expect(new Set(groups.map(({ fingerprint }) => fingerprint)).size).toBe(3)
      expect(groups.filter((group) => group.drawn !== null).map(({ model }) => model)).toEqual(['one'])
      expect(drawn).toBe(1)

      // What is undone counts no more, and what was drawn and not decided is said.
      await store.decide({ ...draft, requestId: '2', verdict: 'undo', undoes: decision.id }, new Date().toISOString())
      await store.decide(
        { ...draft, requestId: '3', linkId: second?.id ?? '', verdict: 'reject' },
        new Date().toISOString(),
      )
      const after = parseJson<Stats>(await stats(opened, '--json'))
      expect(after).toMatchObject({
        decided: 1,
        drawn: 2,
        drawnUndecided: 1,
        verdicts: { accept: 1, undo: 1, reject: 1 },
      })
      expect(after.groups.every(({ accepted }) => accepted === 0)).toBe(true)
    },
  )
})

eachStoreAtLength('review agree', (open) => {
  it('says how far people agree, and about which links they differ', { timeout: 240_000 }, async () => {
    const { store, address, environment } = await open()
    const run = (...args: string[]) => runHere(['review', ...args, '--store', address], { cwd: folder, environment })
    await ingestTexts(store, knowing('one'), {
      'a.md': NAMES.slice(0, 4)
        .map((name) => `Ana knows ${name}.`)
        .join('\n\n'),
    })
    const ids = (await store.links(['proposed'])).map(({ id }) => id)
    expect(ids).toHaveLength(4)
    const [a = '', b = '', c = '', d = ''] = ids
    await run('accept', a, '--reviewer', 'rita')
    expect((await run('agree')).stderr).toBe('there is no link that two people decided about\n')
    for (const id of [b, c]) await run('accept', id, '--reviewer', 'rita')
    await run('reject', d, '--reviewer', 'rita')
    await run('accept', a, '--reviewer', 'sam')
    await run('accept', b, '--reviewer', 'sam')
    await run('reject', c, '--reviewer', '\u001b[31msam')
    await run('reject', c, '--reviewer', 'sam')
    await run('reject', d, '--reviewer', 'sam')
    const agreement = parseJson<Agreement>(await run('agree', '--json'))
    expect(agreement).toMatchObject({ links: 4, reviewers: 3 })
    const [most] = agreement.pairs
    expect(most).toEqual({ reviewers: ['rita', 'sam'], links: 4, raw: 0.75, kappa: 0.5 })
    expect(agreement.differing.map(({ link, verdicts }) => [link.id, verdicts])).toEqual([
      [c, { rita: 'accept', sam: 'reject', '\u001b[31msam': 'reject' }],
    ])
    const { stdout } = await run('agree')
    expect(stdout).toMatch(/rita, sam +4 +0\.75 +0\.50/)
    expect(stdout).toMatch(
      /^4 links decided by two or more of 3 people: raw agreement 0\.83, Krippendorff's alpha 0\.\d\d$/m,
    )
    expect(stdout).toContain(`${c.slice(0, 8)}  Ana ──KNOWS──▶ `)
    expect(stdout).not.toContain('\u001b')
  })
})
