import { setTimeout } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { linkId } from '../src/model/link.ts'
import { schemaFile } from '../src/model/schema.ts'
import { derivation } from '../src/resolve/derivation.ts'
import { decideLink } from '../src/review/decide.ts'
import { undoDecision } from '../src/review/undo.ts'
import { decideSame, findPair } from '../src/review/same-entities.ts'
import { UNCOMPARED } from '../src/store/records.ts'
import { Store } from '../src/store/store.ts'
import { Tables } from '../src/tables/tables.ts'
import { ingestTexts } from './ingest-texts.ts'
import { random } from './random.ts'
import { actorId, answerWith, scriptedEngine } from './scripted-engine.ts'
import { snapshot } from './snapshot.ts'
import { withMethods } from './store/with-methods.ts'
import { eachStoreAtLength } from './stores.ts'

vi.setConfig({ testTimeout: 300_000 })

const SCHEMA = schemaFile.parse({
  linkTypes: [
    { name: 'LEADS', singleValued: 'from', supersedes: 'later' },
    { name: 'OWNS', singleValued: 'from' },
    { name: 'KNOWS' },
  ],
})
/** By the days in their paths. */
const TEXTS = {
  '2025-03-18.md': 'Board owns Brass.\nBoard leads Zeta.\nTwin owns Brass.\nAna knows Ben.\n',
  '2025-06-10.md': 'Ops owns Brass.\nOps leads Zeta.\nTwin leads Zeta.\nAnn knows Ben.\n',
  '2025-06-24.md': 'Ana not knows Ben.\nBoard owns Brass.\n',
}
const PAIRS = [
  ['Board', 'Twin'],
  ['Ops', 'Twin'],
  ['Ana', 'Ann'],
  ['Board', 'Ops'],
] as const
const STEPS = 14
const rita = { reviewer: 'rita' }
const now = new Date('2026-01-01T00:00:00Z')
const WALK = { signal: new AbortController().signal, progress: () => {} }

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

type Row = [id: string, node: { labels: string[]; properties: Record<string, unknown> }]

/** What stands: not the log of decisions, nor what only counts these or was said of a link that nothing speaks for. */
const standing = async (store: Store): Promise<unknown> => {
  const text = await snapshot(store, ['Run', 'Reply', 'Document', 'Decision', 'Chain', '__NameKeys__'])
  const [nodes, lines] = JSON.parse(text) as [Row[], string[][]]
  const kept = nodes.filter(([, { properties }]) => properties['live'] !== false && properties['status'] !== 'gone')
  const ids = new Set(kept.map(([id]) => id))
  const drawn = lines.filter(([one = '', , other = '']) => ids.has(one) && ids.has(other))
  const counting = new Set(['rev', 'decisions', 'bondRank'])
  return JSON.parse(JSON.stringify([kept, drawn], (name, value: unknown) => (counting.has(name) ? undefined : value)))
}

eachStoreAtLength('what people decide of links that cannot hold beside each other', (open) => {
  it.each([6, 11, 29])('settles it whatever falls together; undone, all is as it was (seed %i)', async (seed) => {
    const { store } = await open()
    await ingestTexts(store, engine(), TEXTS, {}, SCHEMA, new Tables(null), { date: ['path'] })
    const decidePair = async ([one, other]: readonly [string, string], verdict: 'accept' | 'reject') =>
      decideSame(store, await findPair(store, actorId(one), actorId(other)), verdict, rita, now)
    // So that the pairs are there, and what was decided about them taken back.
    for (const pair of PAIRS) {
      await decidePair(pair, 'accept')
      await undoDecision(store, undefined, rita, now)
    }
    const below = random(seed)
    const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
    const log: string[] = []
    const isWell = async (): Promise<void> => {
      const wrong = (await store.check(WALK)).filter((check) => check.wrong > 0)
      expect(wrong, log.join('\n')).toEqual([])
    }
    const start = await standing(store)
    const made: string[] = []
    for (let step = 0; step < STEPS; step++) {
      const links = (await store.links(['proposed', 'accepted', 'rejected', 'merged'])).toSorted((a, b) =>
        a.id < b.id ? -1 : 1,
      )
      const isPair = below(3) === 0
      const between = links.filter(({ betweenLinks }) => betweenLinks)
      const verdict = pick(['accept', 'reject'] as const)
      const decide = async () => {
        if (isPair) {
          const pair = pick(PAIRS)
          log.push(`${verdict} ${pair.join(' = ')}`)
          return decidePair(pair, verdict)
        }
        const link = below(2) === 1 && between.length > 0 ? pick(between) : pick(links)
        log.push(`${verdict} ${link.subject} ${link.type} ${link.object} (${link.status})`)
        return decideLink(store, link.id, verdict, { ...rita, note: `${step}` }, now)
      }
      const { decision } = await decide()
      if (decision !== null) made.push(decision.id)
      await isWell()
    }
    // All that a decision bears on was compared with it: comparing everything again changes nothing.
    const decided = await standing(store)
    const ids = (await store.links(['proposed', 'accepted', 'rejected', 'held', 'merged', 'gone'])).map(({ id }) => id)
    await store.database.write((writer) =>
      writer.patchNodes(
        'Link',
        ids.map((id) => ({ id, properties: { [UNCOMPARED]: 'yes' } })),
      ),
    )
    await store.compareLinks({ signal: WALK.signal })
    expect(await standing(store), log.join('\n')).toEqual(decided)
    for (const id of made.toReversed()) {
      await undoDecision(store, id, rita, now)
      await isWell()
    }
    expect(await standing(store), log.join('\n')).toEqual(start)
  })
})

eachStoreAtLength('links that are compared while somebody decides about one of them', (open, kind) => {
  it('contradict nothing that was rejected meanwhile', async () => {
    const { store } = await open()
    const texts = { 'a.md': 'Board owns Brass.\n', 'b.md': 'Ops owns Brass.\n' }
    await ingestTexts(store, engine(), { 'a.md': texts['a.md'] }, {}, SCHEMA)
    const compare = vi.spyOn(Store.prototype, 'compareLinks').mockResolvedValueOnce()
    await ingestTexts(store, engine(), texts, {}, SCHEMA)
    compare.mockRestore()
    const board = linkId(actorId('Board'), 'OWNS', actorId('Brass'))
    const other = new Store(store.database, derivation)
    const rejections: Promise<unknown>[] = []
    const beset = withMethods(store.database, {
      write: (work) =>
        store.database.write((writer) => {
          const remove = writer.removeNodes.bind(writer)
          // All has been planned, and nothing is written yet.
          writer.removeNodes = async (...removed) => {
            if (rejections.length === 0) {
              rejections.push(decideLink(other, board, 'reject', rita, now))
              await Promise.race([...rejections, setTimeout(kind === 'local' ? 1_000 : 5_000)])
            }
            return remove(...removed)
          }
          return work(writer)
        }),
    })
    await new Store(beset, derivation).compareLinks({ signal: WALK.signal })
    expect(rejections).toHaveLength(1)
    await Promise.all(rejections)
    expect(await store.link(board)).toMatchObject({ status: 'rejected' })
    const links = await store.links(['proposed'])
    expect(links.filter(({ betweenLinks, conflictsWith }) => betweenLinks || conflictsWith)).toEqual([])
    expect((await store.check(WALK)).filter(({ wrong }) => wrong > 0)).toEqual([])
  })
})
