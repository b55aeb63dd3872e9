import { expect, it, vi } from 'vitest'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { derivation } from '../../src/resolve/derivation.ts'
import { planFix } from '../../src/review/fix.ts'
import { ruleOfRejection } from '../../src/review/rule-of-rejection.ts'
import { viewLink } from '../../src/review/view-link.ts'
import { Store } from '../../src/store/store.ts'
import { renderLinkCard } from '../../src/terminal/link-card.ts'
import { traceLines } from '../../src/terminal/proposal-lines.ts'
import { keepingOf } from '../../src/traces/keeping.ts'
import { openDesk } from '../desk/sitting.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { eachStoreAtLength } from '../stores.ts'
import { thinkingEngine } from '../traces/thinking-engine.ts'
import { parseJson } from '../whygraph.ts'

/** What the engine thinks of it: 40 sentences, one about the first link, 20, one about the second, and 40. */
const TEXT = 'Ana leads Ben.\n\nBen knows Cid.\n'

eachStoreAtLength('the steps of a trace', (open) => {
  it('have their numbers in it, on card, pane and page, while all of it is there', { timeout: 120_000 }, async () => {
    const { store, address, environment } = await open()
    await ingestTexts(store, thinkingEngine(), { 'a.md': TEXT })
    const [link] = (await store.links(['proposed'], { limit: 10 })).filter(({ type }) => type === 'KNOWS')
    const run = (...args: string[]) => runHere([...args, '--store', address, '--reviewer', 'rita'], { environment })
    const NUMBERED = / TRACE {2}1 of 102 steps, verbatim, of thinker\n {3}62 {2}S2 says “Ben knows Cid\.”/
    const view = await viewLink(store, link?.id ?? '')
    const [stored] = view.proposals
    const lines =
      stored === undefined ? [] : traceLines(stored.proposal, view.traces, 60).flatMap((line) => line.split('\n'))
    expect(lines.slice(0, 2).join('\n')).toMatch(NUMBERED)
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60)
    expect(renderLinkCard(view, 60)).toMatch(NUMBERED)
    const shown = parseJson<{ stepNumbers: object }>(await run('review', 'show', link?.id ?? '', '--json'))
    expect(Object.values(shown.stepNumbers)).toEqual([{ numbers: [62], of: 102 }])

    const { press, sees, leave } = openDesk(store, 'uncertain')
    press('/', ...'type=KNOWS', 'enter')
    expect(await sees('──KNOWS──▶')).toMatch(NUMBERED)
    press('r')
    expect(await sees(' TRACE')).toMatch(NUMBERED)
    await leave()

    // The trace is split where steps are drawn, once for all that its reply says: a fix or a rule needs none of it.
    let read = 0
    const repliesById = store.repliesById.bind(store)
    vi.spyOn(store, 'repliesById').mockImplementation(async (ids) =>
      (await repliesById(ids)).map((reply) => ({
        ...reply,
        get content() {
          read += 1
          return reply.content
        },
      })),
    )
    await ruleOfRejection(store, link?.id ?? '', ['subject'])
    await planFix(store, link?.id ?? '', { type: 'LEADS' }, DEFAULT_SCHEMA, { reviewer: 'rita' })
    const again = await viewLink(store, link?.id ?? '')
    expect(read).toBe(0)
    for (const _ of [1, 2]) expect(renderLinkCard(again, 60)).toMatch(NUMBERED)
    expect(read).toBe(1)
    vi.restoreAllMocks()

    const strict = new Store(store.database, { ...derivation, traces: keepingOf({ keep: 'aligned', compress: true }) })
    const walk = { progress: () => {}, signal: new AbortController().signal }
    expect(await strict.trimTraces({ dryRun: false, begin: async () => {}, ...walk })).toMatchObject({ cut: 1 })
    expect(renderLinkCard(await viewLink(store, link?.id ?? ''), 60)).toMatch(
      / TRACE {2}1 step, verbatim, of thinker\n {3}• S2 says/,
    )
  })
})
