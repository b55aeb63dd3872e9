import { describe, expect, it } from 'vitest'
import { decideLink } from '../../src/review/decide.ts'
import { undoDecision } from '../../src/review/undo.ts'
import { resolveAnew } from '../../src/resolving/resolve-anew.ts'
import { resolveNames } from '../../src/resolving/resolve-names.ts'
import { markProperties } from '../../src/store/marks.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { eachStoreAtLength } from '../stores.ts'
import { CORPUS, NAMES } from './corpus.ts'
import { namingEngine } from './naming-engine.ts'
import { wholeGraph } from './whole-graph.ts'

const OPTIONS = { chunkTokens: 20, concurrency: 1 }
const AT = new Date('2026-01-01T00:00:00Z')
const NEVER = new AbortController().signal

const ingest = (store: Store, texts: Readonly<Record<string, string>> = CORPUS, options = {}) =>
  ingestTexts(store, namingEngine(NAMES), texts, { ...OPTIONS, ...options })

/** What names came to, without the replies and proposals that a text which is not there any more has left. */
async function namesIn(store: Store): Promise<string[]> {
  const lines = await wholeGraph(store)
  return lines.filter((line) => /^(?:Entity|Redirect) /.test(line) || line.includes('"judgedFor"'))
}

async function pair(store: Store, subject: string, object: string) {
  const links = await store.links(['proposed', 'accepted', 'rejected', 'merged', 'held', 'gone'])
  const found = links.filter(
    (link) => link.type === 'SAME_AS' && new Set([link.subject, link.object, subject, object]).size === 2,
  )
  return found[0]
}

eachStoreAtLength('resolving names', (open, kind) => {
  it('says in the summary what was joined and what waits; again changes nothing', { timeout: 120_000 }, async () => {
    const { store } = await open()
    const first = await ingest(store)
    expect(first.names.joined).toBeGreaterThan(5)
    expect(first.names.asked).toBeGreaterThan(5)
    const before = await wholeGraph(store)
    expect(await ingest(store)).toMatchObject({ names: { joined: 0, asked: 0 } })
    expect(await wholeGraph(store)).toEqual(before)
  })

  it('proposes with located quotes, the rule, the names and the rivals', { timeout: 120_000 }, async () => {
    const { store } = await open()
    await ingest(store)
    const link = await pair(store, 'Upper Clyde Lake House', 'UCLH')
    const [one, other] = (await store.proposalsFor(link?.id ?? '')).map(({ proposal }) => proposal)
    const proposals = [one, other].toSorted((a, b) => ((a?.index ?? 0) < (b?.index ?? 0) ? -1 : 1))
    expect(link).toMatchObject({ status: 'proposed', bond: null })
    for (const proposal of proposals) {
      expect(proposal).toMatchObject({ engine: 'resolution', traceKind: 'rule', replyId: null })
      expect(proposal?.evidence).toMatchObject([{ grounding: 'exact' }])
      const chunk = await store.chunk(proposal?.chunkId ?? '')
      const { start, end, quote } = proposal?.evidence[0] ?? { start: 0, end: 0, quote: '' }
      expect(chunk?.text.slice((start ?? 0) - chunk.start, (end ?? 0) - chunk.start)).toBe(quote)
      expect(proposal?.steps.map(({ text }) => text)).toEqual([
        'Rule acronym: uclh are the first letters of the other.',
        expect.stringContaining('Compared “'),
        'Rivals, which the name may mean as well: University College London Hospitals.',
        'For a person to decide.',
      ])
    }
    expect(proposals.map((proposal) => proposal?.evidence[0]?.quote.includes('Upper Clyde'))).toContain(true)
    expect(proposals.map((proposal) => proposal?.evidence[0]?.quote.includes('UCLH'))).toContain(true)
  })

  it('who speaks under a label is one with whom the text names', { timeout: 120_000 }, async () => {
    const { store } = await open()
    await ingest(store, { 'call.txt': 'Amara Okafor: BRASS is old.\nJonas Vettergren: Okafor knows BRASS.\n' })
    expect(await pair(store, 'Amara Okafor', 'Okafor')).toMatchObject({ status: 'merged', bond: { kind: 'automatic' } })
  })

  it('broken off at any moment, the next run brings it to the same end', { timeout: 300_000 }, async () => {
    const whole = (await open()).store
    await ingest(whole)
    const expected = await wholeGraph(whole)
    for (const moment of kind === 'local' ? [0, 1, 4, 9, 12] : [4]) {
      const { store } = await open()
      const change = store.change.bind(store)
      let calls = 0
      store.change = async (work) => {
        if (calls++ >= moment) throw new Error('killed')
        return change(work)
      }
      await expect(ingest(store)).rejects.toThrow('killed')
      expect((await store.unresolved(10)).length).toBeGreaterThan(0)
      store.change = change
      await ingest(store)
      expect(await wholeGraph(store)).toEqual(expected)
    }
  })

  it('a document that is forgotten leaves what there would be without it', { timeout: 120_000 }, async () => {
    const { 'visit.md': _, ...others } = CORPUS
    const without = (await open()).store
    await ingest(without, others)
    const expected = await wholeGraph(without)
    const { store } = await open()
    await ingest(store)
    const [document] = await store.documentsAt('visit.md')
    if (document === undefined) throw new Error('no document')
    await store.forget(document, AT.toISOString(), async () => void (await resolveNames(store, NEVER)))
    expect(await wholeGraph(store)).toEqual(expected)
  })

  it('a document that changes and changes back comes to the same names', { timeout: 120_000 }, async () => {
    const { store } = await open()
    await ingest(store)
    const before = await namesIn(store)
    await ingest(store, { ...CORPUS, 'visit.md': 'Nobody was visited.\n\nUCLH is not Upper Clyde Lake House.' })
    expect(await namesIn(store)).not.toEqual(before)
    await ingest(store)
    expect(await namesIn(store)).toEqual(before)
  })

  it('several at once do no harm', { timeout: 120_000 }, async () => {
    const { store } = await open()
    await ingest(store)
    const before = await wholeGraph(store)
    const ids = Object.keys(CORPUS).map(async (path) => (await store.documentsAt(path))[0]?.id ?? '')
    const births = await store.database.read(async (reader) => (await reader.list('Entity')).map(({ id }) => id))
    for (const id of await Promise.all(ids)) {
      const properties = markProperties({ gained: births, lost: [] })
      await store.database.write((writer) => writer.patchNodes('Document', [{ id, properties }]))
    }
    await Promise.all([resolveNames(store, NEVER), resolveNames(store, NEVER)])
    await resolveNames(store, NEVER)
    expect(await wholeGraph(store)).toEqual(before)
  })

  describe('what a person decided', () => {
    it('is no change to whoever judges all anew', { timeout: 120_000 }, async () => {
      const { store } = await open()
      await ingest(store)
      const asked = await pair(store, 'Dr. Amara Okafor', 'Amara')
      await decideLink(store, asked?.id ?? '', 'accept', { reviewer: 'ana' }, AT)
      const walk = { signal: NEVER, progress: () => {} }
      await resolveAnew(store, walk)
      const before = await wholeGraph(store)
      expect(await resolveAnew(store, walk)).toMatchObject({ joined: 0, asked: 0, links: 0 })
      expect(await wholeGraph(store)).toEqual(before)
    })

    it(
      'has no ground once nothing mentions one of the two; undone, nothing is left',
      { timeout: 120_000 },
      async () => {
        const { store } = await open()
        await ingest(store)
        const asked = await pair(store, 'Dr. Amara Okafor', 'Amara')
        const options = { reviewer: 'ana' }
        await decideLink(store, asked?.id ?? '', 'accept', options, AT)
        await ingest(store, { ...CORPUS, 'minutes.md': 'Nobody asked anything.' })
        expect(await store.link(asked?.id ?? '')).toMatchObject({ bond: { kind: 'accepted' }, unsupported: true })
        await undoDecision(store, asked?.id, options, AT)
        expect(await store.link(asked?.id ?? '')).toMatchObject({ status: 'gone' })
        const names = await store.database.read((reader) => reader.list('Entity'))
        expect(names.filter(({ properties }) => properties['name'] === 'Amara')).toEqual([])
      },
    )

    it('stays when documents come after it, and undone it is as if it never was', { timeout: 120_000 }, async () => {
      const { 'letter.md': letter = '', ...others } = CORPUS
      const { store } = await open()
      await ingest(store, others)
      const joined = await pair(store, 'Amara Okafor', 'Okafor')
      const asked = await pair(store, 'Dr. Amara Okafor', 'Amara')
      const options = { reviewer: 'ana' }
      await decideLink(store, joined?.id ?? '', 'reject', options, AT)
      await decideLink(store, asked?.id ?? '', 'accept', options, AT)
      await ingest(store, { ...others, 'letter.md': letter })
      expect(await store.link(joined?.id ?? '')).toMatchObject({ status: 'rejected' })
      expect(await store.link(asked?.id ?? '')).toMatchObject({ bond: { kind: 'accepted' }, unsupported: false })
      await undoDecision(store, joined?.id, options, AT)
      await undoDecision(store, asked?.id, options, AT)
      const undecided = (await open()).store
      await ingest(undecided, others)
      await ingest(undecided, { ...others, 'letter.md': letter })
      // That somebody had decided something is counted.
      const shape = (lines: readonly string[]) =>
        lines.filter((line) => /^(?:Entity|Redirect) /.test(line)).map((line) => line.replace(/"rev":\d+/, ''))
      expect(shape(await wholeGraph(store))).toEqual(shape(await wholeGraph(undecided)))
    })
  })
})
