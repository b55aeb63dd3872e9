import { expect, it } from 'vitest'
import type { Order } from '../../src/desk/order.ts'
import type { Store } from '../../src/store/store.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { answerWith, scriptedEngine, type ScriptedLink } from '../scripted-engine.ts'
import { eachStoreAtLength } from '../stores.ts'
import { openDesk, type TestDesk } from './sitting.ts'

const OWNS = 'Ana owns Alpha, Beta and Gamma.'
const LEADS = 'Ben leads Delta.'
const TEXTS: Readonly<Record<string, { text: string; links: readonly ScriptedLink[] }>> = {
  'a.md': {
    text: OWNS,
    links: ['Alpha', 'Beta', 'Gamma'].map((object) => ({ subject: 'Ana', type: 'OWNS', object, quote: OWNS })),
  },
  'b.md': {
    text: LEADS,
    links: [{ subject: 'Ben', type: 'LEADS', object: 'Delta', quote: LEADS, confidence: 0.6 }],
  },
  'c.md': {
    text: 'Cleo funds Epsilon.',
    links: [{ subject: 'Cleo', type: 'FUNDS', object: 'Epsilon', quote: 'Cleo funds Epsilon.' }],
  },
}
const engine = scriptedEngine(({ prompt }) =>
  answerWith(Object.values(TEXTS).find(({ text }) => prompt.includes(text))?.links ?? []),
)

async function read(store: Store, ...paths: string[]): Promise<void> {
  await ingestTexts(store, engine, Object.fromEntries(paths.map((path) => [path, TEXTS[path]?.text ?? ''])))
}

eachStoreAtLength('the desk', (open) => {
  const sit = async (order: Order, random?: () => number): Promise<TestDesk & { store: Store }> => {
    const { store } = await open()
    await read(store, 'a.md', 'b.md')
    return { store, ...openDesk(store, order, random) }
  }
  const decisions = async (store: Store) => store.decisions({ order: 'sequence' })

  it('decides what is alike with one key, as one batch and one undo', async () => {
    const { store, press, sees, leave } = await sit('entity')
    expect(await sees('──OWNS──▶')).toMatch(/^ 1\/4 · Ana · \+2 alike: p\n/)
    press('p')
    expect(await sees('ALIKE  here a accepts all 3 of them')).toContain(`»${OWNS}« exact, a.md`)
    press('a')
    expect(await sees('accepted, 2 alike too  saved ✓')).toMatch(/^ 4\/4 · (Ben|Delta)\n/)
    const made = await decisions(store)
    expect(made.map(({ verdict, order }) => [verdict, order])).toEqual(
      ['entity', 'entity', 'entity'].map((order) => ['accept', order]),
    )
    expect(new Set(made.map(({ batch }) => batch)).size).toBe(1)
    expect(made.map(({ shown }) => shown?.length)).toEqual([64, undefined, undefined])
    press('u')
    expect(await sees('taken back: 3  saved ✓')).toContain('──OWNS──▶')
    press('U')
    await sees('done again: 3  saved ✓')
    await leave()
    expect((await store.links(['accepted'])).map(({ type }) => type)).toEqual(['OWNS', 'OWNS', 'OWNS'])
  })

  it('shows what is alike later, and decides about none of it by itself', async () => {
    const { store, press, sees, leave } = await sit('entity')
    await sees('──OWNS──▶')
    press('x')
    await sees('──LEADS──▶')
    press('s')
    expect(await sees('──OWNS──▶')).toContain('+1 alike')
    await leave()
    expect((await decisions(store)).map(({ verdict }) => verdict)).toEqual(['reject', 'skip'])
  })

  it('shows only what is asked for, says what is wrong with a question, and shows all again', async () => {
    const { press, sees, leave } = await sit('entity')
    await sees('──OWNS──▶')
    press('/', ...'type=LEADS', 'enter')
    expect(await sees('──LEADS──▶')).toMatch(/^ 1 · type=LEADS · /)
    press('/', ...'kind=LEADS', 'enter')
    expect(await sees("'kind' is nothing that it knows")).toContain('──LEADS──▶')
    press('/', ...'doc=a.* confidence<0.5', 'enter')
    await sees('Nothing with doc=a.* confidence<0.5 waits')
    press('/', ...'doc=a.*', 'enter')
    await sees('──OWNS──▶')
    press('/', 'enter')
    expect(await sees('all links')).toMatch(/^ 1\/4 · /)
    await leave()
  })

  it('goes on in the next order, which its decisions tell', async () => {
    const { store, press, sees, leave } = await sit('entity')
    await sees('──OWNS──▶')
    press('o')
    expect(await sees('order: uncertain')).toContain('──LEADS──▶')
    press('a')
    await sees(/──OWNS──▶[^]*accepted {2}saved ✓/)
    await leave()
    expect((await decisions(store)).map(({ order }) => order)).toEqual(['uncertain'])
  })

  it('draws some by chance, and says so in the record', async () => {
    const { store, press, sees, leave } = await sit('uncertain', () => 0.01)
    await sees('──LEADS──▶')
    press('s')
    await sees('drawn by chance')
    press('x')
    await sees('rejected  saved ✓')
    await leave()
    const made = await decisions(store)
    expect(made.map(({ verdict, order }) => [verdict, order])).toEqual([
      ['skip', 'uncertain'],
      ['reject', 'random'],
    ])
  })

  it('goes through documents, and asks at the end of each what is missing', async () => {
    const { press, sees, leave } = await sit('doc')
    expect(await sees('──OWNS──▶')).toMatch(/^ 1\/4 · a\.md/)
    press('p')
    await sees('ALIKE')
    press('a')
    const second = await sees('──LEADS──▶')
    expect(second).toMatch(/^ 4\/4 · b\.md\n/)
    expect(second).toContain('a.md is done: does it say anything that no link says?')
    press('a')
    expect(await sees('Nothing waits')).toContain('b.md is done')
    await leave()
  })

  it.each(['type', 'impact', 'oldest', 'random'] as const)('shows all in the order %s', async (order) => {
    const { store, press, sees, leave } = await sit(order)
    for (let place = 1; place <= 4; place += 1) {
      await sees(new RegExp(`^ ${place}/4 · `))
      press('x')
    }
    await sees('Nothing waits')
    await leave()
    expect(await store.links(['rejected'])).toHaveLength(4)
  })

  it.each(['disagree', 'contradict'] as const)(
    'shows nothing in the order %s where nobody disagrees',
    async (order) => {
      const { press, sees, leave } = await sit(order)
      await sees('Nothing waits for a person now in this order')
      press('o')
      const isLast = (await sees(/order: (contradict|oldest)/)).includes('oldest')
      if (!isLast) press('o')
      await sees('──▶')
      await leave()
    },
  )

  it('takes in what an ingest proposes while somebody looks at a card', async () => {
    const { store, press, sees, leave } = await sit('entity')
    await sees('──OWNS──▶')
    await read(store, 'c.md')
    const shown: string[] = []
    for (let place = 1; place <= 5; place += 1) {
      shown.push(/──(\w+)──▶/.exec(await sees(new RegExp(`^ ${place}/`)))?.[1] ?? '')
      press('x')
    }
    await sees('Nothing waits')
    await leave()
    expect(shown.toSorted()).toEqual(['FUNDS', 'LEADS', 'OWNS', 'OWNS', 'OWNS'])
  })
})
