import { expect, it, vi } from 'vitest'
import { linkId } from '../../src/model/link.ts'
import { schemaFile } from '../../src/model/schema.ts'
import { decideLink } from '../../src/review/decide.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { runHere } from '../run-here.ts'
import { actorId, answerWith, readingEngine, scriptedEngine } from '../scripted-engine.ts'
import { eachStore } from '../stores.ts'
import { parseJson } from '../whygraph.ts'

vi.setConfig({ testTimeout: 120_000 })

const LINK = linkId(actorId('Ana'), 'LEADS', actorId('Zeta'))

interface Shown {
  readonly link: { readonly items: readonly { readonly saidOn: string | null }[]; readonly supports: number }
  readonly proposals: readonly { readonly proposal: { readonly id: string; readonly saidOn: string | null } }[]
  readonly stepNumbers: Readonly<Record<string, unknown>>
  readonly conflicts: readonly unknown[]
  readonly decisions: readonly unknown[]
  readonly asOf: unknown
}

eachStore('show LINK --as-of', (open) => {
  it('leaves out what was said later, says how much that is, and keeps what people decided', async () => {
    const { store, address, environment } = await open()
    const schema = schemaFile.parse({ linkTypes: [{ name: 'LEADS', singleValued: 'from' }] })
    const texts = {
      '2025-03-18.md': 'Ana leads Zeta.\n',
      '2025-06-02.md': 'Ana leads Zeta.\n\nBen leads Zeta.\n',
    }
    await ingestTexts(store, readingEngine(), texts, {}, schema)
    await decideLink(store, LINK, 'accept', { reviewer: 'rita' }, new Date('2026-01-01T00:00:00.000Z'))
    const show = (...more: string[]) => runHere(['show', LINK, '--store', address, ...more], { environment })
    const asJson = async (day: string) => parseJson<Shown>(await show('--as-of', day, '--json'))
    const whole = await show()
    expect(whole.stdout.match(/ EVIDENCE /g)).toHaveLength(2)
    expect(whole.stdout).toMatch(/CONTRADICTS|SUPERSEDE/)

    const spring = await show('--as-of', '2025-05-01')
    expect(spring).toMatchObject({ code: 0, stdout: expect.stringContaining('2025-03-18.md') })
    expect(spring.stdout).not.toMatch(/2025-06-02|“Ben LEADS/)
    expect(spring.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'AS OF 2025-05-01 left out, as said later: 1 of 2 proposals and 1 contradiction. What stands above counts them.',
    )
    expect(spring.stdout).toContain('DECISION 2026-01-01 00:00:00 rita: accept')
    const json = await asJson('2025-05-01')
    expect(json).toMatchObject({
      link: { items: [{ saidOn: '2025-03-18' }], supports: 2 },
      proposals: [{ proposal: { saidOn: '2025-03-18' } }],
      conflicts: [],
      decisions: [{ verdict: 'accept' }],
      asOf: { day: '2025-05-01', holds: true, said: 1, leftOut: { proposals: 1, conflicts: 1 } },
    })
    expect(Object.keys(json.stepNumbers)).toEqual(json.proposals.map(({ proposal }) => proposal.id))

    const before = await show('--as-of', '2025-01-01')
    expect(before.code).toBe(0)
    expect(before.stdout).toContain('is not known to hold on 2025-01-01')
    expect(before.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'AS OF 2025-01-01 nothing of it had been said by then; left out, as said later: 2 of 2 proposals',
    )
    expect(before.stdout).not.toMatch(/EVIDENCE|TRACE|2025-0[36]-/)

    const after = await show('--as-of', '2025-06-02')
    expect(after.stdout).not.toContain('AS OF')
    expect(after.stdout.match(/ EVIDENCE /g)).toHaveLength(2)

    // Nobody knows when an undated document said it: it counts as said at any time.
    await ingestTexts(store, readingEngine(), { ...texts, 'undated.md': 'Ana leads Zeta.\n' }, {}, schema)
    expect(await asJson('2025-01-01')).toMatchObject({
      link: { items: [{ saidOn: null }] },
      asOf: { holds: true, said: 1, leftOut: { proposals: 2, conflicts: 1 } },
    })
  })

  it('shows nothing of a contradiction of which one side was said later', async () => {
    const { store, address, environment } = await open()
    const schema = schemaFile.parse({ linkTypes: [{ name: 'LEADS', singleValued: 'from' }] })
    const texts = { '2025-03-18.md': 'Ana leads Zeta.\n', '2025-06-02.md': 'Ben leads Zeta.\n' }
    await ingestTexts(store, readingEngine(), texts, {}, schema)
    const [conflict] = await store.conflictsOf(LINK)
    const show = (day: string) =>
      runHere(['show', conflict?.id ?? '', '--as-of', day, '--store', address], { environment })
    expect((await show('2025-06-01')).stdout).toMatch(/nothing of it had been said by then/)
    expect((await show('2025-06-01')).stdout).not.toMatch(/EVIDENCE|TRACE/)
    expect((await show('2025-06-02')).stdout.match(/ EVIDENCE /g)).toHaveLength(2)
  })

  it('shows a contradiction once both sides had been said, whatever is quoted of them today', async () => {
    const { store, address, environment } = await open()
    const schema = schemaFile.parse({ linkTypes: [{ name: 'LEADS', singleValued: 'from' }] })
    const engine = scriptedEngine(({ question }) =>
      answerWith(
        question.units.flatMap(({ s, text: quote }) => {
          const [, subject = '', surely, object = ''] = /^(\w+) (surely )?leads (\w+)\.$/.exec(quote) ?? []
          if (subject === '') return []
          return [{ subject, type: 'LEADS', object, quote, s, confidence: surely === undefined ? 0.6 : 0.95 }]
        }),
      ),
    )
    const texts = { '2025-03-18 a.md': 'Ana leads Zeta.\n', '2025-03-18 b.md': 'Ben leads Zeta.\n' }
    await ingestTexts(store, engine, texts, {}, schema)
    const show = async (id: string, day: string) =>
      (await runHere(['show', id, '--as-of', day, '--store', address], { environment })).stdout.replaceAll(/\s+/g, ' ')
    const spring = await show(LINK, '2025-04-01')
    expect(spring).toContain('CONTRADICTS “Ben LEADS Zeta”')

    // Ben's is surer by now, and of June.
    await ingestTexts(store, engine, { ...texts, '2025-06-02.md': 'Ben surely leads Zeta.\n' }, {}, schema)
    const [conflict] = await store.conflictsOf(LINK)
    const quotes = (await store.proposalsFor(conflict?.id ?? '')).map(({ proposal }) => proposal.saidOn)
    expect(quotes.toSorted()).toEqual(['2025-03-18', '2025-06-02'])
    for (const shown of [await show(LINK, '2025-04-01'), await show(conflict?.id ?? '', '2025-04-01')]) {
      expect(shown).toContain('Ana leads Zeta.')
      expect(shown).not.toMatch(/2025-06|surely|nothing of it had been said/)
    }
    expect(await show(LINK, '2025-04-01')).toMatch(
      /left out, as said later: quotes or steps of 1 contradiction\..*CONTRADICTS “Ben LEADS Zeta”/,
    )
    expect(await show(conflict?.id ?? '', '2025-04-01')).toContain(
      '1 of 2 proposals and quotes or steps of 1 contradiction',
    )
    expect(await show(conflict?.id ?? '', '2025-03-17')).toContain('nothing of it had been said by then')
    expect(await show(LINK, '2025-06-02')).toMatch(/Ben surely leads Zeta\..*said 2025-03-18 to 2025-06-02/)
  })

  it('shows what denies a link once it had been denied, not from when it was said on', async () => {
    const { store, address, environment } = await open()
    const engine = scriptedEngine(({ question }) =>
      answerWith(
        question.units.map(({ s, text: quote }) => {
          const polarity = quote.includes('not') ? ('negated' as const) : ('asserted' as const)
          return { subject: 'Ana', type: 'LEADS', object: 'Zeta', quote, s, polarity }
        }),
      ),
    )
    const texts = { '2025-03-18.md': 'Ana leads Zeta.\n', '2025-06-02.md': 'Ana does not lead Zeta.\n' }
    await ingestTexts(store, engine, texts)
    const show = async (day: string) =>
      (await runHere(['show', LINK, '--as-of', day, '--store', address], { environment })).stdout
    expect(await show('2025-06-01')).not.toMatch(/does not lead|2025-06-02|(CONTRADICTS|SUPERSEDED).*not “/)
    expect(await show('2025-06-02')).toMatch(/(CONTRADICTS|SUPERSEDED).*not “/)
  })
})
